import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { RecordCursor, RecordOrder, RecordPage } from "../../history/history.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import { readPublicKey } from "../../secrets/signing.ts";
import { exportError } from "./export-error.ts";
import { syncFolder } from "./export-folder.ts";
import type { ExportCall, ExportReport } from "./export-protocol.ts";
import { publicKeyName, signatureName } from "./manifest.ts";
import { beginPending } from "./pending.ts";
import { type ExportCounts, type ExportOrder, maxYoungGenerationSizeMb } from "./run-export.ts";

export interface ExportOptions extends Omit<ExportOrder, "folder"> {
  /** main/record/export/worker.ts, or what it was bundled to. */
  readonly workerUrl: URL;
  /** The person's folder, where it is noted what is under way. */
  readonly profileFolder: string;
  /** The folder that the export becomes; there must be nothing yet. */
  readonly target: string;
  /** history.db and its key, or a way to read the record in pieces where there is no file. */
  readonly source:
    | { readonly kind: "file"; readonly path: string; readonly key: Uint8Array }
    | {
        readonly kind: "relay";
        readonly record: (after: RecordCursor | undefined, limit: number, order: RecordOrder) => Promise<RecordPage>;
      };
  readonly deviceKey: Pick<DeviceKey, "publicKey" | "sign">;
  readonly onProgress: (messages: number, total: number | undefined) => void;
}

export interface RunningExport {
  /**
   * The whole export is in its folder, signed. Undefined: it was cancelled, and nothing of it is left. Errors, after
   * which nothing is left either: `export-no-room`, `export-no-folder`, those of the history.
   */
  readonly result: Promise<ExportCounts | undefined>;
  cancel(): void;
}

/** Messages that are handed to the thread at a time, where it cannot read them itself. */
const relayed = 500;

/**
 * Makes an export in a thread of its own: everything is written to a hidden folder beside the target, which takes its
 * name when all of it is there and signed.
 */
export function startExport(options: ExportOptions): RunningExport {
  let cancelled = false;
  let worker: Worker | undefined;
  const say = (call: ExportCall): void => worker?.postMessage(call);

  async function make(): Promise<ExportCounts | undefined> {
    if (existsSync(options.target)) throw new HallwayError("export-no-folder", { reason: "EEXIST" });
    const pending = await beginPending(options.profileFolder, options.target);
    try {
      const counts = cancelled ? undefined : await inThread(pending.folder);
      if (!counts || cancelled) return undefined;
      await sign(pending.folder, counts.manifest, options.deviceKey);
      await rename(pending.folder, options.target);
      syncFolder(dirname(options.target));
      return counts;
    } finally {
      await pending.remove();
    }
  }

  function inThread(folder: string): Promise<ExportCounts | undefined> {
    const { query, format, locale, maker, source } = options;
    const made = new Worker(options.workerUrl, {
      name: "hallway-export",
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    worker = made;
    const read = source.kind === "relay" ? createRelay(source.record) : undefined;
    return new Promise((resolve, reject) => {
      let report: Extract<ExportReport, { kind: "done" | "cancelled" | "failed" }> | undefined;
      made.on("message", (said: ExportReport) => {
        if (said.kind === "progress") options.onProgress(said.messages, said.total);
        else if (said.kind === "want") {
          read?.(said.order).then(
            (messages) => say({ kind: "piece", messages }),
            (error: unknown) => say({ kind: "unreadable", error: toErrorInfo(error) }),
          );
        } else report = said;
      });
      made.on("error", (cause) => reject(new HallwayError("storage-failed", { reason: "worker-ended" }, cause)));
      // It ends by itself; its connection to the file is closed then.
      made.on("exit", () => {
        if (report?.kind === "done") resolve(report.counts);
        else if (report?.kind === "cancelled") resolve(undefined);
        else if (report) reject(new HallwayError(report.error.code, report.error.params));
        else reject(new HallwayError("storage-failed", { reason: "worker-ended" }));
      });
      say({
        kind: "start",
        order: { query, format, locale, maker, folder },
        source: source.kind === "file" ? { kind: "file", path: source.path, key: source.key } : { kind: "relay" },
      });
    });
  }

  return {
    result: make().catch((error: unknown) => {
      throw exportError(error);
    }),
    cancel() {
      cancelled = true;
      say({ kind: "cancel" });
    },
  };
}

/** Reads on from where it was left; undefined after the end. */
function createRelay(
  record: (after: RecordCursor | undefined, limit: number, order: RecordOrder) => Promise<RecordPage>,
) {
  let cursor: RecordCursor | undefined;
  let isOver = false;
  return async (order: "stored" | "conversation") => {
    if (isOver) return undefined;
    const { messages, next } = await record(cursor, relayed, order === "stored" ? "seq" : "conversation");
    cursor = next;
    isOver = next === undefined;
    return messages;
  };
}

async function sign(folder: string, manifest: string, key: Pick<DeviceKey, "publicKey" | "sign">): Promise<void> {
  const pem = readPublicKey(key.publicKey).export({ type: "spki", format: "pem" });
  await writeFile(join(folder, publicKeyName), pem, { mode: 0o600, flag: "wx", flush: true });
  await writeFile(join(folder, signatureName), `${key.sign("hallway export manifest 1", manifest)}\n`, {
    mode: 0o600,
    flag: "wx",
    flush: true,
  });
}
