import { afterEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Extension } from "../extension.ts";
import { extensions } from "../extensions.ts";
import { startTestSession, type TestSession } from "../testing/session.ts";

/** Neighbours of what an extension knows: the wrong name, no id, one too many, the other direction. */
afterEach(() => void vi.useRealTimers());

const bob = "bob@example.test";
const roster = `<item jid='${bob}' subscription='both'/>`;
const now = Date.parse("2026-11-30T12:00:00Z");
const start = (more: Parameters<typeof startTestSession>[0] = {}): Promise<TestSession> =>
  startTestSession({ roster, environment: { now: () => now }, ...more });
const fromBob = (inner: string, id = " id='m'"): string =>
  `<message from='${bob}/x' type='chat'${id}>${inner}</message>`;
/** A copy of what another own device sent to Bob. */
const sentElsewhere = (inner: string): string =>
  `<message from='alice@example.test'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${[
    `<message xmlns='jabber:client' from='alice@example.test/phone' to='${bob}' type='chat' id='m'>${inner}</message>`,
  ]}</forwarded></sent></message>`;

async function read(...stanzas: readonly string[]): Promise<TestSession["events"]> {
  const { feed, events } = await start();
  for (const stanza of stanzas) feed(stanza);
  return events;
}
async function message(inner: string, id?: string) {
  const [event] = await read(fromBob(inner, id));
  return event?.type === "message" ? event.message : undefined;
}

const [receipts, markers] = ["urn:xmpp:receipts", "urn:xmpp:chat-markers:0"];
const long = "i".repeat(300);

describe("a receipt or marker", () => {
  it.each([
    `<received xmlns='${receipts}'/>`,
    `<received xmlns='${receipts}' id='${long}'/>`,
    `<other xmlns='${receipts}' id='a'/>`,
    `<displayed xmlns='${markers}'/>`,
    `<other xmlns='${markers}' id='a'/>`,
  ])("that names no message or is of another name says nothing: %s", async (inner) => {
    expect(await read(fromBob(inner))).toEqual([]);
  });

  it("of theirs says what they say, and a read one of our own devices only that it was read", async () => {
    const named = (name: string, xmlns = markers) => `<${name} xmlns='${xmlns}' id='a'/>`;
    expect(
      await read(
        ...[named("received", receipts), named("received"), named("acknowledged"), named("displayed")].map((inner) =>
          fromBob(inner),
        ),
      ),
    ).toMatchObject([
      { type: "delivery", id: "a", peer: bob, state: "delivered" },
      { type: "delivery", id: "a", peer: bob, state: "delivered" },
      { type: "read-up-to", id: "a", peer: bob },
      { type: "read-up-to", id: "a", peer: bob },
    ]);
    expect(
      await read(
        ...[named("received", receipts), named("received"), named("acknowledged")].map((inner) => sentElsewhere(inner)),
      ),
    ).toEqual([]);
  });

  it("is wanted of a message with an id that asks for it, and neither of one without nor of an own one", async () => {
    const asks = `<body>hi</body><request xmlns='${receipts}'/><markable xmlns='${markers}'/>`;
    expect(await message(asks)).toMatchObject({ wantsDelivered: true, wantsRead: true });
    expect(await message("<body>hi</body>")).toMatchObject({ wantsDelivered: false, wantsRead: false });
    expect(await message(asks, "")).toMatchObject({ wantsDelivered: false, wantsRead: false });
    expect(await read(sentElsewhere(asks))).toMatchObject([{ message: { wantsDelivered: false, wantsRead: false } }]);
  });

  it("is asked for where the person wants it, and not otherwise", async () => {
    const { session } = await start();
    const written = async (wantReceipts: boolean) =>
      (await session.writer.message({ id: "m", to: bob, body: "x", at: now, wantReceipts })).toString();
    for (const xmlns of [receipts, markers]) {
      expect(await written(true)).toContain(xmlns);
      expect(await written(false)).not.toContain(xmlns);
    }
  });
});

describe("a change", () => {
  it.each([
    "<replace xmlns='urn:xmpp:message-correct:0'/>",
    `<replace xmlns='urn:xmpp:message-correct:0' id='${long}'/>`,
    "<other xmlns='urn:xmpp:message-correct:0' id='a'/>",
    "<retract xmlns='urn:xmpp:message-retract:1'/>",
    "<other xmlns='urn:xmpp:message-retract:1' id='a'/>",
    "<apply-to xmlns='urn:xmpp:fasten:0' id='a'/>",
    "<apply-to xmlns='urn:xmpp:fasten:0'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
    "<other xmlns='urn:xmpp:fasten:0' id='a'><retract xmlns='urn:xmpp:message-retract:0'/></other>",
  ])("that names no message or is of another name is a message of its own: %s", async (inner) => {
    expect(await message(`<body>hi</body>${inner}`)).toMatchObject({ body: "hi" });
  });
});

