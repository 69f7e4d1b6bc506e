import { domainToASCII } from "node:url";
import xml, { type Element } from "@xmpp/xml";
import { describe, expect, it } from "vitest";
import { noRules } from "../connection-rules.ts";
import type { NetworkEvent } from "../events.ts";
import type { RosterItem } from "../facets/contacts.ts";
import { PresenceTable } from "./contacts/presence.ts";
import { streamError } from "./errors.ts";
import { ExtensionRegistry } from "./extension-registry.ts";
import { IqRequests } from "./iq.ts";
import { IqAnswers } from "./iq-answers.ts";
import { parseJid } from "./jid.ts";
import { Deliveries } from "./message/deliveries.ts";
import { Senders, subscribers } from "./senders.ts";
import { locate } from "./stream/locate.ts";
import { followed } from "./stream/see-other.ts";
import { StreamReader } from "./stream/stream-reader.ts";
import type { Transport, TransportListener } from "./stream/transport.ts";

describe("addresses", () => {
  it("have parts of 1,023 bytes, each", () => {
    // Labels of 60 letters, and the last as long as it has to be.
    const domain = (length: number): string => `${`${"a".repeat(60)}.`.repeat(16)}${"b".repeat(length - 976)}`;
    for (const [fits, long] of [
      [`${"l".repeat(1_023)}@x.example`, `${"l".repeat(1_024)}@x.example`],
      [`a@${domain(1_023)}`, `a@${domain(1_024)}`],
      [domain(1_023), domain(1_024)],
      [`a@x.example/${"r".repeat(1_023)}`, `a@x.example/${"r".repeat(1_024)}`],
      [`a@x.example/${"é".repeat(511)}r`, `a@x.example/${"é".repeat(512)}`],
    ] as const)
      expect([parseJid(fits)?.full, parseJid(long)]).toEqual([fits, undefined]);
  });
});

it("labels of a domain are as long as 63 letters in ASCII, and begin with no mark", () => {
  const label = (length: number): string => "ü".repeat(length);
  const parsed = (domain: string): string | undefined => parseJid(`a@${domain}.test`)?.bare;
  // Each letter more is one more in Punycode, from `xn--` and its beginning on.
  const longest =
    Array.from({ length: 63 }, (_, n) => n + 1).findLast((n) => domainToASCII(label(n)).length <= 63) ?? 0;
  expect([parsed(label(longest)), parsed(label(longest + 1))]).toEqual([`a@${label(longest)}.test`, undefined]);
  expect([parsed("a\u0301"), parsed("\u0301a")]).toEqual(["a@\u00E1.test", undefined]);
});

describe("requests", () => {
  function layer() {
    const sent: Element[] = [];
    const refused: string[] = [];
    const address = "alice@example.test";
    const domain = "example.test";
    const refuse = (what: string): void => void refused.push(what);
    const send = (stanza: Element) => void sent.push(stanza);
    const iq = new IqRequests({ address, domain, send, refuse, jid: () => "alice@example.test/desk" });
    const senders = new Senders({ address, domain, contacts: new Map(), rules: { ...noRules, hiding: () => false } });
    const registry = new ExtensionRegistry();
    const answers = new IqAnswers({ senders, registry, reply: send, refuse });
    const ask = (stanza: Element): void => {
      const sender = senders.of(stanza.attrs["from"]);
      if (sender) answers.handle(stanza, sender);
    };
    return { iq, ask, registry, sent, refused };
  }

  it("are 2,000 at a time; one more is refused and not sent, those before it are answered, and then there is room", async () => {
    const { iq, sent } = layer();
    const ask = (): Promise<Element> => iq.request("get", xml("query", "jabber:iq:version"));
    const asked = Array.from({ length: 2_000 }, ask);
    await expect(ask()).rejects.toMatchObject({ code: "rate-limited" });
    expect(sent).toHaveLength(2_000);
    const answer = (n: number): void => iq.settle(xml("iq", { type: "result", id: sent[n]?.attrs["id"] }));
    answer(0);
    await asked[0];
    const next = ask();
    expect(sent).toHaveLength(2_001);
    for (let n = 1; n <= 2_000; n++) answer(n);
    await Promise.all([...asked, next]);
  });

  it("of others are answered with an id of 1,023 characters; a longer one is not echoed", () => {
    const { ask: request, registry, sent, refused } = layer();
    const time = { from: subscribers, answer: () => xml("time") };
    registry.add("XEP-0202: Entity Time", { requests: { "get urn:xmpp:time": time } });
    const ask = (length: number): void =>
      request(
        xml("iq", { type: "get", from: "bob@example.test/a", id: "i".repeat(length) }, xml("time", "urn:xmpp:time")),
      );
    ask(1_024);
    expect([sent.length, refused.length]).toEqual([0, 1]);
    ask(1_023);
    expect([sent[0]?.attrs["id"]?.length, refused.length]).toEqual([1_023, 1]);
  });
});

