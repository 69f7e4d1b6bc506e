import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { carbons } from "./xep-0280-carbons.ts";
import { corrections } from "./xep-0308-corrections.ts";
import { stanzaIds } from "./xep-0359-stanza-ids.ts";
import { retractions } from "./xep-0424-retractions.ts";

const start = () => startTestSession({ extensions: [carbons, corrections, retractions, stanzaIds] });
const retract = "<retract xmlns='urn:xmpp:message-retract:1' id='m-1'/>";
const fallback =
  "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>Bob took a message back, which your program cannot do.</body>";

it("reads a retraction; its fallback is no message", async () => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x' id='r-1'>${retract}${fallback}</message>`);
  feed(`<message from='bob@example.test/x' id='r-2'>${retract}</message>`);
  expect(events).toMatchObject([
    {
      type: "change",
      change: {
        kind: "retraction",
        peer: "bob@example.test",
        direction: "in",
        targetId: "m-1",
        id: "r-1",
        via: "live",
      },
    },
    { type: "change", change: { kind: "retraction", id: "r-2" } },
  ]);
  expect(JSON.stringify(events)).not.toContain("program");
});

it("reads the form of earlier versions, which fastens it to the message", async () => {
  const { feed, events } = await start();
  const fastened = (inner: string, id = "m-1") =>
    `<message from='bob@example.test/x' id='r-1'><apply-to xmlns='urn:xmpp:fasten:0' id='${id}'>${inner}</apply-to>${fallback}</message>`;
  feed(fastened("<retract xmlns='urn:xmpp:message-retract:0'/>"));
  expect(events).toMatchObject([
    {
      type: "change",
      change: { kind: "retraction", peer: "bob@example.test", direction: "in", targetId: "m-1", id: "r-1" },
    },
  ]);
  events.length = 0;
  // What else is fastened, and to nothing, takes nothing back.
  feed(fastened("<thumbs-up xmlns='urn:example'/>"));
  feed(fastened("<retract xmlns='urn:xmpp:message-retract:0'/>", ""));
  expect(events.some(({ type }) => type === "change")).toBe(false);
});

it("reads one that another own device sent", async () => {
  const { feed, events } = await start();
  feed(
    `<message from='alice@example.test' to='alice@example.test/desk'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='alice@example.test/phone' to='bob@example.test' id='r-1'>${retract}</message></forwarded></sent></message>`,
  );
  expect(events).toMatchObject([
    {
      type: "change",
      change: { kind: "retraction", peer: "bob@example.test", direction: "out", targetId: "m-1", via: "carbon" },
    },
  ]);
});

it("has the last word over a correction in the same stanza, in either order", async () => {
  const { feed, events } = await start();
  const replace = "<replace xmlns='urn:xmpp:message-correct:0' id='m-1'/>";
  feed(`<message from='bob@example.test/x' id='a'><body>x</body>${replace}${retract}</message>`);
  feed(`<message from='bob@example.test/x' id='b'><body>x</body>${retract}${replace}</message>`);
  expect(events.map((event) => event.type === "change" && event.change.kind)).toEqual(["retraction", "retraction"]);
});

it("without an id is what its fallback says", async () => {
  const { feed, events } = await start();
  feed(
    `<message from='bob@example.test/x' id='r-1'><retract xmlns='urn:xmpp:message-retract:1'/>${fallback}</message>`,
  );
  expect(events).toMatchObject([{ type: "message" }]);
});

it("is sent with a fallback that is marked as one, for the archive to keep", async () => {
  const { session } = await start();
  const stanza = await session.writer.retraction({
    id: "r-1",
    to: "bob@example.test",
    targetId: "m-1",
    fallback: "Taken back.",
    at: Date.now(),
  });
  expect(stanza?.toString()).toBe(
    '<message to="bob@example.test" type="chat" id="r-1"><body>Taken back.</body><retract xmlns="urn:xmpp:message-retract:1" id="m-1"/><fallback xmlns="urn:xmpp:fallback:0" for="urn:xmpp:message-retract:1"/><store xmlns="urn:xmpp:hints"/><origin-id xmlns="urn:xmpp:sid:0" id="r-1"/></message>',
  );
});