describe("what is told in a line", () => {
  it.each([
    ["attention", "<other xmlns='urn:xmpp:attention:0'/>"],
    ["reaction", "<other xmlns='urn:xmpp:reactions:0'><reaction>a</reaction></other>"],
    ["invitation", "<other xmlns='jabber:x:conference' jid='r@rooms.test'/>"],
    ["call", "<accept xmlns='urn:xmpp:jingle-message:0' id='c'/>"],
    ["call", "<retract xmlns='urn:xmpp:call-invites:0' id='c'/>"],
    ["encrypted", "<other xmlns='urn:xmpp:eme:0' namespace='urn:x'/>"],
  ])("is no %s by another element of the namespace", async (kind, inner) => {
    expect((await message(`<body>hi</body>${inner}`))?.notice?.kind).not.toBe(kind);
  });

  it("names ten reactions, a place by what it has, and a fallback for what it is of", async () => {
    const reactions = Array.from({ length: 11 }, (_, n) => `<reaction>${n}</reaction>`).join("");
    const line = async (inner: string) => (await message(inner))?.notice?.what;
    expect(await line(`<reactions xmlns='urn:xmpp:reactions:0'>${reactions}</reactions>`)).toBe("0 1 2 3 4 5 6 7 8 9");
    const place = (inner: string) => `<geoloc xmlns='http://jabber.org/protocol/geoloc'>${inner}</geoloc>`;
    expect([
      await line(place("<lat>1</lat>")),
      await line(place("<text>Here</text>")),
      await line(place("<lat>1</lat><lon>2</lon><text>Here</text>")),
    ]).toEqual(["1", "Here", "1, 2"]);
    const fallback = (inner: string, name = "fallback") =>
      `<body>hi</body><${name} xmlns='urn:xmpp:fallback:0' for='urn:x'>${inner}</${name}>`;
    expect([
      await line(fallback("")),
      await line(fallback("<body/>")),
      await line(fallback("<body start='0'/>")),
      await line(fallback("<body end='1'/>")),
      await line(fallback("<subject/>")),
      await line(fallback("", "other")),
    ]).toEqual(["urn:x", "urn:x", undefined, undefined, undefined, undefined]);
  });

  it("has 16 links or files, each once", async () => {
    const many = (count: number, one: (url: string) => string) =>
      Array.from({ length: count }, (_, n) => one(`https://files.test/${n}`)).join("");
    const link = (url: string) => `<x xmlns='jabber:x:oob'><url>${url}</url></x>`;
    const file = (url: string) =>
      `<file-sharing xmlns='urn:xmpp:sfs:0'><sources><url-data target='${url}'/></sources></file-sharing>`;
    for (const one of [link, file]) {
      expect((await message(many(17, one)))?.body.split("\n")).toHaveLength(16);
      expect((await message(one("https://a.test") + one("https://a.test")))?.body).toBe("https://a.test");
    }
  });
});

it("looks of a text are lines where they are blocks, and nothing elsewhere", async () => {
  const html = (inner: string) =>
    `<html xmlns='http://jabber.org/protocol/xhtml-im'>${[
      `<body xmlns='http://www.w3.org/1999/xhtml'>${inner}</body>`,
    ]}</html>`;
  const text = async (name: string) => (await message(html(`a<${name}>b</${name}>c`)))?.body;
  const blocks = "address blockquote div dl dd dt h1 h2 h3 h4 h5 h6 li ol p pre ul".split(" ");
  for (const name of blocks) expect([name, await text(name)]).toEqual([name, "a\nb\nc"]);
  for (const name of ["b", "em", "span", "a", "h7"]) expect([name, await text(name)]).toEqual([name, "abc"]);
});

it("what is asked of us and we do not have is refused as what it is", async () => {
  const { feed, sent } = await start();
  const ask = (type: string, payload: string): string | undefined => {
    feed(`<iq type='${type}' id='q' from='${bob}/x'>${payload}</iq>`);
    return /<error type="(\w+)"><([\w-]+)/
      .exec(sent.at(-1) ?? "")
      ?.slice(1)
      .join(" ");
  };
  expect([
    ask("set", "<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s'/>"),
    ask("get", "<query xmlns='http://jabber.org/protocol/disco#info' node='other'/>"),
    ask("get", "<query xmlns='urn:nobody:knows'/>"),
    ask("get", ""),
  ]).toEqual([
    "cancel service-unavailable",
    "cancel item-not-found",
    "cancel service-unavailable",
    "cancel service-unavailable",
  ]);
});

