import { createSnapshotFile } from "./snapshot-file.ts";
import { emptySnapshot, type PolicyProblem, type PolicySnapshot, type PolicySource } from "./sources/source.ts";

/**
 * The policy in force: one immutable snapshot, replaced whole. When the source cannot be read whole, the last good snapshot
 * stays, also over a restart once the vault's key is there to authenticate it.
 */
export interface Policies {
  readonly snapshot: PolicySnapshot;
  readonly problems: readonly PolicyProblem[];
  /** Reads for the first time and goes on looking. */
  start(): Promise<void>;
  /** The vault is open: keeps good snapshots on disk from now, and takes up the kept one if it is needed. */
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

/** However busy the folder is, it is read after so many times the settling time. */
const longestSettle = 6;

export function createPolicies(options: PoliciesOptions): Policies {
  const settle = options.settle ?? 5000;
  const listeners = new Set<() => void>();
  let snapshot = emptySnapshot;
  let problems: readonly PolicyProblem[] = [];
  /** Whether `snapshot` was read whole, now or earlier. */
  let good = false;
  let file: ReturnType<typeof createSnapshotFile> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let firstTold: number | undefined;
  let stopWatching: (() => void) | undefined;
  let reading: Promise<void> = Promise.resolve();
  let closed = false;

  function put(next: PolicySnapshot, nextProblems: readonly PolicyProblem[]): void {
    const changed = text(next) !== text(snapshot) || JSON.stringify(nextProblems) !== JSON.stringify(problems);
    snapshot = next;
    problems = nextProblems;
    if (changed) for (const listener of [...listeners]) listener();
  }

  async function read(): Promise<void> {
    const found = await options.source.read();
    if (closed) return;
    if (found.complete) {
      good = true;
      put(found.snapshot, found.problems);
      await file?.write(found.snapshot);
      return;
    }
    const kept = good ? snapshot : await file?.read();
    if (closed) return;
    good = kept !== undefined;
    // Never known whole: what can be read is better than nothing.
    put(kept ?? found.snapshot, found.problems);
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
    async start() {
      stopWatching = options.source.watch(told);
      await readAgain();
    },
    async useKey(key) {
      file = createSnapshotFile(options.snapshotPath, key);
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

/** The same text for the same policy. */
function text(of: PolicySnapshot): string {
  return JSON.stringify([[...of.mandatory].sort(byKey), [...of.recommended].sort(byKey)]);
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
