import { expect, it } from "vitest";
import { startTestSession } from "./testing/session.ts";

/**
 * Messages of a server or one of its services belong to a conversation with it (RFC 6120 section 8.1.2.1: no `from` is
 * the server, too).
 */
const body = "<body>Down at ten.</body>";

it.each([
  ["a headline", "from='example.test' type='headline'", body, "Down at ten."],
  ["of no type", "from='example.test'", body, "Down at ten."],
  ["of type chat", "from='example.test' type='chat'", body, "Down at ten."],
  ["with a resource", "from='example.test/announce/motd'", body, "Down at ten."],
  ["with a subject", "from='example.test'", `<subject>Maintenance</subject>${body}`, "Maintenance\nDown at ten."],
  ["of a subject alone", "from='example.test' type='headline'", "<subject>Maintenance</subject>", "Maintenance"],
  [
    "in the person's language",
    "from='example.test'",
    "<body xml:lang='de'>Um zehn.</body><body xml:lang='en'>At ten.</body>",
    "At ten.",
  ],
  ["without a sender", "type='normal'", body, "Down at ten."],
])("an announcement %s is heard", async (_, attributes, inner, text) => {
  const { feed, events } = await startTestSession();
  feed(`<message ${attributes} to='alice@example.test'>${inner}</message>`);
  expect(events).toEqual([
    expect.objectContaining({
      type: "message",
      message: expect.objectContaining({ peer: "example.test", direction: "in", body: text }),
    }),
  ]);
});

it("that waited at the server, or comes out of the archive, is heard too", async () => {
  const { feed, events, session, answer, sent } = await startTestSession({ offers: ["urn:xmpp:mam:2"] });
  feed(
    `<message from='example.test' to='alice@example.test'>${body}<delay xmlns='urn:xmpp:delay' from='example.test' stamp='2020-01-01T00:00:00Z'/></message>`,
  );
  expect(events).toMatchObject([{ type: "message", message: { peer: "example.test", delayed: true } }]);
  const pages: unknown[] = [];
  const reading = session.facets
    .archive?.()
    ?.catchUp(undefined, async ({ messages }) => void pages.push(...messages), new AbortController().signal);
  const queryid = /queryid="([^"]+)"/.exec(sent.join(""))?.[1] ?? "";
  feed(
    `<message from='alice@example.test'><result xmlns='urn:xmpp:mam:2' queryid='${queryid}' id='a1'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/><message xmlns='jabber:client' from='example.test' to='alice@example.test'>${body}</message></forwarded></result></message>`,
  );
  answer(
    "urn:xmpp:mam:2",
    "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><last>a1</last></set></fin>",
  );
  await reading;
  expect(pages).toMatchObject([{ peer: "example.test", body: "Down at ten.", archiveId: "a1" }]);
});
