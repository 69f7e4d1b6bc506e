import { describe, expect, it } from "vitest";
import { codeOf, connect, ScriptedFixture } from "./testing/scripted-fixture.ts";

const message = (id: string) => ({ id, to: "bob@example.test", body: id, at: Date.now(), wantReceipts: true });
const fixture = new ScriptedFixture();

it("takes a contact list that is longer than any other stanza may be, and of nothing else as much", async () => {
  const item = (n: number) =>
    `<item jid='contact-${n}@a-rather-long-domain.example.test' name='Contact number ${n}' subscription='both'><group>Group ${n % 20}</group></item>`;
  const items = Array.from({ length: 12_000 }, (_, n) => item(n)).join("");
  const script = await fixture.server({
    respond: (e) =>
      e.getChild("query", "jabber:iq:roster")
        ? `<iq type='result' id='${e.attrs["id"]}'><query xmlns='jabber:iq:roster'>${items}</query></iq>`
        : undefined,
  });
  const client = fixture.open(script.port);
  await connect(client);
  expect((await client.until("roster")).items).toHaveLength(12_000);
  script.client.write(`<iq type='result' id='another'><query xmlns='jabber:iq:roster'>${items}</query></iq>`);
  expect((await client.until("refused")).what).toBe("the end of a stanza that was too long");
  script.client.write("<message from='bob@example.test'><body>next</body></message>");
  await client.until("message");
});

it("keeps what changes in the contact list while a long one is read", async () => {
  const items = Array.from({ length: 5_000 }, (_, n) => `<item jid='p${n}@example.test' subscription='both'/>`).join(
    "",
  );
  const push = (id: string, item: string) =>
    `<iq type='set' id='${id}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`;
  const script = await fixture.server({
    respond: (e) =>
      e.getChild("query", "jabber:iq:roster") && e.attrs["type"] === "get"
        ? `<iq type='result' id='${e.attrs["id"]}'><query xmlns='jabber:iq:roster'>${items}</query></iq>${push("1", "<item jid='p7@example.test' name='Renamed' subscription='to'/>")}${push("2", "<item jid='p4999@example.test' subscription='remove'/>")}`
        : undefined,
  });
  const client = fixture.open(script.port);
  await connect(client);
  expect((await client.until("roster")).items).toHaveLength(5_000);
  expect(await client.until("roster-item")).toMatchObject({
    item: { address: "p7@example.test", name: "Renamed", subscription: "to" },
  });
  expect(await client.until("roster-removed")).toMatchObject({ address: "p4999@example.test" });
});

