import type { Retention } from "../../record/retention/retention.ts";
import type { ConversationViews } from "../../store/conversation-views.ts";
import type { Handlers } from "../dispatch.ts";

export interface DeletionServices {
  readonly retention: Retention;
  readonly views: Pick<ConversationViews, "place">;
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
      const { retention, views } = services();
      const { minimumDays, holds } = retention.policy;
      const held = conversationId === undefined ? holds.length > 0 : retention.mayHold(views.place(conversationId));
      return { minimumDays, held };
    },
  };
}
