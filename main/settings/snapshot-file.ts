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
  const kept = await new SnapshotFile(path, from).read();
  if (kept) await new SnapshotFile(path, to).write(kept);
}

/**
 * Keeps the last good policy on disk, with an HMAC-SHA-256 under a key derived from the vault's, so that a file made or
 * changed by anybody else does not count.
 */
export class SnapshotFile {
  readonly #path: string;
  readonly #key: Uint8Array;
  #written: string | undefined;

  constructor(path: string, vaultKey: Uint8Array) {
    this.#path = path;
    this.#key = new Uint8Array(hkdfSync("sha256", vaultKey, new Uint8Array(0), "hallway policy snapshot 1", 32));
  }

  /** Undefined: there is none that counts. */
  async read(): Promise<PolicySnapshot | undefined> {
    try {
      if ((await stat(this.#path)).size > maxBytes) return undefined;
      const file = v.parse(FileSchema, JSON.parse(await readFile(this.#path, "utf8")));
      const given = Buffer.from(file.tag, "base64");
      const right = this.#tag(file.snapshot);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const { mandatory, recommended } = v.parse(SnapshotSchema, JSON.parse(file.snapshot));
      return { mandatory: new Map(mandatory), recommended: new Map(recommended) };
    } catch {
      return undefined;
    }
  }

  /** Does not reject: the policy is in force all the same. */
  async write(snapshot: PolicySnapshot): Promise<void> {
    const text = JSON.stringify({
      version: 1,
      mandatory: [...snapshot.mandatory],
      recommended: [...snapshot.recommended],
    });
    if (text === this.#written) return;
    try {
      await writeAtomic(this.#path, JSON.stringify({ snapshot: text, tag: this.#tag(text).toString("base64") }));
      this.#written = text;
    } catch {
      // Tried again at the next reading.
    }
  }

  #tag(text: string): Buffer {
    return createHmac("sha256", this.#key).update(text).digest();
  }
}
