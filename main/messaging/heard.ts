import * as v from "valibot";
import type { AccountId } from "../../shared/model/account.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { ArchiveMark } from "../networks/facets/archive.ts";
import type { Log } from "../networks/log.ts";
import type { Profile } from "../profile/profile.ts";

/** Record of an account in namespace `heard`, beside its archive mark; milliseconds since the epoch. */
const HeardSchema = v.object({
  /** When something last came live, or the account signed in. */
  at: v.number(),
  /** When all that stands in the archive before its mark had been heard. */
  marked: v.optional(v.number()),
});

/** Where a reading of the archive begins. */
export interface HeardBefore {
  /** Nothing was missed: there is nothing to read. */
  readonly complete: boolean;
  readonly mark: ArchiveMark | undefined;
  readonly marked: number | undefined;
}

/** Makes the mark of a message that the archive has under this id; undefined where the connection has no archive. */
export type MarkOf = ((archiveId: string, at: number) => ArchiveMark) | undefined;

/**
 * How far each account has heard its server. The mark in the server's archive follows what comes live, so that the next
 * sign-in reads only what was missed. It moves after what it stands for is stored, and never over a gap: not before the
 * archive has been read to its end in this session, nor after something could not be stored.
 *
 *   (not resumed) -> reading --caughtUp--> following --left--> left --(resumed)--> following
 *                       \-------------------- notStored --------------------> stopped
 */
export interface Heard {
  /** A sign-in; what a resumed session had heard it goes on from. */
  begin(accountId: AccountId, resumed: boolean, markOf: MarkOf): Promise<HeardBefore>;
  /** The account is not online any more: what comes next may come after a gap. */
  left(accountId: AccountId): void;
  /** A page of the archive is stored. Resolves when its mark is. */
  page(accountId: AccountId, mark: ArchiveMark, archiveIds: ReadonlySet<string | undefined>): Promise<void>;
  /** The archive has been read to its end. */
  caughtUp(accountId: AccountId): void;
  /** Something that came live is stored; `archiveIds` in the order in which it came. */
  stored(accountId: AccountId, archiveIds: readonly (string | undefined)[]): void;
  notStored(accountId: AccountId): void;
  /** The first moment that the server can have kept a message from that comes now, milliseconds since the epoch. */
  earliest(accountId: AccountId): number;
  /** Resolves when all is on disk, as far as the disk takes it. */
  flush(): Promise<void>;
  forget(accountId: AccountId): Promise<void>;
}

/**
 * After a sign-in a server hands over what it kept within this time; later, a stamp from before the sign-in is a
 * sender's word.
 */
const handedOverWithin = 120_000;
/** How far two clocks may be apart. */
const clockMs = 60_000;
/** A server of which nothing is known yet may have kept messages for so long. */
const unknownAbsence = 7 * 24 * 3_600_000;
/** Shortest time between two writes of what comes live, so that a flood costs few writes. */
const writeEvery = 500;

interface Account {
  signedInAt: number;
  /** When it had last been heard before this sign-in. */
  before: number;
  at: number;
  marked: number | undefined;
  markOf: MarkOf;
  state: "reading" | "following" | "left" | "stopped";
  /** The last message that came live since the mark, not written yet. */
  live: { readonly id: string; readonly at: number } | undefined;
  timer: NodeJS.Timeout | undefined;
  dirty: boolean;
}

interface HeardParts {
  readonly profile: Profile;
  readonly keeps: () => boolean;
  readonly now: () => number;
  readonly log: Log;
}

export function createHeard(parts: HeardParts): Heard {
  return new LiveHeard(parts);
}

/** `keeps`: the history takes what it is given to the place where it stays, so that the mark may move over it. */
class LiveHeard implements Heard {
  readonly #parts: HeardParts;
  readonly #accounts = new Map<AccountId, Account>();
  readonly #writes = new Set<Promise<void>>();

  constructor(parts: HeardParts) {
    this.#parts = parts;
  }

