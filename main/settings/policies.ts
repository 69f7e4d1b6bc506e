import { SnapshotFile } from "./snapshot-file.ts";
import { policyKey, publicKeySetting } from "./sources/signature.ts";
import {
  emptySnapshot,
  type PolicyProblem,
  type PolicyReading,
  type PolicySnapshot,
  type PolicySource,
  type PolicyValue,
} from "./sources/source.ts";

/**
 * The policy in force: one immutable snapshot, replaced whole. When the source cannot be read whole, the last good
 * snapshot stays, also over a restart once the vault's key is there to authenticate it. Where none is known, what
 * cannot be read is taken for the strictest: see PolicySnapshot.unread.
 */
export interface Policies {
  readonly snapshot: PolicySnapshot;
  readonly problems: readonly PolicyProblem[];
  /** False: a policy is required (PolicyRequired), and none that counts can be read. */
  readonly connectionsAllowed: boolean;
  /** Reads for the first time and goes on looking. */
  start(): Promise<void>;
  /**
   * The vault is open: keeps good snapshots on disk from now, and takes up what the kept one demands of the source: the
   * key that must have signed it, and that there is a policy at all.
   */
  useKey(key: Uint8Array): Promise<void>;
  /** Returns a disposer. */
  onChange(listener: () => void): () => void;
  close(): void;
}

export interface PoliciesOptions {
  readonly source: PolicySource;
  /** Where the last good snapshot is kept. */
  readonly snapshotPath: string;
  /** How long nothing must change before it is read again, in milliseconds; 5 s. */
  readonly settle?: number;
}

const requiredSetting = "PolicyRequired";

/** However busy the folder is, it is read after so many times the settling time. */
const longestSettle = 6;

export function createPolicies(options: PoliciesOptions): Policies {
  return new PoliciesInForce(options);
}

class PoliciesInForce implements Policies {
  readonly #options: PoliciesOptions;
  readonly #listeners = new Set<() => void>();
  #snapshot = emptySnapshot;
  #problems: readonly PolicyProblem[] = [];
  #allowed = true;
  /** The last that was read whole, now or earlier. */
  #good: PolicySnapshot | undefined;
  #file: SnapshotFile | undefined;
  #timer: NodeJS.Timeout | undefined;
  #firstTold: number | undefined;
  #stopWatching: (() => void) | undefined;
  #reading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PoliciesOptions) {
    this.#options = options;
  }

  get snapshot(): PolicySnapshot {
    return this.#snapshot;
  }

  get problems(): readonly PolicyProblem[] {
    return this.#problems;
  }

  get connectionsAllowed(): boolean {
    return this.#allowed;
  }

  async start(): Promise<void> {
    this.#stopWatching = this.#options.source.watch(() => this.#told());
    await this.#readAgain();
  }

  async useKey(key: Uint8Array): Promise<void> {
    // In turn with the readings: one that is under way does not know the kept policy's key, and must not be taken for
    // good after the kept one, nor be written over it.
    this.#reading = this.#reading.then(() => this.#takeKept(key));
    await this.#readAgain();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stopWatching?.();
    this.#listeners.clear();
  }

  async #takeKept(key: Uint8Array): Promise<void> {
    const opened = new SnapshotFile(this.#options.snapshotPath, key);
    const kept = await opened.read();
    // What was read without knowing what the kept one demands may not be what it should be.
    if (
      kept &&
      (!this.#good ||
        policyKey(kept.mandatory.get(publicKeySetting)?.value) ||
        demands(kept.mandatory.get(requiredSetting)))
    )
      this.#good = kept;
    this.#file = opened;
  }

  #told(): void {
    const { settle = 5000 } = this.#options;
    const now = performance.now();
    this.#firstTold ??= now;
    const wait = Math.max(0, Math.min(settle, this.#firstTold + settle * longestSettle - now));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#firstTold = undefined;
      void this.#readAgain();
    }, wait);
    this.#timer.unref();
  }

  /** One reading after the other. */
  #readAgain(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read()).catch(() => undefined);
    return this.#reading;
  }

  async #read(): Promise<void> {
    const found = await this.#options.source.read(this.#good?.mandatory.get(publicKeySetting)?.value);
    if (this.#closed) return;
    const required = this.#good?.mandatory.get(requiredSetting);
    // Read whole, and there is nothing: whoever took it away has not lifted it.
    const gone = found.complete && found.snapshot.mandatory.size === 0 && demands(required);
    if (found.complete && !gone) {
      this.#good = found.snapshot;
      this.#put(found.snapshot, found.problems, true);
      await this.#file?.write(found.snapshot);
    } else if (gone) {
      const detail = "No policy is there, and the last one said that there must be one.";
      const source = required?.source ?? "";
      const missing: PolicyProblem = { kind: "unreadable", source, key: requiredSetting, detail };
      this.#put(this.#good ?? emptySnapshot, [...found.problems, missing], false);
    } else if (this.#good !== undefined && (this.#good.mandatory.size > 0 || found.unread === undefined)) {
      this.#put(this.#good, found.problems, true);
    } else this.#putUnread(found);
  }

  /**
   * Never known whole, or before there was any policy: what can be read counts, and of all else that may stand there
   * the worst.
   */
  #putUnread({ snapshot, problems, unread }: PolicyReading): void {
    const required = snapshot.mandatory.get(requiredSetting);
    const allowed = required !== undefined || !unread ? !demands(required) : false;
    this.#put({ ...snapshot, ...(unread === undefined ? {} : { unread }) }, problems, allowed);
  }

  #put(snapshot: PolicySnapshot, problems: readonly PolicyProblem[], allowed: boolean): void {
    const changed =
      text(snapshot) !== text(this.#snapshot) ||
      JSON.stringify(problems) !== JSON.stringify(this.#problems) ||
      allowed !== this.#allowed;
    this.#snapshot = snapshot;
    this.#problems = problems;
    this.#allowed = allowed;
    if (changed) for (const listener of [...this.#listeners]) listener();
  }
}

/** An unusable value is as good as true. */
function demands(required: PolicyValue | undefined): boolean {
  return required !== undefined && required.value !== false;
}

/** The same text for the same policy. */
function text(of: PolicySnapshot): string {
  return JSON.stringify([[...of.mandatory].sort(byKey), [...of.recommended].sort(byKey), of.unread]);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
