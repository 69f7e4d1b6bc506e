import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@out.example";

interface ExportedMessage {
  readonly text: string;
  readonly versions: readonly { readonly text: string }[];
}

let testApp: SignedInTestApp;

beforeEach(async () => {
  testApp = await openSignedInTestApp([bob, eve], {
    host: { chooseFolder: () => mkdtemp(join(testApp.folder, "export-")) },
  });
  await mkdir(join(testApp.folder, "archive"));
});
afterEach(() => testApp.close());

let told = 0;

/** They say something and correct it, live; resolves when it is stored. */
async function corrects(peer: string, before: string, after: string): Promise<void> {
  told += 1;
  const id = `said-${told}`;
  testApp.network.receive({ peer, body: before, id });
  await vi.waitFor(async () => expect(await testApp.texts(peer)).toContain(before));
  testApp.network.emit({
    type: "change",
    change: {
      kind: "correction",
      peer,
      direction: "in",
      author: { address: peer, isSelf: false },
      targetId: id,
      id: `${id}-again`,
      archiveId: undefined,
      at: undefined,
      delayed: false,
      via: "live",
      body: after,
    },
  });
  await vi.waitFor(async () => expect(await testApp.texts(peer)).toContain(after));
}

/** All that is recorded: what each message says now, after what it said before. */
async function recorded(): Promise<string[][]> {
  const before = new Set(await readdir(testApp.folder));
  await testApp.request("history.export", { format: "json", query: {} });
  const made = await vi.waitFor(async () => {
    const [chosen = ""] = (await readdir(testApp.folder)).filter(
      (name) => name.startsWith("export-") && !before.has(name),
    );
    const [name = ""] = await readdir(join(testApp.folder, chosen));
    // It has this name once it is whole.
    expect(name).toMatch(/^Hallway export /);
    expect((await testApp.appRecord()).export).toMatchObject({ state: "done" });
    return join(testApp.folder, chosen, name);
  });
  const lines = (await readFile(join(made, "messages.jsonl"), "utf8")).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const { text, versions } = JSON.parse(line) as ExportedMessage;
    return [...versions.map((version) => version.text), text];
  });
}

describe("what a message said before it was corrected", () => {
  it("is overwritten where policy demands no record", async () => {
    await corrects(bob, "at nine", "at ten");
    expect(await recorded()).toEqual([["at ten"]]);
  });

  it.each<Readonly<Partial<Record<SettingKey, unknown>>>>([
    { HistoryMinimumDays: 90 },
    { HistoryDeleteEnabled: false },
    { LegalHoldSubjects: [{ type: "everything", matter: "Case 7" }] },
  ])("stays in the record under %j", async (values) => {
    await testApp.policy(values);
    await corrects(bob, "at nine", "at ten");
    expect(await testApp.texts(bob)).toEqual(["at ten"]);
    expect(await recorded()).toEqual([["at nine", "at ten"]]);
    // With the rule goes the demand.
    await testApp.policy(undefined);
    await corrects(bob, "in room 1", "in room 2");
    expect((await recorded())[1]).toEqual(["in room 2"]);
  });

  it("stays in the record of the conversations that ArchiveScope covers, and of no others", async () => {
    await testApp.policy({
      ArchiveScope: "external",
      ArchiveDestination: { type: "folder", path: join(testApp.folder, "archive") },
    });
    await corrects(eve, "at nine", "at ten");
    await corrects(bob, "in room 1", "in room 2");
    expect(await recorded()).toEqual([["at nine", "at ten"], ["in room 2"]]);
  });
});
