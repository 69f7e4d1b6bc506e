import { expect, it } from "vitest";
import { parseElement, startTestSession } from "../testing/session.ts";
import { carbons } from "./xep-0280-carbons.ts";

const start = () => startTestSession({ extensions: [carbons] });
const carbon = (from: string, kind: "sent" | "received", inner: string) =>
  `<message from='${from}' to='alice@example.test/desk'><${kind} xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></${kind}></message>`;
const message = (from: string, to: string) =>
  `<message xmlns='jabber:client' from='${from}' to='${to}' type='chat' id='x'><body>copy</body></message>`;

it("asks for copies at sign-in", async () => {
  const test = await start();
  void test.session.start("alice@example.test/desk", parseElement("<stream:features/>"), { availability: "available" });
  expect(test.sent.some((s) => s.includes('<enable xmlns="urn:xmpp:carbons:2"/>'))).toBe(true);
  test.session.dispose();
});

it("reads what an own device sent and got", async () => {
  const { feed, events } = await start();
  feed(carbon("alice@example.test", "sent", message("alice@example.test/phone", "bob@example.test")));
  feed(carbon("alice@example.test", "received", message("bob@example.test/x", "alice@example.test/phone")));
  expect(events).toMatchObject([
    { type: "message", message: { peer: "bob@example.test", direction: "out", via: "carbon", body: "copy", id: "x" } },
    { type: "message", message: { peer: "bob@example.test", direction: "in", via: "carbon" } },
  ]);
});

it.each([
  ["from somebody else", carbon("mallory@evil.test", "received", message("bob@example.test/x", "alice@example.test"))],
  [
    "from an own device, not the account",
    carbon("alice@example.test/phone", "sent", message("alice@example.test/phone", "bob@example.test")),
  ],
  [
    "of a message that goes elsewhere",
    carbon("alice@example.test", "received", message("bob@example.test/x", "carol@example.test")),
  ],
  [
    "that claims we sent what we did not",
    carbon("alice@example.test", "sent", message("bob@example.test/x", "alice@example.test")),
  ],
])("refuses a copy %s", async (_, text) => {
  const { feed, events } = await start();
  feed(text);
  expect(events.map((e) => e.type)).toEqual(["refused"]);
});
