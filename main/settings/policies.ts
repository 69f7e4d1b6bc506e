import { createSnapshotFile } from "./snapshot-file.ts";
import { policyKey, publicKeySetting } from "./sources/signature.ts";
import {
  emptySnapshot,
  type PolicyProblem,
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
  const settle = options.settle ?? 5000;
  const listeners = new Set<() => void>();
  let snapshot = emptySnapshot;
  let problems: readonly PolicyProblem[] = [];
  let allowed = true;
  /** The last that was read whole, now or earlier. */
  let good: PolicySnapshot | undefined;
  let file: ReturnType<typeof createSnapshotFile> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let firstTold: number | undefined;
  let stopWatching: (() => void) | undefined;
  let reading: Promise<void> = Promise.resolve();
  let closed = false;

  function put(next: PolicySnapshot, nextProblems: readonly PolicyProblem[], nextAllowed: boolean): void {
    const changed =
      text(next) !== text(snapshot) ||
      JSON.stringify(nextProblems) !== JSON.stringify(problems) ||
      nextAllowed !== allowed;
    snapshot = next;
    problems = nextProblems;
    allowed = nextAllowed;
    if (changed) for (const listener of [...listeners]) listener();
  }

  async function read(): Promise<void> {
    const found = await options.source.read(good?.mandatory.get(publicKeySetting)?.value);
    if (closed) return;
    const required = good?.mandatory.get(requiredSetting);
    // Read whole, and there is nothing: whoever took it away has not lifted it.
    const gone = found.complete && found.snapshot.mandatory.size === 0 && demands(required);
    if (found.complete && !gone) {
      good = found.snapshot;
      put(good, found.problems, true);
      await file?.write(good);
    } else if (gone) {
      const detail = "No policy is there, and the last one said that there must be one.";
      put(
        good ?? emptySnapshot,
        [...found.problems, { kind: "unreadable", source: required?.source ?? "", key: requiredSetting, detail }],
        false,
      );
    } else if (good !== undefined && (good.mandatory.size > 0 || found.unread === undefined)) {
      put(good, found.problems, true);
    } else {
      // Never known whole, or before there was any policy: what can be read counts, and of all else that may stand
      // there the worst.
      const { mandatory } = found.snapshot;
      const unread = found.unread === undefined ? {} : { unread: found.unread };
      put(
        { ...found.snapshot, ...unread },
        found.problems,
        mandatory.has(requiredSetting) || !found.unread ? !demands(mandatory.get(requiredSetting)) : false,
      );
    }
  }

  /** One reading after the other. */
  function readAgain(): Promise<void> {
    reading = reading.then(read).catch(() => undefined);
    return reading;
  }

  function told(): void {
    const now = performance.now();
    firstTold ??= now;
    const wait = Math.max(0, Math.min(settle, firstTold + settle * longestSettle - now));
    clearTimeout(timer);
    timer = setTimeout(() => {
      firstTold = undefined;
      void readAgain();
    }, wait);
    timer.unref();
  }

  return {
    get snapshot() {
      return snapshot;
    },
    get problems() {
      return problems;
    },
    get connectionsAllowed() {
      return allowed;
    },
    async start() {
      stopWatching = options.source.watch(told);
      await readAgain();
    },
    async useKey(key) {
      // In turn with the readings: one that is under way does not know the kept policy's key, and must not be taken for
      // good after the kept one, nor be written over it.
      reading = reading.then(async () => {
        const opened = createSnapshotFile(options.snapshotPath, key);
        const kept = await opened.read();
        // What was read without knowing what the kept one demands may not be what it should be.
        if (
          kept &&
          (!good ||
            policyKey(kept.mandatory.get(publicKeySetting)?.value) ||
            demands(kept.mandatory.get(requiredSetting)))
        )
          good = kept;
        file = opened;
      });
      await readAgain();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      stopWatching?.();
      listeners.clear();
    },
  };
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
