import type { FilesFacet } from "../networks/facets/files.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Sends no file to whom nothing may be said. */
export class GovernedFiles implements Whole<FilesFacet> {
  readonly #inner: FilesFacet;
  readonly #governor: Governor;

  constructor(inner: FilesFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  get maxBytes(): number | undefined {
    return this.#inner.maxBytes;
  }

  readonly send: FilesFacet["send"] = async (file, signal) => {
    this.#governor.speakTo(file.to);
    await this.#inner.send(file, signal);
  };
}
