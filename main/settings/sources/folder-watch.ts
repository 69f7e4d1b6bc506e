import { type FSWatcher, watch } from "node:fs";
import { lstat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Watches folders, each or what is above it while it is not there, and again after each change, for there may be others
 * then. It may tell of a change too often.
 */
export class FolderWatch {
  readonly #folders: readonly string[];
  readonly #changed: () => void;
  #watchers: readonly FSWatcher[] = [];
  #generation = 0;
  #closed = false;

  constructor(folders: readonly string[], changed: () => void) {
    this.#folders = folders;
    this.#changed = changed;
    void this.#arm();
  }

  /** Tells of a change and watches anew, whether there was one or not. */
  look(): void {
    this.#changed();
    void this.#arm();
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
  }

  async #arm(): Promise<void> {
    const mine = ++this.#generation;
    const paths = await this.#watchable();
    if (this.#closed || mine !== this.#generation) return;
    const old = this.#watchers;
    this.#watchers = [...paths].flatMap((path) => this.#watch(path) ?? []);
    // Only now: what the system has reported and nobody has fetched yet goes with the last one that watches.
    for (const watcher of old) watcher.close();
    // What came between looking and watching was told by nobody.
    const now = await this.#watchable();
    if (!this.#closed && mine === this.#generation && [...now].some((path) => !paths.has(path))) this.look();
  }

  /** Undefined: it cannot be watched. Whoever needs to be sure looks by himself from time to time. */
  #watch(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, { persistent: false }, () => this.look());
      watcher.on("error", () => watcher.close());
      return watcher;
    } catch {
      return undefined;
    }
  }

  /** The folders, or the nearest above each that is there. */
  async #watchable(): Promise<ReadonlySet<string>> {
    return new Set(await Promise.all(this.#folders.map(nearest)));
  }
}

async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found?.isDirectory() || at === dirname(at)) return at;
  }
}
