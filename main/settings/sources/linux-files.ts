import { type FSWatcher, watch } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Declarations } from "../resolve.ts";
import type { PolicyProblem, PolicyReading, PolicySource, PolicyValue } from "./source.ts";
import { JsonError, parseObject } from "./strict-json.ts";
import { checkFolder, FileRefused, readTrusted } from "./trusted-file.ts";

export interface LinuxFilesOptions {
  /** Holds `managed` and `recommended`; only main/main.ts names the real one. */
  readonly folder: string;
  readonly declarations: Declarations;
  /** Whom the files must belong to; root. */
  readonly owner?: number;
  /** How often it looks without having been told, in milliseconds; 15 minutes. */
  readonly poll?: number;
}

const maxFileBytes = 1024 * 1024;
const maxFiles = 200;

/**
 * Policy in files of a folder: managed/*.json and recommended/*.json, each an object of settings, in order of their names;
 * a later file wins. A folder that is not there holds no policy. A file that cannot be read, trusted or parsed makes the
 * reading incomplete, and says what is wrong and on which line.
 */
export function createLinuxFiles(options: LinuxFilesOptions): PolicySource {
  const owner = options.owner ?? 0;
  const levels = ["managed", "recommended"] as const;

  async function readLevel(level: (typeof levels)[number], problems: PolicyProblem[]): Promise<ReadonlyMap<string, PolicyValue>> {
    const values = new Map<string, PolicyValue>();
    const folder = join(options.folder, level);
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
        merge(values, parseObject(await readTrusted(path, owner, maxFileBytes)), path, level, problems);
      } catch (error) {
        // Taken away since the folder was listed.
        if (!isMissing(error)) problems.push(toProblem(path, error));
      }
    }
    return values;
  }

  function merge(
    values: Map<string, PolicyValue>,
    file: ReadonlyMap<string, unknown>,
    path: string,
    level: (typeof levels)[number],
    problems: PolicyProblem[],
  ): void {
    const groups = new Set<string>();
    const usable = [...file].filter(([key]) => {
      const declaration = Object.hasOwn(options.declarations, key) ? options.declarations[key] : undefined;
      if (!declaration) {
        problems.push({ kind: "unknown-key", source: path, key, detail: "This Hallway does not know this setting." });
        return false;
      }
      if (declaration.policy === "none" || (level === "recommended" && declaration.policy === "mandatory-only")) {
        problems.push({ kind: "not-allowed-here", source: path, key, detail: "This setting cannot stand here." });
        return false;
      }
      if (declaration.group !== undefined) groups.add(declaration.group);
      return true;
    });
    // A group comes whole from one file: what earlier ones said of it is gone.
    for (const key of [...values.keys()]) if (groups.has(options.declarations[key]?.group ?? "")) values.delete(key);
    for (const [key, value] of usable) values.set(key, { value, source: path });
  }

  return {
    async read(): Promise<PolicyReading> {
      const problems: PolicyProblem[] = [];
      const mandatory = await readLevel("managed", problems);
      const recommended = await readLevel("recommended", problems);
      const complete = !problems.some((problem) => problem.kind === "unreadable" || problem.kind === "untrusted" || problem.kind === "malformed");
      return { snapshot: { mandatory, recommended }, complete, problems };
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
        return new Set(await Promise.all([options.folder, ...levels.map((level) => join(options.folder, level))].map(nearest)));
      }

      function told(): void {
        changed();
        void arm();
      }

      const timer = setInterval(told, options.poll ?? 15 * 60_000);
      timer.unref();
      void arm();
      return () => {
        closed = true;
        clearInterval(timer);
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

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

function toProblem(source: string, error: unknown): PolicyProblem {
  if (error instanceof FileRefused) return { kind: error.kind, source, detail: `It does not count: ${error.message}.` };
  if (error instanceof JsonError) return { kind: "malformed", source, line: error.line, detail: `Line ${error.line}: ${error.message}.` };
  return { kind: "unreadable", source, detail: "It cannot be read." };
}
