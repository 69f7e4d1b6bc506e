import { type FSWatcher, watch } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Declarations } from "../resolve.ts";
import { layOver, type PolicyLevel } from "./merge.ts";
import { pollEvery } from "./poll.ts";
import { isComplete, isMissing, toProblem } from "./problems.ts";
import type { PolicyProblem, PolicyReading, PolicySource, PolicyValue } from "./source.ts";
import { parseObject } from "./strict-json.ts";
import { checkFolder, decodeText, readTrustedBytes } from "./trusted-file.ts";

export interface LinuxFilesOptions {
  /** Holds `managed` and `recommended`; only main/main.ts names the real one. */
  readonly folder: string;
  readonly declarations: Declarations;
  /** Whom the files must belong to; root. */
  readonly owner?: number;
  /** How often it looks without having been told, in milliseconds; 15 minutes. */
  readonly poll?: number;
}

const folders: Readonly<Record<PolicyLevel, string>> = { mandatory: "managed", recommended: "recommended" };
const maxFileBytes = 1024 * 1024;
const maxFiles = 200;

/**
 * Policy in files of a folder: managed/*.json and recommended/*.json, each an object of settings, in order of their names;
 * a later file wins. A folder that is not there holds no policy. A file that cannot be read, trusted or parsed makes the
 * reading incomplete, and says what is wrong and on which line.
 */
export function createLinuxFiles(options: LinuxFilesOptions): PolicySource {
  const owner = options.owner ?? 0;

  async function readLevel(level: PolicyLevel, problems: PolicyProblem[]): Promise<ReadonlyMap<string, PolicyValue>> {
    const values = new Map<string, PolicyValue>();
    const folder = join(options.folder, folders[level]);
    let names: string[];
    try {
      await checkFolder(folder, owner);
      names = (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
    } catch (error) {
      if (!isMissing(error)) problems.push(toProblem(folder, error));
      return values;
    }
    if (names.length > maxFiles) problems.push({ kind: "unreadable", source: folder, detail: `There are more than ${maxFiles} files.` });
    for (const name of names.slice(0, maxFiles)) {
      const path = join(folder, name);
      try {
        const members = [...parseObject(decodeText(await readTrustedBytes(path, owner, maxFileBytes)))];
        const entries = new Map(members.map(([key, { value, line }]) => [key, { value, source: path, line }]));
        layOver(values, entries, level, options.declarations, problems);
      } catch (error) {
        // Taken away since the folder was listed.
        if (!isMissing(error)) problems.push(toProblem(path, error));
      }
    }
    return values;
  }

  return {
    async read(): Promise<PolicyReading> {
      const problems: PolicyProblem[] = [];
      const mandatory = await readLevel("mandatory", problems);
      const recommended = await readLevel("recommended", problems);
      return { snapshot: { mandatory, recommended }, complete: isComplete(problems), problems };
    },

    watch(changed) {
      let watchers: FSWatcher[] = [];
      let closed = false;
      let generation = 0;

      function drop(): void {
        for (const watcher of watchers) watcher.close();
        watchers = [];
      }

      /** Watches the folders, or what is above them while they are not there. Again after each change, for there may be others then. */
      async function arm(): Promise<void> {
        const mine = ++generation;
        const paths = await watchable();
        if (closed || mine !== generation) return;
        drop();
        for (const path of paths) {
          try {
            const watcher = watch(path, { persistent: false }, told);
            // The poll goes on looking where a watch fails.
            watcher.on("error", () => watcher.close());
            watchers.push(watcher);
          } catch {
            // As above.
          }
        }
        // What came between looking and watching was told by nobody.
        const now = await watchable();
        if (!closed && mine === generation && [...now].some((path) => !paths.has(path))) told();
      }

      /** The two folders and the one that holds them, each or the nearest above it that is there. */
      async function watchable(): Promise<Set<string>> {
        return new Set(await Promise.all([options.folder, ...Object.values(folders).map((name) => join(options.folder, name))].map(nearest)));
      }

      function told(): void {
        changed();
        void arm();
      }

      const stopPolling = pollEvery(options.poll, told);
      void arm();
      return () => {
        closed = true;
        stopPolling();
        drop();
      };
    },
  };
}

async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found?.isDirectory() || at === dirname(at)) return at;
  }
}
