import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { ExportQuery, ExportState } from "../../../shared/model/export.ts";
import { createWords } from "../../../shared/words/words.ts";
import type { History, RecordPage } from "../../history/history.ts";
import { exportWorkerUrl } from "../../history/workers.test-helper.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { recordQuery } from "./export-query.ts";
import { createExports, type Exports, type ExportsOptions, userName } from "./exports.ts";
import { makeDeviceKey, testKey } from "./history.test-helper.ts";

let profile = "";
let out = "";
let states: ExportState[] = [];
let events: AuditEvent[] = [];
let refuse = false;
/** The audit log takes nothing before this. */
let recording: Promise<void>;
/** Resolves when the audit log was asked for the first time. */
let waits: PromiseWithResolvers<void>;
let allowed = true;
/** Answer of reading the record. */
let record: History["record"];

beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), "hallway-exports-profile-"));
  out = await mkdtemp(join(tmpdir(), "hallway-exports-"));
  states = [];
  events = [];
  refuse = false;
  recording = Promise.resolve();
  waits = Promise.withResolvers();
  allowed = true;
  record = async () => ({ messages: [], next: undefined });
});

function make(options: Partial<ExportsOptions> = {}): Exports {
  return createExports({
    history: { mode: "memory", record: (...args) => record(...args) },
    audit: {
      async record(event) {
        waits.resolve();
        await recording;
        if (refuse) throw new HallwayError("storage-full");
        events.push(event);
      },
    },
    deviceKey: makeDeviceKey(),
    folder: profile,
    key: testKey,
    workerUrl: exportWorkerUrl,
    version: "0.2.0",
    words: () => createWords("fr"),
    allowed: () => allowed,
    chooseFolder: async () => out,
    showFolder: undefined,
    onState: (state) => void states.push(state),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    ...options,
  });
}

const until = (state: ExportState["state"]) => vi.waitFor(() => expect(states.at(-1)).toMatchObject({ state }));

/** Reading takes for ever; resolves when it was asked for. */
function stall(): Promise<void> {
  const asked = Promise.withResolvers<void>();
  record = () => {
    asked.resolve();
    return new Promise<RecordPage>(() => undefined);
  };
  return asked.promise;
}

test("the start is on record before anything is written, and the end with the hash of the manifest", async () => {
  const exports = make();
  expect(await exports.start("csv", { text: "secret words", peers: ["bob@example.com"] })).toBe(true);
  await until("done");
  expect(events.map(({ kind, action }) => `${kind} ${action}`)).toEqual(["export started", "export finished"]);
  expect(events[0]?.details).toMatchObject({ by: "person", format: "csv", with: "bob@example.com", words: true });
  expect(JSON.stringify(events)).not.toContain("secret words");
  expect(events[1]?.details).toMatchObject({
    messages: 0,
    files: 1,
    manifest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await readdir(out))[0]).toMatch(/^Exportation Hallway /);
});

test("the record says whom, when and what kind of messages were asked for, and nothing that was not", async () => {
  const about = { by: "person", user: userName(), format: "json", folder: expect.stringContaining(out) };
  const exports = make();
  await exports.start("json", {});
  await until("done");
  expect(events[0]?.details).toEqual({
    ...about,
    account: null,
    conversation: null,
    with: null,
    from: null,
    to: null,
    direction: null,
    authors: null,
    words: false,
    deleted: false,
  });
  const conversationId = "account-1|bob@x.example";
  const asked: ExportQuery = {
    accountId: "account-1",
    conversationId,
    peers: ["bob@x.example", "eve@x.example"],
    from: 1,
    to: 2,
    direction: "out",
    authors: [{ isSelf: true }, { address: "eve@x.example" }, { conversationId, occupant: "o1" }],
    text: "words",
    hasFile: true,
  };
  const queries: unknown[] = [];
  record = async (query) => {
    queries.push(query);
    return { messages: [], next: undefined };
  };
  states = [];
  await exports.start("json", asked);
  await until("done");
  expect(events[2]?.details).toEqual({
    ...about,
    account: "account-1",
    conversation: conversationId,
    with: "bob@x.example eve@x.example",
    from: 1,
    to: 2,
    direction: "out",
    authors: `self eve@x.example o1 in ${conversationId}`,
    words: true,
    deleted: false,
  });
  // What the person deleted is not asked for, and all that they asked for is.
  expect(queries).toEqual([asked]);
  expect(recordQuery(asked, true)).toEqual({ ...asked, deleted: true });
});