describe("what is under way", () => {
  it("is told as sent when the server has it, by a ping where there is no stream management", async () => {
    const script = await fixture.server({ management: false });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "sent" });
    expect(script.client.elements.at(-1)?.getChild("ping", "urn:xmpp:ping")).toBeDefined();
  });

  it("waits when the connection breaks before that, each message once", async () => {
    const script = await fixture.server({
      management: false,
      respond: (e) => (e.getChild("ping", "urn:xmpp:ping") ? "" : undefined),
    });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.connection.messages.send(message("m-2"));
    script.client.destroy();
    await client.until("connection-lost");
    const waiting = client.events.filter((e) => e.type === "delivery");
    expect(waiting.map((e) => [e.id, e.state])).toEqual([
      ["m-1", "waiting"],
      ["m-2", "waiting"],
    ]);
  });

  it("is not told as sent after it came back", async () => {
    const script = await fixture.server({
      respond: (e) =>
        e.name === "message"
          ? `<message type='error' id='${e.attrs["id"]}' from='bob@example.test'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`
          : undefined,
    });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.until("delivery");
    client.connection.check();
    await script.client.until((e) => e.name === "r" && script.client.elements.filter((o) => o.name === "r").length > 1);
    await client.connection.disconnect();
    expect(client.events.filter((e) => e.type === "delivery").map((e) => e.state)).toEqual(["failed"]);
  });

  it("waits after a sign-out that the server did not acknowledge", async () => {
    const script = await fixture.server({ respond: (e) => (e.name === "r" ? "" : undefined) });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    await client.connection.disconnect();
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "waiting" });
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
    expect(await codeOf(client.connection.messages.send(message("m-2")))).toBe("offline");
  });

  it.each([
    ["nothing", ""],
    ["another session", "<resumed xmlns='urn:xmpp:sm:3' previd='other' h='0'/>"],
    ["an error", "<stream:error><internal-server-error xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"],
  ])("waits no longer than two sign-ins for a session that the server answers with %s", async (_, answer) => {
    const script = await fixture.server({
      respond: (e, peer) => {
        if (e.name === "r") return "";
        if (e.name !== "resume") return undefined;
        setImmediate(() => peer.destroy());
        return answer;
      },
    });
    const client = fixture.open(script.port);
    await connect(client);
    await client.connection.messages.send(message("m-1"));
    client.connection.messages.sendReceipt?.({ to: "bob@example.test", messageId: "b-1", kind: "read" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
    script.client.destroy();
    await client.until("connection-lost");
    for (let times = 0; times < 2; times += 1) expect(await codeOf(connect(client))).not.toBe("fulfilled");
    expect(await connect(client)).toMatchObject({ resumed: false });
    expect(await client.until("delivery")).toMatchObject({ id: "m-1", state: "waiting" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
  });

  it("keeps receipts for the next session", async () => {
    const script = await fixture.server({ respond: (e) => (e.name === "r" ? "" : undefined) });
    const client = fixture.open(script.port);
    await connect(client);
    client.connection.messages.sendReceipt?.({ to: "bob@example.test", messageId: "b-1", kind: "read" });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
    script.client.destroy();
    await client.until("connection-lost");
    expect(await connect(client)).toMatchObject({ resumed: false });
    await script.client.until((e) => e.getChild("displayed") !== undefined);
  });
});

describe("the end", () => {
  it.each([
    [
      "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      "replaced-by-other-session",
    ],
    ["<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", "connection-lost"],
    ["</stream:stream>", "connection-lost"],
  ])("%s is %s", async (text, code) => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    script.client.write(text);
    expect((await client.until("connection-lost")).error.code).toBe(code);
    expect(client.events.filter((e) => e.type === "connection-lost")).toHaveLength(1);
  });

  it("says goodbye, in order", async () => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    script.client.write("<message from='bob@example.test'><body>x</body></message>");
    await client.until("message");
    await client.connection.disconnect();
    await script.client.closed;
    expect(script.client.elements.slice(-3).map((e) => e.name)).toEqual(["presence", "r", "a"]);
    expect(script.client.elements.at(-3)?.attrs["type"]).toBe("unavailable");
    expect(Number(script.client.elements.at(-1)?.attrs["h"])).toBeGreaterThan(0);
  });

  it("tells nothing more after close, and cannot be used again", async () => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    client.connection.close();
    client.connection.close();
    const count = client.events.length;
    await script.client.closed;
    expect(client.events).toHaveLength(count);
    expect(await codeOf(connect(client))).toBe("cancelled");
    expect(await codeOf(client.connection.contacts.remove("bob@example.test"))).toBe("offline");
  });

  it("asks nothing of a server that there is no stream to", async () => {
    const { connection } = fixture.open(1);
    const bob = "bob@example.test";
    const { contacts, messages, presence, archive } = connection;
    const works: readonly (() => Promise<unknown> | undefined)[] = [
      () => contacts.add(bob, undefined, []),
      () => contacts.update(bob, undefined, []),
      () => contacts.ask(bob),
      () => contacts.remove(bob),
      () => contacts.accept(bob),
      () => contacts.decline(bob),
      () => presence.set({ availability: "away" }),
      () => messages.send(message("m")),
      () => archive?.catchUp(undefined, () => Promise.resolve(), new AbortController().signal),
    ];
    for (const work of works) expect(await codeOf(work() ?? Promise.resolve())).toBe("offline");
    connection.check();
    messages.sendTyping?.(bob, true);
    messages.sendReceipt?.({ to: bob, messageId: "m", kind: "read" });
    expect(connection.blocking).toBeUndefined();
    connection.close();
  });
});
