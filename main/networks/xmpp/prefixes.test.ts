import { expect, it } from "vitest";
import { createTestCertificate } from "./testing/certificate.ts";
import { openTestClient } from "./testing/client.ts";
import { prefixed } from "./testing/prefixed.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";
import { startTestSession } from "./testing/session.ts";

const roster = "<item jid='bob@example.test' subscription='both'/>";
const now = Date.parse("2026-11-22T12:00:00Z");
const start = () =>
  startTestSession({ roster, offers: ["urn:xmpp:mam:2", "urn:xmpp:sid:0"], environment: { now: () => now } });
const chat = (children: string) =>
  `<message from='bob@example.test/x' to='alice@example.test/desk' type='chat' id='m'>${children}</message>`;
const copy = (direction: string, from: string, to: string) =>
  `<message from='alice@example.test' to='alice@example.test/desk'><${direction} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-11-22T11:00:00Z'/><message xmlns='jabber:client' from='${from}' to='${to}' type='chat' id='p'><body>copied</body><replace xmlns='urn:xmpp:message-correct:0' id='o'/></message></forwarded></${direction}></message>`;

// Namespaces in XML section 3: a prefix says no more than the namespace that it stands for.
it.each([
  ["typing", chat("<composing xmlns='http://jabber.org/protocol/chatstates'/>")],
  ["a receipt", chat("<received xmlns='urn:xmpp:receipts' id='m-1'/>")],
  [
    "a request for a receipt",
    chat("<body>a</body><request xmlns='urn:xmpp:receipts'/><markable xmlns='urn:xmpp:chat-markers:0'/>"),
  ],
  ["a marker", chat("<displayed xmlns='urn:xmpp:chat-markers:0' id='m-1'/>")],
  ["a delay", chat("<body>a</body><delay xmlns='urn:xmpp:delay' from='example.test' stamp='2026-11-22T10:00:00Z'/>")],
  ["a correction", chat("<body>a</body><replace xmlns='urn:xmpp:message-correct:0' id='o'/>")],
  ["a retraction", chat("<body>a</body><retract xmlns='urn:xmpp:message-retract:1' id='o'/>")],
  [
    "ids",
    chat(
      "<body>a</body><origin-id xmlns='urn:xmpp:sid:0' id='o'/><stanza-id xmlns='urn:xmpp:sid:0' by='alice@example.test' id='s'/>",
    ),
  ],
  ["a copy of what came", copy("received", "bob@example.test/x", "alice@example.test/phone")],
  ["a copy of what was sent", copy("sent", "alice@example.test/phone", "bob@example.test")],
  [
    "a text beside one of another namespace",
    chat("<body xmlns='http://www.w3.org/1999/xhtml'>no</body><body>a</body>"),
  ],
  [
    "a bounce",
    "<message from='bob@example.test' type='error' id='m'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
  ],
  [
    "a nickname",
    "<presence from='carol@example.test' type='subscribe'><nick xmlns='http://jabber.org/protocol/nick'>Carol</nick></presence>",
  ],
  [
    "idleness",
    "<presence from='bob@example.test/x'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='2026-11-22T10:00:00Z'/></presence>",
  ],
  [
    "a change of the contact list",
    "<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='zoe@example.test' name='Zoe' subscription='to'><group>Work</group></item></query></iq>",
  ],
  ["a ping", "<iq type='get' id='p' from='bob@example.test/x'><ping xmlns='urn:xmpp:ping'/></iq>"],
  [
    "a question what we can",
    "<iq type='get' id='d' from='bob@example.test/x'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
  ],
])("reads %s with a prefix as without", async (_, stanza) => {
  const plain = await start();
  const other = await start();
  plain.feed(stanza);
  other.feed(prefixed(stanza));
  expect(prefixed(stanza)).toContain("<q:");
  expect([plain.events, plain.sent]).not.toEqual([[], []]);
  expect([other.events, other.sent]).toEqual([plain.events, plain.sent]);
});

it("reads an archive with prefixes", async () => {
  const test = await start();
  const bodies: string[] = [];
  const done = test.session.facets.archive?.()?.catchUp(
    undefined,
    ({ messages }) => {
      bodies.push(...messages.map(({ body }) => body));
      return Promise.resolve();
    },
    new AbortController().signal,
  );
  const id = /queryid="([^"]+)"/.exec(test.sent.at(-1) ?? "")?.[1] ?? "";
  const inner =
    "<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test' type='chat' id='w'><body>kept</body></message>";
  test.feed(
    prefixed(
      `<message from='alice@example.test'><result xmlns='urn:xmpp:mam:2' queryid='${id}' id='a'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-11-22T10:00:00Z'/>${inner}</forwarded></result></message>`,
    ),
  );
  test.answer(
    "urn:xmpp:mam:2",
    "<q:fin xmlns:q='urn:xmpp:mam:2' complete='true'><r:set xmlns:r='http://jabber.org/protocol/rsm'><r:last>a</r:last></r:set></q:fin>",
  );
  await done;
  expect(bodies).toEqual(["kept"]);
});

it("signs in at a server that writes prefixes everywhere, and goes on with its session there", async () => {
  const certificate = createTestCertificate("example.test");
  const item = "<item jid='bob@example.test' name='Bob' subscription='both'><group>Work</group></item>";
  const server = await startScriptedServer({
    certificate,
    rewrite: prefixed,
    respond: (element) => {
      if (element.name === "resume")
        return `<resumed xmlns='urn:xmpp:sm:3' previd='previous' h='${server.clients[0]?.count}'/>`;
      return element.getChild("query")?.getNS() === "jabber:iq:roster"
        ? `<iq type='result' id='${element.attrs["id"]}'><query xmlns='jabber:iq:roster'>${item}</query></iq>`
        : undefined;
    },
  });
  const client = openTestClient({ host: "127.0.0.1", port: server.port, caPem: certificate.pem });
  const { signal } = new AbortController();
  try {
    expect(await client.connection.connect({ availability: "available" }, signal)).toMatchObject({
      resumed: false,
      proof: { method: "PLAIN" },
    });
    expect(await client.until("roster")).toMatchObject({
      items: [{ address: "bob@example.test", name: "Bob", groups: ["Work"] }],
    });
    await client.connection.messages.send({
      id: "m-1",
      to: "bob@example.test",
      body: "hi",
      at: Date.now(),
      wantReceipts: false,
    });
    await client.until("delivery", ({ id, state }) => id === "m-1" && state === "sent");
    server.client.destroy();
    await client.until("connection-lost");
    expect(await client.connection.connect({ availability: "available" }, signal)).toMatchObject({ resumed: true });
  } finally {
    client.connection.close();
    await server.stop();
  }
});
