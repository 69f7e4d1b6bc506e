import { createHash } from "node:crypto";
import type { Statements } from "../../database/statements.ts";
import { type AuthorColumn, authorKeyOf } from "./json-columns.ts";
import type { MessageRow } from "./message-row.ts";

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

/**
 * The numbers that stand for accounts, conversations, own addresses and member lists in one database; made where they
 * are missing.
 */
export class Keys {
  readonly #sql: Statements;
  readonly #known = new Map<string, number>();

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  account(key: string): number {
    return this.#number(
      `a ${key}`,
      () => this.#sql.run("INSERT OR IGNORE INTO account(key) VALUES (?)", [key]),
      () => this.#sql.number("SELECT id FROM account WHERE key = ?", [key]),
    );
  }

  conversation({ conversation: key, kind, peer }: Placed, account: number): number {
    return this.#number(
      `c ${key}`,
      () =>
        this.#sql.run("INSERT OR IGNORE INTO conversation(key, account, kind, address) VALUES (?, ?, ?, ?)", [
          key,
          account,
          kind,
          peer,
        ]),
      () => this.#sql.number("SELECT id FROM conversation WHERE key = ?", [key]),
    );
  }

  /** The own address on its network, as it was. */
  own({ network, own }: Pick<MessageRow, "network" | "own">): number | null {
    if (network === null && own === null) return null;
    const columns = [network ?? "", own ?? ""];
    return this.#number(
      `o ${columns.join(" ")}`,
      () => this.#sql.run("INSERT OR IGNORE INTO own(network, address) VALUES (?, ?)", columns),
      () => this.#sql.number("SELECT id FROM own WHERE network = ? AND address = ?", columns),
    );
  }

  /** An author, as JSON; null where the direction says who it is. */
  author({ author }: Pick<MessageRow, "author">): number | null {
    if (author === null) return null;
    return this.#number(
      `w ${author}`,
      () => this.#sql.run("INSERT OR IGNORE INTO author(value) VALUES (?)", [author]),
      () => this.#sql.number("SELECT id FROM author WHERE value = ?", [author]),
    );
  }

  /** A list of members, as JSON; null in a conversation of two. */
  membership({ members }: Pick<MessageRow, "members">): number | null {
    if (members === null) return null;
    const digest = createHash("sha256").update(members).digest();
    return this.#number(
      `m ${digest.toString("base64")}`,
      () => this.#sql.run("INSERT OR IGNORE INTO membership(digest, members) VALUES (?, ?)", [digest, members]),
      () => this.#sql.number("SELECT id FROM membership WHERE digest = ?", [digest]),
    );
  }

  /** The numbers may be others now: a transaction failed, or some went. */
  forget(): void {
    this.#known.clear();
  }

  #number(name: string, make: () => void, find: () => number | undefined): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= maxKnown) this.#known.clear();
    let id = find();
    if (id === undefined) {
      make();
      id = find() ?? 0;
    }
    this.#known.set(name, id);
    return id;
  }
}

/** Row that says of which conversation it is. */
type Placed = Pick<MessageRow, "conversation" | "kind" | "peer">;

/** Numbers that are remembered: more than any person's conversations, and an end to a crowd's. */
const maxKnown = 20_000;
