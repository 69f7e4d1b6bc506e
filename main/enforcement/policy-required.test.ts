import { generateKeyPairSync, sign } from "node:crypto";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

let testApps: TestApps;
let testApp: TestApp;

beforeEach(async () => {
  testApps = await createTestApps({ networks: () => [createRecordedNetwork("xmpp", [])] });
  testApp = await testApps.open();
});
afterEach(() => testApps.close());

const file = (name: string): string => join(testApps.folder, "policies", "managed", name);
const account = async () => (await testApp.request("app.snapshot", {})).tables.accounts[0];
const addAccount = (address: string) =>
  testApp.request("accounts.add", { address, password: "p", protocol: "xmpp", server: {} });
/** Until the program has read the policy and found this wrong with it. */
const problem = (kind: string) =>
  vi.waitFor(async () =>
    expect((await testApp.request("policy.page", {})).problems.map((found) => found.kind)).toContain(kind),
  );
const until = (state: string) => vi.waitFor(async () => expect((await account())?.state).toBe(state));

describe("a policy that is required", () => {
  it("and taken away lets no account connect, new or old, also after a restart, until there is one again", async () => {
    await addAccount("me@x.example");
    await testApp.policy({ PolicyRequired: true, ReceiptsEnabled: false });
    await until("online");
    await rm(file("policy.json"));
    await until("failed");
    expect((await account())?.error).toEqual({ code: "blocked-by-policy", params: { setting: "PolicyRequired" } });
    await expect(addAccount("other@x.example")).rejects.toMatchObject({ code: "blocked-by-policy" });
    await testApp.request("accounts.retry", {});
    await until("failed");
    // What it said holds on.
    expect(await testApp.setting("ReceiptsEnabled")).toMatchObject({ value: false, origin: "policy" });

    await testApp.app.stop();
    testApp = await testApps.open();
    await until("failed");
    await testApp.policy({ PolicyRequired: true });
    await until("online");
    await addAccount("other@x.example");
    await testApp.policy({ PolicyRequired: false });
    await rm(file("policy.json"));
    await vi.waitFor(async () => expect((await testApp.setting("OrganizationName"))?.value).toBe(""));
    await until("online");
  });

  it("and only damaged leaves the last good one in force, with connections", async () => {
    await addAccount("me@x.example");
    await testApp.policy({ PolicyRequired: true, ReceiptsEnabled: false });
    await writeFile(file("later.json"), '{"TypingNotificationsEnabled": false}', { mode: 0o644 });
    await vi.waitFor(async () =>
      expect(await testApp.setting("TypingNotificationsEnabled")).toMatchObject({ value: false }),
    );
    await writeFile(file("later.json"), '{"TypingNotificationsEnabled": true}');
    await writeFile(file("policy.json"), '{"PolicyRequired": tr');
    await problem("malformed");
    expect(await testApp.setting("ReceiptsEnabled")).toMatchObject({ value: false, origin: "policy" });
    await until("online");
  });
});

describe("a policy that nobody has ever read", () => {
  it.each([
    ["damaged", '{"HistoryExportEnabled": false, "ClipboardEnabled": fal', 0o644],
    ["writable by others", '{"HistoryExportEnabled": false}', 0o666],
  ])(
    "and is %s leaves nothing on that it may switch off, and connects to nothing, until it can be read",
    async (_, text, mode) => {
      await addAccount("me@x.example");
      await until("online");
      await mkdir(join(testApps.folder, "policies", "managed"), { recursive: true });
      await writeFile(file("policy.json"), text);
      await chmod(file("policy.json"), mode);
      await until("failed");
      expect((await account())?.error).toEqual({ code: "blocked-by-policy", params: { setting: "PolicyRequired" } });
      for (const setting of ["HistoryExportEnabled", "ClipboardEnabled", "HistoryDeleteEnabled"] as const)
        expect(await testApp.setting(setting)).toMatchObject({
          value: false,
          locked: true,
          error: { code: "policy-invalid", params: { unread: file("policy.json") } },
        });
      const page = await testApp.request("policy.page", {});
      expect([page.connectionsAllowed, page.problems.map(({ source }) => source)]).toEqual([
        false,
        [file("policy.json")],
      ]);

      // At the next start nothing is known of it either.
      await testApp.app.stop();
      testApp = await testApps.open();
      await until("failed");
      await chmod(file("policy.json"), 0o644);
      await writeFile(file("policy.json"), '{"HistoryExportEnabled": false}');
      await until("online");
      expect([
        (await testApp.setting("HistoryExportEnabled"))?.value,
        (await testApp.setting("ClipboardEnabled"))?.value,
      ]).toEqual([false, true]);
    },
  );
});

describe("a policy with a key", () => {
  it("is not loosened by a file that is not signed, also after a restart, and is changed by one that is", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const pem = publicKey.export({ format: "pem", type: "spki" }).toString();
    async function put(values: Readonly<Record<string, unknown>>, signed: boolean): Promise<void> {
      const text = JSON.stringify(values);
      await mkdir(join(testApps.folder, "policies", "managed"), { recursive: true });
      await rm(file("a.json"), { force: true });
      await rm(file("a.json.sig"), { force: true });
      if (signed) await writeFile(file("a.json.sig"), sign(null, Buffer.from(text), privateKey), { mode: 0o644 });
      await writeFile(file("a.json"), text, { mode: 0o644 });
    }
    const mode = (value: string) =>
      vi.waitFor(async () => expect(await testApp.setting("HistoryMode")).toMatchObject({ value }));

    await put({ PolicyPublicKey: pem, HistoryMode: "off" }, true);
    await mode("off");
    await put({ PolicyPublicKey: "", HistoryMode: "encrypted", OrganizationName: "Mallory" }, false);
    await problem("untrusted");
    await mode("off");
    await testApp.app.stop();
    testApp = await testApps.open();
    await mode("off");
    expect(await testApp.setting("OrganizationName")).toMatchObject({ value: "" });
    await put({ PolicyPublicKey: pem, HistoryMode: "memory" }, true);
    await mode("memory");
  });
});
