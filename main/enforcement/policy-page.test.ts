import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settingKeys } from "../../shared/settings/declaration.ts";
import { createDesk, type Desk } from "./desk.test-helper.ts";

let folder: string;
let desk: Desk;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-enforcement-"));
  desk = createDesk({ folder, networks: () => new Map() });
  await desk.app.start();
  await desk.untilVault("ready");
});
afterEach(async () => {
  await desk.app.stop();
  await rm(folder, { recursive: true });
});

describe("the policy page's request", () => {
  it("says what is in force, where it stands and what it overrules, with secrets masked", async () => {
    await desk.request("settings.set", { key: "HistoryMode", value: "memory" });
    await desk.policy({ HistoryMode: "off", SupportContact: "https://it:hidden@help.example/" });
    const page = await desk.request("policy.page", {});
    expect(page.entries.map(({ key }) => key)).toEqual(settingKeys);
    expect(page.entries.find(({ key }) => key === "HistoryMode")).toEqual({
      key: "HistoryMode",
      value: "off",
      origin: "policy",
      locked: true,
      source: join(folder, "policies", "managed", "policy.json"),
      line: 1,
      overruled: [{ origin: "user", value: "memory" }],
    });
    expect([page.problems, page.connectionsAllowed]).toEqual([[], true]);
    expect(JSON.stringify([page, desk.messages])).not.toContain("hidden");
  });

  it("says what is wrong with the policy, and the app's record tells that it is worth asking again", async () => {
    await desk.policy({ ReceiptsEnabled: false });
    const before = (await desk.appRecord()).policy ?? 0;
    const broken = join(folder, "policies", "managed", "z.json");
    await writeFile(broken, '{\n"HistoryMode": \n}', { mode: 0o644 });
    await vi.waitFor(async () => expect((await desk.appRecord()).policy).toBeGreaterThan(before));
    const page = await desk.request("policy.page", {});
    expect(page.problems).toMatchObject([{ kind: "malformed", source: broken, line: 3 }]);
    // The last good one stays.
    expect(page.entries.find(({ key }) => key === "ReceiptsEnabled")).toMatchObject({ value: false, origin: "policy" });
  });
});
