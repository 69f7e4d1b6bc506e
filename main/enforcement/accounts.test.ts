import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

const me = { address: "me@x.example", password: "p", protocol: "xmpp", server: {} } as const;

let testApps: TestApps;
let xmpp: RecordedNetwork;
let simple: RecordedNetwork;

beforeEach(async () => {
  xmpp = createRecordedNetwork("xmpp", ["bob@x.example"]);
  simple = createRecordedNetwork("simple", []);
  const networks = [xmpp, simple];
  testApps = await createTestApps({ networks: () => networks });
});
afterEach(() => testApps.close());

const blockedBy = (setting: string) => ({ code: "blocked-by-policy", params: { setting } });
const passwordsKept = () => [...testApps.secretStore.keys()].filter((name) => name.includes("/password/"));

describe("accounts", () => {
  it("no account is added, changed or removed while policy forbids it; the password can be entered", async () => {
    const testApp = await testApps.open();
    const { accountId } = await testApp.request("accounts.add", me);
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ AccountManagementEnabled: false });
    await expect(testApp.request("accounts.add", { ...me, address: "other@x.example" })).rejects.toMatchObject(
      blockedBy("AccountManagementEnabled"),
    );
    await expect(testApp.request("accounts.update", { accountId, label: "Mine" })).rejects.toMatchObject(
      blockedBy("AccountManagementEnabled"),
    );
    await expect(testApp.request("accounts.remove", { accountId })).rejects.toMatchObject(
      blockedBy("AccountManagementEnabled"),
    );
    await testApp.request("accounts.setPassword", { accountId, password: "new" });
    await testApp.untilAccount({ state: "online" });
    await testApp.policy(undefined);
    await testApp.request("accounts.update", { accountId, label: "Mine" });
    await testApp.request("accounts.remove", { accountId });
    expect((await testApp.request("app.snapshot", {})).tables.accounts).toEqual([]);
  });

  it("an account with a name of which nothing shows has none", async () => {
    const testApp = await testApps.open();
    const { accountId } = await testApp.request("accounts.add", me);
    await testApp.request("accounts.update", { accountId, label: "\u200B\u3164" });
    await testApp.untilAccount({ state: "online" });
    expect((await testApp.request("app.snapshot", {})).tables.accounts).toMatchObject([
      { id: accountId, address: me.address },
    ]);
    expect((await testApp.request("app.snapshot", {})).tables.accounts[0]).not.toHaveProperty("label");
    await testApp.request("accounts.update", { accountId, label: "  Work " });
    await testApp.untilAccount({ label: "Work" });
  });

  it("an account that is switched off stays so when it gets another server or name, and the one beside it is left alone", async () => {
    const testApp = await testApps.open();
    const { accountId } = await testApp.request("accounts.add", me);
    await testApp.request("accounts.add", { ...me, address: "other@x.example", password: "q" });
    await testApp.untilAccount({ state: "online" });
    await testApp.untilAccount({ state: "online" }, "other@x.example");
    await testApp.request("accounts.update", { accountId, enabled: false });
    await testApp.untilAccount({ enabled: false, state: "signed-out" });
    const signedIn = xmpp.passwords.length;
    await testApp.request("accounts.update", { accountId, server: { host: "other.x.example", port: 5223 } });
    await testApp.request("accounts.update", { accountId, label: "Mine" });
    await testApp.untilAccount({
      enabled: false,
      state: "signed-out",
      server: { host: "other.x.example", port: 5223 },
      label: "Mine",
    });
    // Whatever was to be done has been done when the next request is answered.
    await testApp.request("accounts.setPassword", { accountId, password: "new" }).catch(() => undefined);
    expect([xmpp.passwords.length, xmpp.passwords.includes("new")]).toEqual([signedIn, false]);
    await testApp.untilAccount({ state: "online" }, "other@x.example");
    await testApp.request("accounts.update", { accountId, enabled: true });
    await testApp.untilAccount({ state: "online" });
    // One that is on signs in anew.
    await testApp.request("accounts.update", { accountId, server: {} });
    await vi.waitFor(() => expect(xmpp.passwords).toHaveLength(signedIn + 2));
  });

  it("only accounts of allowed domains are added and stay signed in", async () => {
    const testApp = await testApps.open();
    await testApp.request("accounts.add", me);
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ AllowedAccountDomains: ["work.example", "*.work.example"] });
    await testApp.untilAccount({
      state: "failed",
      error: { code: "blocked-by-policy", params: { setting: "AllowedAccountDomains", domain: "x.example" } },
    });
    await expect(testApp.request("accounts.add", { ...me, address: "other@x.example" })).rejects.toMatchObject(
      blockedBy("AllowedAccountDomains"),
    );
    await testApp.request("accounts.add", { ...me, address: "me@chat.work.example" });
    await testApp.untilAccount({ state: "online" }, "me@chat.work.example");
    // What cannot be used allows none.
    await testApp.policy({ AllowedAccountDomains: "work.example" });
    await testApp.untilAccount({ state: "failed" }, "me@chat.work.example");
    await testApp.policy(undefined);
    await testApp.untilAccount({ state: "online" });
  });

  it("only allowed protocols are signed in to", async () => {
    const testApp = await testApps.open();
    await testApp.policy({ AllowedProtocols: ["simple"] });
    await expect(testApp.request("accounts.add", me)).rejects.toMatchObject(blockedBy("AllowedProtocols"));
    // Where the person does not say which, only the allowed one is tried.
    await testApp.request("accounts.add", { address: me.address, password: "p", server: {} });
    await testApp.untilAccount({ state: "online", protocol: "simple" });
    expect(xmpp.passwords).toEqual([]);
    await testApp.policy({ AllowedProtocols: ["xmpp"] });
    await testApp.untilAccount({ state: "failed", error: blockedBy("AllowedProtocols") });
    await testApp.policy(undefined);
    await testApp.untilAccount({ state: "online" });
  });

  it("no authority that a person added is trusted while policy forbids it", async () => {
    const testApp = await testApps.open();
    const server = { caPem: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" };
    const { accountId } = await testApp.request("accounts.add", { ...me, server });
    await testApp.untilAccount({ state: "online" });
    await testApp.policy({ CertificateExceptionsEnabled: false });
    await testApp.untilAccount({ state: "failed", error: blockedBy("CertificateExceptionsEnabled") });
    await expect(testApp.request("accounts.add", { ...me, address: "b@x.example", server })).rejects.toMatchObject(
      blockedBy("CertificateExceptionsEnabled"),
    );
    await expect(
      testApp.request("accounts.update", { accountId, server: { ...server, port: 5223 } }),
    ).rejects.toMatchObject(blockedBy("CertificateExceptionsEnabled"));
    await testApp.request("accounts.update", { accountId, server: {} });
    await testApp.untilAccount({ state: "online" });
  });

  it("no password is stored while policy forbids it, and what was stored is deleted and asked for again", async () => {
    const first = await testApps.open();
    await first.request("accounts.add", me);
    await first.untilAccount({ state: "online" });
    expect(passwordsKept()).toHaveLength(1);
    await first.policy({ PasswordSaveEnabled: false });
    await expect.poll(passwordsKept).toEqual([]);
    // The session that stands goes on, and so does the next one of this run.
    await first.untilAccount({ state: "online" });
    const { id } = await first.untilAccount({ state: "online" });
    await first.request("accounts.update", { accountId: id, enabled: false });
    await first.request("accounts.update", { accountId: id, enabled: true });
    await first.untilAccount({ state: "online" });
    await first.app.stop();

    const second = await testApps.open();
    await second.untilAccount({ state: "failed", error: { code: "password-needed" } });
    await second.request("accounts.setPassword", { accountId: id, password: "typed" });
    await second.untilAccount({ state: "online" });
    expect(xmpp.passwords.at(-1)).toBe("typed");
    expect(passwordsKept()).toEqual([]);
    await second.policy(undefined);
    await second.request("accounts.setPassword", { accountId: id, password: "kept" });
    expect(passwordsKept()).toHaveLength(1);
  });

  it("a provisioned account has the path of its WebSocket, and one that cannot be a path makes none", async () => {
    const testApp = await testApps.open({ person: { user: "Alice", email: undefined } });
    const provisioned = (path: string) => ({
      ProvisionedAccounts: [
        {
          name: "work",
          protocol: "xmpp",
          address: "${user}@x.example",
          server: { host: "chat.x.example", transport: "websocket", path },
        },
      ],
    });
    await testApp.policy(provisioned("//elsewhere.test/ws"));
    expect((await testApp.request("app.snapshot", {})).tables.accounts).toEqual([]);
    await testApp.policy(provisioned("/ws?room=1"));
    const { server } = await testApp.untilAccount({ provisioned: true }, "alice@x.example");
    expect(server).toEqual({ host: "chat.x.example", transport: "websocket", path: "/ws?room=1" });
  });

  it("provisioned accounts appear without typing, ask for the password, and can be neither changed nor removed", async () => {
    const testApp = await testApps.open({ person: { user: "Alice", email: "alice.a@mail.example" } });
    await testApp.policy({
      ProvisionedAccounts: [
        { name: "work", protocol: "xmpp", address: "${user}@x.example", label: "Work" },
        { name: "desk", protocol: "simple", address: "${email}" },
      ],
    });
    const work = await testApp.untilAccount(
      { state: "failed", provisioned: true, label: "Work", error: { code: "password-needed" } },
      "alice@x.example",
    );
    await testApp.untilAccount({ provisioned: true, protocol: "simple" }, "alice.a@mail.example");
    const accountId = work.id;
    await expect(testApp.request("accounts.remove", { accountId })).rejects.toMatchObject(
      blockedBy("ProvisionedAccounts"),
    );
    await expect(testApp.request("accounts.update", { accountId, enabled: false })).rejects.toMatchObject(
      blockedBy("ProvisionedAccounts"),
    );
    await testApp.request("accounts.setPassword", { accountId, password: "secret" });
    await testApp.untilAccount({ state: "online" }, "alice@x.example");
    // Another server: the account and its password stay.
    await testApp.policy({
      ProvisionedAccounts: [
        { name: "work", protocol: "xmpp", address: "${user}@x.example", server: { host: "chat.x.example" } },
      ],
    });
    await testApp.untilAccount(
      { id: accountId, state: "online", server: { host: "chat.x.example" } },
      "alice@x.example",
    );
    await testApp.untilAccount({ enabled: false, state: "signed-out" }, "alice.a@mail.example");
    // What policy no longer names is turned off, and the person's to keep or remove.
    await testApp.policy(undefined);
    await testApp.untilAccount({ enabled: false, state: "signed-out" }, "alice@x.example");
    await testApp.request("accounts.remove", { accountId });
    await testApp.app.stop();

    // At the next start they are there at once, too.
    const again = await testApps.open({ person: { user: "alice", email: undefined } });
    await again.policy({ ProvisionedAccounts: [{ name: "work", protocol: "xmpp", address: "${user}@x.example" }] });
    await again.untilAccount({ provisioned: true }, "alice@x.example");
  });

  it("provisioned accounts stay while the list of them cannot be used", async () => {
    const testApp = await testApps.open({ person: { user: "alice", email: undefined } });
    const work = { name: "work", protocol: "xmpp", address: "${user}@x.example" };
    await testApp.policy({ ProvisionedAccounts: [work] });
    const { id } = await testApp.untilAccount({ provisioned: true, enabled: true }, "alice@x.example");
    await testApp.request("accounts.setPassword", { accountId: id, password: "secret" });
    await testApp.untilAccount({ state: "online" }, "alice@x.example");
    await testApp.policy({ ProvisionedAccounts: [{ ...work, protocol: "xmmp" }], OrganizationName: "Example Bank" });
    await vi.waitFor(async () =>
      expect(await testApp.setting("ProvisionedAccounts")).toMatchObject({ error: { code: "policy-invalid" } }),
    );
    // One that is taken up after it: what was asked of the accounts before has been done.
    await testApp.policy({ ProvisionedAccounts: [{ ...work, protocol: "xmmp" }], AllowedProtocols: ["simple"] });
    await testApp.untilAccount(
      { id, provisioned: true, enabled: true, state: "failed", error: { code: "blocked-by-policy" } },
      "alice@x.example",
    );
    await expect(testApp.request("accounts.remove", { accountId: id })).rejects.toMatchObject(
      blockedBy("ProvisionedAccounts"),
    );
  });

  it("a provisioned account that cannot be made is told to the person, one that is there stays, and the others are made", async () => {
    const testApp = await testApps.open({ person: { user: "alice", email: undefined } });
    const work = { name: "work", protocol: "xmpp", address: "${user}@x.example" };
    await testApp.policy({ ProvisionedAccounts: [work] });
    const { id } = await testApp.untilAccount({ provisioned: true, enabled: true }, "alice@x.example");
    await testApp.policy({
      ProvisionedAccounts: [
        { ...work, address: "%USERNAME%@x.example" },
        { name: "desk", protocol: "simple", address: "${email}", label: "Desk" },
        { name: "other", protocol: "xmpp", address: "${user}@y.example" },
      ],
    });
    await testApp.untilAccount({ provisioned: true, enabled: true }, "alice@y.example");
    await testApp.untilAccount({ id, provisioned: true, enabled: true }, "alice@x.example");
    expect((await testApp.appRecord()).incomplete).toMatchObject([
      { code: "account-incomplete", params: { name: "work", gap: "%USERNAME%" } },
      { code: "account-incomplete", params: { account: "Desk", gap: "${email}" } },
    ]);
    await testApp.policy({ ProvisionedAccounts: [work] });
    await testApp.untilAccount({ enabled: false }, "alice@y.example");
    expect((await testApp.appRecord()).incomplete).toBeUndefined();
  });
});
