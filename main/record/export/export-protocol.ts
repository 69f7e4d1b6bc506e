import type { ErrorInfo } from "../../../shared/errors.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format } from "../formats/format.ts";
import type { ExportCounts, ExportOrder } from "./run-export.ts";

/** Where the export's thread reads: the file itself, or pieces that the main thread hands it. */
export type SourceOrder =
  | { readonly kind: "file"; readonly path: string; readonly key: Uint8Array }
  | { readonly kind: "relay" };

/** Calls to the export's thread. */
export type ExportCall =
  | { readonly kind: "start"; readonly order: ExportOrder; readonly source: SourceOrder }
  /** The answer to `want`; undefined: that was all. */
  | { readonly kind: "piece"; readonly messages: readonly RecordedMessage[] | undefined }
  /** The answer to `want`, when it could not be read. */
  | { readonly kind: "unreadable"; readonly error: ErrorInfo }
  | { readonly kind: "cancel" };

/** Reports of the export's thread. After `done`, `cancelled` and `failed` it ends. */
export type ExportReport =
  | { readonly kind: "progress"; readonly messages: number; readonly total: number | undefined }
  | { readonly kind: "want"; readonly order: Format["order"] }
  | { readonly kind: "done"; readonly counts: ExportCounts }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: ErrorInfo };
