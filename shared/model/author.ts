import * as v from "valibot";
import { type Address, maxAddressLength } from "./address.ts";

/** Longest name of an author, in UTF-16 units. */
export const maxAuthorName = 1023;

/**
 * Author of a message: who wrote it. `direction` says which way it travelled, which in a room is another thing: own
 * messages come back from it, and everybody's come in.
 */
export const AuthorSchema = v.object({
  /** Bare address; absent where it is not known, as of an occupant of an anonymous room. */
  address: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(maxAddressLength))),
  /** Name that the author gives themselves: a display name, or the nickname in a room. Anybody's words. */
  name: v.optional(v.pipe(v.string(), v.maxLength(maxAuthorName))),
  /** Id of an occupant in the room of the conversation (XEP-0421), or the nickname where the room gives no ids. */
  occupant: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(maxAddressLength))),
  /** The person themselves, on this device or another. */
  isSelf: v.boolean(),
});
export type Author = v.InferOutput<typeof AuthorSchema>;

/** Author of a message in a direct conversation, where the direction says it. */
export function directAuthor(
  direction: "in" | "out",
  { own, peer }: { readonly own: Address | undefined; readonly peer: Address },
): Author {
  if (direction === "in") return { address: peer, isSelf: false };
  return own === undefined ? { isSelf: true } : { address: own, isSelf: true };
}

/**
 * Text that is the same for the same author in one conversation, whatever name they go by now. A room's occupant is
 * known by the occupant id alone, for the address comes and goes with what one may see.
 */
export function authorKey({ address, name, occupant, isSelf }: Author): string {
  if (isSelf) return "self";
  if (occupant !== undefined) return `occupant ${occupant}`;
  return address === undefined ? `name ${name ?? ""}` : `address ${address}`;
}