  async begin(id: AccountId, resumed: boolean, markOf: MarkOf): Promise<HeardBefore> {
    const at = this.#parts.now();
    const known = this.#accounts.get(id);
    const account: Account = known ?? {
      ...{ at, signedInAt: at, before: at - unknownAbsence, marked: undefined, state: "reading", markOf },
      ...{ live: undefined, timer: undefined, dirty: false },
    };
    this.#accounts.set(id, account);
    account.markOf = markOf;
    account.signedInAt = at;
    if (known) account.before = Math.min(known.at, at);
    if (resumed && account.state === "left") {
      account.state = "following";
      return { complete: true, mark: undefined, marked: account.marked };
    }
    account.state = "reading";
    await Promise.all(this.#writes);
    const mark = await this.#parts.profile.get("archive-mark", id);
    const kept = v.safeParse(HeardSchema, parseJson((await this.#parts.profile.get("heard", id)) ?? ""));
    if (!known && kept.success) account.before = Math.min(kept.output.at, at);
    account.marked = kept.success ? kept.output.marked : undefined;
    this.#changed(id, account);
    return { complete: false, mark, marked: account.marked };
  }

  left(id: AccountId): void {
    const account = this.#accounts.get(id);
    if (account?.state !== "following") return;
    this.#save(id, account);
    account.state = "left";
  }

  async page(id: AccountId, mark: ArchiveMark, archiveIds: ReadonlySet<string | undefined>): Promise<void> {
    const account = this.#accounts.get(id);
    if (!account) return;
    if (account.live && archiveIds.has(account.live.id)) account.live = undefined;
    if (!this.#parts.keeps()) return;
    // What this session has heard live is not before this mark.
    account.marked = account.signedInAt;
    await this.#write(id, account, mark);
  }

  caughtUp(id: AccountId): void {
    const account = this.#accounts.get(id);
    if (account?.state !== "reading") return;
    account.state = "following";
    account.marked = this.#parts.now();
    this.#changed(id, account);
  }

  stored(id: AccountId, archiveIds: readonly (string | undefined)[]): void {
    const account = this.#accounts.get(id);
    if (!account) return;
    account.at = this.#parts.now();
    const last = archiveIds.findLast((archiveId) => archiveId !== undefined);
    if (last !== undefined && account.state !== "stopped") account.live = { id: last, at: account.at };
    this.#changed(id, account);
  }

  notStored(id: AccountId): void {
    const account = this.#accounts.get(id);
    if (account) account.state = "stopped";
  }

  earliest(id: AccountId): number {
    const account = this.#accounts.get(id);
    if (!account) return this.#parts.now() - unknownAbsence;
    return (this.#parts.now() - account.signedInAt < handedOverWithin ? account.before : account.signedInAt) - clockMs;
  }

  async flush(): Promise<void> {
    for (const [id, account] of this.#accounts) this.#save(id, account);
    await Promise.all(this.#writes);
  }

  async forget(id: AccountId): Promise<void> {
    clearTimeout(this.#accounts.get(id)?.timer);
    this.#accounts.delete(id);
    await Promise.all(this.#writes);
    await this.#parts.profile.put([
      { namespace: "heard", key: id, value: undefined },
      { namespace: "archive-mark", key: id, value: undefined },
    ]);
  }

  async #write(id: AccountId, account: Account, mark: ArchiveMark | undefined): Promise<void> {
    const heard = JSON.stringify({
      at: account.at,
      ...(account.marked === undefined ? {} : { marked: account.marked }),
    });
    const entries = [{ namespace: "heard" as const, key: id, value: heard }];
    await this.#parts.profile.put(
      mark === undefined ? entries : [...entries, { namespace: "archive-mark" as const, key: id, value: mark }],
    );
  }

  /** Writes down what came live. What could not be written is written with what comes next. */
  #save(id: AccountId, account: Account): void {
    clearTimeout(account.timer);
    account.timer = undefined;
    if (!account.dirty || this.#accounts.get(id) !== account) return;
    const { live, markOf } = account;
    const moves = live !== undefined && markOf !== undefined && account.state === "following" && this.#parts.keeps();
    account.dirty = false;
    if (moves) {
      account.marked = live.at;
      account.live = undefined;
    }
    const done = this.#write(id, account, moves ? markOf(live.id, live.at) : undefined).catch((error: unknown) => {
      if (moves) account.live ??= live;
      account.dirty = true;
      this.#parts.log.warn("How far an account was heard could not be written", { account: id, error });
    });
    this.#writes.add(done);
    void done.then(() => this.#writes.delete(done));
  }

  #changed(id: AccountId, account: Account): void {
    account.dirty = true;
    account.timer ??= setTimeout(() => this.#save(id, account), writeEvery).unref();
  }
}
