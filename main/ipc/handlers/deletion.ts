import type { Keeper } from "../../record/retention/keeper.ts";
import type { Handlers } from "../dispatch.ts";

export interface DeletionServices {
  readonly keeper: Keeper;
}

/** Requests about deleting from the history. */
export function deletionHandlers(
  services: () => DeletionServices,
): Pick<Handlers, "history.delete" | "history.deleteAll" | "history.keeping"> {
  return {
    "history.delete": ({ conversationId, messageIds }) =>
      services().keeper.delete({ conversationId, ...(messageIds === undefined ? {} : { messageIds }) }),
    "history.deleteAll": () => services().keeper.delete({ all: true }),
    "history.keeping"({ conversationId }) {
      const { keeper } = services();
      const { minimumDays, holds } = keeper.policy;
      return { minimumDays, held: conversationId === undefined ? holds.length > 0 : keeper.mayHold(conversationId) };
    },
  };
}
