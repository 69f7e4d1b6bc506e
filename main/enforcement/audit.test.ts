import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { auditCommand } from "../cli/audit.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import { createTestCertificate } from "../networks/xmpp/testing/certificate.ts";
import { readEntries } from "../record/audit/testing.test-helper.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

const me = { address: "me@x.example", password: "p", protocol: "xmpp", server: {} } as const;
const bob = "bob@x.example";

let testApps: TestApps;
let network: RecordedNetwork;
beforeEach(async () => {
  network = createRecordedNetwork("xmpp", [bob]);
  testApps = await createTestApps({ networks: () => [network] });
});
afterEach(() => testApps.close());

interface Written {
  readonly what: string;
  readonly details: Record<string, unknown>;
}

/** Entries in the file now. */
async function written(): Promise<readonly Written[]> {
  const key = [...testApps.secretStore].find(([name]) => name.includes("/profile-key"))?.[1] ?? "";
  const entries = await readEntries(testApps.folder, new Uint8Array(Buffer.from(key, "base64")));
  return entries.map(({ kind, action, details }) => ({
    what: `${kind} ${action}`,
    details: JSON.parse(details) as Record<string, unknown>,
  }));
}

const untilWritten = (what: string, details: Readonly<Record<string, unknown>> = {}): Promise<void> =>
  vi.waitFor(async () => expect(await written()).toContainEqual({ what, details: expect.objectContaining(details) }));

const verify = () =>
  auditCommand(["verify", "--every"], {
    folder: testApps.folder,
    secrets: {
      probe: async () => "available",
      get: async (name) => testApps.secretStore.get(name),
      set: async () => undefined,
      delete: async () => undefined,
    },
    workerUrl,
    locale: "en",
    askPassphrase: async () => undefined,
  });

