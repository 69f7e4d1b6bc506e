import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { createRecordedNetwork, type RecordedNetwork } from "./recorded-network.test-helper.ts";
import type { TestApp } from "./test-app.test-helper.ts";
import { createTestApps, type TestApps } from "./test-apps.test-helper.ts";

let testApps: TestApps;
let network: RecordedNetwork;

async function signIn(testApp: TestApp): Promise<string> {
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "p",
    protocol: "xmpp",
    server: {},
  });
  await vi.waitFor(async () => expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(1));
  return accountId;
}

beforeEach(async () => {
  network = createRecordedNetwork("xmpp", ["bob@x.example"]);
  testApps = await createTestApps({ networks: () => [network] });
});
afterEach(() => testApps.close());

describe("strangers", () => {
  it("a stranger is refused unseen, asked about, or shown, as policy says", async () => {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    let said = 0;
    /** A stranger writes, another one asks; then somebody known writes, and all of it has been stored. */
    async function strangers(name: string): Promise<{ requests: string[]; chats: string[] }> {
      said += 1;
      network.receive({ peer: `${name}@x.example`, body: "hi", id: `s${said}` });
      network.emit({
        type: "subscription-request",
        address: `${name}-asks@x.example`,
        name: undefined,
        text: undefined,
      });
      network.receive({ peer: "bob@x.example", body: `mark ${said}`, id: `m${said}` });
      return vi.waitFor(async () => {
        const { messages } = await testApp.request("conversations.open", {
          conversationId: `${accountId}|bob@x.example`,
          limit: 50,
        });
        expect(messages.map(({ body }) => body)).toContain(`mark ${said}`);
        const { tables } = await testApp.request("app.snapshot", {});
        return {
          requests: tables.requests.map(({ address }) => address).sort(),
          chats: tables.conversations.map(({ id }) => id.split("|")[1] ?? "").sort(),
        };
      });
    }
    expect(await strangers("one")).toEqual({
      requests: ["one-asks@x.example", "one@x.example"],
      chats: ["bob@x.example"],
    });

    await testApp.policy({ StrangerMode: "contacts-only" });
    expect((await strangers("two")).requests).toEqual(["one-asks@x.example", "one@x.example"]);
    await expect(testApp.request("settings.set", { key: "StrangerMode", value: "open" })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    // Nothing of it is kept, not even to be found.
    expect((await testApp.request("history.search", { text: "hi", limit: 10 })).hits).toEqual([]);
    // Policy may only tighten: the person may refuse strangers, and may not let them in.
    await testApp.policy({ StrangerMode: "requests" });
    await testApp.request("settings.set", { key: "StrangerMode", value: "contacts-only" });
    expect((await strangers("three")).requests).toHaveLength(2);
    await testApp.request("settings.set", { key: "StrangerMode", value: null });
    await testApp.policy(undefined);

    await testApp.request("settings.set", { key: "StrangerMode", value: "open" });
    const shown = await strangers("four");
    expect(shown.chats).toContain("four@x.example");
    expect(shown.requests).toContain("four-asks@x.example");
    expect(network.receipts.filter(({ to }) => to !== "bob@x.example")).toEqual([]);
  });

  it("what a stranger said is shown before it is accepted as far as policy says, and hidden does not reach the window", async () => {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    const stranger = `${accountId}|one@x.example`;
    const shown = async () =>
      (await testApp.request("app.snapshot", {})).tables.requests
        .map(({ address, name, text }) => ({ address, name, text }))
        .sort((a, b) => a.address.localeCompare(b.address));
    const ask = (name: string, text: string): void =>
      network.emit({ type: "subscription-request", address: `${name}@x.example`, name: `Nick ${text}`, text });
    await testApp.policy({ StrangerContentMode: "hidden" });
    const from = testApp.messages.length;
    network.receive({ peer: "one@x.example", body: "hushed words https://evil.example", id: "s1" });
    ask("two", "hushed wish");
    await vi.waitFor(async () => expect(await shown()).toHaveLength(2));
    expect(await shown()).toEqual([
      { address: "one@x.example", name: undefined, text: undefined },
      { address: "two@x.example", name: undefined, text: undefined },
    ]);
    // Nor on any other way.
    for (const method of ["conversations.open", "conversations.page"] as const)
      await expect(testApp.request(method, { conversationId: stranger, limit: 10 })).rejects.toMatchObject({
        code: "not-found",
      });
    expect((await testApp.request("history.search", { text: "hushed", limit: 10 })).hits).toEqual([]);
    await expect(testApp.request("settings.set", { key: "StrangerContentMode", value: "full" })).rejects.toMatchObject({
      code: "locked-by-policy",
    });
    expect(JSON.stringify(testApp.messages.slice(from))).not.toMatch(/hushed|evil|Nick/);
    await testApp.app.stop();

    const second = await testApps.open();
    await vi.waitFor(async () => expect((await second.request("app.snapshot", {})).tables.requests).toHaveLength(2));
    expect(JSON.stringify(second.messages)).not.toMatch(/hushed|evil|Nick/);
    // What is hidden was kept: a looser policy shows it, and accepting shows it as a chat.
    await second.policy(undefined);
    expect((await second.request("app.snapshot", {})).tables.requests.map(({ text }) => text).sort()).toEqual([
      "hushed wish",
      "hushed words https://evil.example",
    ]);
    await second.policy({ StrangerContentMode: "hidden" });
    await second.untilAccount({ state: "online" });
    await second.request("requests.answer", { requestId: stranger, answer: "accept" });
    expect(
      (await second.request("conversations.open", { conversationId: stranger, limit: 10 })).messages,
    ).toMatchObject([{ body: "hushed words https://evil.example" }]);
  });

  it("strangers who come by the dozen are one line, and with the defence off each is asked about", async () => {
    const testApp = await testApps.open();
    const accountId = await signIn(testApp);
    let said = 0;
    async function come(names: readonly string[]): Promise<RequestRecord[]> {
      for (const [index, name] of names.entries()) {
        if (index % 2 === 0) network.receive({ peer: name, body: `harvest ${name}`, id: `${name} ${said}` });
        else network.emit({ type: "subscription-request", address: name, name: undefined, text: undefined });
      }
      said += 1;
      network.receive({ peer: "bob@x.example", body: `mark ${said}`, id: `m${said}` });
      return vi.waitFor(async () => {
        const { messages } = await testApp.request("conversations.open", {
          conversationId: `${accountId}|bob@x.example`,
          limit: 50,
        });
        expect(messages.map(({ body }) => body)).toContain(`mark ${said}`);
        return (await testApp.request("app.snapshot", {})).tables.requests;
      });
    }
    const of = (domain: string, count: number, from = 0): string[] =>
      Array.from({ length: count }, (_, n) => `p${from + n}@${domain}`);
    const domains = (list: readonly RequestRecord[], kind: (kind: string) => boolean) =>
      list.filter((one) => kind(one.kind)).map(({ address, count }) => ({ address, count }));
    const first = await come(of("evil.example", 40));
    expect(first).toHaveLength(6);
    expect(domains(first, (kind) => kind === "burst")).toEqual([{ address: "*@evil.example", count: 35 }]);
    // Others are still heard, one by one, and colleagues longest.
    expect(await come(of("vendor.example", 2))).toHaveLength(8);
    expect(await come(of("x.example", 8))).toHaveLength(16);
    // Nothing of what the counted ones said is kept.
    await testApp.request("conversations.start", { accountId, address: "p38@evil.example" });
    expect(
      (await testApp.request("conversations.open", { conversationId: `${accountId}|p38@evil.example`, limit: 10 }))
        .messages,
    ).toEqual([]);
    // A flood from everywhere.
    const flood = await come(Array.from({ length: 60 }, (_, n) => `a@d${n}.example`));
    expect(domains(flood, (kind) => kind === "burst")).toContainEqual({ address: "*@*", count: 45 });
    expect(flood).toHaveLength(32);

    const burst = `${accountId}|@evil.example`;
    await expect(testApp.request("requests.answer", { requestId: burst, answer: "accept" })).rejects.toMatchObject({
      code: "not-allowed",
    });
    await testApp.request("requests.answer", { requestId: burst, answer: "block" });
    expect(
      (await testApp.request("app.snapshot", {})).tables.requests.filter(({ address }) =>
        address.endsWith("evil.example"),
      ),
    ).toEqual([]);
    expect((await come(of("evil.example", 3, 100))).filter(({ address }) => address.endsWith("evil.example"))).toEqual(
      [],
    );
    await testApp.request("requests.answer", { requestId: `${accountId}|@*`, answer: "decline" });

    await testApp.policy({ HarvestDefenseEnabled: false });
    const each = await come(of("other.example", 20));
    expect(domains(each, (kind) => kind === "burst")).toEqual([]);
    expect(each.filter(({ address }) => address.endsWith("other.example"))).toHaveLength(20);
  });

  it("no more new people than allowed are written to within an hour, also after a restart", async () => {
    const first = await testApps.open();
    const accountId = await signIn(first);
    async function write(testApp: TestApp, name: string): Promise<unknown> {
      const { conversationId } = await testApp.request("conversations.start", {
        accountId,
        address: `${name}@x.example`,
      });
      return testApp.request("messages.send", { conversationId, messageId: crypto.randomUUID(), body: "hi" });
    }
    const refused = (limit: number) => ({
      code: "blocked-by-policy",
      params: { setting: "OutboundBurstLimit", limit },
    });
    await first.policy({ OutboundBurstLimit: 2 });
    await write(first, "one");
    await write(first, "two");
    await write(first, "one");
    await expect(write(first, "three")).rejects.toMatchObject(refused(2));
    // Who wrote first is nobody new.
    network.receive({ peer: "bob@x.example", body: "hello", id: "b1" });
    await vi.waitFor(async () =>
      expect((await first.request("app.snapshot", {})).tables.conversations).toContainEqual(
        expect.objectContaining({ id: `${accountId}|bob@x.example`, last: expect.anything() }),
      ),
    );
    await write(first, "bob");
    await first.app.stop();

    const second = await testApps.open();
    await expect(write(second, "three")).rejects.toMatchObject(refused(2));
    await write(second, "two");
    await second.policy({ OutboundBurstLimit: 3 });
    await write(second, "three");
    await second.policy({ OutboundBurstLimit: 0 });
    await expect(write(second, "four")).rejects.toMatchObject(refused(0));
    await second.policy(undefined);
    await write(second, "four");
    expect(network.messages.filter(({ to }) => to === "four@x.example")).toHaveLength(1);
  });
});
