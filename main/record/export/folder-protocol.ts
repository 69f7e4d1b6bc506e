import type { ErrorInfo } from "../../../shared/errors.ts";
import type { MailDraft } from "../formats/mail.ts";
import type { ManifestEnd, ManifestHead } from "./manifest.ts";

/** Some of the bytes, for the file that was begun last. `path`: it begins that file first. */
export interface FolderPiece {
  readonly path: string | undefined;
  /** How many, following those of the piece before. */
  size: number;
  /** In place of bytes: the file is this mail, which is yet to be written out. */
  readonly mail?: MailDraft;
}

/**
 * Calls to the thread that writes the files, from the one that makes their texts. `bytes` change hands. After `finish`
 * and `abandon` it ends.
 */
export type FolderCall =
  | { readonly kind: "begin"; readonly folder: string; readonly head: ManifestHead }
  | { readonly kind: "write"; readonly bytes: Uint8Array<ArrayBuffer>; readonly pieces: readonly FolderPiece[] }
  | { readonly kind: "finish"; readonly end: Omit<ManifestEnd, "bytes"> }
  | { readonly kind: "abandon" };

/**
 * Reports of the thread that writes the files; it gives back what was written. After `failed` it ends, too; the files
 * are closed then.
 */
export type FolderReport =
  | { readonly kind: "begun" }
  | { readonly kind: "written"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "finished"; readonly counts: FolderCounts }
  | { readonly kind: "failed"; readonly error: ErrorInfo };

export interface FolderCounts {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 of manifest.json, hexadecimal. */
  readonly manifest: string;
}
