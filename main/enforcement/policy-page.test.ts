import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settingKeys } from "../../shared/settings/declaration.ts";
import { type OpenDesk, openDesk } from "./desks.test-helper.ts";

let desk: OpenDesk;

beforeEach(async () => {
  desk = await openDesk({ networks: () => new Map() });
});
afterEach(() => desk.close());

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
      source: join(desk.folder, "policies", "managed", "policy.json"),
      line: 1,
      overruled: [{ origin: "user", value: "memory" }],
    });
    expect([page.problems, page.connectionsAllowed]).toEqual([[], true]);
    expect(JSON.stringify([page, desk.messages])).not.toContain("hidden");
  });

  it("says what is wrong with the policy, and the app's record tells that it is worth asking again", async () => {
    await desk.policy({ ReceiptsEnabled: false });
    const before = (await desk.appRecord()).policy ?? 0;
    const broken = join(desk.folder, "policies", "managed", "z.json");
    await writeFile(broken, '{\n"HistoryMode": \n}', { mode: 0o644 });
    await vi.waitFor(async () => expect((await desk.appRecord()).policy).toBeGreaterThan(before));
    const page = await desk.request("policy.page", {});
    expect(page.problems).toMatchObject([{ kind: "malformed", source: broken, line: 3 }]);
    // The last good one stays.
    expect(page.entries.find(({ key }) => key === "ReceiptsEnabled")).toMatchObject({ value: false, origin: "policy" });
  });
});
