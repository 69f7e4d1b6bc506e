import { describe, expect, it } from "vitest";
import { noRules } from "../../connection-rules.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import { Senders } from "../senders.ts";
import { parseElement } from "../testing/session.ts";
import type { MessageDraft } from "./drafts.ts";
import { maxIdLength, readMessage, toChange, toEvents, toIncoming, usableId } from "./messages.ts";

const own = "alice@example.test";
const bob = "bob@example.test";
const noContacts = new Map<string, RosterItem>();
const senders = new Senders({ address: own, domain: "example.test", contacts: noContacts, rules: noRules });

function read(attributes: string, inside = "<body>hello</body>", via: MessageDraft["via"] = "live", delay?: number) {
  return readMessage(parseElement(`<message xmlns='jabber:client' ${attributes}>${inside}</message>`), {
    via,
    own,
    server: "example.test",
    senders,
    delay,
    language: () => "en",
  });
}

function draft(over: Partial<MessageDraft> = {}): MessageDraft {
  const one = read(`from='${bob}/x' to='${own}' type='chat' id='1'`);
  if (!one) throw new Error("not read");
  return Object.assign(one, over);
}

it("takes an id of 256 characters, and neither a longer one nor none for one", () => {
  const longest = "i".repeat(maxIdLength);
  expect([longest, `${longest}i`, "", undefined].map(usableId)).toEqual([longest, undefined, undefined, undefined]);
});

describe("whose a message is", () => {
  it("is the other one's conversation, whichever way it went", () => {
    expect(read(`from='${bob}/x' to='${own}/desk' id='1'`)).toMatchObject({
      peer: bob,
      wirePeer: bob,
      direction: "in",
      author: { address: bob, isSelf: false },
      sender: { kind: "stranger" },
      id: "1",
      at: undefined,
      delayed: false,
      body: "hello",
    });
    expect(read(`from='${own}/phone' to='${bob}/x'`, undefined, "carbon", 5)).toMatchObject({
      peer: bob,
      direction: "out",
      author: { address: own, isSelf: true },
      sender: { kind: "device" },
      id: undefined,
      at: 5,
      delayed: true,
    });
  });

  it("is the server's where nobody sent it live, and the own account's where an archive has nobody", () => {
    expect(read(`to='${own}'`)).toMatchObject({ peer: "example.test", direction: "in" });
    expect(read(`to='${bob}'`, undefined, "archive")).toMatchObject({ peer: bob, direction: "out" });
    expect(read(`from='${bob}'`, undefined, "archive")).toMatchObject({ peer: bob, direction: "in" });
  });

  it("is nobody's where it was said in a room, has no addresses, or was for somebody else", () => {
    expect(read(`from='${bob}' to='${own}' type='groupchat'`)).toBeUndefined();
    expect(read("from='@' type='chat'")).toBeUndefined();
    expect(read(`from='${bob}' to='@'`)).toBeUndefined();
    for (const via of ["carbon", "archive"] as const) {
      expect(read(`from='${bob}' to='carol@example.test'`, undefined, via), via).toBeUndefined();
      expect(read(`from='${own}/a' to='carol@example.test'`, undefined, via), via).toBeDefined();
    }
  });
});

describe("an error", () => {
  const inside =
    "<body>hello</body><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

  it("tells that the own message failed, and says nothing of what it quotes", () => {
    const failed = read(`from='${bob}/x' to='${own}' type='error' id='7'`, inside);
    expect(failed && toEvents(failed)).toEqual([
      { type: "delivery", id: "7", peer: bob, state: "failed", error: { code: expect.any(String) } },
    ]);
  });

  it("tells nothing without an id, nor from the own devices", () => {
    const all = [
      read(`from='${bob}' to='${own}' type='error'`, inside),
      read(`from='${own}/a' type='error' id='7'`, inside),
    ];
    for (const one of all) expect(one && [one.body, toEvents(one)]).toEqual([undefined, []]);
  });
});

it.each([
  ["<subject>News</subject><body>hello</body>", "News\nhello"],
  ["<subject> News </subject>", "News"],
  ["<subject>hello </subject><body> hello</body>", " hello"],
  ["<subject>  </subject><body>hello</body>", "hello"],
  ["<body>  </body>", "  "],
  ["<subject> </subject><body/>", undefined],
  ["", undefined],
  ["<body xmlns='urn:other'>hello</body>", undefined],
])("reads %s as the text %j", (inside, body) => {
  expect(read(`from='${bob}' to='${own}'`, inside)?.body).toBe(body);
});

it("cuts a text of more than 65,536 characters, and none of as many", () => {
  const lengths = [65_536, 65_537].map((length) => {
    const body = read(`from='${bob}' to='${own}'`, `<body>${"x".repeat(length)}</body>`)?.body ?? "";
    return [body.length, body.endsWith("…")];
  });
  expect(lengths).toEqual([
    [65_536, false],
    [65_536, true],
  ]);
});

describe("what comes of a draft", () => {
  it("is a message, with what it was brought through where that is another", () => {
    const message = toIncoming(draft({ wantsDelivered: true, wantsRead: true, archiveId: "a" }));
    expect(message).toMatchObject({ peer: bob, id: "1", body: "hello", wantsDelivered: true, wantsRead: true });
    expect(message).not.toHaveProperty("through");
    expect(message).not.toHaveProperty("otherId");
    expect(toIncoming(draft({ peer: "carol@far.test", otherId: "o" }))).toMatchObject({ through: bob, otherId: "o" });
  });

  it("is one that nobody has read where it cannot be shown", () => {
    const message = toIncoming(
      draft({ notice: { kind: "other" }, body: undefined, wantsDelivered: true, wantsRead: true }),
    );
    expect(message).toMatchObject({ body: "", notice: { kind: "other" }, wantsDelivered: false, wantsRead: false });
  });

  it("is no message without text and notice, nor where it changes another", () => {
    expect(toIncoming(draft({ body: undefined }))).toBeUndefined();
    expect(toIncoming(draft({ change: { kind: "correction", targetId: "0" } }))).toBeUndefined();
  });

  it("is a change, which a correction without text is not", () => {
    expect(toChange(draft())).toBeUndefined();
    const correction = { kind: "correction", targetId: "0" } as const;
    expect(toChange(draft({ change: correction }))).toMatchObject({ ...correction, peer: bob, body: "hello" });
    expect(toChange(draft({ change: correction, body: undefined }))).toBeUndefined();
    const retraction = toChange(draft({ change: { kind: "retraction", targetId: "0" } }));
    expect(retraction).toMatchObject({ kind: "retraction", targetId: "0" });
    expect(retraction).not.toHaveProperty("body");
  });

  it("is told before what follows from it", () => {
    const later = { type: "delivery", id: "9", peer: bob, state: "delivered" } as const;
    const types = (over: Partial<MessageDraft>) =>
      toEvents(draft({ events: [later], ...over })).map(({ type }) => type);
    expect(types({})).toEqual(["message", "delivery"]);
    expect(types({ change: { kind: "retraction", targetId: "0" } })).toEqual(["change", "delivery"]);
    expect(types({ body: undefined })).toEqual(["delivery"]);
  });
});
