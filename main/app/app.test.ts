import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { createTestApp, type TestApp } from "../enforcement/test-app.test-helper.ts";

let folder: string;
let running: TestApp[] = [];

function testApp(secretStore: Map<string, string> | "absent"): TestApp {
  const made = createTestApp({ folder, secretStore });
  running.push(made);
  return made;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-app-"));
});
afterEach(async () => {
  for (const { app } of running) await app.stop();
  running = [];
  await rm(folder, { recursive: true });
});

describe("the app through its contract", () => {
  it("opens by itself where there is a secret store", async () => {
    const { app, untilVault, request } = testApp(new Map());
    await app.start();
    await untilVault("ready");
    const { tables } = await request("app.snapshot", {});
    expect(tables.accounts).toEqual([]);
    expect(tables.settings.map((record) => record.id).sort()).toEqual(Object.keys(settings).sort());
  });

  it("asks for a passphrase where there is none, says why, and does nothing before it has one", async () => {
    const first = testApp("absent");
    await first.app.start();
    await first.untilVault("new");
    expect((await first.appRecord()).vaultReason).toBe("no-secret-store");
    await expect(first.request("settings.set", { key: "Theme", value: "dark" })).rejects.toMatchObject({
      code: "vault-locked",
    });
    await expect(
      first.request("accounts.add", { address: "a@x.example", password: "p", server: {} }),
    ).rejects.toMatchObject({ code: "vault-locked" });
    await first.request("vault.create", { passphrase: "battery horse staple" });
    await first.untilVault("ready");
    await first.request("settings.set", { key: "Theme", value: "dark" });
    await first.app.stop();

    const second = testApp("absent");
    await second.app.start();
    await second.untilVault("locked");
    await expect(second.request("vault.unlock", { passphrase: "wrong" })).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    await second.request("vault.unlock", { passphrase: "battery horse staple" });
    await second.untilVault("ready");
    const { tables } = await second.request("app.snapshot", {});
    expect(tables.settings.find((record) => record.id === "Theme")).toMatchObject({ value: "dark", origin: "user" });
  });

  it("ends where no window comes of it, so that nothing without a window holds the folder", async () => {
    const quit = vi.fn(async () => undefined);
    const { app } = createTestApp({ folder, host: { showWindow: () => Promise.reject(new Error("no window")), quit } });
    await expect(app.start()).rejects.toThrow("no window");
    expect(quit).toHaveBeenCalledTimes(1);
    await app.stopped;
  });

  it("says what is wrong with an account, and keeps nothing of it", async () => {
    const { app, request, untilVault } = testApp(new Map());
    await app.start();
    await untilVault("ready");
    await expect(request("accounts.add", { address: "no address", password: "p", server: {} })).rejects.toMatchObject({
      code: "invalid-address",
    });
    await expect(
      request("accounts.add", { address: "a@nowhere.example", password: "p", server: {} }),
    ).rejects.toMatchObject({ code: "unknown-host" });
    const { tables } = await request("app.snapshot", {});
    expect(tables.accounts).toEqual([]);
    expect(tables.contacts).toEqual([]);
  });

  it("keeps how the window was left over a restart, and nothing of people who are gone", async () => {
    const store = new Map<string, string>();
    const first = testApp(store);
    await first.app.start();
    await first.untilVault("ready");
    expect(await first.request("app.windowState", {})).toEqual({});
    const places = [{ conversationId: "account-1|gone@x.example", messageId: "m1" }];
    await first.request("app.keepWindowState", { state: { folded: ["group:Sales"], places } });
    const tooMany = Array.from({ length: 101 }, (_, n) => ({
      conversationId: `account-1|p${n}@x.example`,
      messageId: "m1",
    }));
    await expect(
      first.request("app.keepWindowState", { state: { folded: [], places: tooMany } }),
    ).rejects.toMatchObject({ code: "invalid-argument" });
    await first.app.stop();
    const second = testApp(store);
    await second.app.start();
    await second.untilVault("ready");
    expect(await second.request("app.windowState", {})).toEqual({ state: { folded: ["group:Sales"], places: [] } });
  });

  it("obeys a policy file while it runs, and gives the choice back when the file goes", async () => {
    const { app, request, untilVault } = testApp(new Map());
    const file = join(folder, "policies", "managed", "history.json");
    await mkdir(join(folder, "policies", "managed"), { recursive: true });
    await app.start();
    await untilVault("ready");
    const mode = async () =>
      (await request("app.snapshot", {})).tables.settings.find((record) => record.id === "HistoryMode");
    expect(await mode()).toMatchObject({ value: "encrypted", origin: "default", locked: false });
    await writeFile(file, JSON.stringify({ HistoryMode: "off", OrganizationName: "Example Bank" }), { mode: 0o644 });
    await vi.waitFor(async () =>
      expect(await mode()).toMatchObject({
        value: "off",
        origin: "policy",
        locked: true,
        managedBy: "Example Bank",
        source: file,
      }),
    );
    await expect(request("settings.set", { key: "HistoryMode", value: "encrypted" })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    await writeFile(file, JSON.stringify({ HistoryMode: "everything", OrganizationName: "Example Bank" }), {
      mode: 0o644,
    });
    await vi.waitFor(async () =>
      expect(await mode()).toMatchObject({ value: "off", error: { code: "policy-invalid" } }),
    );
    await rm(file);
    await vi.waitFor(async () => expect(await mode()).toMatchObject({ value: "encrypted", origin: "default" }));
  });
});
