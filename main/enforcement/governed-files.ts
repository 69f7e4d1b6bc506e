import type { FilesFacet } from "../networks/facets/files.ts";
import { governs } from "./governed.ts";

/** Sends no file to whom nothing may be said. */
export const governFiles = governs<FilesFacet>((inner, governor) => ({
  get maxBytes() {
    return inner.maxBytes;
  },
  async send(file, signal) {
    governor.speakTo(file.to);
    await inner.send(file, signal);
  },
}));
