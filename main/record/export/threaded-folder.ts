import { Worker } from "node:worker_threads";
import { HallwayError } from "../../../shared/errors.ts";
import { type MailDraft, renderMail } from "../formats/mail.ts";
import type { FolderCall, FolderCounts, FolderPiece, FolderReport } from "./folder-protocol.ts";
import type { ManifestEnd, ManifestHead } from "./manifest.ts";
import { type ExportFiles, maxYoungGenerationSizeMb } from "./run-export.ts";

/** Bytes that are handed over at a time. */
const gathered = 1024 * 1024;
/** Text of mails that is, in UTF-16 units. */
const gatheredDrafts = 128 * 1024;
/** So many times that may be on their way: more than this is waited for. */
const mostOnTheWay = 6;

/** From so many on the other thread has enough to do. */
const busy = 4;

const encoder = new TextEncoder();

/**
 * An ExportFolder in a thread of its own, so that making texts and writing them go on at the same time: to make a
 * hundred thousand files takes as long as all the rest of an export. The same few blocks of bytes go to and fro between
 * the two. `threadUrl`: of what calls `serveFolder`.
 */
export class ThreadedFolder implements ExportFiles {
  readonly #thread: Worker;
  readonly #ended: Promise<void>;
  /** Gathered bytes: `size` bytes of `block`, for these pieces. */
  #block = new Uint8Array(gathered);
  #size = 0;
  #pieces: FolderPiece[] = [];
  /** Length of the mails among them, in UTF-16 units. */
  #drafts = 0;
  /** Blocks that came back. */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #onTheWay = 0;
  #isBegun = false;
  #failure: HallwayError | undefined;
  #counts: FolderCounts | undefined;
  #wake: () => void = () => undefined;

  constructor(threadUrl: URL, folder: string, head: ManifestHead) {
    this.#thread = new Worker(threadUrl, {
      name: "hallway-export-files",
      execArgv: [],
      workerData: folderThread,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    this.#thread.on("message", (report: FolderReport) => {
      if (report.kind === "begun") this.#isBegun = true;
      else if (report.kind === "written") {
        this.#onTheWay--;
        this.#free.push(report.bytes);
      } else if (report.kind === "finished") this.#counts = report.counts;
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
    this.#pieces.push({ path, size: 0 });
  }

  write(text: string): void {
    for (let rest = text; ; ) {
      const { read, written } = encoder.encodeInto(rest, this.#block.subarray(this.#size));
      const last = this.#pieces.at(-1);
      if (last) last.size += written;
      else this.#pieces.push({ path: undefined, size: written });
      this.#size += written;
      if (read === rest.length) return;
      rest = rest.slice(read);
      this.#send();
    }
  }

  /** Written out by whichever thread has the time: it takes as long as half of all else. */
  mail(path: string, draft: MailDraft): void {
    if (this.#onTheWay >= busy) {
      this.file(path);
      this.write(renderMail(draft));
      return;
    }
    this.#pieces.push({ path, size: 0, mail: draft });
    this.#drafts += draft.text.length + draft.file.text.length;
    if (this.#drafts >= gatheredDrafts) this.#send();
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
    const bytes = this.#block;
    this.#onTheWay++;
    this.#say({ kind: "write", bytes, pieces: this.#pieces }, [bytes.buffer]);
    this.#block = this.#free.pop() ?? new Uint8Array(gathered);
    this.#size = 0;
    this.#pieces = [];
    this.#drafts = 0;
  }

  #say(call: FolderCall, transfer: readonly ArrayBuffer[] = []): void {
    this.#thread.postMessage(call, transfer);
  }
}

/** `workerData` of such a thread. */
export const folderThread = "export-folder";
