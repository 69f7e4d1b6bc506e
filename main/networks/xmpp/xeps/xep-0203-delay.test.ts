import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { delayedDelivery, parseTime } from "./xep-0203-delay.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const start = (roster = "") =>
  startTestSession({ extensions: [delayedDelivery], environment: { now: () => now }, roster });
const delay = (stamp: string, from?: string) =>
  `<delay xmlns='urn:xmpp:delay'${from === undefined ? "" : ` from='${from}'`} stamp='${stamp}'/>`;

it("takes a stamp of the own server as what kept the message, any other as a claim, and none from the future", async () => {
  const { feed, events } = await start();
  const say = (body: string, ...stamps: string[]) =>
    feed(`<message from='bob@example.test/x'><body>${body}</body>${stamps.join("")}</message>`);
  const nine = delay("2026-11-22T10:00:00.5+01:00", "bob@example.test");
  say("claimed", nine);
  say("kept by nobody named", delay("2026-11-22T09:00:00.5Z"));
  say("kept", nine, delay("2026-11-22T11:00:00Z", "example.test"));
  say("kept twice", delay("2026-11-22T10:00:00Z", "example.test"), delay("2026-11-22T11:00:00Z", "example.test"), nine);
  say("kept for the account", delay("2026-11-22T11:00:00Z", "alice@example.test"));
  say("of another server", delay("2026-11-22T11:00:00Z", "evil.test"));
  say("future", delay("2099-01-01T00:00:00Z", "example.test"));
  say("no time", delay("yesterday", "example.test"));
  const eleven = Date.parse("2026-11-22T11:00:00Z");
  expect(
    events.map((event) =>
      event.type === "message" ? [event.message.body, event.message.at, event.message.delayed] : event.type,
    ),
  ).toEqual([
    ["claimed", Date.parse("2026-11-22T09:00:00.5Z"), false],
    ["kept by nobody named", Date.parse("2026-11-22T09:00:00.5Z"), true],
    ["kept", eleven, true],
    ["kept twice", eleven, true],
    ["kept for the account", eleven, true],
    ["of another server", eleven, false],
    ["future", now, true],
    ["no time", undefined, false],
  ]);
});

it("stamps an own message that waited", async () => {
  const { session } = await start();
  const message = { id: "m", to: "bob@example.test", body: "x", wantReceipts: false };
  expect((await session.writer.message({ ...message, at: now - 31_000 })).toString()).toContain(
    '<delay xmlns="urn:xmpp:delay" from="alice@example.test" stamp="2026-11-22T11:59:29.000Z"/>',
  );
  expect((await session.writer.message({ ...message, at: now - 5000 })).toString()).not.toContain("urn:xmpp:delay");
});

it("says when somebody was last there", async () => {
  const { feed, events } = await start("<item jid='bob@example.test' subscription='both'/>");
  feed("<presence from='bob@example.test/x'/>");
  feed(`<presence from='bob@example.test/x' type='unavailable'>${delay("2026-11-22T11:00:00Z")}</presence>`);
  expect(events.at(-1)).toEqual({
    type: "presence",
    address: "bob@example.test",
    presence: { availability: "offline", lastSeen: Date.parse("2026-11-22T11:00:00Z") },
  });
});

it("reads times of XEP-0082 only", () => {
  expect(parseTime("2026-11-22T11:00:00Z")).toBe(Date.parse("2026-11-22T11:00:00Z"));
  for (const text of [undefined, "", "2026-11-22", "20261122T11:00:00", "2026-13-22T11:00:00Z"])
    expect(parseTime(text)).toBeUndefined();
});
