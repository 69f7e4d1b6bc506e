import type { Keeper } from "../../record/retention/keeper.ts";
import type { Handlers } from "../dispatch.ts";

export interface DeletionParts {
  readonly keeper: Keeper;
}

/** Requests about deleting from the history. */
export function deletionHandlers(
  parts: () => DeletionParts,
): Pick<Handlers, "history.delete" | "history.deleteAll" | "history.keeping"> {
  return {
    "history.delete": ({ conversationId, messageIds }) =>
      parts().keeper.delete({ conversationId, ...(messageIds === undefined ? {} : { messageIds }) }),
    "history.deleteAll": () => parts().keeper.delete({ all: true }),
    "history.keeping"({ conversationId }) {
      const { keeper } = parts();
      const { minimumDays, holds } = keeper.policy;
      return { minimumDays, held: conversationId === undefined ? holds.length > 0 : keeper.mayHold(conversationId) };
    },
  };
}
