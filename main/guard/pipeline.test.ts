import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SettingKey, type SettingValue, settings } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { ContentHit } from "./inspection.ts";
import { createContentGuard } from "./pipeline.ts";
import type { BrokenRule } from "./rules.ts";

// The guard gives up what takes long; a busy machine must not.
beforeEach(() => void vi.spyOn(performance, "now").mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const me = "me@bank.example";
const inside = "bob@bank.example";
const outside = "eve@other.example";
const card = "4111 1111 1111 1111";

/** The guard under rules as a policy file writes them. */
function setUp(rules: unknown, policy: Partial<{ readonly [K in SettingKey]: SettingValue<K> }> = {}) {
  const hits: ContentHit[] = [];
  const broken: BrokenRule[] = [];
  const read = vi.fn(() => v.parse(settings.ContentRules.schema, rules));
  const values: Partial<Record<SettingKey, unknown>> = {
    ContentFailureMode: "block",
    LinkMode: "open",
    AllowedDomains: [],
    ...policy,
  };
  const guard = createContentGuard({
    get: ((key: SettingKey) => (key === "ContentRules" ? read() : values[key])) as ReadSetting,
    notice: ({ finding, rule }) => `withheld ${finding} ${rule}`,
    onHit: (hit) => hits.push(hit),
    onBroken: (more) => broken.push(...more),
  });
  return {
    guard,
    hits,
    broken,
    read,
    send: (body: string, peer = outside, confirm?: string) => guard.outgoing({ own: me, peer, body, confirm }),
    receive: (body: string, peer = outside, direction: "in" | "out" = "in") =>
      guard.received({ own: me, peer, direction, body }),
  };
}

const refused = (code: string, params: Record<string, unknown>) =>
  expect.objectContaining({ code, params: expect.objectContaining(params) });

describe("the content pipeline", () => {
  it("lets everything pass without rules", () => {
    const { send, receive, hits } = setUp([]);
    expect([send(card), receive(card)]).toEqual([card, card]);
    expect(hits).toEqual([]);
  });

  it("blocks with the rule's name, in its direction and for its audience only", () => {
    const rule = { name: "Cards", detector: "payment-card", action: "block" };
    const out = setUp([{ ...rule, direction: "out", audience: "external" }]);
    expect(() => out.send(`pay ${card}`)).toThrow(
      refused("content-blocked", { rule: "Cards", finding: "payment-card" }),
    );
    expect([out.send(card, inside), out.receive(card), out.send("pay")]).toEqual([card, card, "pay"]);
    expect(out.hits).toMatchObject([
      {
        rule: "Cards",
        finding: "payment-card",
        action: "block",
        direction: "out",
        parties: { peer: expect.any(String) },
      },
    ]);
    const into = setUp([{ ...rule, direction: "in", audience: "internal" }]);
    expect([into.send(card, inside), into.receive(card), into.receive(card, inside)]).toEqual([
      card,
      card,
      "withheld payment-card Cards",
    ]);
    const both = setUp([{ ...rule, message: "Use the vault." }]);
    expect(() => both.send(card, inside)).toThrow(refused("content-blocked", { message: "Use the vault." }));
    expect(both.receive(card, outside, "out")).toBe("withheld payment-card Cards");
  });

  it("counts the domains of AllowedDomains as inside, and whom nobody can place as both", () => {
    const rules = [{ name: "Cards", detector: "payment-card", action: "block", audience: "external" }];
    const { send, guard } = setUp(rules, { AllowedDomains: ["*.Partner.example", "friend.example"] });
    expect([send(card, "a@friend.example"), send(card, "a@x.partner.example")]).toEqual([card, card]);
    for (const peer of ["a@partner.example", "a@notfriend.example", "a@sub.bank.example"])
      expect(() => send(card, peer)).toThrow("content-blocked");
    expect(() => guard.outgoing({ own: undefined, peer: inside, body: card })).toThrow("content-blocked");
  });

  it("warns until the person has confirmed this very text to this very person", () => {
    const { send, receive } = setUp([
      { name: "Names", keywords: ["bluebird"], action: "warn" },
      { name: "Tickets", pattern: "INC-[0-9]+", action: "warn" },
    ]);
    const token = (body: string): string => {
      try {
        send(body);
      } catch (error) {
        return String((error as { params: { token: string } }).params.token);
      }
      throw new Error("no warning");
    };
    expect(() => send("Bluebird")).toThrow(refused("content-warning", { rule: "Names", finding: "keywords" }));
    expect(send("Bluebird", outside, token("Bluebird"))).toBe("Bluebird");
    for (const [body, peer, confirm] of [
      ["Bluebird INC-1", outside, token("Bluebird")],
      ["Bluebird", inside, token("Bluebird")],
      ["Bluebird", outside, "x"],
      ["Bluebird", outside, token("Bluebird INC-1")],
    ] as const)
      expect(() => send(body, peer, confirm)).toThrow("content-warning");
    expect(receive("Bluebird")).toBe("Bluebird");
  });

  it("takes out what a rule redacts, in both directions, also where rules overlap", () => {
    const { send, receive } = setUp([
      { name: "Cards", detector: "payment-card", action: "redact" },
      { name: "Digits", pattern: "[0-9]+ [0-9]+", action: "redact" },
      { name: "Names", keywords: ["Été"], action: "redact" },
    ]);
    expect(send(`a ${card} b`)).toBe("a █████ b");
    expect(receive("😀 ETE, 1 2.")).toBe("😀 █████, █████.");
  });

  it("finds expressions behind a disguise", () => {
    const { send } = setUp([{ name: "Tickets", pattern: "\\bINC-[0-9]{6}\\b", action: "block" }]);
    for (const body of ["INC-\u200b123456", "ＩＮＣ-123456", "INC-12\u00ad3456"])
      expect(() => send(body), body).toThrow("content-blocked");
    expect(send("inc-123456 é\u200b")).toBe("inc-123456 é\u200b");
    const { receive } = setUp([{ name: "Tickets", pattern: "INC-[0-9]{6}", action: "redact" }]);
    expect([receive("a INC-123456 b"), receive("a INC-\u200b123456 b")]).toEqual(["a █████ b", "a █████ b"]);
  });

  it("a block stands above a confirmation and a redaction, and audit only writes down", () => {
    const { send, hits } = setUp([
      { name: "Audit", detector: "everything", action: "audit" },
      { name: "Warn", detector: "payment-card", action: "warn" },
      { name: "Redact", detector: "payment-card", action: "redact" },
      { name: "Block", detector: "payment-card", action: "block" },
    ]);
    expect(send("hello")).toBe("hello");
    expect(() => send(card)).toThrow(refused("content-blocked", { rule: "Block" }));
    expect(hits.map(({ rule }) => rule)).toEqual(["Audit", "Audit", "Warn", "Redact", "Block"]);
    expect(JSON.stringify(hits)).not.toContain("4111");
  });

  it("a rule that cannot be applied blocks, unless the policy lets it pass; the others go on", () => {
    const rules = [
      { name: "Broken", pattern: "(?=a)", action: "audit", direction: "out" },
      { name: "Cards", detector: "payment-card", action: "block" },
    ];
    const closed = setUp(rules);
    expect(() => closed.send("hello")).toThrow(refused("content-blocked", { rule: "Broken", finding: "unchecked" }));
    expect(closed.broken).toMatchObject([{ path: "ContentRules[0].pattern", rule: { name: "Broken" } }]);
    expect(closed.receive("hello")).toBe("hello");
    const open = setUp(rules, { ContentFailureMode: "allow" });
    expect(open.send("hello")).toBe("hello");
    expect(open.hits).toMatchObject([{ rule: "Broken", finding: "unchecked", action: "audit", direction: "out" }]);
    expect(() => open.send(card)).toThrow(refused("content-blocked", { rule: "Cards" }));
  });

  it("a text that is too long to be looked through cannot be checked", () => {
    const rules = [{ name: "Large", pattern: "\\pL{0,900}\\pN", action: "warn" }];
    expect(setUp(rules).send("no digit")).toBe("no digit");
    const long = "a".repeat(65_536);
    expect(() => setUp(rules).send(long)).toThrow(refused("content-blocked", { finding: "unchecked" }));
    expect(setUp(rules).receive(long)).toBe("withheld unchecked Large");
    expect(setUp([{ ...rules[0], pattern: "b" }]).receive(`${long}a`)).toBe("withheld unchecked Large");
    expect(setUp(rules, { ContentFailureMode: "allow" }).send(long)).toBe(long);
  });

  it("a message that was stored under other rules is not sent as it is", () => {
    const { guard, hits } = setUp([
      { name: "Cards", detector: "payment-card", action: "redact" },
      { name: "Names", keywords: ["bluebird"], action: "block" },
      { name: "Asked", keywords: ["kestrel"], action: "warn" },
    ]);
    const parties = { own: me, peer: outside };
    for (const body of [card, "bluebird"])
      expect(() => guard.stillAllowed({ ...parties, body })).toThrow("content-blocked");
    expect(hits.map(({ rule }) => rule)).toEqual(["Cards", "Names"]);
    expect(() => guard.stillAllowed({ ...parties, body: "kestrel" })).not.toThrow();
    // It was written down when it was typed.
    expect(hits).toHaveLength(2);
  });

  it("neither sends nor shows links where policy blocks them", () => {
    const { send, receive, guard } = setUp([], { LinkMode: "block" });
    for (const body of ["see https://a.example", "WWW.a.example", "mailto:a@b", "(xmpp://a)", "http://1"]) {
      expect(() => send(body), body).toThrow(refused("content-blocked", { finding: "link" }));
      expect(receive(body), body).toBe("withheld link undefined");
    }
    expect(send("a.b: and/or // none")).toBe("a.b: and/or // none");
    expect(() => guard.openLink(true)).toThrow("blocked-by-policy");
  });

  it("takes an expression that is too large for none, and the rules beside it as they are", () => {
    const large = "\\pL{1000}".repeat(200);
    const { send, broken } = setUp([
      { name: "large", pattern: large, action: "audit" },
      { name: "usual", pattern: "kestrel", action: "block" },
    ]);
    expect(() => send("kestrel")).toThrow(refused("content-blocked", { rule: "large", finding: "unchecked" }));
    expect(broken.map(({ rule }) => rule.name)).toEqual(["large"]);
  });

  it("compiles the rules of a policy for two seconds, and stops what the others would have looked through", () => {
    const rules = Array.from({ length: 4 }, (_, n) => ({ name: `${n}`, pattern: `kestrel${n}`, action: "audit" }));
    const brokenWhenEachTakes = (time: number): readonly string[] => {
      let now = 0;
      const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += time) - time);
      const { guard, broken } = setUp(rules);
      guard.changed();
      clock.mockReturnValue(0);
      return broken.map(({ rule }) => rule.name);
    };
    expect(brokenWhenEachTakes(500)).toEqual([]);
    expect(brokenWhenEachTakes(501)).toEqual(["3"]);
    expect(brokenWhenEachTakes(2_001)).toEqual(["0", "1", "2", "3"]);
  });

  it("looks through a message for 200 ms, and stops it where a rule comes later", () => {
    const { send, hits } = setUp([{ name: "Names", keywords: ["bluebird"], action: "audit" }]);
    const sendAfter = (time: number): string => {
      let now = 0;
      const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += time) - time);
      try {
        return send("hello");
      } finally {
        clock.mockReturnValue(0);
      }
    };
    expect(send("hello")).toBe("hello");
    expect(sendAfter(200)).toBe("hello");
    expect(hits).toEqual([]);
    expect(() => sendAfter(201)).toThrow(refused("content-blocked", { finding: "unchecked" }));
  });

  it("takes keyword lists of a million letters in all, and stops everything where there is one more", () => {
    const words = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(100, "x"));
    const { send } = setUp([
      { name: "Words", keywords: words, action: "block" },
      { name: "None", pattern: "kestrel", action: "audit" },
    ]);
    expect(send("hello")).toBe("hello");
    expect(() => send(words[9_999] ?? "")).toThrow(refused("content-blocked", { rule: "Words", finding: "keywords" }));
    const more = setUp([
      { name: "Words", keywords: words, action: "audit" },
      { name: "More", keywords: ["y"], action: "audit" },
    ]);
    expect(() => more.send("hello")).toThrow(refused("content-blocked", { rule: "Words", finding: "unchecked" }));
  });

  it("reports what rules found, and nothing where they found nothing", () => {
    const { guard, hits } = setUp([{ name: "Names", keywords: ["bluebird"], action: "audit" }]);
    const reports: (() => void)[] = [];
    const receive = (body: string) =>
      guard.received({ own: me, peer: outside, direction: "in", body }, (report) => reports.push(report));
    expect([receive("hello"), reports.length]).toEqual(["hello", 0]);
    expect([receive("bluebird"), reports.length, hits.length]).toEqual(["bluebird", 1, 0]);
    reports[0]?.();
    expect(hits).toHaveLength(1);
  });

  it("takes out parts side by side each by itself, and parts that overlap once", () => {
    const redact = (...patterns: readonly string[]) =>
      setUp(patterns.map((pattern) => ({ name: pattern, pattern, action: "redact" }))).send("<aabb>");
    expect([redact("aa"), redact("aa", "bb"), redact("bb", "aa"), redact("aab", "abb"), redact("aabb", "ab")]).toEqual([
      "<█████bb>",
      "<██████████>",
      "<██████████>",
      "<█████>",
      "<█████>",
    ]);
  });

  it("says where in the policy a rule stands that cannot be applied", () => {
    const { broken, guard } = setUp([
      { name: "good", pattern: "a", action: "audit" },
      { name: "large", pattern: "\\pL{1000}".repeat(200), action: "audit" },
      {
        name: "many",
        keywords: Array.from({ length: 10_000 }, (_, n) => String(n).padStart(101, "x")),
        action: "audit",
      },
    ]);
    guard.changed();
    expect(broken.map(({ path }) => path)).toEqual(["ContentRules[1].pattern", "ContentRules[2].keywords"]);
  });

  it("finds the word of one list inside the phrase of another, whatever their order", () => {
    const city = { name: "City", keywords: ["new york city"], action: "block" };
    const york = { name: "York", keywords: ["york"], action: "block" };
    for (const rules of [
      [city, york],
      [york, city],
    ]) {
      const { send, hits } = setUp(rules);
      expect(() => send("in new york today")).toThrow(refused("content-blocked", { rule: "York" }));
      expect(hits.map(({ rule }) => rule)).toEqual(["York"]);
      expect(() => send("in new york city today")).toThrow("content-blocked");
      expect(hits.map(({ rule }) => rule).sort()).toEqual(["City", "York", "York"]);
      expect(send("in newyork city")).toBe("in newyork city");
    }
  });

  it("compiles the rules once, until they are others", () => {
    const { send, read, guard } = setUp([{ name: "Names", keywords: ["bluebird"], action: "block" }]);
    for (let i = 0; i < 5; i++) send("hello");
    expect(read).toHaveBeenCalledTimes(1);
    guard.changed();
    expect(() => send("bluebird")).toThrow("content-blocked");
    expect(read).toHaveBeenCalledTimes(2);
  });
});
