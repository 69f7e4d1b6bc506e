import { Worker } from "node:worker_threads";
import { HallwayError } from "../../../shared/errors.ts";
import type { FolderCall, FolderCounts, FolderPiece, FolderReport } from "./folder-protocol.ts";
import type { ManifestEnd, ManifestHead } from "./manifest.ts";
import type { ExportFiles } from "./run-export.ts";

/** Text that is gathered before it is handed over, in UTF-16 units. */
const gathered = 512 * 1024;
/** Text that may be on its way, in UTF-16 units: more than this is waited for. */
const mostOnTheWay = 8 * 1024 * 1024;

/**
 * An ExportFolder in a thread of its own, so that making texts and writing them go on at the same time: to make a hundred
 * thousand files takes as long as all the rest of an export. `threadUrl`: of what calls `serveFolder`.
 */
export class ThreadedFolder implements ExportFiles {
  readonly #thread: Worker;
  readonly #ended: Promise<void>;
  #pieces: FolderPiece[] = [];
  #length = 0;
  #onTheWay = 0;
  #isBegun = false;
  #failure: HallwayError | undefined;
  #counts: FolderCounts | undefined;
  #wake: () => void = () => undefined;

  constructor(threadUrl: URL, folder: string, head: ManifestHead) {
    this.#thread = new Worker(threadUrl, { name: "hallway-export-files", execArgv: [], workerData: folderThread });
    this.#thread.on("message", (report: FolderReport) => {
      if (report.kind === "begun") this.#isBegun = true;
      else if (report.kind === "written") this.#onTheWay -= report.length;
      else if (report.kind === "finished") this.#counts = report.counts;
      else this.#failure ??= new HallwayError(report.error.code, report.error.params);
      this.#wake();
    });
    const died = (cause?: unknown): void => {
      if (!this.#counts) this.#failure ??= new HallwayError("storage-failed", { reason: "worker-ended" }, cause);
      this.#wake();
    };
    this.#thread.on("error", died);
    this.#ended = new Promise((resolve) => {
      this.#thread.on("exit", () => {
        died();
        resolve();
      });
    });
    this.#say({ kind: "begin", folder, head });
  }

  file(path: string): void {
    this.#pieces.push({ path, text: "" });
  }

  write(text: string): void {
    const last = this.#pieces.at(-1);
    if (last) last.text += text;
    else this.#pieces.push({ path: undefined, text });
    this.#length += text.length;
    if (this.#length >= gathered) this.#send();
  }

  settled(): Promise<void> {
    return this.#until(() => this.#isBegun && this.#onTheWay <= mostOnTheWay);
  }

  async finish(end: Omit<ManifestEnd, "bytes">): Promise<FolderCounts> {
    this.#send();
    this.#say({ kind: "finish", end });
    await this.#until(() => this.#counts !== undefined);
    await this.#ended;
    if (!this.#counts) throw new HallwayError("storage-failed", { reason: "worker-ended" });
    return this.#counts;
  }

  async abandon(): Promise<void> {
    this.#say({ kind: "abandon" });
    await this.#ended;
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!this.#failure && !isSo()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    if (this.#failure) throw this.#failure;
  }

  #send(): void {
    if (this.#pieces.length === 0) return;
    this.#onTheWay += this.#length;
    this.#say({ kind: "write", pieces: this.#pieces, length: this.#length });
    this.#pieces = [];
    this.#length = 0;
  }

  #say(call: FolderCall): void {
    this.#thread.postMessage(call);
  }
}

/** `workerData` of such a thread. */
export const folderThread = "export-folder";