describe("presence", () => {
  const item = (address: string): RosterItem => ({
    address,
    name: undefined,
    groups: [],
    subscription: "both",
    asked: false,
  });

  function table() {
    const roster = new Map<string, RosterItem>();
    const events: NetworkEvent[] = [];
    const refused: string[] = [];
    const address = "me@x.example";
    const made = new PresenceTable({
      address,
      roster: { items: roster },
      registry: new ExtensionRegistry(),
      language: () => "en",
      emit: (event) => events.push(event),
      reply: () => undefined,
      refuse: (what) => refused.push(what),
    });
    const senders = new Senders({ address, domain: "x.example", contacts: roster, rules: noRules });
    const handle = (stanza: Element): void => {
      const sender = senders.of(stanza.attrs["from"]);
      if (sender) made.handle(stanza, sender);
    };
    const from = (jid: string, type?: string, status?: string): void =>
      handle(xml("presence", { from: jid, type }, status === undefined ? [] : xml("status", {}, status)));
    return { table: made, handle, roster, events, refused, from };
  }

  it("is followed of 64 devices of a person; one more counts for nothing, and those of others do", () => {
    const { table: made, handle, roster, events, from } = table();
    for (const name of ["bob", "ann"]) roster.set(`${name}@x.example`, item(`${name}@x.example`));
    made.rosterLoaded();
    const last = (address: string) =>
      events.findLast((event) => event.type === "presence" && event.address === address);
    for (let n = 0; n < 63; n++) handle(xml("presence", { from: `bob@x.example/d${n}` }, xml("show", {}, "away")));
    from("bob@x.example/d63");
    expect(last("bob@x.example")).toMatchObject({ presence: { availability: "available" } });
    from("bob@x.example/d64");
    from("ann@x.example/d");
    for (let n = 0; n < 64; n++) from(`bob@x.example/d${n}`, "unavailable");
    expect([last("bob@x.example"), last("ann@x.example")]).toMatchObject([
      { presence: { availability: "offline" } },
      { presence: { availability: "available" } },
    ]);
  });

  it("of 50,000 addresses waits for the list; that of one more is not known, whoever they are", () => {
    const { table: made, roster, events, from } = table();
    for (let n = 0; n <= 50_000; n++) from(`p${n}@x.example/d`);
    for (const n of [0, 49_999, 50_000]) roster.set(`p${n}@x.example`, item(`p${n}@x.example`));
    made.rosterLoaded();
    expect(
      events.map((event) => (event.type === "presence" ? [event.address, event.presence.availability] : [])),
    ).toEqual([
      ["p0@x.example", "available"],
      ["p49999@x.example", "available"],
    ]);
  });

  it("of 100,000 devices waits for the list, and again as many after a new session", () => {
    const { table: made, roster, events, from } = table();
    const fill = (count: number): void => {
      for (let n = 0; n < count; n++) from(`p${n % 40_000}@x.example/d${n}`);
    };
    fill(99_999);
    from("first@x.example/d");
    from("second@x.example/d");
    for (const name of ["first", "second"]) roster.set(`${name}@x.example`, item(`${name}@x.example`));
    made.rosterLoaded();
    expect(events).toMatchObject([{ address: "first@x.example", presence: { availability: "available" } }]);
    made.reset();
    from("second@x.example/d");
    made.rosterLoaded();
    expect(events.at(-1)).toMatchObject({ address: "second@x.example", presence: { availability: "available" } });
  });

  it("is asked for by 1,000 people who wait; with one more the oldest is forgotten, and nobody else", () => {
    const { table: made, events, refused, from } = table();
    for (let n = 0; n < 1_000; n++) from(`p${n}@x.example`, "subscribe");
    from("p0@x.example", "subscribe");
    expect(refused).toEqual([]);
    from("p1000@x.example", "subscribe");
    expect(refused).toHaveLength(1);
    expect(events).toHaveLength(1_002);
    for (const n of [0, 1, 1_000]) made.settle(`p${n}@x.example`);
    expect(events.slice(1_002)).toEqual(
      [1, 1_000].map((n) => ({ type: "subscription-settled", address: `p${n}@x.example` })),
    );
  });

  it("is asked for with 1,000 characters", () => {
    const { events, from } = table();
    from("bob@x.example", "subscribe", "t".repeat(1_000));
    from("ann@x.example", "subscribe", "t".repeat(1_001));
    expect(events.map((event) => (event.type === "subscription-request" ? event.text?.length : undefined))).toEqual([
      1_000, 1_000,
    ]);
  });
});

