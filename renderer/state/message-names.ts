import { contactId } from "../../shared/model/contact.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { Actions } from "./actions.ts";
import { useApp } from "./app-context.ts";

/** Message, as far as it says who wrote it. */
export type Written = Pick<MessageRecord, "author" | "accountId" | "conversationId">;

/** Names of those whom a message concerns, drawn from its author. */
export interface MessageNames {
  /** Author of a message. */
  readonly author: (message: Written) => string;
  /** Other side of a message: who wrote it, or whom the person wrote to. */
  readonly other: (message: Written) => string;
}

/** Names in the language of the window; whoever calls this is drawn again when one of them changes. */
export function useMessageNames(): MessageNames {
  const { words, actions } = useApp();
  const you = words.value.t("message.you");
  return {
    author: (message) => (message.author.isSelf ? you : nameOfAuthor(message, actions)),
    other: (message) =>
      message.author.isSelf ? actions.nameOf(message.conversationId) : nameOfAuthor(message, actions),
  };
}

/**
 * Name of somebody else who wrote a message: as the person's contact list has it, else a nickname in a room. Outside
 * rooms the name that a sender gives themselves is not taken: anybody could go by the name of somebody else.
 */
function nameOfAuthor({ author, accountId, conversationId }: Written, actions: Pick<Actions, "nameOf" | "knownName">) {
  const { address, name, occupant } = author;
  const known = address === undefined ? undefined : actions.knownName(contactId(accountId, address));
  if (known !== undefined) return known;
  return occupant === undefined ? (address ?? actions.nameOf(conversationId)) : (name ?? address ?? occupant);
}
