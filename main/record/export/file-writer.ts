import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";

export interface WrittenFile {
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Writes one new file (mode 0600), counts its bytes and takes its hash. */
export class FileWriter {
  readonly #descriptor: number;
  readonly #hash = createHash("sha256");
  #size = 0;

  /** Throws when there is a file already. */
  constructor(path: string) {
    this.#descriptor = openSync(path, "wx", 0o600);
  }

  /** They are in the file when it returns, and may be used for something else. */
  write(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    // A disk that is nearly full takes a part.
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.#size += bytes.length;
  }

  end(): WrittenFile {
    closeSync(this.#descriptor);
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }
}