describe("ways to a server", () => {
  it("are 16 of those that DNS names", async () => {
    const ways = async (count: number): Promise<number> => {
      const records = Array.from({ length: count }, (_, n) => ({
        name: `s${n}.example.test`,
        port: 5222,
        priority: n,
        weight: 0,
      }));
      const dns = { resolveSrv: async (name: string) => (name.startsWith("_xmpp-client.") ? records : []) };
      const locator = { dns, random: () => 0, webSockets: async () => [] } as never;
      return (await locate("example.test", { settings: {}, locator, guess: false }, AbortSignal.timeout(10_000)))
        .length;
    };
    expect([await ways(16), await ways(17)]).toEqual([16, 16]);
  });

  it("lead on four times from one server to another", async () => {
    const follow = (hops: number): Promise<string> =>
      followed({ host: "s0", port: 5222, transport: "starttls" }, async ({ host }) => {
        const n = Number(host.slice(1));
        if (n < hops) throw streamError(xml("stream:error", {}, xml("see-other-host", {}, `s${n + 1}`)));
        return host;
      });
    await expect(follow(4)).resolves.toBe("s4");
    await expect(follow(5)).rejects.toMatchObject({ code: "server-error" });
  });
});

describe("the start of a stream", () => {
  it("may have 10,000 elements that nobody has asked for yet; with one more it is over", async () => {
    const begin = (count: number) => {
      let listener: TransportListener | undefined;
      const reader = new StreamReader({
        listen: (given: TransportListener) => void (listener = given),
        open: () => undefined,
      } as unknown as Transport);
      for (let n = 0; n < count; n++) listener?.element(xml("message", { id: `${n}` }));
      return reader;
    };
    expect(begin(10_000).rest()).toHaveLength(10_000);
    expect(() => begin(10_001).rest()).toThrow(expect.objectContaining({ code: "too-large" }));
  });

  it("sets 10,000 stanzas of others aside, and drops those after them", async () => {
    let listener: TransportListener | undefined;
    const reader = new StreamReader({
      listen: (given: TransportListener) => void (listener = given),
      open: () => undefined,
    } as unknown as Transport);
    const answer = reader.answer();
    for (let n = 0; n <= 10_000; n++) {
      listener?.element(xml("message", { id: `${n}` }));
      await Promise.resolve();
      await Promise.resolve();
    }
    await new Promise(setImmediate);
    listener?.element(xml("success"));
    expect((await answer).name).toBe("success");
    const early = reader.early();
    expect([early.length, early.at(-1)?.attrs["id"]]).toEqual([10_000, "9999"]);
  });
});

describe("messages that came back", () => {
  it("are remembered 500 times, so that no later acknowledgement makes them sent", () => {
    const events: NetworkEvent[] = [];
    const deliveries = new Deliveries((event) => events.push(event));
    for (let n = 0; n <= 500; n++) deliveries.failed(`m${n}`);
    deliveries.sent([0, 1, 500].map((n) => ({ id: `m${n}`, peer: "bob@x.example" })));
    expect(events).toMatchObject([{ type: "delivery", id: "m0", state: "sent" }]);
  });
});
