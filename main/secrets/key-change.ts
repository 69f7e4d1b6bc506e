import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { writeAtomic } from "../storage/write-atomic.ts";
import { encryptedFiles, sizeOf } from "./encrypted-files.ts";
import { storageError, type VaultFile, VaultFileSchema } from "./vault-file.ts";

/** A 32-byte key, encrypted with AES-256-GCM under another. */
const WrappedSchema = v.object({ nonce: v.string(), key: v.string(), tag: v.string() });

/**
 * vault-next.json stands beside vault.json from before the first file gets the new key until after the last one has it.
 * While it stands, some files have the old key and some the new one. Each key is wrapped under the other, so that
 * whichever can be had opens both: the person may type the old passphrase or the new one.
 *
 *   (none) --written--> files are changed, one after the other --vault.json replaced--> old key forgotten --deleted--> (none)
 *
 * After an end at any point the next start goes on from there.
 */
const JournalSchema = v.object({
  version: v.literal(1),
  next: VaultFileSchema,
  /** The new key under the old one, and the old key under the new one. */
  forward: WrappedSchema,
  back: WrappedSchema,
  /** Name of the old key in the secret store, to be deleted at the end. */
  retired: v.optional(v.string()),
});
export type KeyJournal = v.InferOutput<typeof JournalSchema>;

/** Both keys of a change that is under way. */
export interface KeyPair {
  readonly old: Uint8Array;
  readonly new: Uint8Array;
}

export interface Rekeying {
  readonly folder: string;
  /** Gives one database the new key; false: it opens with neither. Runs beside the main loop. */
  readonly rekey: (path: string, from: Uint8Array, to: Uint8Array) => Promise<boolean>;
  /** Bytes done of all. */
  readonly onProgress: (done: number, total: number) => void;
}

const maxJournalBytes = 65_536;
/** How often progress is looked at, in milliseconds. */
const look = 200;

const journalPath = (folder: string): string => join(folder, "vault-next.json");

/** Undefined: no change is under way. Errors: `vault-unavailable` (reason `vault-file-broken`). */
export async function readJournal(folder: string): Promise<KeyJournal | undefined> {
  if (sizeOf(journalPath(folder)) === 0) return undefined;
  try {
    if (sizeOf(journalPath(folder)) > maxJournalBytes) throw new Error("too large");
    return v.parse(JournalSchema, JSON.parse(await readFile(journalPath(folder), "utf8")));
  } catch (error) {
    throw new HallwayError("vault-unavailable", { reason: "vault-file-broken" }, error);
  }
}

/** Errors: `storage-full`, `storage-failed`. */
export async function writeJournal(
  folder: string,
  keys: KeyPair,
  { next, retired }: { readonly next: VaultFile; readonly retired: string | undefined },
): Promise<KeyJournal> {
  const journal: KeyJournal = {
    version: 1,
    next,
    forward: wrap(keys.new, keys.old),
    back: wrap(keys.old, keys.new),
    ...(retired === undefined ? {} : { retired }),
  };
  try {
    await writeAtomic(journalPath(folder), `${JSON.stringify(journal, undefined, 2)}\n`);
  } catch (error) {
    throw storageError(error);
  }
  return journal;
}

export async function removeJournal(folder: string): Promise<void> {
  await rm(journalPath(folder), { force: true });
}

/** Both keys from the one that is known. Errors: `vault-unavailable` (the journal is of another vault). */
export function bothKeys(
  journal: KeyJournal,
  known: { readonly old: Uint8Array } | { readonly new: Uint8Array },
): KeyPair {
  return "old" in known
    ? { old: known.old, new: unwrap(journal.forward, known.old) }
    : { old: unwrap(journal.back, known.new), new: known.new };
}

/**
 * Gives every encrypted file the new key, whatever an earlier try has done already. Errors: `storage-full`,
 * `storage-failed`.
 */
export async function changeFiles(rekeying: Rekeying, keys: KeyPair): Promise<void> {
  const files = encryptedFiles(rekeying.folder);
  const sizes = files.map(sizeOf);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let done = 0;
  for (const [index, path] of files.entries()) {
    // The log grows to the size of the file while its pages go through it.
    const timer = setInterval(
      () => rekeying.onProgress(done + Math.min(sizeOf(`${path}-wal`), sizes[index] ?? 0), total),
      look,
    );
    try {
      await rekeying.rekey(path, keys.old, keys.new);
    } finally {
      clearInterval(timer);
    }
    done += sizes[index] ?? 0;
    rekeying.onProgress(done, total);
  }
}

/** Before anything is touched. Errors: `storage-full`. */
export async function checkSpace(folder: string): Promise<void> {
  const largest = Math.max(0, ...encryptedFiles(folder).map(sizeOf));
  const { bavail, bsize } = await statfs(dirname(journalPath(folder)));
  if (bavail * bsize < largest * 1.1 + 4 * 1024 * 1024) throw new HallwayError("storage-full");
}

function wrap(key: Uint8Array, under: Uint8Array): KeyJournal["forward"] {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", under, nonce);
  cipher.setAAD(Buffer.from("hallway key change 1"));
  const wrapped = Buffer.concat([cipher.update(key), cipher.final()]);
  return {
    nonce: nonce.toString("base64"),
    key: wrapped.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
  };
}

function unwrap(wrapped: KeyJournal["forward"], under: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv("aes-256-gcm", under, Buffer.from(wrapped.nonce, "base64"), {
      authTagLength: 16,
    });
    decipher.setAAD(Buffer.from("hallway key change 1"));
    decipher.setAuthTag(Buffer.from(wrapped.tag, "base64"));
    return new Uint8Array(Buffer.concat([decipher.update(Buffer.from(wrapped.key, "base64")), decipher.final()]));
  } catch (error) {
    throw new HallwayError("vault-unavailable", { reason: "vault-file-broken" }, error);
  }
}
