import xml, { type Element } from "@xmpp/xml";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { NetworkEvent } from "../../events.ts";
import type { IqRequests } from "../iq.ts";
import { testEnvironment } from "../testing/client.ts";
import { parseElement } from "../testing/session.ts";
import { Roster } from "./roster.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const versioned = parseElement("<stream:features><ver xmlns='urn:xmpp:features:rosterver'/></stream:features>");
const plain = parseElement("<stream:features/>");
const item = (name: string, rest = "subscription='both'"): string => `<item jid='${name}@example.test' ${rest}/>`;
const query = (items: string, version = "1"): string =>
  `<query xmlns='jabber:iq:roster' ver='${version}'>${items}</query>`;

function made(kept?: string) {
  const events: NetworkEvent[] = [];
  const asked: { readonly payload: string; answer(text: string): void; take(reply: Element): void; refuse(): void }[] =
    [];
  const writes: string[] = [];
  const cache = {
    get: () => Promise.resolve(kept),
    set: (_key: string, text: string): Promise<void> => {
      writes.push(text);
      return Promise.resolve();
    },
  };
  const warnings: string[] = [];
  const environment = testEnvironment({
    cache,
    log: { debug: () => undefined, info: () => undefined, warn: (text) => void warnings.push(text) },
  });
  const roster = new Roster({
    cacheKey: "roster",
    environment,
    requests: {
      request: (type: string, payload: Element, options?: object) =>
        new Promise<Element>((resolve, reject) => {
          asked.push({
            payload: `${type} ${payload} ${JSON.stringify(options ?? {})}`,
            take: resolve,
            answer: (text) => resolve(parseElement(`<iq type='result'>${text}</iq>`)),
            refuse: () => reject(new HallwayError("timed-out")),
          });
        }),
    } as unknown as IqRequests,
    emit: (event) => void events.push(event),
  });
  const push = (items: string, version?: string): void => {
    const handler = roster.parts.requests?.["set jabber:iq:roster"];
    handler?.answer(parseElement(query(items, version)), parseElement("<iq/>"));
  };
  const heard: string[] = [];
  roster.listen({
    rosterChanged: (address, before, after) =>
      void heard.push(`${address} ${before?.subscription} ${after?.subscription}`),
    rosterLoaded: () => void heard.push("loaded"),
  });
  return { roster, events, asked, cache, writes, warnings, push, heard, names: () => namesOf(roster) };
}
const namesOf = ({ items }: Roster): readonly string[] =>
  [...items.keys()].map((address) => address.split("@")[0] ?? "");
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One whose list was loaded with these items. */
async function loaded(items: string, features = plain) {
  const one = made();
  const loading = one.roster.load(features);
  await turn();
  one.asked[0]?.answer(query(items));
  await loading;
  return one;
}

