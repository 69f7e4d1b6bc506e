import { expect, it } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { delayedDelivery, parseTime } from "./xep-0203-delay.ts";

const now = Date.parse("2026-11-22T12:00:00Z");
const start = (roster = "") => startTestSession({ extensions: [delayedDelivery], environment: { now: () => now }, roster });
const delay = (stamp: string) => `<delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>`;

it("takes the oldest stamp as when it was said, and none from the future", async () => {
  const { feed, events } = await start();
  feed(`<message from='bob@example.test/x'><body>a</body>${delay("2026-11-22T11:00:00Z")}${delay("2026-11-22T10:00:00.5+01:00")}</message>`);
  feed(`<message from='bob@example.test/x'><body>b</body>${delay("2099-01-01T00:00:00Z")}</message>`);
  feed(`<message from='bob@example.test/x'><body>c</body>${delay("yesterday")}</message>`);
  expect(events).toMatchObject([
    { message: { at: Date.parse("2026-11-22T09:00:00.5Z"), delayed: true } },
    { message: { at: now, delayed: true } },
    { message: { at: undefined, delayed: false } },
  ]);
});

it("stamps an own message that waited", async () => {
  const { session } = await start();
  const message = { id: "m", to: "bob@example.test", body: "x", wantReceipts: false };
  expect(session.write({ ...message, at: now - 31_000 }).toString()).toContain(
    '<delay xmlns="urn:xmpp:delay" from="alice@example.test" stamp="2026-11-22T11:59:29.000Z"/>',
  );
  expect(session.write({ ...message, at: now - 5000 }).toString()).not.toContain("urn:xmpp:delay");
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
  for (const text of [undefined, "", "2026-11-22", "20261122T11:00:00", "2026-13-22T11:00:00Z"]) expect(parseTime(text)).toBeUndefined();
});
