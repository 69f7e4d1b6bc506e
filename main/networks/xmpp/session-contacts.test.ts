import type { Element } from "@xmpp/xml";
import { afterEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { maxStatusLength } from "../../../shared/model/presence.ts";
import { XmppSession } from "./session.ts";
import { testEnvironment } from "./testing/client.ts";
import { parseElement, startTestSession } from "./testing/session.ts";
import { capsNode } from "./xeps/xep-0115-caps.ts";

const both = "<item jid='bob@example.test' subscription='both'/>";
const push = (items: string, from = "") =>
  `<iq type='set' id='p'${from} to='alice@example.test/desk'><query xmlns='jabber:iq:roster' ver='2'>${items}</query></iq>`;

afterEach(() => void vi.useRealTimers());

describe("contact list", () => {
  it("takes updates from the own account only, and answers them", async () => {
    const { feed, events, sent } = await startTestSession();
    feed(
      push(
        "<item jid='bob@example.test' name=' Bob ' subscription='to' ask='subscribe'><group>Work</group><group>Work</group><group> </group></item>",
      ),
    );
    expect(events).toEqual([
      {
        type: "roster-item",
        item: {
          address: "bob@example.test",
          name: "Bob",
          writtenName: " Bob ",
          groups: ["Work", " "],
          subscription: "to",
          asked: true,
        },
      },
      { type: "presence", address: "bob@example.test", presence: { availability: "offline" } },
    ]);
    expect(sent).toEqual(['<iq type="result" id="p"/>']);
    events.length = 0;
    for (const from of ["mallory@evil.test/x", "example.test", "alice@example.test/phone"])
      feed(push("<item jid='evil@evil.test' subscription='both'/>", ` from='${from}'`));
    expect(new Set(events.map((e) => e.type))).toEqual(new Set(["refused"]));
    feed(push("<item jid='bob@example.test' subscription='remove'/>", " from='alice@example.test'"));
    expect(events.at(-1)).toEqual({ type: "roster-removed", address: "bob@example.test" });
  });

  it("skips what is no person's address", async () => {
    const { session } = await startTestSession({
      roster: `${both}<item jid='gateway.example.test' subscription='both'/><item jid='@'/><item/>`,
    });
    expect([...session.roster.items.keys()]).toEqual(["bob@example.test"]);
  });

  it("keeps the list between starts, and asks for what changed", async () => {
    const cache = new Map<string, string>();
    const environment = {
      cache: {
        get: (k: string) => Promise.resolve(cache.get(k)),
        set: (k: string, v: string) => Promise.resolve(void cache.set(k, v)),
      },
    };
    const features = "<ver xmlns='urn:xmpp:features:rosterver'/>";
    const first = await startTestSession({ environment, features, roster: both });
    first.feed(push("<item jid='carol@example.test' subscription='to'/>"));
    await first.session.roster.save();
    expect(JSON.parse(cache.get("roster") ?? "")).toMatchObject({
      version: "2",
      items: [{ address: "bob@example.test" }, { address: "carol@example.test" }],
    });
    for (const broken of ["{", '{"version":1}', "null"]) {
      cache.set("roster", broken);
      expect((await startTestSession({ environment, features, roster: both })).session.roster.items.size).toBe(1);
    }
  });

  it("is asked for before the presence is sent, also where the last one has to be looked for first", async () => {
    for (const features of ["", "<ver xmlns='urn:xmpp:features:rosterver'/>"]) {
      const cache = {
        get: () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20)),
        set: () => Promise.resolve(),
      };
      const { begun } = await startTestSession({ environment: { cache }, features, roster: both });
      const presence = begun.findIndex((text) => text.startsWith("<presence"));
      expect(presence).toBeGreaterThan(-1);
      expect(begun.findIndex((text) => text.includes("jabber:iq:roster"))).toBeLessThan(presence);
    }
  });

  it("and what the server offers are here before the presence is sent, which waits for neither for long", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    for (const { list, offers, after } of [
      { list: true, offers: true, after: 0 },
      { list: true, offers: false, after: 500 },
      { list: false, offers: true, after: 5_000 },
      { list: false, offers: false, after: 5_000 },
    ]) {
      const sent: Element[] = [];
      const options = {
        address: "alice@example.test",
        domain: "example.test",
        cacheKey: "roster",
        environment: testEnvironment(),
        extensions: [],
      };
      const session = new XmppSession({ ...options, emit: () => undefined, send: (stanza) => void sent.push(stanza) });
      const started = session.start("alice@example.test/desk", parseElement("<stream:features/>"), {
        availability: "available",
      });
      const presences = (): number => sent.filter(({ name }) => name === "presence").length;
      const answer = async (xmlns: string): Promise<void> => {
        for (const { attrs } of sent.filter((iq) => iq.getChild("query", xmlns))) {
          const from = attrs["to"] === undefined ? "" : ` from='${attrs["to"]}'`;
          session.handle(parseElement(`<iq type='result' id='${attrs["id"]}'${from}><query xmlns='${xmlns}'/></iq>`));
        }
        await vi.advanceTimersByTimeAsync(0);
      };
      await vi.advanceTimersByTimeAsync(0);
      expect(sent.map(({ name }) => name)).toEqual(["iq", "iq", "iq"]);
      if (offers) await answer("http://jabber.org/protocol/disco#info");
      expect(presences()).toBe(0);
      if (list) await answer("jabber:iq:roster");
      if (after > 0) {
        await vi.advanceTimersByTimeAsync(after - 1);
        expect(presences()).toBe(0);
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(presences()).toBe(1);
      session.dispose();
      await started.catch(() => undefined);
    }
  });

  it("adds, renames and removes", async () => {
    const { session, sent, answer } = await startTestSession();
    const adding = session.subscriptions.add("bob@example.test", "Bob & co", ["Work", "Work"]);
    expect(sent[0]).toContain('<item jid="bob@example.test" name="Bob &amp; co"><group>Work</group></item>');
    answer("jabber:iq:roster", "");
    await adding;
    expect(sent[1]).toBe('<presence to="bob@example.test" type="subscribe"/>');
    const removing = session.roster.remove("bob@example.test");
    expect(sent[2]).toContain('<item jid="bob@example.test" subscription="remove"/>');
    answer(
      "jabber:iq:roster",
      "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    );
    await expect(removing).rejects.toMatchObject({ code: "recipient-unknown" });
    await expect(session.subscriptions.add("alice@example.test", undefined, [])).rejects.toMatchObject({
      code: "invalid-address",
    });
  });

  // RFC 6121 section 2.1.2: a set takes the place of the whole item.
  it("sends back as it came what was not edited", async () => {
    const groups = [" Work ", "x".repeat(250), "\u200B", ...Array.from({ length: 60 }, (_, i) => `g${i}`)];
    const written = `  Bob ${"b".repeat(1100)}`;
    const item = (name: string, all: readonly string[]) =>
      `<item jid="bob@example.test"${name && ` name="${name}"`}>${all.map((g) => `<group>${g}</group>`).join("")}</item>`;
    const { session, sent, events, feed } = await startTestSession();
    feed(`<iq type='set' id='r'><query xmlns='jabber:iq:roster'>${item(written, [...groups, "", "g1"])}</query></iq>`);
    const shown = written.trim().slice(0, 1023);
    expect(events[0]).toMatchObject({ item: { name: shown, groups } });
    const set = (name: string | undefined, all: readonly string[]) => {
      sent.length = 0;
      session.roster.set("bob@example.test", name, all).catch(() => undefined);
      return sent[0];
    };
    expect(set(shown, ["Home"])).toContain(item(written, ["Home"]));
    expect(set("Robert", groups)).toContain(item("Robert", groups));
    expect(set(undefined, groups)).toContain(item("", groups));
  });

  it("takes a name of which nothing shows for none, and leaves it to the server as it is", async () => {
    const { session, sent, events, feed } = await startTestSession();
    feed(
      "<iq type='set' id='r1'><query xmlns='jabber:iq:roster'><item jid='zoe@example.test' name='&#x200B;&#x2060;&#x202E;' subscription='none'/></query></iq>",
    );
    expect(events[0]).toMatchObject({ item: { name: undefined } });
    session.roster.set("zoe@example.test", undefined, ["Work"]).catch(() => undefined);
    expect(sent.at(-1)).toContain('<item jid="zoe@example.test" name="\u200B\u2060\u202E"><group>Work</group></item>');
  });

  it("asks anew for a list that was kept by a version which cut it", async () => {
    const cache = {
      get: () => Promise.resolve(JSON.stringify({ version: "v1", items: [] })),
      set: () => Promise.resolve(),
    };
    const { begun } = await startTestSession({
      features: "<ver xmlns='urn:xmpp:features:rosterver'/>",
      environment: { cache },
    });
    expect(begun.find((stanza) => stanza.includes("jabber:iq:roster"))).toContain('ver=""');
  });

  it("lets them see us at once where the server can remember it", async () => {
    const { session, sent, answer } = await startTestSession({
      features: "<sub xmlns='urn:xmpp:features:pre-approval'/>",
    });
    const adding = session.subscriptions.add("bob@example.test", undefined, []);
    answer("jabber:iq:roster", "");
    await adding;
    expect(sent.slice(1)).toEqual([
      '<presence to="bob@example.test" type="subscribed"/>',
      '<presence to="bob@example.test" type="subscribe"/>',
    ]);
  });
});

