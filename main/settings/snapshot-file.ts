import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import * as v from "valibot";
import { writeAtomic } from "../storage/write-atomic.ts";
import type { PolicySnapshot } from "./sources/source.ts";

const EntriesSchema = v.array(
  v.tuple([v.string(), v.object({ value: v.unknown(), source: v.string(), conflict: v.exactOptional(v.string()) })]),
);
const SnapshotSchema = v.object({ version: v.literal(1), mandatory: EntriesSchema, recommended: EntriesSchema });
const FileSchema = v.object({ snapshot: v.string(), tag: v.string() });
const maxBytes = 64 * 1024 * 1024;

/** Writes the kept policy anew under another key. Where there is none under the old key, nothing happens. */
export async function rekeySnapshot(path: string, from: Uint8Array, to: Uint8Array): Promise<void> {
  const kept = await createSnapshotFile(path, from).read();
  if (kept) await createSnapshotFile(path, to).write(kept);
}

/**
 * Keeps the last good policy on disk, with an HMAC-SHA-256 under a key derived from the vault's, so that a file made or
 * changed by anybody else does not count.
 */
export function createSnapshotFile(
  path: string,
  vaultKey: Uint8Array,
): { read(): Promise<PolicySnapshot | undefined>; write(snapshot: PolicySnapshot): Promise<void> } {
  const key = new Uint8Array(hkdfSync("sha256", vaultKey, new Uint8Array(0), "hallway policy snapshot 1", 32));
  let written: string | undefined;

  function tag(text: string): Buffer {
    return createHmac("sha256", key).update(text).digest();
  }

  return {
    /** Undefined: there is none that counts. */
    async read() {
      try {
        if ((await stat(path)).size > maxBytes) return undefined;
        const file = v.parse(FileSchema, JSON.parse(await readFile(path, "utf8")));
        const given = Buffer.from(file.tag, "base64");
        const right = tag(file.snapshot);
        if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
        const { mandatory, recommended } = v.parse(SnapshotSchema, JSON.parse(file.snapshot));
        return { mandatory: new Map(mandatory), recommended: new Map(recommended) };
      } catch {
        return undefined;
      }
    },
    /** Does not reject: the policy is in force all the same. */
    async write(snapshot) {
      const text = JSON.stringify({
        version: 1,
        mandatory: [...snapshot.mandatory],
        recommended: [...snapshot.recommended],
      });
      if (text === written) return;
      try {
        await writeAtomic(path, JSON.stringify({ snapshot: text, tag: tag(text).toString("base64") }));
        written = text;
      } catch {
        // Tried again at the next reading.
      }
    },
  };
}
