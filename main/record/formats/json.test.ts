import fc from "fast-check";
import { expect, test } from "vitest";
import { itemJson, json, messageJson } from "./json.ts";
import { anyMessage, full, hostileTexts, sample, single } from "./samples.test-helper.ts";

test("a message has every member, always in the same order", () => {
  expect(JSON.parse(messageJson(full))).toEqual({
    record: 1,
    id: full.id,
    seq: 2,
    conversation: { id: "account-1|bob@example.com", with: "bob@example.com", room: false },
    network: "xmpp",
    account: { id: "account-1", address: "alice@example.com" },
    direction: "out",
    author: { address: "alice@example.com", name: null, occupant: null, self: true },
    from: "alice@example.com",
    to: ["bob@example.com"],
    sent: "2026-11-24T09:30:00.000Z",
    stamped: "2026-11-24T08:30:00.000Z",
    received: "2026-11-24T09:30:00.040Z",
    stored: "2026-11-24T09:30:00.055Z",
    text: "Budget: 12 000 €",
    notice: null,
    versions: [{ text: "Budget: 11 000 €", from: "2026-11-24T09:30:00.000Z", until: "2026-11-24T09:31:00.000Z" }],
    corrected: "2026-11-24T09:31:00.000Z",
    retracted: null,
    deleted: "2026-11-25T10:30:00.000Z",
    state: "read",
    error: null,
    states: [
      { state: "sent", at: "2026-11-24T09:30:01.000Z", error: null },
      { state: "read", at: "2026-11-24T09:30:05.000Z", error: null },
    ],
    encryption: "omemo",
    label: "Confidential",
    members: [{ address: "bob@example.com", name: "Bob" }],
    files: [{ name: "plan “B”.pdf", sha256: "ab".repeat(32), size: 4096, type: "application/pdf" }],
    wireId: "w1",
    archiveId: "a1",
    delayed: true,
    otherDevice: true,
  });
  expect(Object.keys(JSON.parse(messageJson(sample())))).toEqual(Object.keys(JSON.parse(messageJson(full))));
});

test("an item of the feed says what happened", () => {
  expect(JSON.parse(itemJson({ id: "i1", what: "correction", message: full }))).toMatchObject({
    item: "i1",
    what: "correction",
    id: full.id,
  });
});

test("hostile text comes back as it was, one message a line", () => {
  const lines = single(
    json,
    hostileTexts.map((body) => sample({ body })),
  ).split("\n");
  expect(lines.pop()).toBe("");
  expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(hostileTexts);
});

test("whatever is in the record: each line parses back to its text", () => {
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 5 }), (messages) => {
      const lines = single(json, messages).split("\n").slice(0, -1);
      expect(lines.map((line) => (JSON.parse(line) as { id: string; text: string }).text)).toEqual(
        messages.map(({ body }) => body),
      );
    }),
  );
});