describe("the audit log of the program", () => {
  it("says that the key was changed, and holds under the new one", async () => {
    const testApp = await testApps.open();
    await testApp.request("accounts.add", me);
    await testApp.request("vault.change", {});
    await testApp.untilVault("ready");
    await untilWritten("policy key-changed", { by: "secret-store" });
    await testApp.app.stop();
    expect(await verify()).toMatchObject({ status: 0 });
  });

  it("says who signed in, where and how, what the policy was and became, what rules found, and which certificates were excepted", async () => {
    const testApp = await testApps.open();
    network.refused.add("wrong");
    await expect(testApp.request("accounts.add", { ...me, password: "wrong" })).rejects.toMatchObject({
      code: "wrong-password",
    });
    const { pem: caPem } = createTestCertificate("server.example");
    const { accountId } = await testApp.request("accounts.add", { ...me, server: { caPem } });
    const account = { account: accountId, address: me.address, network: "xmpp" };
    await untilWritten("sign-in refused", { address: me.address, code: "wrong-password" });
    await untilWritten("sign-in signed-in", { ...account, host: "server.example", tls: "TLSv1.3", resumed: false });
    await untilWritten("sign-in account-added", account);
    await untilWritten("certificate-exception added", {
      ...account,
      authority: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await testApp.request("accounts.update", { accountId, server: {} });
    await untilWritten("certificate-exception removed", account);

    await testApp.policy({
      ContentRules: [{ name: "Tickets", pattern: "INC-[0-9]{6}", action: "audit" }],
      ComplianceNotice: { version: "7", en: "Recorded." },
      SupportContact: "https://me:geheim@help.example/",
      Nonsense: 1,
    } as Record<string, unknown>);
    await testApp.request("app.declineNotice", { version: "7", language: "en" });
    await untilWritten("policy notice-declined", {
      version: "7",
      language: "en",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await testApp.request("app.acceptNotice", { version: "7", language: "en" });
    await testApp.untilAccount({ state: "online" });
    await untilWritten("policy changed", {
      setting: "ContentRules",
      level: "mandatory",
      from: null,
      to: expect.stringContaining("Tickets"),
    });
    await untilWritten("policy changed", { setting: "SupportContact", to: '"https://••••••@help.example/"' });
    await untilWritten("policy problem", { problem: "unknown-key", setting: "Nonsense" });
    await untilWritten("policy notice-accepted", {
      version: "7",
      language: "en",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await testApp.request("messages.send", {
      conversationId: `${accountId}|${bob}`,
      messageId: randomUUID(),
      body: "About INC-123456, between us",
    });
    await untilWritten("content-rule hit", {
      rule: "Tickets",
      finding: "pattern",
      action: "audit",
      direction: "out",
      own: me.address,
      peer: bob,
    });
    await testApp.app.stop();
    await untilWritten("sign-in signed-out", account);

    // What changes while Hallway does not run is a change all the same; what stays is not said again.
    await writeFile(
      join(testApps.folder, "policies", "managed", "policy.json"),
      JSON.stringify({ HistoryMode: "memory", OrganizationName: "x" }),
    );
    const before = (await written()).length;
    const again = await testApps.open();
    await untilWritten("policy changed", {
      setting: "ContentRules",
      from: expect.stringContaining("Tickets"),
      to: null,
    });
    await untilWritten("policy changed", {
      setting: "HistoryMode",
      from: null,
      to: '"memory"',
      source: expect.stringContaining("policy.json"),
    });
    await again.request("accounts.remove", { accountId });
    await untilWritten("sign-in account-removed", account);
    await again.app.stop();
    const since = (await written()).slice(before);
    expect(since.filter(({ what }) => what === "policy problem")).toEqual([]);
    const text = JSON.stringify(await written());
    for (const secret of ["geheim", "between us", "INC-123456"]) expect(text).not.toContain(secret);
    expect(await verify()).toMatchObject({ status: 0 });
  });

  it("is written as AuditEvents says: what it does not name is not written, all the rest is", async () => {
    const testApp = await testApps.open();
    await testApp.policy({
      AuditEvents: ["content-rule"],
      ContentRules: [{ name: "Tickets", pattern: "INC-[0-9]{6}", action: "block" }],
    });
    const { accountId } = await testApp.request("accounts.add", me);
    const send = (): Promise<unknown> =>
      testApp.request("messages.send", {
        conversationId: `${accountId}|${bob}`,
        messageId: randomUUID(),
        body: "INC-123456",
      });
    await expect(send()).rejects.toMatchObject({ code: "content-blocked" });
    await untilWritten("content-rule hit", { action: "block" });
    expect((await written()).filter(({ what }) => what.startsWith("sign-in") || what.startsWith("policy"))).toEqual([]);
    await testApp.policy({
      AuditEvents: ["sign-in", "policy"],
      ContentRules: [{ name: "Tickets", pattern: "INC-[0-9]{6}", action: "block" }],
    });
    await testApp.request("accounts.remove", { accountId });
    await untilWritten("sign-in account-removed");
    // The policy that came while it was not written is written now.
    await untilWritten("policy changed", { setting: "ContentRules", from: null });
    // A value that cannot be used leaves nothing out.
    await testApp.policy({ AuditEvents: ["nonsense"] });
    await testApp.request("accounts.add", me);
    await untilWritten("sign-in account-added");
  });

  it("is not written while AuditHashChainEnabled is off, says from when to when, and nothing of it can be changed unseen while it is on", async () => {
    const testApp = await testApps.open();
    const { accountId } = await testApp.request("accounts.add", me);
    await untilWritten("sign-in account-added");
    await testApp.policy({ AuditHashChainEnabled: false });
    await untilWritten("chain stopped", { setting: "AuditHashChainEnabled" });
    const length = (await written()).length;
    await testApp.request("accounts.remove", { accountId });
    await testApp.policy({ AuditHashChainEnabled: true });
    await untilWritten("chain resumed");
    await testApp.request("accounts.add", me);
    await untilWritten("policy changed", { setting: "AuditHashChainEnabled", to: "true" });
    expect((await written()).slice(length).map(({ what }) => what)).not.toContain("sign-in account-removed");
    expect((await written())[length]?.what).toBe("chain resumed");
    await testApp.app.stop();
    expect(await verify()).toMatchObject({ status: 0 });
    await rm(join(testApps.folder, "audit.db"));
    expect(await verify()).toMatchObject({ status: 1 });
  });
});
