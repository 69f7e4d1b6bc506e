import { createHash } from "node:crypto";
import { type Address, domainOf, isUri } from "../../../shared/model/address.ts";
import { schemeOf } from "../../addressing/schemes.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";

/** Sender and recipients of a message. */
export interface Parties {
  /**
   * Address of the author; of an occupant whose address is not known, that of the room with the name behind it (RFC
   * 7622 section 3.4). Undefined: an own message of an account that was removed before its address was kept.
   */
  readonly from: Address | undefined;
  readonly to: readonly Address[];
  /** Whom or which room the conversation is with. */
  readonly conversation: Address;
  readonly isRoom: boolean;
}

let lastMessage: RecordedMessage | undefined;
let lastParties: Parties | undefined;

/** Asked several times for a message, and worked out once. */
export function partiesOf(message: RecordedMessage): Parties {
  if (message !== lastMessage || !lastParties) {
    lastParties = findParties(message);
    lastMessage = message;
  }
  return lastParties;
}

function findParties(message: RecordedMessage): Parties {
  const { author, peer: conversation } = message;
  const isRoom = message.kind === "room" || message.members.length > 1 || author.occupant !== undefined;
  const from =
    author.address ?? (author.isSelf ? message.own : `${conversation}/${author.name ?? author.occupant ?? ""}`);
  const others = message.members.length === 0 ? [conversation] : message.members.map(({ address }) => address);
  if (author.isSelf) return { from, to: others, conversation, isRoom };
  const to = message.own === undefined ? [] : [message.own];
  if (message.members.length > 1) to.push(...others.filter((address) => address !== from));
  return { from, to, conversation, isRoom };
}

/** Text in the place of the author: the name, followed by the address where both are known. */
export function authorLine(message: RecordedMessage, nobody: string): string {
  const { name } = message.author;
  const { from } = partiesOf(message);
  if (name === undefined) return from ?? nobody;
  return message.author.address === undefined ? name : `${name} (${message.author.address})`;
}

/** Whether an address is of the same domain as the account's. */
export function isInternal(address: Address, own: Address | undefined): boolean {
  return own !== undefined && domainOf(address) === domainOf(own);
}

/**
 * An address as the URI of its network (RFC 5122, RFC 3261 section 19.1; RFC 3860 where the network is not known); one
 * that is a URI stays as it is.
 */
export function uriOf(address: Address, network: RecordedMessage["network"]): string {
  if (isUri(address)) return address;
  return `${schemeOf(network)}:${address}`;
}

/**
 * A name for files of a conversation, the same for the same conversation: its address in safe letters, and a part of
 * its hash.
 */
export function fileNameOf(message: RecordedMessage): string {
  const safe = message.peer
    .toLowerCase()
    .replace(/[^a-z0-9@._-]+/g, "_")
    .slice(0, 60);
  return `${safe.replace(/^[.-]+/, "_")}-${hashOf(message.conversationId).slice(0, 12)}`;
}

/** SHA-256 of the UTF-8 of a text, hexadecimal. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