describe("the contact list", () => {
  it("is asked for as a long answer, and told when it has come", async () => {
    const { roster, asked, events, heard } = made();
    const loading = roster.load(plain);
    expect(asked.map(({ payload }) => payload)).toEqual(['get <query xmlns="jabber:iq:roster"/> {"large":true}']);
    expect([events, heard]).toEqual([[], []]);
    asked[0]?.answer(query(item("bob")));
    await loading;
    expect([events.map(({ type }) => type), heard]).toEqual([["roster"], ["loaded"]]);
  });

  it("is the one that was kept where nothing has changed, and none where the server keeps no versions", async () => {
    const kept = await loaded(item("bob"), versioned);
    await kept.roster.save();
    const next = made(kept.writes[0]);
    const loading = next.roster.load(versioned);
    await turn();
    expect(next.asked[0]?.payload).toContain('ver="1"');
    next.asked[0]?.answer("");
    await loading;
    expect([next.names(), next.events]).toMatchObject([["bob"], [{ type: "roster", items: [{ asked: false }] }]]);
    const again = next.roster.load(plain);
    next.asked[1]?.answer("");
    await again;
    expect(next.names()).toEqual([]);
  });

  it("of before is not looked for on the disk where the server keeps no versions, nor where it is known", async () => {
    const { roster, asked, cache } = made();
    const get = vi.spyOn(cache, "get");
    const first = roster.load(plain);
    asked[0]?.answer(query(item("bob")));
    await first;
    const second = roster.load(versioned);
    asked[1]?.answer("");
    await second;
    expect(get).not.toHaveBeenCalled();
  });

  it("has what changed while it was on its way behind it, in order, also where it does not come", async () => {
    const { roster, asked, push, names, events } = made();
    const loading = roster.load(plain);
    push(item("bob", "subscription='remove'") + item("eve"), "2");
    push(item("ann"), "3");
    expect(events).toEqual([]);
    asked[0]?.answer(query(item("bob")));
    await loading;
    expect([names(), events.map(({ type }) => type)]).toEqual([
      ["eve", "ann"],
      ["roster", "roster-removed", "roster-item", "roster-item"],
    ]);
    const failing = roster.load(plain);
    push(item("zoe"), "4");
    asked[1]?.refuse();
    await expect(failing).rejects.toMatchObject({ code: "timed-out" });
    push(item("kim"), "5");
    expect(names()).toEqual(["eve", "ann", "zoe", "kim"]);
  });

  it("of a session that is over does not take the place of that of the next", async () => {
    const { roster, asked, names, heard } = made();
    const before = roster.load(plain);
    const now = roster.load(plain);
    asked[1]?.answer(query(item("bob")));
    await now;
    asked[0]?.answer(query(item("old")));
    await before;
    expect([names(), heard]).toEqual([["bob"], ["loaded"]]);
  });

  it("has 50,000 people; one more is left out, and a change that brings one is refused, others are taken", async () => {
    const { push, roster, events, asked } = made();
    const loading = roster.load(plain);
    // As text it would be longer than the parser of tests takes.
    const items = Array.from({ length: 50_001 }, (_, n) => xml("item", { jid: `p${n}@example.test` }));
    asked[0]?.take(xml("iq", {}, xml("query", "jabber:iq:roster", items)));
    await loading;
    expect([roster.items.size, roster.get("p49999@example.test"), roster.get("p50000@example.test")]).toEqual([
      50_000,
      expect.anything(),
      undefined,
    ]);
    expect(() => push(item("another"))).toThrow(new HallwayError("too-large"));
    push(item("p0", "subscription='to'"));
    push(item("p1", "subscription='remove'") + item("another"));
    expect([roster.items.size, roster.get("another@example.test"), events.length]).toEqual([
      50_000,
      expect.anything(),
      4,
    ]);
  });

  it("leaves room for other work while thousands of lines are read", async () => {
    const { roster, asked } = made();
    let turns = 0;
    const count = (): void => {
      turns += 1;
      immediate = setImmediate(count);
    };
    let immediate = setImmediate(count);
    const loading = roster.load(plain);
    asked[0]?.answer(query(Array.from({ length: 4_001 }, (_, n) => item(`p${n}`)).join("")));
    await loading;
    clearImmediate(immediate);
    // Twice within the lines, once behind them, and once before those who follow the list.
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(roster.items.size).toBe(4_001);
  });

  it("skips what is no contact, and reads those behind it", async () => {
    const { names } = await loaded(
      [
        "text<other jid='no@example.test'/><item/><item jid='@'/>",
        item("bob"),
        "<item jid='gateway.example.test'/>",
        item("ann"),
      ].join(""),
    );
    expect(names()).toEqual(["bob", "ann"]);
  });

  it("forgets whom another device removes, once, and nobody of whom it does not know", async () => {
    const { push, heard, events, names } = await loaded(item("bob") + item("ann"));
    push(item("bob", "subscription='remove'"));
    push(item("bob", "subscription='remove'") + item("eve", "subscription='remove'"));
    expect([names(), heard.slice(1), events.length]).toEqual([["ann"], ["bob@example.test both undefined"], 2]);
    push(item("ann", "subscription='to'"));
    expect(heard.at(-1)).toBe("ann@example.test both to");
  });
});

