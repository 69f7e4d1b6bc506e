import { type FSWatcher, watch } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Declarations } from "../resolve.ts";
import { layOver, type PolicyLevel } from "./merge.ts";
import { pollEvery } from "./poll.ts";
import { isMissing, readingOf, toProblem } from "./problems.ts";
import { isSigned, type PolicyKey, policyKey, publicKeySetting } from "./signature.ts";
import type { PolicyProblem, PolicyReading, PolicySource, PolicyValue } from "./source.ts";
import { parseObject } from "./strict-json.ts";
import { checkFolder, checkReaders, decodeText, readTrustedBytes } from "./trusted-file.ts";

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
const maxSignatureBytes = 4096;

/** A file that may be looked at, before its signature is. */
interface Found {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array | undefined;
  readonly entries: ReadonlyMap<string, PolicyValue>;
}

/**
 * Policy in files of a folder: managed/*.json and recommended/*.json, each an object of settings, in order of their
 * names; a later file wins. A folder that is not there holds no policy. A file that cannot be read, trusted or parsed
 * makes the reading incomplete, and says what is wrong and on which line.
 *
 * Once a mandatory file names a PolicyPublicKey, every file needs a signature of that key beside it (`name.json.sig`).
 * From then on the key that was last known decides: a file that it has not signed cannot name another key or none, and
 * while no signed file names one at all, something is missing and the last good policy stays.
 */
export function createLinuxFiles(options: LinuxFilesOptions): PolicySource {
  const owner = options.owner ?? 0;

  async function find(level: PolicyLevel, problems: PolicyProblem[]): Promise<readonly Found[]> {
    const folder = join(options.folder, folders[level]);
    let names: string[];
    try {
      await checkFolder(folder, owner);
      await checkReaders(folder);
      names = (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
    } catch (error) {
      if (!isMissing(error)) problems.push(toProblem(folder, error));
      return [];
    }
    if (names.length > maxFiles)
      problems.push({ kind: "unreadable", source: folder, detail: `There are more than ${maxFiles} files.` });
    const found: Found[] = [];
    for (const name of names.slice(0, maxFiles)) {
      const path = join(folder, name);
      try {
        await checkReaders(path);
        const bytes = await readTrustedBytes(path, owner, maxFileBytes);
        const members = [...parseObject(decodeText(bytes))];
        const entries = new Map(members.map(([key, { value, line }]) => [key, { value, source: path, line }]));
        found.push({ path, bytes, entries, signature: await signatureOf(path) });
      } catch (error) {
        // Taken away since the folder was listed.
        if (!isMissing(error)) problems.push(toProblem(path, error));
      }
    }
    return found;
  }

  /** Undefined: there is none that counts. */
  async function signatureOf(path: string): Promise<Uint8Array | undefined> {
    const signature = `${path}.sig`;
    return checkReaders(signature)
      .then(() => readTrustedBytes(signature, owner, maxSignatureBytes))
      .catch(() => undefined);
  }

  function merge(
    files: readonly Found[],
    level: PolicyLevel,
    key: PolicyKey | undefined,
    problems: PolicyProblem[],
  ): ReadonlyMap<string, PolicyValue> {
    const values = new Map<string, PolicyValue>();
    for (const { path, bytes, signature, entries } of files) {
      if (key !== undefined && (signature === undefined || !isSigned(key, bytes, signature))) {
        problems.push({
          kind: "untrusted",
          source: path,
          detail: `It has no effect: ${path}.sig holds no signature of the policy's key for it.`,
        });
        continue;
      }
      layOver(values, entries, level, options.declarations, problems);
    }
    return values;
  }

  return {
    async read(publicKey): Promise<PolicyReading> {
      const problems: Record<PolicyLevel, PolicyProblem[]> = { mandatory: [], recommended: [] };
      const files = {
        mandatory: await find("mandatory", problems.mandatory),
        recommended: await find("recommended", problems.recommended),
      };
      const known = policyKey(publicKey);
      const named = files.mandatory
        .findLast(({ entries }) => entries.has(publicKeySetting))
        ?.entries.get(publicKeySetting)?.value;
      const key = known ?? policyKey(named);
      const mandatory = merge(files.mandatory, "mandatory", key, problems.mandatory);
      const recommended = merge(files.recommended, "recommended", key, problems.recommended);
      if (known !== undefined && !mandatory.has(publicKeySetting)) {
        const detail = `The signed file that holds ${publicKeySetting} is missing; to end signatures, let a signed file say that it is empty.`;
        problems.mandatory.push({
          kind: "untrusted",
          source: join(options.folder, folders.mandatory),
          key: publicKeySetting,
          detail,
        });
      }
      return readingOf({
        mandatory: { values: mandatory, problems: problems.mandatory },
        recommended: { values: recommended, problems: problems.recommended },
      });
    },

    watch(changed) {
      let watchers: FSWatcher[] = [];
      let closed = false;
      let generation = 0;

      function drop(): void {
        for (const watcher of watchers) watcher.close();
        watchers = [];
      }

      /**
       * Watches the folders, or what is above them while they are not there. Again after each change, for there may be
       * others then.
       */
      async function arm(): Promise<void> {
        const mine = ++generation;
        const paths = await watchable();
        if (closed || mine !== generation) return;
        const old = watchers;
        watchers = [];
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
        // Only now: what the system has reported and nobody has fetched yet goes with the last one that watches.
        for (const watcher of old) watcher.close();
        // What came between looking and watching was told by nobody.
        const now = await watchable();
        if (!closed && mine === generation && [...now].some((path) => !paths.has(path))) told();
      }

      /** The two folders and the one that holds them, each or the nearest above it that is there. */
      async function watchable(): Promise<Set<string>> {
        return new Set(
          await Promise.all(
            [options.folder, ...Object.values(folders).map((name) => join(options.folder, name))].map(nearest),
          ),
        );
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
