import { parentPort, workerData } from "node:worker_threads";
import { HallwayError } from "../../../shared/errors.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format } from "../formats/format.ts";
import { exportError } from "./export-error.ts";
import type { ExportCall, ExportReport } from "./export-protocol.ts";
import { FileSource } from "./file-source.ts";
import { serveFolder } from "./folder-thread.ts";
import { type RecordSource, runExport } from "./run-export.ts";
import { folderThread, ThreadedFolder } from "./threaded-folder.ts";

/**
 * Entry of the thread that makes one export and ends, and of the one beside it that writes the files (`workerData`
 * tells which). Neither the main loop nor the database's thread waits for them.
 */

/** Progress is told no more often, in milliseconds. */
const progressApart = 100;

let cancelled = false;
let waiting: PromiseWithResolvers<readonly RecordedMessage[] | undefined> | undefined;

function tell(report: ExportReport): void {
  parentPort?.postMessage(report);
}

/** Pieces that the main thread reads for us. */
function relay(order: Format["order"]): RecordSource {
  return {
    total: undefined,
    next() {
      waiting = Promise.withResolvers();
      tell({ kind: "want", order });
      return waiting.promise;
    },
  };
}

async function run({ order, source }: Extract<ExportCall, { kind: "start" }>): Promise<ExportReport> {
  let file: FileSource | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;
  const open = (formatOrder: Format["order"]): RecordSource => {
    if (source.kind === "relay") return relay(formatOrder);
    const opened = new FileSource(source, order.query, formatOrder);
    file = opened;
    return {
      total: opened.total,
      async next() {
        // Lets in a word of the main thread.
        await new Promise((resolve) => setImmediate(resolve));
        return opened.next();
      },
    };
  };
  try {
    const counts = await runExport(
      order,
      { source: open, files: (path, head) => new ThreadedFolder(new URL(import.meta.url), path, head) },
      {
        cancelled: () => cancelled,
        progress(messages, total) {
          const now = performance.now();
          if (now - toldAt < progressApart) return;
          toldAt = now;
          tell({ kind: "progress", messages, total });
        },
        now: Date.now,
      },
    );
    return counts ? { kind: "done", counts } : { kind: "cancelled" };
  } catch (error) {
    return cancelled ? { kind: "cancelled" } : { kind: "failed", error: exportError(error).info };
  } finally {
    file?.close();
  }
}

function serveExport(call: ExportCall): void {
  if (call.kind === "start") {
    void run(call).then((report) => {
      tell(report);
      // Nothing else holds the thread.
      parentPort?.close();
    });
  } else if (call.kind === "piece") waiting?.resolve(call.messages);
  else {
    cancelled ||= call.kind === "cancel";
    waiting?.reject(
      call.kind === "cancel" ? new HallwayError("cancelled") : new HallwayError(call.error.code, call.error.params),
    );
  }
}

if (workerData === folderThread && parentPort) serveFolder(parentPort);
else parentPort?.on("message", serveExport);