describe("what an item says", () => {
  it("is a name that shows, groups with a text, and a subscription that there is", async () => {
    const { roster } = await loaded(
      [
        "<item jid='a@example.test' name='A' subscription='from' ask='subscribe'>",
        "text<group>G</group><group/><other>x</other></item>",
        "<item jid='b@example.test' name='' subscription='remove' ask='other'/>",
        "<item jid='c@example.test' name='  C ' subscription='constructor'/>",
        "<item jid='d@example.test' name='&#x200B;' subscription='to'/>",
      ].join(""),
    );
    expect([...roster.items.values()]).toEqual([
      { address: "a@example.test", name: "A", groups: ["G"], subscription: "from", asked: true },
      { address: "b@example.test", name: undefined, groups: [], subscription: "none", asked: false },
      { address: "c@example.test", name: "C", writtenName: "  C ", groups: [], subscription: "none", asked: false },
      {
        address: "d@example.test",
        name: undefined,
        writtenName: "\u200B",
        groups: [],
        subscription: "to",
        asked: false,
      },
    ]);
  });
});

describe("the list on the disk", () => {
  it("is written two seconds after the first of several changes, once, and not where nothing changed", async () => {
    const { push, writes, roster } = await loaded(item("bob"));
    await vi.advanceTimersByTimeAsync(1_000);
    push(item("ann"), "2");
    await vi.advanceTimersByTimeAsync(999);
    expect(writes).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(writes.map((text) => JSON.parse(text).version)).toEqual(["2"]);
    await roster.save();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(writes).toHaveLength(1);
    push(item("eve"), "3");
    roster.dispose();
    expect(writes).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not written without a version, of which nobody could ask what changed", async () => {
    const { roster, asked, writes } = made();
    const loading = roster.load(plain);
    asked[0]?.answer("<query xmlns='jabber:iq:roster'><item jid='bob@example.test'/></query>");
    await loading;
    await roster.save();
    expect(writes).toEqual([]);
  });

  it("that cannot be written or read costs a line in the log", async () => {
    const { push, cache, roster, warnings } = await loaded(item("bob"));
    cache.set = () => Promise.reject(new Error("full"));
    push(item("ann"), "2");
    await roster.save();
    const broken = made("{");
    const loading = broken.roster.load(versioned);
    await turn();
    broken.asked[0]?.answer(query(item("bob")));
    await loading;
    expect([warnings.length, broken.warnings.length, broken.names()]).toEqual([1, 1, ["bob"]]);
  });

  it("is saved when it has been written, and not before", async () => {
    const { push, cache, roster } = await loaded(item("bob"));
    const { promise, resolve } = Promise.withResolvers<void>();
    cache.set = () => promise;
    push(item("ann"), "2");
    let isSaved = false;
    const saving = roster.save().then(() => {
      isSaved = true;
    });
    await turn();
    expect(isSaved).toBe(false);
    resolve();
    await saving;
  });
});

describe("an edit", () => {
  it("is done when the server has taken it, and says each group once", async () => {
    const { roster, asked } = await loaded(item("bob"));
    const open = '<query xmlns="jabber:iq:roster">';
    const edits = [roster.set("bob@example.test", "", ["A", "B", "A"]), roster.remove("bob@example.test")];
    let done = 0;
    for (const edit of edits) void edit.then(() => (done += 1));
    await turn();
    expect([done, asked.slice(1).map(({ payload }) => payload)]).toEqual([
      0,
      [
        `set ${open}<item jid="bob@example.test"><group>A</group><group>B</group></item></query> {}`,
        `set ${open}<item jid="bob@example.test" subscription="remove"/></query> {}`,
      ],
    ]);
    for (const { answer } of asked) answer("");
    await Promise.all(edits);
  });
});
