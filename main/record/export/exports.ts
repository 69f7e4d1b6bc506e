import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { ExportFormat, ExportQuery, ExportState } from "../../../shared/model/export.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { History } from "../../history/history.ts";
import type { RecordQuery } from "../../history/recorded-message.ts";
import type { Log } from "../../networks/log.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import type { Audit } from "../audit/audit.ts";
import { auditedExport } from "./audited-export.ts";
import { recordQuery } from "./export-query.ts";
import { removeLeftovers } from "./pending.ts";
import type { ExportOptions, RunningExport } from "./start-export.ts";

/** Exports by the person; one at a time. */
export interface Exports {
  /**
   * Asks where to, and begins. False: the person did not say where to. How it goes on is in the state. Errors:
   * `export-running`, `blocked-by-policy` (policy changed while they were asked), those of the audit log (what cannot
   * be recorded does not begin).
   */
  start(format: ExportFormat, query: ExportQuery): Promise<boolean>;
  cancel(): void;
  /** Shows the last export's folder, where the desktop can. Errors: `not-found`. */
  show(): Promise<void>;
  /** Policy has changed: what may not be any more is stopped. */
  applyPolicy(): void;
  /** Stops what runs and waits until nothing of it is left. */
  close(): Promise<void>;
}

export interface ExportsOptions {
  readonly history: Pick<History, "mode" | "record">;
  readonly audit: Audit;
  readonly deviceKey: Pick<DeviceKey, "publicKey" | "sign">;
  /** The person's folder, which holds history.db. */
  readonly folder: string;
  readonly key: Uint8Array;
  readonly workerUrl: URL;
  readonly version: string;
  readonly words: () => Words;
  /** Whether the person may export (HistoryExportEnabled). */
  readonly allowed: () => boolean;
  readonly chooseFolder: () => Promise<string | undefined>;
  /** Undefined: this desktop cannot. */
  readonly showFolder: ((folder: string) => Promise<void>) | undefined;
  readonly onState: (state: ExportState) => void;
  readonly log: Log;
  readonly now: () => number;
}

export function createExports(options: ExportsOptions): Exports {
  return new PersonalExports(options);
}

/**
 *   none -- start --> asking where to -- a folder --> running -- done, failed, cancelled --> none
 *                          \----------- none -----------------------------------------------^
 */
class PersonalExports implements Exports {
  readonly #options: ExportsOptions;
  readonly #cleaned: Promise<unknown>;
  #asking = false;
  #running: RunningExport | undefined;
  /** Waits for the audit log, after which it runs. */
  #beginning: Promise<void> = Promise.resolve();
  #ended: Promise<void> = Promise.resolve();
  #closed = false;
  #lastFolder: string | undefined;
  /** It was cancelled by policy, not by the person. */
  #forbidden = false;

  constructor(options: ExportsOptions) {
    const { folder, log } = options;
    this.#options = options;
    this.#cleaned = removeLeftovers(folder).then(
      (count) => count > 0 && log.info("What was left of an export was deleted", { count }),
      (error: unknown) => log.warn("What was left of an export could not be deleted", { error }),
    );
  }

  async start(format: ExportFormat, query: ExportQuery): Promise<boolean> {
    const { words, now } = this.#options;
    this.#checkAllowed();
    if (this.#running || this.#asking) throw new HallwayError("export-running");
    this.#asking = true;
    try {
      await this.#cleaned;
      const folder = await this.#options.chooseFolder();
      if (folder === undefined || this.#closed) return false;
      this.#checkAllowed();
      this.#beginning = this.#begin(format, query, freeName(folder, words(), now()));
      await this.#beginning;
      return true;
    } finally {
      this.#asking = false;
    }
  }

  cancel(): void {
    this.#running?.cancel();
  }

  async show(): Promise<void> {
    const { showFolder } = this.#options;
    if (this.#lastFolder === undefined || !showFolder) throw new HallwayError("not-found");
    await showFolder(this.#lastFolder);
  }

  applyPolicy(): void {
    if (!this.#running || this.#options.allowed()) return;
    this.#forbidden = true;
    this.#running.cancel();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#running?.cancel();
    await this.#beginning.catch(() => undefined);
    await this.#ended;
  }

  #checkAllowed(): void {
    if (!this.#options.allowed()) throw new HallwayError("blocked-by-policy", { setting: "HistoryExportEnabled" });
  }

  async #begin(format: ExportFormat, query: ExportQuery, target: string): Promise<void> {
    const { audit, deviceKey, workerUrl, folder, version, words, onState, log } = this.#options;
    let state: ExportState = { state: "running", format, messages: 0 };
    // What the person deleted is out of their sight here, too.
    const seen = recordQuery(query, false);
    const running = await auditedExport({
      audit,
      workerUrl,
      profileFolder: folder,
      target,
      query: seen,
      format,
      locale: words().locale,
      maker: { madeBy: "person", user: userName(), version, publicKey: deviceKey.publicKey },
      deviceKey,
      source: this.#source(seen),
      onProgress(messages, total) {
        state = { ...state, messages, ...(total === undefined ? {} : { total }) };
        onState(state);
      },
    });
    this.#running = running;
    this.#forbidden = false;
    onState(state);
    this.#ended = running.result
      .then(
        (counts) => {
          this.#lastFolder = counts ? target : undefined;
          onState({ ...state, ...this.#end(counts?.messages, target) });
        },
        (error: unknown) => {
          log.warn("An export failed", { error });
          onState({ ...state, state: "failed", error: toErrorInfo(error) });
        },
      )
      .finally(() => {
        this.#running = undefined;
      });
    // While the audit log took the start, policy may have changed, or the program may have begun to end.
    this.applyPolicy();
    if (this.#closed) running.cancel();
  }

  #source(query: RecordQuery): ExportOptions["source"] {
    const { history, folder, key } = this.#options;
    if (history.mode === "encrypted") return { kind: "file", path: join(folder, "history.db"), key };
    return { kind: "relay", record: (piece) => history.record(query, piece) };
  }

  /** Undefined `messages`: it was cancelled. */
  #end(messages: number | undefined, folder: string): Partial<ExportState> {
    if (messages !== undefined) return { state: "done", messages, folder };
    if (!this.#forbidden) return { state: "cancelled" };
    return { state: "failed", error: { code: "blocked-by-policy", params: { setting: "HistoryExportEnabled" } } };
  }
}

/** A name for the export in the folder that the person chose; another one when it is taken. */
function freeName(folder: string, words: Words, now: number): string {
  const local = new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString();
  const name = words.t("export.folderName", {
    date: `${local.slice(0, 10)} ${local.slice(11, 19).replaceAll(":", "-")}`,
  });
  let path = join(folder, name);
  for (let n = 2; existsSync(path); n++) path = join(folder, `${name} (${n})`);
  return path;
}

/** Name of the user of the operating system, as it is in the manifest. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "";
  }
}
