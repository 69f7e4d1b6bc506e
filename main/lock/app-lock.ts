import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { Listeners } from "../../shared/listeners.ts";
import type { LockedBy } from "../../shared/model/app.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Profile } from "../profile/profile.ts";

/** How the person shows who they are; see proof.ts. */
export interface Proof {
  /** Undefined: there is nothing to show it with, as no account is there. */
  by(): Promise<LockedBy | undefined>;
  /** Rejects when it cannot be found out (no connection to the server that would know). */
  check(secret: string, address: string | undefined): Promise<boolean>;
}

/**
 * Whether the window is covered until the person shows who they are. The state is in the encrypted profile, so that to
 * end Hallway and start it again leads back to the same page, with the same wait after wrong tries.
 *
 *   open --lock()--> locked --unlock(right)--> open
 *                     | ^  \--unlock(wrong)--> locked, and after three of them only after a wait that doubles each time
 *                     \_/ a new start
 */
export interface AppLock {
  /** Undefined: open. */
  readonly lockedBy: LockedBy | undefined;
  /** It is locked by another way now, or open. */
  readonly changes: Listeners<LockedBy | undefined>;
  /**
   * The profile is open, and nothing of it is shown yet. `proven`: the passphrase was typed to get here, so that there
   * is nothing left to show.
   */
  restore(profile: Profile, proven: boolean): Promise<void>;
  /** The accounts are there: says anew what unlocks it. */
  settle(): Promise<void>;
  /** Errors: `not-allowed` (there is nothing to unlock it with). */
  lock(): Promise<void>;
  /**
   * Errors: `unlock-refused`, `unlock-later` (param `count`: seconds to wait), whatever the proof rejects with,
   * `not-allowed` when it is open.
   */
  unlock(secret: string, address: string | undefined): Promise<void>;
}

const key = "lock";
const LockSchema = v.object({
  by: v.optional(v.picklist(["passphrase", "password", "sign-in"])),
  wrong: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** When the last wrong try was, milliseconds since the epoch. */
  at: v.number(),
});
type Kept = v.InferOutput<typeof LockSchema>;

/** Wrong tries that cost nothing but themselves. */
const free = 3;
const firstWait = 5_000;
const longestWait = 15 * 60_000;

/** Stored state of the lock; text that cannot be read counts as none. */
async function readLock(profile: Pick<Profile, "get">): Promise<Kept> {
  const read = v.safeParse(LockSchema, parseJson(await profile.get("app", key)));
  return read.success ? read.output : { wrong: 0, at: 0 };
}

/** Whether Hallway was locked when it ended, for those who open the profile without a window. */
export async function isLocked(profile: Pick<Profile, "get">): Promise<boolean> {
  return (await readLock(profile)).by !== undefined;
}

export interface AppLockOptions {
  readonly proof: Proof;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createAppLock(options: AppLockOptions): AppLock {
  return new KeptAppLock(options);
}

class KeptAppLock implements AppLock {
  readonly changes = new Listeners<LockedBy | undefined>();
  readonly #proof: Proof;
  readonly #now: () => number;
  #profile: Profile | undefined;
  #kept: Kept = { wrong: 0, at: 0 };
  #lockedBy: LockedBy | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor({ proof, now }: AppLockOptions) {
    this.#proof = proof;
    this.#now = now;
  }

  get lockedBy(): LockedBy | undefined {
    return this.#lockedBy;
  }

  async restore(profile: Profile, proven: boolean): Promise<void> {
    this.#profile = profile;
    this.#kept = await readLock(profile);
    if (proven) {
      await this.#keep({ wrong: 0, at: 0 });
      this.#become(undefined);
    } else this.#become(this.#kept.by);
  }

  settle(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#lockedBy !== undefined) this.#become(await this.#proof.by());
    });
  }

  lock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#lockedBy !== undefined) return;
      const by = await this.#proof.by();
      if (by === undefined) throw new HallwayError("not-allowed");
      // Covered even where it cannot be kept: the disk may be full.
      this.#become(by);
      await this.#keep({ ...this.#kept, by });
    });
  }

  unlock(secret: string, address: string | undefined): Promise<void> {
    return this.#inTurn(() => this.#unlock(secret, address));
  }

  async #unlock(secret: string, address: string | undefined): Promise<void> {
    if (this.#lockedBy === undefined) throw new HallwayError("not-allowed");
    const left = this.#wait();
    if (left > 0) throw new HallwayError("unlock-later", { count: Math.ceil(left / 1000) });
    const before = this.#kept;
    // Counted first, so that to end Hallway while it checks is no way to another try.
    await this.#keep({ ...before, wrong: before.wrong + 1, at: this.#now() });
    let right: boolean;
    try {
      right = await this.#proof.check(secret, address);
    } catch (error) {
      // Nobody has said that it is wrong. A server that refuses the account may mean the password, and is asked no
      // more often than one that says so.
      if (toErrorInfo(error).code !== "account-refused") await this.#keep(before);
      throw error;
    }
    if (!right) throw new HallwayError("unlock-refused");
    await this.#keep({ wrong: 0, at: 0 });
    this.#become(undefined);
  }

  /** Milliseconds until the next try counts. */
  #wait(): number {
    const { wrong, at } = this.#kept;
    if (wrong < free) return 0;
    const length = Math.min(longestWait, firstWait * 2 ** (wrong - free));
    // A clock that was set back does not make it longer than it is.
    return Math.min(length, Math.max(0, at + length - this.#now()));
  }

  #become(by: LockedBy | undefined): void {
    if (by === this.#lockedBy) return;
    this.#lockedBy = by;
    this.changes.emit(by);
  }

  async #keep(next: Kept): Promise<void> {
    this.#kept = next;
    await this.#profile?.put([{ namespace: "app", key, value: JSON.stringify(next) }]);
  }

  /** One after the other: many tries at once would all find the same count. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
