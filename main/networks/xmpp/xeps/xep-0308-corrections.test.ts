import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { corrections } from "./xep-0308-corrections.ts";
import { messageArchive } from "./xep-0313-archive.ts";
import { stanzaIds } from "./xep-0359-stanza-ids.ts";
import { retractions } from "./xep-0424-retractions.ts";

const start = () => startTestSession({ extensions: [corrections, retractions, stanzaIds] });
const replace = "<replace xmlns='urn:xmpp:message-correct:0' id='bad1'/>";
const change = {
  peer: "bob@example.test",
  direction: "in",
  author: { address: "bob@example.test", isSelf: false },
  targetId: "bad1",
  archiveId: undefined,
  at: undefined,
  delayed: false,
  via: "live",
};

it("reads a correction: what it says now, and of which message of whom", async () => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x' id='good1'><body>window</body>${replace}</message>`);
  expect(events).toEqual([{ type: "change", change: { ...change, kind: "correction", id: "good1", body: "window" } }]);
});

it("says by whom it comes whoever it claims to correct", async () => {
  const { feed, events } = await start();
  feed(`<message from='mallory@evil.test/x' id='good1'><body>I quit</body>${replace}</message>`);
  feed(
    `<message from='alice@example.test/phone' to='bob@example.test' id='good2'><body>own</body>${replace}</message>`,
  );
  expect(events).toMatchObject([
    {
      type: "change",
      change: { peer: "mallory@evil.test", direction: "in", author: { address: "mallory@evil.test" } },
    },
    { type: "refused" },
  ]);
});

it.each([
  ["no id", "<replace xmlns='urn:xmpp:message-correct:0'/>"],
  ["an empty id", "<replace xmlns='urn:xmpp:message-correct:0' id=''/>"],
  ["an id that is too long", `<replace xmlns='urn:xmpp:message-correct:0' id='${"x".repeat(257)}'/>`],
  ["another element", "<other xmlns='urn:xmpp:message-correct:0' id='bad1'/>"],
])("with %s it is a message like any other", async (_, element) => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x' id='good1'><body>window</body>${element}</message>`);
  expect(events).toMatchObject([{ type: "message", message: { id: "good1", body: "window" } }]);
});

it("without a text says nothing, and as an error corrects nothing", async () => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x' id='good1'>${replace}</message>`);
  feed(`<message from='bob@example.test/x' id='good2'><body/>${replace}</message>`);
  expect(events).toEqual([]);
  feed(
    `<message from='bob@example.test' type='error' id='z'><body>window</body>${replace}<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
  );
  expect(events).toMatchObject([{ type: "delivery", id: "z", state: "failed" }]);
});

it("is sent whole, under an id of its own, naming the first one", async () => {
  const { session } = await start();
  const stanza = await session.writer.correction({
    id: "good1",
    to: "bob@example.test",
    targetId: "bad1",
    body: "window",
    at: Date.now(),
  });
  expect(stanza?.toString()).toBe(
    '<message to="bob@example.test" type="chat" id="good1"><body>window</body><replace xmlns="urn:xmpp:message-correct:0" id="bad1"/><origin-id xmlns="urn:xmpp:sid:0" id="good1"/></message>',
  );
});

it("cannot be sent where the extension is not there", async () => {
  const { session } = await startTestSession({ extensions: [stanzaIds] });
  expect(
    session.writer.correction({ id: "a", to: "bob@example.test", targetId: "b", body: "c", at: 0 }),
  ).toBeUndefined();
});

it("comes out of the archive beside the messages of its page", async () => {
  const { session, feed, answer, sent } = await startTestSession({
    extensions: [messageArchive, corrections, retractions, stanzaIds],
    offers: ["urn:xmpp:mam:2"],
  });
  const pages: unknown[] = [];
  const done = session.facets
    .archive?.()
    ?.catchUp(
      undefined,
      async ({ messages, changes }) => void pages.push(messages, changes),
      new AbortController().signal,
    );
  const queryid = /queryid="([^"]+)"/.exec(sent.at(-1) ?? "")?.[1] ?? "";
  const result = (id: string, inner: string) =>
    feed(
      `<message from='alice@example.test'><result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='${id}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/>${inner}</forwarded></result></message>`,
    );
  result(
    "1",
    "<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test' id='bad1'><body>airlock</body></message>",
  );
  result(
    "2",
    `<message xmlns='jabber:client' from='bob@example.test/x' to='alice@example.test' id='good1'><body>window</body>${replace}</message>`,
  );
  result(
    "3",
    `<message xmlns='jabber:client' from='carol@example.test/x' to='dave@example.test' id='good2'><body>forged</body>${replace}</message>`,
  );
  answer("urn:xmpp:mam:2", "<fin xmlns='urn:xmpp:mam:2' complete='true'/>");
  await done;
  expect(pages).toMatchObject([
    [{ id: "bad1", body: "airlock" }],
    [
      {
        kind: "correction",
        peer: "bob@example.test",
        direction: "in",
        id: "good1",
        targetId: "bad1",
        body: "window",
        archiveId: "2",
        via: "archive",
      },
    ],
  ]);
});
