import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { FileWriter } from "./file-writer.ts";
import { type ManifestEnd, type ManifestHead, ManifestWriter, manifestName } from "./manifest.ts";

/**
 * Up to so many files are made sure to be on disk, one by one, when all are written; to do it with a hundred thousand
 * mails would take hours. What a loss of power takes from those, the hashes of the manifest show.
 */
const durableFiles = 200;

/** The files of an export in a folder of their own (mode 0700), and the manifest that lists them. */
export class ExportFolder {
  readonly #folder: string;
  readonly #manifestFile: FileWriter;
  readonly #manifest: ManifestWriter;
  #current: { readonly path: string; readonly file: FileWriter } | undefined;
  #subfolder = ".";
  #files = 0;
  /** Paths of the first files. */
  readonly #first: string[] = [];
  #bytes = 0;

  /** Throws when the folder is there already. */
  constructor(folder: string, head: ManifestHead) {
    this.#folder = folder;
    mkdirSync(folder, { mode: 0o700 });
    const manifestFile = new FileWriter(join(folder, manifestName));
    this.#manifestFile = manifestFile;
    this.#manifest = new ManifestWriter((bytes) => manifestFile.write(bytes), head);
  }

  /** Begins a file and ends the one before. A path of safe names with `/` between, never the same twice. */
  file(path: string): void {
    this.#close();
    const subfolder = dirname(path);
    if (subfolder !== this.#subfolder) {
      mkdirSync(join(this.#folder, subfolder), { recursive: true, mode: 0o700 });
      this.#subfolder = subfolder;
    }
    this.#current = { path, file: new FileWriter(join(this.#folder, path)) };
  }

  /** They may be used for something else when it returns. */
  write(bytes: Uint8Array): void {
    this.#current?.file.write(bytes);
  }

  /**
   * Ends the last file and the manifest. Answers the number of files, their bytes together, and the hash of the
   * manifest.
   */
  finish(end: Omit<ManifestEnd, "bytes">): {
    readonly files: number;
    readonly bytes: number;
    readonly manifest: string;
  } {
    this.#close();
    if (this.#files <= durableFiles) for (const path of this.#first) sync(join(this.#folder, path), "r+");
    this.#manifest.end({ ...end, bytes: this.#bytes });
    const { sha256 } = this.#manifestFile.end();
    sync(join(this.#folder, manifestName), "r+");
    syncFolder(this.#folder);
    return { files: this.#files, bytes: this.#bytes, manifest: sha256 };
  }

  /** Gives up: nothing is written any more. What is there is for others to delete. */
  abandon(): void {
    for (const file of [this.#current?.file, this.#manifestFile]) {
      try {
        file?.end();
      } catch {
        // A full disk is why it is given up, or it was ended before.
      }
    }
    this.#current = undefined;
  }

  #close(): void {
    if (!this.#current) return;
    const { path, file } = this.#current;
    this.#current = undefined;
    const { size, sha256 } = file.end();
    this.#files++;
    if (this.#first.length < durableFiles) this.#first.push(path);
    this.#bytes += size;
    this.#manifest.file({ path, size, sha256 });
  }
}

/** Makes sure that the names in a folder are on disk, where the system can do that. */
export function syncFolder(folder: string): void {
  if (process.platform !== "win32") sync(folder, "r");
}

/**
 * Makes sure that what is in a file, or the names in a folder, are on disk. A file has to be opened for writing
 * (Windows).
 */
function sync(path: string, flags: "r" | "r+"): void {
  const descriptor = openSync(path, flags);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