describe("presence", () => {
  it("is the best over all devices, told when it changes", async () => {
    const { feed, events } = await startTestSession({ roster: both });
    feed("<presence from='bob@example.test/phone'><show>xa</show></presence>");
    feed("<presence from='bob@example.test/desk'><show>chat</show><status>here</status></presence>");
    feed("<presence from='bob@example.test/desk'><show>chat</show><status>here</status></presence>");
    feed("<presence from='bob@example.test/phone' type='unavailable'/>");
    feed("<presence from='bob@example.test/desk'><show>dnd</show></presence>");
    feed("<presence from='bob@example.test/desk' type='unavailable'><status>gone</status></presence>");
    expect(events.map((e) => e.type === "presence" && e.presence)).toEqual([
      { availability: "away" },
      { availability: "available", status: "here" },
      { availability: "busy" },
      { availability: "offline", status: "gone" },
    ]);
  });

  it("of strangers, of own devices and of nobody says nothing", async () => {
    const { feed, events } = await startTestSession({ roster: both });
    feed("<presence from='stranger@evil.test/x'/>");
    feed("<presence from='alice@example.test/phone'/>");
    feed("<presence from='gateway.example.test'/>");
    feed("<presence/>");
    feed("<presence from='bob@example.test/x' type='error'/>");
    expect(events).toEqual([]);
  });

  it("is that of the one who can be reached best, whichever device spoke first, and of nobody else's", async () => {
    const { feed, events } = await startTestSession({ roster: both + both.replace("bob", "ann") });
    feed("<presence from='bob@example.test/phone'><show>away</show></presence>");
    feed("<presence from='bob@example.test/desk'/>");
    feed("<presence from='bob@example.test/other'><show>dnd</show></presence>");
    feed("<presence from='ann@example.test/phone'><show>dnd</show></presence>");
    expect(events.map((e) => e.type === "presence" && `${e.address} ${e.presence.availability}`)).toEqual([
      "bob@example.test away",
      "bob@example.test available",
      "ann@example.test busy",
    ]);
    feed("<presence from='bob@example.test/desk' type='unavailable'/>");
    feed("<presence from='bob@example.test/unknown' type='unavailable'/>");
    feed("<presence from='bob@example.test' type='unavailable'/>");
    expect(events.slice(3)).toMatchObject([
      { address: "bob@example.test", presence: { availability: "busy" } },
      { address: "bob@example.test", presence: { availability: "offline" } },
    ]);
  });

  it("stays as it is when they are renamed or see us too, and starts with nothing of whom we do not see", async () => {
    const { feed, events } = await startTestSession({
      roster: "<item jid='bob@example.test' subscription='to'/><item jid='ann@example.test' subscription='none'/>",
    });
    feed("<presence from='bob@example.test/x'/>");
    feed(push("<item jid='bob@example.test' name='Robert' subscription='to'/>"));
    feed(push("<item jid='bob@example.test' name='Robert' subscription='both'/>"));
    feed(push("<item jid='ann@example.test' name='Anna' subscription='from'/>"));
    feed(push("<item jid='eve@example.test' subscription='none' ask='subscribe'/>"));
    expect(events.filter((e) => e.type === "presence")).toMatchObject([{ address: "bob@example.test" }]);
    feed(push("<item jid='bob@example.test' subscription='remove'/>"));
    feed(push("<item jid='bob@example.test' subscription='to'/>"));
    expect(events.at(-1)).toMatchObject({ type: "presence", presence: { availability: "offline" } });
  });

  it("is asked for until they see us: no other change of theirs answers it", async () => {
    const { feed, events } = await startTestSession();
    feed("<presence type='subscribe' from='eve@example.test'/>");
    for (const subscription of ["none", "to", "remove"])
      feed(push(`<item jid='eve@example.test' subscription='${subscription}'/>`));
    feed("<presence type='unsubscribe' from='ann@example.test'/>");
    feed("<presence type='unsubscribed' from='eve@example.test'/>");
    expect(events.some((e) => e.type === "subscription-settled")).toBe(false);
    feed(push("<item jid='eve@example.test' subscription='both'/>"));
    feed(push("<item jid='eve@example.test' subscription='both'/>"));
    expect(events.filter((e) => e.type === "subscription-settled")).toHaveLength(1);
  });

  it("becomes unknown when they stop showing it", async () => {
    const { feed, events } = await startTestSession({ roster: both });
    feed("<presence from='bob@example.test/x'/>");
    feed(push("<item jid='bob@example.test' subscription='from'/>"));
    feed("<presence from='bob@example.test/x' type='unavailable'/>");
    expect(events.filter((e) => e.type === "presence").map((e) => e.presence.availability)).toEqual([
      "available",
      "unknown",
    ]);
  });

  it("asks once, and is settled by answer, by withdrawal or elsewhere", async () => {
    const { feed, events, session, sent } = await startTestSession({ roster: both });
    const ask = (who: string) => feed(`<presence type='subscribe' from='${who}@example.test'/>`);
    for (const who of ["a1", "a2", "a3", "a4", "bob"]) ask(who);
    expect(events.map((e) => e.type)).toEqual(Array.from({ length: 4 }, () => "subscription-request"));
    expect(sent).toEqual(['<presence to="bob@example.test" type="subscribed"/>']);
    events.length = 0;
    session.subscriptions.accept("a1@example.test");
    session.subscriptions.decline("a2@example.test");
    feed("<presence type='unsubscribe' from='a3@example.test'/>");
    feed(push("<item jid='a4@example.test' subscription='from'/>"));
    expect(events.filter((e) => e.type === "subscription-settled").map((e) => e.address)).toEqual(
      ["a1", "a2", "a3", "a4"].map((a) => `${a}@example.test`),
    );
    expect(sent.slice(1, 3)).toEqual([
      '<presence to="a1@example.test" type="subscribed"/>',
      '<presence to="a2@example.test" type="unsubscribed"/>',
    ]);
  });

  it("is asked for again where it is not seen, whatever the server noted of the first request, and only of people on the list", async () => {
    const items =
      "<item jid='asked@example.test' subscription='none' ask='subscribe'/><item jid='dropped@example.test' subscription='from'/>";
    const { session, sent } = await startTestSession({ roster: `${both}${items}` });
    for (const who of ["asked", "dropped", "bob"]) session.subscriptions.ask(`${who}@example.test`);
    expect(sent).toEqual(["asked", "dropped"].map((who) => `<presence to="${who}@example.test" type="subscribe"/>`));
    expect(() => session.subscriptions.ask("nobody@example.test")).toThrow(new HallwayError("not-found"));
  });

  it("has no status where nothing of it shows, and a long one to a whole character", async () => {
    const { feed, events } = await startTestSession({ roster: both });
    feed("<presence from='bob@example.test/a'><status>&#x200B;&#x2060;&#x202E;</status></presence>");
    feed(`<presence from='bob@example.test/a'><status>${"a".repeat(maxStatusLength - 1)}👍🏽</status></presence>`);
    expect(events.map((e) => e.type === "presence" && e.presence.status)).toEqual([
      undefined,
      "a".repeat(maxStatusLength - 1),
    ]);
  });

  it("of our own carries what we can do", async () => {
    const { session, sent } = await startTestSession();
    session.presence.announce({ availability: "in-meeting", status: "till <3>" });
    expect(sent[0]).toContain("<presence><show>dnd</show><status>till &lt;3&gt;</status>");
    expect(sent[0]).toContain(`node="${capsNode}"`);
    session.presence.announce({ availability: "offline" });
    expect(sent[1]).toBe('<presence type="unavailable"/>');
  });
});
