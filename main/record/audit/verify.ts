import type { KeyObject } from "node:crypto";
import { isSignedTextInPool, readPublicKey } from "../../secrets/signing.ts";
import { type AuditEntry, type AuditPosition, hashOf, origin } from "./entry.ts";

/**
 * Break of the chain at an entry, or at the place where it should be:
 * - `missing`: entries from here up to `to` are not there, later ones are
 * - `truncated`: entries from here up to `to` are not there, and none after them
 * - `inserted`: there is one too many
 * - `unlinked`: it does not follow the entry before it: moved, put in, or one before it was taken out and the rest
 *   numbered anew
 * - `edited`: something of it was changed
 * - `signature`: this device did not sign it
 * - `other-key`: the chain was begun with another key
 * - `not-sealed`: it is not the entry that was sealed
 * - `not-sent`: it is not the entry whose head was sent to the archive
 * - `no-key`: the device's key is gone from the secret store
 * - `no-seal`: the sealed head is gone from the secret store
 * - `recorded`: Hallway itself found at a start that what was sealed was not there, and says so in this entry
 * - `unreadable`: it, or one of the next up to `to`, cannot be read
 */
export type BreakKind =
  | "missing"
  | "truncated"
  | "inserted"
  | "unlinked"
  | "edited"
  | "signature"
  | "other-key"
  | "not-sealed"
  | "not-sent"
  | "no-key"
  | "no-seal"
  | "recorded"
  | "unreadable";

/** The first broken entry. */
export interface Break {
  readonly n: number;
  readonly kind: BreakKind;
  readonly to?: number;
}

export interface Verdict {
  /** Entries that were read, up to the first that is broken. */
  readonly entries: number;
  readonly last: AuditEntry | undefined;
  readonly broken: Break | undefined;
}

export interface Verification {
  /** Entries with an `n` above the given one, in order, at most `limit`. Rejects when they cannot be read. */
  readonly read: (after: number, limit: number) => Promise<readonly AuditEntry[]>;
  /** As it was before the first was read; undefined: the secret store has none. */
  readonly sealed: AuditPosition | undefined;
  /** Hashes by number that are known from elsewhere: from heads that this device signed and sent. */
  readonly sent?: ReadonlyMap<number, string> | undefined;
  /** The device's, base64. */
  readonly publicKey: string;
  /** Check each signature, not the last one only. */
  readonly every: boolean;
  /** Entries read at a time, at least 2; 1000. */
  readonly pageSize?: number;
}

/** Below everything: also an entry with a number that no entry has must be seen. */
const beforeAll = -Number.MAX_SAFE_INTEGER;

/**
 * Goes over the chain once, in pages. Each hash covers the signature before it, so hashes that hold together and a good
 * signature of the last entry vouch for all signatures. On any doubt it goes over it again and checks every signature,
 * so that the entry that is named is the first broken one.
 */
export async function verifyChain(verification: Verification): Promise<Verdict> {
  const first = await walk(verification, verification.every);
  if (!first.broken || verification.every) return first;
  const again = await walk(verification, true);
  return again.broken ? again : first;
}

async function walk(verification: Verification, every: boolean): Promise<Verdict> {
  const { sealed } = verification;
  const pageSize = verification.pageSize ?? 1000;
  const key = readPublicKey(verification.publicKey);
  let last: AuditEntry | undefined;
  const verdict = (broken: Break | undefined): Verdict => ({ entries: last?.n ?? 0, last, broken });
  if (!sealed) return verdict({ n: 1, kind: "no-seal" });

  // The next page is read while this one is checked. It begins with the last entry of this one: one that was put beside
  // it under the same number is seen.
  let reading = page(verification, beforeAll, pageSize);
  for (;;) {
    const read = await reading;
    if (!read) return verdict({ n: (last?.n ?? 0) + 1, kind: "unreadable", to: (last?.n ?? 0) + pageSize });
    const end = read.at(-1)?.n;
    const isLastPage = read.length < pageSize || typeof end !== "number";
    if (!isLastPage) reading = page(verification, end - 1, pageSize);
    const entries = last && read[0] && isSame(read[0], last) ? read.slice(1) : read;
    const before: AuditEntry | undefined = last;
    let broken: Break | undefined;
    let good = 0;
    for (const entry of entries) {
      broken = check(entry, last, verification);
      if (broken) break;
      last = entry;
      good += 1;
    }
    const unsigned = every ? await firstUnsigned(key, entries.slice(0, good)) : -1;
    if (unsigned !== -1) {
      const entry = entries[unsigned];
      last = entries[unsigned - 1] ?? before;
      return verdict({ n: entry?.n ?? 0, kind: "signature" });
    }
    if (broken) return verdict(broken);
    if (isLastPage) break;
  }
  const length: number = last?.n ?? 0;
  const end = [...(verification.sent?.keys() ?? [])].reduce((most, n) => Math.max(most, n), sealed.n);
  if (end > length) return verdict({ n: length + 1, kind: "truncated", to: end });
  if (!every && last && (await firstUnsigned(key, [last])) !== -1) return verdict({ n: last.n, kind: "signature" });
  return verdict(undefined);
}

function check(
  entry: AuditEntry,
  last: AuditEntry | undefined,
  { sealed, sent, publicKey }: Verification,
): Break | undefined {
  const wanted = (last?.n ?? 0) + 1;
  if (!isWellFormed(entry)) return { n: wanted, kind: "edited" };
  const { n, kind, action } = entry;
  if (n > wanted) return { n: wanted, kind: "missing", to: n - 1 };
  if (n < wanted) return { n: Math.max(n, 1), kind: "inserted" };
  if (entry.previous !== (last?.hash ?? origin.hash)) return { n, kind: "unlinked" };
  if (entry.hash !== hashOf(entry, last?.signature ?? "")) return { n, kind: "edited" };
  if (n === sealed?.n && entry.hash !== sealed.hash) return { n, kind: "not-sealed" };
  if ((sent?.get(n) ?? entry.hash) !== entry.hash) return { n, kind: "not-sent" };
  if (n === 1 && (kind !== "chain" || action !== "begun")) return { n, kind: "edited" };
  if (kind !== "chain") return undefined;
  const details = parse(entry.details);
  if (action === "begun" && details["publicKey"] !== publicKey) return { n, kind: "other-key" };
  if (action === "broken" || details["reason"] !== undefined) return { n, kind: "recorded" };
  return undefined;
}

/** Checks the columns of an entry: a file that somebody else may have written need not hold what its columns say. */
function isWellFormed(entry: AuditEntry): boolean {
  const { n, at, kind, action, details, previous, hash, signature } = entry;
  return (
    [n, at].every(Number.isSafeInteger) &&
    [kind, action, details, previous, hash, signature].every((text) => typeof text === "string")
  );
}

function isSame(a: AuditEntry, b: AuditEntry): boolean {
  return (Object.keys(b) as (keyof AuditEntry)[]).every((name) => a[name] === b[name]);
}

function parse(details: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(details);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** In the threads of Node's pool, all at once: a page is small. */
async function firstUnsigned(key: KeyObject, entries: readonly AuditEntry[]): Promise<number> {
  const good = await Promise.all(
    entries.map(({ hash, signature }) =>
      isSignedTextInPool(key, { purpose: "hallway audit entry 1", message: hash, signature }),
    ),
  );
  return good.indexOf(false);
}

/** Undefined: it cannot be read. */
function page({ read }: Verification, after: number, limit: number): Promise<readonly AuditEntry[] | undefined> {
  return read(after, limit).catch(() => undefined);
}
