import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { ExportFormat, ExportQuery, ExportState } from "../../../shared/model/export.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { History } from "../../history/history.ts";
import type { Log } from "../../networks/log.ts";
import type { DeviceKey } from "../../secrets/device-key.ts";
import type { Audit } from "../audit/audit.ts";
import { auditedExport } from "./audited-export.ts";
import { recordQuery } from "./export-query.ts";
import { removeLeftovers } from "./pending.ts";
import type { RunningExport } from "./start-export.ts";

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
  const { history, log } = options;
  let running: RunningExport | undefined;
  let ended: Promise<void> = Promise.resolve();
  let asking = false;
  let lastFolder: string | undefined;
  /** Why it was cancelled, when that was not the person. */
  let forbidden = false;

  const cleaned = removeLeftovers(options.folder).then(
    (count) => count > 0 && log.info("What was left of an export was deleted", { count }),
    (error: unknown) => log.warn("What was left of an export could not be deleted", { error }),
  );

  function checkAllowed(): void {
    if (!options.allowed()) throw new HallwayError("blocked-by-policy", { setting: "HistoryExportEnabled" });
  }

  async function begin(format: ExportFormat, query: ExportQuery, target: string): Promise<void> {
    let state: ExportState = { state: "running", format, messages: 0 };
    // What the person deleted is out of their sight here, too.
    const seen = recordQuery(query, false);
    const made = await auditedExport({
      audit: options.audit,
      workerUrl: options.workerUrl,
      profileFolder: options.folder,
      target,
      query: seen,
      format,
      locale: options.words().locale,
      maker: { madeBy: "person", user: userName(), version: options.version, publicKey: options.deviceKey.publicKey },
      deviceKey: options.deviceKey,
      source:
        history.mode === "encrypted"
          ? { kind: "file", path: join(options.folder, "history.db"), key: options.key }
          : { kind: "relay", record: (after, limit, order) => history.record(seen, after, limit, order) },
      onProgress(messages, total) {
        state = { ...state, messages, ...(total === undefined ? {} : { total }) };
        options.onState(state);
      },
    });
    running = made;
    forbidden = false;
    options.onState(state);
    ended = made.result
      .then(
        (counts) => {
          lastFolder = counts ? target : undefined;
          const refused = {
            state: "failed",
            error: { code: "blocked-by-policy", params: { setting: "HistoryExportEnabled" } },
          } as const;
          const end = counts
            ? ({ state: "done", messages: counts.messages, folder: target } as const)
            : forbidden
              ? refused
              : ({ state: "cancelled" } as const);
          options.onState({ ...state, ...end });
        },
        (error: unknown) => {
          log.warn("An export failed", { error });
          options.onState({ ...state, state: "failed", error: toErrorInfo(error) });
        },
      )
      .finally(() => {
        running = undefined;
      });
  }

  return {
    async start(format, query) {
      checkAllowed();
      if (running || asking) throw new HallwayError("export-running");
      asking = true;
      try {
        await cleaned;
        const folder = await options.chooseFolder();
        if (folder === undefined) return false;
        checkAllowed();
        await begin(format, query, freeName(folder, options.words(), options.now()));
        return true;
      } finally {
        asking = false;
      }
    },
    cancel: () => running?.cancel(),
    async show() {
      if (lastFolder === undefined || !options.showFolder) throw new HallwayError("not-found");
      await options.showFolder(lastFolder);
    },
    applyPolicy() {
      if (!running || options.allowed()) return;
      forbidden = true;
      running.cancel();
    },
    async close() {
      running?.cancel();
      await ended;
    },
  };
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
