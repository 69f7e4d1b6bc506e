import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ExportFormat } from "../../shared/model/export.ts";
import { verifyExport } from "../record/export/verify.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";

let out: string;
let testApp: SignedInTestApp;
/** Where the person is asked for a folder. */
let choose: () => Promise<string | undefined>;

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), "hallway-exports-"));
  choose = async () => out;
  testApp = await openSignedInTestApp([bob], { host: { chooseFolder: () => choose() } });
  const conversationId = testApp.id(bob);
  await testApp.request("messages.send", {
    conversationId,
    messageId: "8c5f2a53-0000-4000-8000-000000000001",
    body: "The plan is in the folder",
  });
});
afterEach(async () => {
  await testApp.close();
  await rm(out, { recursive: true });
});

const begin = (format: ExportFormat = "json") => testApp.request("history.export", { format, query: {} });

const untilExport = (state: string) =>
  vi.waitFor(async () => {
    const { export: found } = await testApp.appRecord();
    expect(found).toMatchObject({ state });
    return found;
  });

describe("export", () => {
  it("is refused while policy forbids it, also when that changes under way, and works again after", async () => {
    await testApp.policy({ HistoryExportEnabled: false });
    await expect(begin()).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "HistoryExportEnabled" },
    });
    await testApp.policy(undefined);

    // Policy changes while the person is asked where to.
    const asked = Promise.withResolvers<string>();
    choose = () => asked.promise;
    const late = begin();
    late.catch(() => undefined);
    await testApp.policy({ HistoryExportEnabled: false });
    asked.resolve(out);
    await expect(late).rejects.toMatchObject({ code: "blocked-by-policy" });
    expect(await readdir(out)).toEqual([]);
    await testApp.policy(undefined);

    choose = async () => out;
    expect(await begin()).toEqual({ started: true });
    expect(await untilExport("done")).toMatchObject({ format: "json", messages: 1 });
    const [name = ""] = await readdir(out);
    expect(name).toMatch(/^Hallway export \d{4}-\d\d-\d\d \d\d-\d\d-\d\d$/);
    expect(await readFile(join(out, name, "messages.jsonl"), "utf8")).toContain('"text":"The plan is in the folder"');
    expect(await verifyExport(join(out, name))).toMatchObject({
      findings: [],
      manifest: { madeBy: "person", version: "0.0.0" },
    });
  });

  it("does not begin when the person does not say where to", async () => {
    choose = async () => undefined;
    expect(await begin()).toEqual({ started: false });
    expect((await testApp.appRecord()).export).toBeUndefined();
  });
});