test("what cannot be recorded does not begin", async () => {
  refuse = true;
  await expect(make().start("json", {})).rejects.toMatchObject({ code: "storage-full" });
  expect(states).toEqual([]);
  expect(await readdir(out)).toEqual([]);
});

test("one at a time; cancelled, nothing is left and the log says so", async () => {
  const exports = make();
  const asked = stall();
  await exports.start("json", {});
  await asked;
  await expect(exports.start("json", {})).rejects.toMatchObject({ code: "export-running" });
  exports.cancel();
  await until("cancelled");
  expect(events.map(({ action }) => action)).toEqual(["started", "cancelled"]);
  expect(await readdir(out)).toEqual([]);
});

test("one that runs is stopped when policy forbids it", async () => {
  const exports = make();
  const asked = stall();
  await exports.start("html", {});
  await asked;
  exports.applyPolicy();
  expect(states.at(-1)).toMatchObject({ state: "running" });
  allowed = false;
  exports.applyPolicy();
  await until("failed");
  expect(states.at(-1)).toMatchObject({
    error: { code: "blocked-by-policy", params: { setting: "HistoryExportEnabled" } },
  });
  expect(await readdir(out)).toEqual([]);
});

test("a history that cannot be read any more fails it, and the log says so", async () => {
  record = () => Promise.reject(new HallwayError("storage-corrupt"));
  await make().start("xml", {});
  await until("failed");
  expect(states.at(-1)).toMatchObject({ error: { code: "storage-corrupt" } });
  expect(events.at(-1)).toMatchObject({ action: "failed", details: { error: "storage-corrupt" } });
  expect(await readdir(out)).toEqual([]);
});

test("closing waits until nothing of it is left", async () => {
  const exports = make();
  const asked = stall();
  await exports.start("eml", {});
  await asked;
  await exports.close();
  expect(await readdir(out)).toEqual([]);
});

test("one that the audit log takes late is stopped where policy has come to forbid it meanwhile", async () => {
  const taken = Promise.withResolvers<void>();
  recording = taken.promise;
  void stall();
  const exports = make();
  const begun = exports.start("json", {});
  await waits.promise;
  allowed = false;
  exports.applyPolicy();
  taken.resolve();
  expect(await begun).toBe(true);
  await until("failed");
  expect(states.at(-1)).toMatchObject({ error: { code: "blocked-by-policy" } });
  expect(await readdir(out)).toEqual([]);
});

test("closing waits for one that the audit log takes late, and none begins after it", async () => {
  const taken = Promise.withResolvers<void>();
  recording = taken.promise;
  void stall();
  const chosen = Promise.withResolvers<string>();
  const other = make({ chooseFolder: () => chosen.promise });
  const late = other.start("json", {});
  await other.close();
  chosen.resolve(out);
  expect([await late, states, events]).toEqual([false, [], []]);
  const exports = make();
  const begun = exports.start("json", {});
  await waits.promise;
  const closing = exports.close();
  taken.resolve();
  await closing;
  expect([await begun, states.at(-1)?.state, await readdir(out)]).toEqual([true, "cancelled", []]);
});

test("the folder is shown where the desktop can", async () => {
  const shown: string[] = [];
  const exports = make({ showFolder: async (folder) => void shown.push(folder) });
  await expect(exports.show()).rejects.toMatchObject({ code: "not-found" });
  await exports.start("json", {});
  await until("done");
  await exports.show();
  expect(shown).toEqual([states.at(-1)?.folder]);
});