it("a facet that comes or goes is told of", async () => {
  let change = (): void => undefined;
  const attach: Extension["attach"] = (host) => {
    change = () => host.facetsChanged();
    return {};
  };
  const { events } = await start({ extensions: [{ name: "XEP-0000: A facet", features: [], attach }] });
  change();
  expect(events).toEqual([{ type: "facets" }]);
});

it("what others are told that we can is this, and nothing more", () => {
  expect(extensions.flatMap(({ features }) => features).sort()).toEqual([
    "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/chatstates",
    "http://jabber.org/protocol/disco#info",
    "jabber:iq:version",
    "urn:xmpp:carbons:2",
    "urn:xmpp:chat-markers:0",
    "urn:xmpp:delay",
    "urn:xmpp:idle:1",
    "urn:xmpp:message-correct:0",
    "urn:xmpp:message-retract:1",
    "urn:xmpp:ping",
    "urn:xmpp:receipts",
    "urn:xmpp:sid:0",
    "urn:xmpp:time",
  ]);
});

describe("typing", () => {
  const state = (who: string, name: string): string =>
    `<message from='${who}/x' type='chat'><${name} xmlns='http://jabber.org/protocol/chatstates'/></message>`;

  it("is told of 500 people at once, and of another when one of them has stopped", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { feed, events } = await start();
    for (let n = 0; n <= 500; n++) feed(state(`p${n}@x.test`, "composing"));
    expect(events).toHaveLength(500);
    feed(state("p500@x.test", "composing"));
    feed(state("p500@x.test", "paused"));
    expect(events).toHaveLength(500);
    feed(state("p0@x.test", "paused"));
    feed(state("p500@x.test", "composing"));
    expect(events.slice(500)).toMatchObject([
      { peer: "p0@x.test", active: false },
      { peer: "p500@x.test", active: true },
    ]);
  });

  it("lasts a minute from its last word, and no longer than its session", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { feed, events, session } = await start();
    feed(state(bob, "composing"));
    vi.advanceTimersByTime(59_999);
    feed(state(bob, "composing"));
    vi.advanceTimersByTime(59_999);
    expect(events).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(events).toHaveLength(2);
    feed(state(bob, "composing"));
    session.end(new HallwayError("cancelled"));
    expect(events.at(-1)).toMatchObject({ type: "typing", active: false });
  });
});

describe("a presence", () => {
  const presence = (inner: string, type = ""): string => `<presence from='${bob}/x'${type}>${inner}</presence>`;
  const idle = (since: string) => `<idle xmlns='urn:xmpp:idle:1' since='${since}'/>`;
  const delay = (stamp: string) => `<delay xmlns='urn:xmpp:delay' stamp='${stamp}'/>`;
  const shown = async (...stanzas: readonly string[]) => {
    const last = (await read(...stanzas)).at(-1);
    return last?.type === "presence" ? last.presence : undefined;
  };

  it("is idle since when it says, not since what is to come or is nonsense, nor where nobody is there", async () => {
    const gone = presence(idle("2026-11-30T11:00:00Z"), " type='unavailable'");
    expect([
      await shown(presence(idle("2026-11-30T11:00:00Z"))),
      await shown(presence(idle("2027-01-01T00:00:00Z"))),
      await shown(presence(idle("yesterday"))),
      await shown(presence(""), gone),
    ]).toEqual([
      { availability: "available", idleSince: now - 3_600_000 },
      { availability: "available", idleSince: now },
      { availability: "available" },
      { availability: "offline" },
    ]);
  });

  it("was seen last when its server says so of somebody who is gone", async () => {
    const gone = (stamp: string) => presence(delay(stamp), " type='unavailable'");
    expect([
      await shown(presence(""), gone("2026-11-30T11:00:00Z")),
      await shown(presence(""), gone("2027-01-01T00:00:00Z")),
      await shown(presence(""), gone("yesterday")),
      await shown(presence(delay("2026-11-30T11:00:00Z"))),
    ]).toEqual([
      { availability: "offline", lastSeen: now - 3_600_000 },
      { availability: "offline", lastSeen: now },
      { availability: "offline" },
      { availability: "available" },
    ]);
  });
});

describe("idleness of our own", () => {
  it("is said when it begins and ends, and as it is at the beginning of another session", async () => {
    const { session, sent } = await start({ features: "<csi xmlns='urn:xmpp:csi:0'/>" });
    const said = (presence: { readonly idleSince?: number }): readonly string[] => {
      sent.length = 0;
      session.presence.announce({ availability: "available", ...presence });
      return sent.filter((text) => text.includes("urn:xmpp:csi:0")).map((text) => text.split(" ")[0] ?? "");
    };
    expect([said({}), said({ idleSince: 1 }), said({ idleSince: 1 }), said({}), said({})]).toEqual([
      [],
      ["<inactive"],
      ["<inactive"],
      ["<active"],
      [],
    ]);
  });
});
