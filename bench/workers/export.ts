import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { exportWorkerUrl } from "../../main/history/workers.test-helper.ts";
import { startExport } from "../../main/record/export/start-export.ts";
import type { ExportFormat } from "../../shared/model/export.ts";
import { asWorker } from "../worker.ts";

export interface ExportInput {
  readonly folder: string;
  readonly key: Uint8Array;
  readonly format: ExportFormat;
  /** Where to write; what is written stays there. */
  readonly out: string;
  /** How many there are. */
  readonly messages: number;
}

export interface ExportResult {
  /** From the call to the signed folder, milliseconds. */
  readonly took: number;
  readonly messages: number;
  readonly files: number;
  /** The most memory that the whole process had, MiB, and what it had before. */
  readonly peak: number;
  readonly before: number;
  /** The most that it had until a quarter of `messages` was read, MiB. */
  readonly quarter: number;
}

const mib = 1024 * 1024;

/**
 * Exports everything through the thread of its own, as the program does. The signature is a stand-in: it is one of
 * Ed25519 in any case.
 */
asWorker(async ({ folder, key, format, out, messages }: ExportInput): Promise<ExportResult> => {
  const profileFolder = await mkdtemp(join(out, "profile-"));
  const before = process.memoryUsage().rss / mib;
  let peak = before;
  let quarter = before;
  let done = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss() / mib);
    if (done <= messages / 4) quarter = peak;
  }, 50);
  const publicKey = Buffer.alloc(32, 1).toString("base64");
  const startedAt = performance.now();
  const counts = await startExport({
    workerUrl: exportWorkerUrl,
    profileFolder,
    target: join(profileFolder, "export"),
    query: {},
    format,
    locale: "en",
    maker: { madeBy: "it", user: "bench", version: "0", publicKey },
    deviceKey: { publicKey, sign: () => Buffer.alloc(64).toString("base64") },
    source: { kind: "file", path: join(folder, "history.db"), key },
    onProgress: (count) => {
      done = count;
    },
  }).result;
  const took = performance.now() - startedAt;
  clearInterval(watch);
  return { took, messages: counts?.messages ?? 0, files: counts?.files ?? 0, peak, before, quarter };
});
