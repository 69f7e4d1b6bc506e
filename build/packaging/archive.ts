import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file in an archive. `offset` is missing where it lies beside it, in `.unpacked`. */
interface ArchivedFile {
  readonly size: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
  readonly integrity: {
    readonly algorithm: string;
    readonly hash: string;
    readonly blockSize: number;
    readonly blocks: readonly string[];
  };
}

interface ArchivedFolder {
  readonly files: Readonly<Record<string, ArchivedFile | ArchivedFolder>>;
}

/**
 * An archive of Electron's, read without Electron's own tool, whose maker would overlook the same faults: a pickle with
 * the header's size, the header in JSON, the files one after the other. Each file is checked against its hashes
 * (https://www.electronjs.org/docs/latest/tutorial/asar-integrity) whenever it is read.
 */
export class Archive {
  readonly path: string;
  readonly #bytes: Buffer;
  readonly #begin: number;
  readonly #root: ArchivedFolder;

  constructor(path: string) {
    this.path = path;
    this.#bytes = readFileSync(path);
    this.#begin = 8 + this.#bytes.readUInt32LE(4);
    this.#root = JSON.parse(this.header) as ArchivedFolder;
  }

  /** The header as it is written; Electron compares its hash with the one in the executable (macOS, Windows). */
  get header(): string {
    return this.#bytes.toString("utf8", 16, 16 + this.#bytes.readUInt32LE(12));
  }

  /** Paths of all files, in order. */
  get files(): readonly string[] {
    const found: string[] = [];
    const walk = (folder: ArchivedFolder, above: string): void => {
      for (const [name, entry] of Object.entries(folder.files)) {
        if ("files" in entry) walk(entry, `${above}${name}/`);
        else found.push(`${above}${name}`);
      }
    };
    walk(this.#root, "");
    return found.sort();
  }

  /** Names in a folder; undefined: there is no such folder. */
  list(path: string): readonly string[] | undefined {
    const entry = this.#find(path);
    return entry !== undefined && "files" in entry ? Object.keys(entry.files) : undefined;
  }

  /** Size in bytes; undefined: there is no such file. */
  size(path: string): number | undefined {
    const entry = this.#find(path);
    return entry === undefined || "files" in entry ? undefined : entry.size;
  }

  isUnpacked(path: string): boolean {
    const entry = this.#find(path);
    return entry !== undefined && !("files" in entry) && entry.unpacked === true;
  }

  /** Contents of a file; undefined: there is none. Throws where they are not what the header says. */
  read(path: string): Buffer | undefined {
    const entry = this.#find(path);
    if (entry === undefined || "files" in entry) return undefined;
    const at = this.#begin + Number(entry.offset);
    const bytes = entry.unpacked
      ? readFileSync(join(`${this.path}.unpacked`, path))
      : this.#bytes.subarray(at, at + entry.size);
    const { algorithm, hash, blockSize, blocks } = entry.integrity;
    const sums = blocks.map((_, index) => sha256(bytes.subarray(index * blockSize, (index + 1) * blockSize)));
    if (
      algorithm !== "SHA256" ||
      bytes.length !== entry.size ||
      sha256(bytes) !== hash ||
      sums.join() !== blocks.join()
    )
      throw new Error(`${path} is not what the archive's header says`);
    return Buffer.from(bytes);
  }

  #find(path: string): ArchivedFile | ArchivedFolder | undefined {
    let entry: ArchivedFile | ArchivedFolder | undefined = this.#root;
    for (const name of path.split(/[/\\]/).filter((part) => part !== ""))
      entry = entry !== undefined && "files" in entry ? entry.files[name] : undefined;
    return entry;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
