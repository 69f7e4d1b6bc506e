import type { Element } from "@xmpp/xml";
import { beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Extension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { IqRequests } from "../iq.ts";
import { parseElement, startTestSession } from "../testing/session.ts";
import { entityCapabilities } from "../xeps/xep-0115-caps.ts";
import { MemoryCapsCache } from "./caps-cache.ts";
import { Discovery } from "./discovery.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsItems = "http://jabber.org/protocol/disco#items";
const exodus = [
  "<identity category='client' type='pc' name='Exodus 0.9.1'/>",
  ...["caps", "disco#info", "disco#items", "muc"].map((name) => `<feature var='http://jabber.org/protocol/${name}'/>`),
].join("");
const caps = { node: "urn:exodus", hash: "sha-1", ver: "QgayPKawpkPSDYmwT/WM94uAlu0=" };

let sent: Element[];
let requests: IqRequests;
let discovery: Discovery;
beforeEach(() => {
  sent = [];
  const address = "alice@example.test";
  const domain = "example.test";
  requests = new IqRequests({
    ...{ address, domain },
    send: (stanza) => void sent.push(stanza),
    refuse: () => undefined,
    jid: () => "alice@example.test/desk",
  });
  discovery = new Discovery({ address, domain, requests, cache: new MemoryCapsCache() });
});

const asked = (): readonly string[] => sent.map(({ attrs }) => attrs["to"] ?? "");
/** Answers the newest request. */
function answer(inner: string, xmlns = nsInfo): void {
  const { id, to } = sent.at(-1)?.attrs ?? {};
  requests.settle(
    parseElement(`<iq type='result' id='${id}' from='${to}'><query xmlns='${xmlns}'>${inner}</query></iq>`),
  );
}
function fail(condition: string): void {
  const { id, to } = sent.at(-1)?.attrs ?? {};
  requests.settle(
    parseElement(
      `<iq type='error' id='${id}' from='${to}'><error type='cancel'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
    ),
  );
}

describe("an answer", () => {
  it("is asked for once, by however many, while it is waited for and afterwards", async () => {
    const first = discovery.info("rooms.example.test");
    const second = discovery.info("rooms.example.test");
    answer("<identity category='conference' type='text'/><feature var='urn:a'/><feature var='urn:a'/><feature/>");
    const expected = { identities: [{ category: "conference", type: "text" }], features: new Set(["urn:a"]) };
    expect(await Promise.all([first, second])).toEqual([expected, expected]);
    expect(await discovery.info("rooms.example.test")).toEqual(expected);
    expect(asked()).toEqual(["rooms.example.test"]);
  });

  it("is another for each entity, each node, and the items", async () => {
    void discovery.info("a.test");
    void discovery.info("a.test", "node");
    void discovery.info("b.test");
    void discovery.items("a.test");
    expect(sent.map((iq) => iq.getChild("query")?.attrs["node"])).toEqual([undefined, "node", undefined, undefined]);
    expect(new Set(sent.map((iq) => iq.attrs["type"]))).toEqual(new Set(["get"]));
    answer(
      "<item jid='x.a.test'/><item jid='@'/><item/><item jid='y@a.test' node='n'/>",
      sent[3]?.getChild("query")?.getNS(),
    );
    expect((await discovery.items("a.test")).map(({ jid, node }) => [jid.full, node])).toEqual([
      ["x.a.test", undefined],
      ["y@a.test", "n"],
    ]);
  });

  it("that says no is one, too; none at all is asked for again", async () => {
    const refused = discovery.info("a.test");
    fail("service-unavailable");
    await expect(refused).rejects.toMatchObject({ code: "recipient-unreachable" });
    await expect(discovery.info("a.test")).rejects.toMatchObject({ code: "recipient-unreachable" });
    const lost = discovery.info("b.test");
    requests.abort(new HallwayError("connection-lost"));
    await expect(lost).rejects.toMatchObject({ code: "connection-lost" });
    void discovery.info("b.test");
    expect(asked()).toEqual(["a.test", "b.test", "b.test"]);
  });

  it("is remembered of 1,000 questions, and for one session", async () => {
    const ask = async (n: number): Promise<void> => {
      const info = discovery.info(`s${n}.test`);
      if (asked().at(-1) === `s${n}.test`) answer("");
      await info;
    };
    for (let n = 0; n <= 1_000; n += 1) await ask(n);
    await ask(1_000);
    await ask(1);
    expect(sent).toHaveLength(1_001);
    await ask(0);
    expect(sent).toHaveLength(1_002);
    discovery.clear();
    await ask(1_000);
    expect(sent).toHaveLength(1_003);
  });

  it("holds 2,000 features of 1,023 characters", async () => {
    const info = discovery.info("a.test");
    const feature = (name: string): string => `<feature var='${name}'/>`;
    answer(
      [
        feature("l".repeat(1_024)),
        feature("f".repeat(1_023)),
        ...Array.from({ length: 2_000 }, (_, n) => feature(`f${n}`)),
      ].join(""),
    );
    const { features } = await info;
    expect([features.size, features.has("l".repeat(1_024)), features.has("f".repeat(1_023))]).toEqual([
      2_000,
      false,
      true,
    ]);
  });
});

describe("an answer that is long or odd", () => {
  it("has 50 identities and 1,000 items, and what is of another kind is none", async () => {
    const info = discovery.info("a.test");
    const identity = "<identity category='c' type='t'/>";
    answer(`text<identity xmlns='urn:x'/><feature xmlns='urn:x' var='no'/><identity/>${identity.repeat(50)}`);
    const { identities, features } = await info;
    expect([identities.length, identities.slice(0, 2), features.size]).toEqual([
      50,
      [
        { category: "", type: "" },
        { category: "c", type: "t" },
      ],
      0,
    ]);
    const items = discovery.items("a.test");
    const many = Array.from({ length: 1_001 }, (_, n) => `<item jid='i${n}.test'/>`).join("");
    answer(`text<item xmlns='urn:x' jid='no.test'/><other jid='no.test'/>${many}`, nsItems);
    const found = await items;
    expect([found.length, found[0]?.jid.full, found.at(-1)?.jid.full]).toEqual([1_000, "i0.test", "i999.test"]);
  });

  it("that is none fails, is asked for again, and is no answer to the other question", async () => {
    const info = discovery.info("a.test");
    answer("", nsItems);
    await expect(info).rejects.toMatchObject({ code: "protocol-error" });
  });

  it.each(["resource-constraint", "item-not-found"])(
    "that refuses with %s is asked for again where that passes",
    async (condition) => {
      const refused = discovery.info("a.test");
      fail(condition);
      await expect(refused).rejects.toBeDefined();
      discovery.info("a.test").catch(() => undefined);
      expect(sent).toHaveLength(condition === "resource-constraint" ? 2 : 1);
    },
  );

  it("of a session that is over does not forget what was asked in the next", async () => {
    const before = discovery.info("a.test");
    const late = sent[0];
    discovery.clear();
    const now = discovery.info("a.test");
    if (late) sent.push(late);
    fail("resource-constraint");
    sent.pop();
    await expect(before).rejects.toMatchObject({ code: "rate-limited" });
    void discovery.info("a.test");
    expect(sent).toHaveLength(2);
    answer("");
    await now;
  });
});

describe("what server and account offer", () => {
  it("is what they offer now, and no longer what they did", async () => {
    const loading = async (inner: string): Promise<void> => {
      const loaded = discovery.load();
      answer(inner);
      sent.pop();
      answer("");
      await loaded;
    };
    await loading("<feature var='urn:before'/>");
    discovery.clear();
    sent.length = 0;
    await loading("<feature var='urn:now'/>");
    expect([discovery.offers("urn:before"), discovery.offers("urn:now")]).toEqual([false, true]);
  });

  it("is asked of both at once, and whoever does not answer offers nothing", async () => {
    const loaded = discovery.load();
    expect(asked()).toEqual(["example.test", "alice@example.test"]);
    answer("<feature var='urn:account'/>");
    sent.pop();
    fail("service-unavailable");
    await loaded;
    expect([discovery.offers("urn:account"), discovery.offers("urn:server")]).toEqual([true, false]);
  });
});

describe("capabilities", () => {
  it("of one kind of program are asked for once, of whichever device, where their hash holds", async () => {
    for (const jid of ["bob@example.test/a", "ann@example.test/b"]) discovery.announced(jid, caps);
    const first = discovery.capabilities("bob@example.test/a");
    await expect.poll(() => sent.length).toBe(1);
    expect(sent[0]?.getChild("query")?.attrs["node"]).toBe(`urn:exodus#${caps.ver}`);
    answer(exodus);
    expect((await first).features.has("http://jabber.org/protocol/muc")).toBe(true);
    expect(await discovery.capabilities("ann@example.test/b")).toEqual(await first);
    discovery.clear();
    discovery.announced("carol@example.test/c", caps);
    expect(await discovery.capabilities("carol@example.test/c")).toEqual(await first);
    expect(sent).toHaveLength(1);
  });

  it("that do not have the hash they were announced with are that device's alone", async () => {
    for (const jid of ["mallory@evil.test/a", "bob@example.test/b"]) discovery.announced(jid, caps);
    const poisoned = discovery.capabilities("mallory@evil.test/a");
    await expect.poll(() => sent.length).toBe(1);
    answer(`${exodus}<feature var='urn:evil'/>`);
    expect((await poisoned).features.has("urn:evil")).toBe(true);
    const honest = discovery.capabilities("bob@example.test/b");
    await expect.poll(() => sent.length).toBe(2);
    answer(exodus);
    expect((await honest).features.has("urn:evil")).toBe(false);
    expect(asked()).toEqual(["mallory@evil.test/a", "bob@example.test/b"]);
  });

  it("are remembered of 500 programs, the last ones", () => {
    const cache = new MemoryCapsCache();
    const info = { identities: [], features: new Set<string>() };
    for (let n = 0; n <= 500; n++) cache.set(`p${n}`, info);
    expect([0, 1, 500].map((n) => cache.get(`p${n}`))).toEqual([undefined, info, info]);
  });

  it("are remembered of 20,000 devices, those that spoke last", async () => {
    discovery.announced("first@x.test/a", caps);
    for (let n = 0; n < 19_999; n++) discovery.announced(`p${n}@x.test/a`, caps);
    discovery.announced("first@x.test/a", caps);
    discovery.announced("last@x.test/a", caps);
    for (const jid of ["first@x.test/a", "last@x.test/a", "p1@x.test/a", "p0@x.test/a"])
      discovery.capabilities(jid).catch(() => undefined);
    await expect.poll(() => sent.length).toBe(4);
    const asked = new Map(sent.map((iq) => [iq.attrs["to"], iq.getChild("query")?.attrs["node"] !== undefined]));
    expect(["first", "last", "p1", "p0"].map((name) => asked.get(`${name}@x.test/a`))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("that nobody announced are asked of the device itself", async () => {
    const info = discovery.capabilities("bob@example.test/a");
    expect(sent[0]?.getChild("query")?.attrs["node"]).toBeUndefined();
    answer("<feature var='urn:a'/>");
    expect((await info).features).toEqual(new Set(["urn:a"]));
  });

  it("are taken from the presence of contacts, and of nobody else", async () => {
    const hosts: ExtensionHost[] = [];
    const spy: Extension = {
      name: "A spy",
      features: [],
      attach: (host) => ({ started: () => void hosts.push(host) }),
    };
    const { feed, sent: texts } = await startTestSession({
      extensions: [entityCapabilities, spy],
      roster: "<item jid='bob@example.test' subscription='both'/>",
    });
    const c = `<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:exodus' ver='${caps.ver}'/>`;
    for (const jid of ["bob@example.test/a", "mallory@evil.test/a"]) feed(`<presence from='${jid}'>${c}</presence>`);
    // None of these is one that can be checked.
    const odd = [
      "hash='sha-1' node='n'",
      "hash='sha-1' ver='v'",
      "node='n' ver='v'",
      `hash='sha-1' node='n' ver='${"v".repeat(1_019)}'`,
    ];
    for (const attributes of odd)
      feed(`<presence from='bob@example.test/a'><c xmlns='http://jabber.org/protocol/caps' ${attributes}/></presence>`);
    feed(`<presence from='bob@example.test/a'>${c.replace("<c ", "<other ").replace(caps.ver, "x")}</presence>`);
    for (const jid of ["bob@example.test/a", "mallory@evil.test/a"])
      hosts[0]?.discovery.capabilities(jid).catch(() => undefined);
    await expect.poll(() => texts.length).toBe(2);
    expect([...texts].map((text) => [/to="([^"]+)"/.exec(text)?.[1], text.includes("urn:exodus#")]).sort()).toEqual([
      ["bob@example.test/a", true],
      ["mallory@evil.test/a", false],
    ]);
  });
});

it("extensions ask no question twice that is asked at the beginning of a session", async () => {
  const { begun } = await startTestSession();
  const questions = begun
    .filter((text) => text.includes("http://jabber.org/protocol/disco#"))
    .map((text) => text.replace(/ id="[^"]+"/, ""));
  expect(questions.length).toBeGreaterThan(2);
  expect(new Set(questions).size).toBe(questions.length);
});
