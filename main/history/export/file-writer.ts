import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

export interface WrittenFile {
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Text that is gathered before it is written, in UTF-16 units. */
const gathered = 256 * 1024;

/** Writes one new file of UTF-8 (mode 0600), counts it and takes its hash. */
export class FileWriter {
  readonly #descriptor: number;
  readonly #hash = createHash("sha256");
  #waiting = "";
  #size = 0;

  /** Throws when there is a file already. */
  constructor(path: string) {
    this.#descriptor = openSync(path, "wx", 0o600);
  }

  /** Well-formed text. */
  write(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length >= gathered) this.#flush();
  }

  /** `durable`: on disk when it returns. */
  end(durable: boolean): WrittenFile {
    try {
      this.#flush();
      if (durable) fsyncSync(this.#descriptor);
    } finally {
      closeSync(this.#descriptor);
    }
    return { size: this.#size, sha256: this.#hash.digest("hex") };
  }

  #flush(): void {
    if (this.#waiting === "") return;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    this.#hash.update(bytes);
    // A disk that is nearly full takes a part.
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#descriptor, bytes, done);
    this.#size += bytes.length;
  }
}
