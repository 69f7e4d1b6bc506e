import { type AuthorColumn, authorKeyOf } from "./author-column.ts";

/**
 * Ids are indexed by a hash instead of their text: an index of numbers has a third of the pages. The text decides: a
 * row found by hash counts only if its text is the same, and a row whose hash is taken by another text takes the hash
 * of the next salt.
 */
export const salts = [0, 1, 2, 3] as const;

/**
 * The hash of a text under a salt, 53 bits: two 32-bit lanes, each mixed as in MurmurHash3's finalizer. Not for
 * secrets.
 */
export function hash(text: string, salt: number): number {
  let a = 0x9e3779b9 ^ salt;
  let b = 0x85ebca6b ^ Math.imul(salt, 0xc2b2ae35);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0xcc9e2d51);
    a ^= a >>> 15;
    b = Math.imul(b ^ unit, 0x1b873593);
    b ^= b >>> 13;
  }
  return (mix(a) & 0x1fffff) * 2 ** 32 + mix(b);
}

export function mix(lane: number): number {
  let h = lane;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Kinds of hashed text, so that the same text as another kind of id has another hash. */
export const hashed = {
  id: (id: string): string => `i ${id}`,
  /** Two authors may use the same id. */
  wire: (conversation: number, by: AuthorColumn, wireId: string): string => {
    const author = authorKeyOf(by);
    return author === ""
      ? `w ${conversation} ${by.direction} ${wireId}`
      : `o ${conversation} ${by.direction} ${author.length} ${author} ${wireId}`;
  },
  archive: (account: number, archiveId: string): string => `a ${account} ${archiveId}`,
};
