import { existsSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { RecordCursor, RecordPage, RecordPiece } from "../../history/history.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import { readPublicKey } from "../../secrets/signing.ts";
import type { Format } from "../formats/format.ts";
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
        readonly record: (piece: RecordPiece) => Promise<RecordPage>;
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
  return new ThreadedExport(options);
}

class ThreadedExport implements RunningExport {
  readonly result: Promise<ExportCounts | undefined>;
  readonly #options: ExportOptions;
  #isCancelled = false;
  #worker: Worker | undefined;

  constructor(options: ExportOptions) {
    this.#options = options;
    this.result = this.#make().catch((error: unknown) => {
      throw exportError(error);
    });
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#say({ kind: "cancel" });
  }

  #say(call: ExportCall): void {
    this.#worker?.postMessage(call);
  }

  async #make(): Promise<ExportCounts | undefined> {
    const { profileFolder, target, deviceKey } = this.#options;
    if (existsSync(target)) throw new HallwayError("export-no-folder", { reason: "EEXIST" });
    const pending = await beginPending(profileFolder, target);
    try {
      const counts = this.#isCancelled ? undefined : await this.#inThread(pending.folder);
      if (!counts || this.#isCancelled) return undefined;
      await sign(pending.folder, counts.manifest, deviceKey);
      await rename(pending.folder, target);
      syncFolder(dirname(target));
      return counts;
    } finally {
      await pending.remove();
    }
  }

  #inThread(folder: string): Promise<ExportCounts | undefined> {
    const { query, format, locale, maker, source, workerUrl, onProgress } = this.#options;
    const worker = new Worker(workerUrl, {
      name: "hallway-export",
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    this.#worker = worker;
    const relay = source.kind === "relay" ? new Relay(source.record) : undefined;
    return new Promise((resolve, reject) => {
      let report: Extract<ExportReport, { kind: "done" | "cancelled" | "failed" }> | undefined;
      worker.on("message", (said: ExportReport) => {
        if (said.kind === "progress") onProgress(said.messages, said.total);
        else if (said.kind === "want") {
          relay?.next(said.order).then(
            (messages) => this.#say({ kind: "piece", messages }),
            (error: unknown) => this.#say({ kind: "unreadable", error: toErrorInfo(error) }),
          );
        } else report = said;
      });
      worker.on("error", (cause) => reject(new HallwayError("storage-failed", { reason: "worker-ended" }, cause)));
      // It ends by itself; its connection to the file is closed then.
      worker.on("exit", () => {
        if (report?.kind === "done") resolve(report.counts);
        else if (report?.kind === "cancelled") resolve(undefined);
        else if (report) reject(new HallwayError(report.error.code, report.error.params));
        else reject(new HallwayError("storage-failed", { reason: "worker-ended" }));
      });
      this.#say({
        kind: "start",
        order: { query, format, locale, maker, folder },
        source: source.kind === "file" ? { kind: "file", path: source.path, key: source.key } : { kind: "relay" },
      });
    });
  }
}

/** Reader of the record in pieces, for a thread that cannot read it itself. */
class Relay {
  readonly #record: (piece: RecordPiece) => Promise<RecordPage>;
  #cursor: RecordCursor | undefined;
  #isOver = false;

  constructor(record: (piece: RecordPiece) => Promise<RecordPage>) {
    this.#record = record;
  }

  /** Reads on from where it was left; undefined after the end. */
  async next(order: Format["order"]): Promise<RecordPage["messages"] | undefined> {
    if (this.#isOver) return undefined;
    const { messages, next } = await this.#record({
      after: this.#cursor,
      limit: relayed,
      order: order === "stored" ? "seq" : "conversation",
    });
    this.#cursor = next;
    this.#isOver = next === undefined;
    return messages;
  }
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
