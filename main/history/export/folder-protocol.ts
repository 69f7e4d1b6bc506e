import type { ErrorInfo } from "../../../shared/errors.ts";
import type { ManifestEnd, ManifestHead } from "./manifest.ts";

/** Text for the file that was begun last. `path`: it begins that file first. */
export interface FolderPiece {
  readonly path: string | undefined;
  text: string;
}

/** What the thread that writes the files is told by the one that makes their texts. After `finish` and `abandon` it ends. */
export type FolderCall =
  | { readonly kind: "begin"; readonly folder: string; readonly head: ManifestHead }
  | { readonly kind: "write"; readonly pieces: readonly FolderPiece[]; readonly length: number }
  | { readonly kind: "finish"; readonly end: Omit<ManifestEnd, "bytes"> }
  | { readonly kind: "abandon" };

/** What it says. After `failed` it ends, too; the files are closed then. */
export type FolderReport =
  | { readonly kind: "begun" }
  | { readonly kind: "written"; readonly length: number }
  | { readonly kind: "finished"; readonly counts: FolderCounts }
  | { readonly kind: "failed"; readonly error: ErrorInfo };

export interface FolderCounts {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of manifest.json, hexadecimal. */
  readonly manifest: string;
}
