import { placeOf } from "../../../shared/model/conversation-id.ts";
import type { Retention } from "../../record/retention/retention.ts";
import type { Handlers } from "../dispatch.ts";

export interface DeletionServices {
  readonly retention: Retention;
}

/** Requests about deleting from the history. */
export function deletionHandlers(
  services: () => DeletionServices,
): Pick<Handlers, "history.delete" | "history.deleteAll" | "history.retention"> {
  return {
    "history.delete": ({ conversationId, messageIds }) =>
      services().retention.delete({ conversationId, ...(messageIds === undefined ? {} : { messageIds }) }),
    "history.deleteAll": () => services().retention.delete({ all: true }),
    "history.retention"({ conversationId }) {
      const { retention } = services();
      const { minimumDays, holds } = retention.policy;
      const held = conversationId === undefined ? holds.length > 0 : retention.mayHold(placeOf(conversationId));
      return { minimumDays, held };
    },
  };
}
