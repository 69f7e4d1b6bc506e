import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Declarations } from "../resolve.ts";
import { FolderWatch } from "./folder-watch.ts";
import { MergedLevel, type PolicyLevel } from "./merge.ts";
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

/** Files of one level, and what was wrong with them so far. */
interface Level {
  readonly level: PolicyLevel;
  readonly folder: string;
  readonly files: readonly Found[];
  readonly problems: PolicyProblem[];
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
  const { folder, declarations, owner = 0, poll } = options;
  const folderOf = (level: PolicyLevel): string => join(folder, folders[level]);
  return {
    async read(publicKey) {
      const mandatory = await findFiles("mandatory", folderOf("mandatory"), owner);
      const recommended = await findFiles("recommended", folderOf("recommended"), owner);
      return readingOfFiles({ mandatory, recommended, declarations, publicKey });
    },
    watch(changed) {
      const watch = new FolderWatch([folder, folderOf("mandatory"), folderOf("recommended")], changed);
      const stopPolling = pollEvery(poll, () => watch.look());
      return () => {
        stopPolling();
        watch.close();
      };
    },
  };
}

async function findFiles(level: PolicyLevel, folder: string, owner: number): Promise<Level> {
  const problems: PolicyProblem[] = [];
  const files: Found[] = [];
  const names = await namesIn(folder, owner).catch((error: unknown) => {
    if (!isMissing(error)) problems.push(toProblem(folder, error));
    return [];
  });
  if (names.length > maxFiles)
    problems.push({ kind: "unreadable", source: folder, detail: `There are more than ${maxFiles} files.` });
  for (const name of names.slice(0, maxFiles)) {
    const path = join(folder, name);
    try {
      files.push(await readFound(path, owner));
    } catch (error) {
      // Taken away since the folder was listed.
      if (!isMissing(error)) problems.push(toProblem(path, error));
    }
  }
  return { level, folder, files, problems };
}

async function namesIn(folder: string, owner: number): Promise<readonly string[]> {
  await checkFolder(folder, owner);
  await checkReaders(folder);
  return (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.startsWith(".")).sort();
}

async function readFound(path: string, owner: number): Promise<Found> {
  await checkReaders(path);
  const bytes = await readTrustedBytes(path, owner, maxFileBytes);
  const members = [...parseObject(decodeText(bytes))];
  const entries = new Map(members.map(([key, { value, line }]) => [key, { value, source: path, line }]));
  return { path, bytes, entries, signature: await signatureOf(path, owner) };
}

/** Undefined: there is none that counts. */
async function signatureOf(path: string, owner: number): Promise<Uint8Array | undefined> {
  const signature = `${path}.sig`;
  return checkReaders(signature)
    .then(() => readTrustedBytes(signature, owner, maxSignatureBytes))
    .catch(() => undefined);
}

function readingOfFiles(found: {
  readonly mandatory: Level;
  readonly recommended: Level;
  readonly declarations: Declarations;
  /** The key that was last known. */
  readonly publicKey: unknown;
}): PolicyReading {
  const { mandatory, recommended, declarations } = found;
  const known = policyKey(found.publicKey);
  const named = mandatory.files
    .findLast(({ entries }) => entries.has(publicKeySetting))
    ?.entries.get(publicKeySetting)?.value;
  const key = known ?? policyKey(named);
  const merged = {
    mandatory: merge(mandatory, key, declarations),
    recommended: merge(recommended, key, declarations),
  };
  if (known !== undefined && !merged.mandatory.values.has(publicKeySetting)) {
    const detail = `The signed file that holds ${publicKeySetting} is missing; to end signatures, let a signed file say that it is empty.`;
    merged.mandatory.problems.push({ kind: "untrusted", source: mandatory.folder, key: publicKeySetting, detail });
  }
  return readingOf(merged);
}

function merge({ files, level, problems }: Level, key: PolicyKey | undefined, declarations: Declarations): MergedLevel {
  const merged = new MergedLevel(level, declarations, problems);
  for (const { path, bytes, signature, entries } of files) {
    if (key !== undefined && (signature === undefined || !isSigned(key, bytes, signature))) {
      problems.push({
        kind: "untrusted",
        source: path,
        detail: `It has no effect: ${path}.sig holds no signature of the policy's key for it.`,
      });
      continue;
    }
    merged.add(entries);
  }
  return merged;
}
