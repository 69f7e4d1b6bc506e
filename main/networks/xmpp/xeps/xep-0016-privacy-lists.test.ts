import { describe, expect, it } from "vitest";
import { type ErrorCode, HallwayError } from "../../../../shared/errors.ts";
import type { Audience } from "../../connection-rules.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import type { ExtensionParts } from "../extension.ts";
import { testHost } from "../testing/extension-host.ts";
import { parseElement } from "../testing/session.ts";
import { privacyLists } from "./xep-0016-privacy-lists.ts";

const nsPrivacy = "jabber:iq:privacy";
const done = "";
const noLists = `<query xmlns='${nsPrivacy}'/>`;
const listOf = (name: string, ...items: readonly string[]): string =>
  `<query xmlns='${nsPrivacy}'><list name='${name}'>${items.join("")}</list></query>`;

function person(address: string, subscription: RosterItem["subscription"], ...groups: string[]): RosterItem {
  return { address, name: undefined, groups, subscription, asked: false };
}

/** A session in which this audience may see us, at a server that hides. */
function attached(who: Audience, ...people: readonly RosterItem[]) {
  const test = testHost();
  let audience = who;
  test.rules = { audience: () => audience };
  test.offers = [nsPrivacy];
  for (const one of people) test.contacts.set(one.address, one);
  const parts = privacyLists.attach(test.host);
  const setAudience = (next: Audience): void => void (audience = next);
  const pass = () => required(parts).pass();
  const push = (list: string) =>
    parts.requests?.[`set ${nsPrivacy}`]?.answer(parseElement(list), parseElement("<iq/>"));
  return { ...test, test, parts, setAudience, pass, push, wanted: () => required(parts).wanted() };
}

function required({ precondition }: ExtensionParts): NonNullable<ExtensionParts["precondition"]> {
  if (!precondition) throw new Error("there is no precondition");
  return precondition;
}

/** Items of the newest list that was set, as `action type value order children`. */
function listed(said: readonly string[]): readonly string[] {
  const text = said.findLast((one) => one.includes("<item"));
  const items = text === undefined ? [] : (parseElement(text).getChild("list")?.getChildren("item") ?? []);
  return items.map(({ attrs: { action, type, value, order }, children }) =>
    [action, type, value, order, ...children.map((child) => (typeof child === "string" ? child : child.name))].join(
      " ",
    ),
  );
}
const rest = (from: number): readonly string[] => [
  `deny subscription from ${from} presence-out`,
  `deny subscription both ${from + 1} presence-out`,
];
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("who may see us", () => {
  it("is everybody on the list without a word to the server, unless policy or the person says otherwise", async () => {
    const all = attached("contacts");
    expect([all.wanted(), all.parts.commands?.audience?.()]).toEqual([false, "contacts"]);
    await all.pass();
    expect(all.said).toEqual([]);
    expect(attached("nobody").wanted()).toBe(true);
    expect(attached("groups").wanted()).toBe(true);
  });

  it("is those in a group whom the server shows it to, and nobody else, no whole server either", async () => {
    const { answers, pass, said, parts, wanted } = attached(
      "groups",
      person("a@x.test", "both", "Team"),
      person("b@x.test", "from", "Team"),
      person("c@x.test", "to", "Team"),
      person("d@x.test", "none", "Team"),
      person("e@x.test", "both"),
      person("f@x.test", "both", "\u200B"),
      person("x.test", "both", "Team"),
    );
    answers.push(noLists, done, done);
    await pass();
    expect(listed(said)).toEqual([
      "allow jid a@x.test 0 presence-out",
      "allow jid b@x.test 1 presence-out",
      ...rest(2),
    ]);
    expect(parseElement(said.at(-1) ?? "").getChild("active")?.attrs["name"]).toBe("hallway-presence");
    expect([wanted(), parts.commands?.audience?.()]).toEqual([false, "groups"]);
    await pass();
    expect(said).toHaveLength(3);
  });

  it("is 2,000 of them, since the server goes through the list at every stanza", async () => {
    const people = Array.from({ length: 2_001 }, (_, n) => person(`p${n}@x.test`, "both", "Team"));
    const { answers, pass, said } = attached("groups", ...people);
    answers.push(noLists, done, done);
    await pass();
    const items = listed(said);
    expect([items.length, items[1_999], items[2_000]]).toEqual([
      2_002,
      "allow jid p1999@x.test 1999 presence-out",
      "deny subscription from 2000 presence-out",
    ]);
  });

  it("is nobody whom a list of another program denies, since ours takes its place: of 1,000 of them", async () => {
    const { answers, pass, said } = attached("nobody");
    const denied = Array.from({ length: 1_001 }, (_, n) => `<item action='deny' type='jid' value='s${n}@evil.test'/>`);
    answers.push(
      `<query xmlns='${nsPrivacy}'><active name='other'/><default name='blocked'/></query>`,
      listOf("blocked", "<item action='allow' type='jid' value='a@x.test'/>", ...denied),
      done,
      done,
    );
    await pass();
    expect(said[1]).toContain('<list name="blocked"/>');
    const items = listed(said);
    expect([items.length, items[0], items[999], items.slice(1_000)]).toEqual([
      1_002,
      "deny jid s0@evil.test 0",
      "deny jid s999@evil.test 999",
      rest(1_000),
    ]);
  });

  it("keeps what another program denies in part, in part, and does not read our own list for another's", async () => {
    const { answers, pass, said } = attached("nobody");
    answers.push(
      `<query xmlns='${nsPrivacy}'><default name='b'/></query>`,
      listOf("b", "<item action='deny' type='jid' value='a@x.test' order='7'> <message/><iq/></item>"),
      done,
      done,
    );
    await pass();
    expect(listed(said)).toEqual(["deny jid a@x.test 0 message iq", ...rest(1)]);
    const own = attached("nobody");
    own.answers.push(`<query xmlns='${nsPrivacy}'><default name='hallway-presence'/></query>`, done, done);
    await own.pass();
    expect(listed(own.said)).toEqual(rest(0));
    const empty = attached("nobody");
    empty.answers.push(`<query xmlns='${nsPrivacy}'><default name='b'/></query>`, noLists, done, done);
    await empty.pass();
    expect(listed(empty.said)).toEqual(rest(0));
  });

  it("cannot be narrowed where the server hides nobody: it is not signed in to, and is not asked", async () => {
    const { test, pass, said, parts, wanted } = attached("nobody");
    test.offers = [];
    await expect(pass()).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "PresenceSharing", host: "example.test" },
    });
    expect([said, wanted(), parts.commands?.audience?.()]).toEqual([[], true, "contacts"]);
  });

  it.each<[ErrorCode, ErrorCode]>([
    ["not-allowed", "blocked-by-policy"],
    ["unsupported", "blocked-by-policy"],
    ["timed-out", "timed-out"],
    ["connection-lost", "connection-lost"],
    ["cancelled", "cancelled"],
    ["offline", "offline"],
  ])("and a server that answers %s ends the signing in with %s", async (code, expected) => {
    const { answers, pass, parts } = attached("nobody");
    answers.push(noLists, done, new HallwayError(code));
    await expect(pass()).rejects.toMatchObject({ code: expected });
    expect(parts.commands?.audience?.()).toBe("contacts");
  });

  it("changes with the choice: we leave first where we were seen, and go back without our list", async () => {
    const { answers, pass, said, parts, setAudience, wanted } = attached("nobody");
    answers.push(noLists, done, done);
    await pass();
    parts.presenceSent?.({ availability: "available" });
    setAudience("contacts");
    expect(wanted()).toBe(true);
    said.length = 0;
    answers.push(done);
    await pass();
    expect(said[0]).toBe('<presence type="unavailable"/>');
    expect(parseElement(said[1] ?? "").getChild("active")?.attrs["name"]).toBeUndefined();
    expect([said.length, wanted(), parts.commands?.audience?.()]).toEqual([2, false, "contacts"]);
    setAudience("nobody");
    parts.presenceSent?.({ availability: "offline" });
    answers.push(noLists, done, done);
    await pass();
    expect(said.filter((text) => text.startsWith("<presence"))).toHaveLength(1);
  });

  it("is asked for anew in the next session, in which nothing of it counts any more", async () => {
    const { answers, pass, said, parts, wanted } = attached("nobody");
    answers.push(noLists, done, done);
    await pass();
    parts.presenceSent?.({ availability: "available" });
    parts.ended?.();
    expect([wanted(), parts.commands?.audience?.()]).toEqual([true, "contacts"]);
    said.length = 0;
    answers.push(noLists, done, done);
    await pass();
    expect([said.length, said.some((text) => text.startsWith("<presence"))]).toEqual([3, false]);
  });
});

describe("a change of the contact list", () => {
  const [ann, bob] = [person("ann@x.test", "both", "Team"), person("bob@x.test", "both", "Team")];

  async function signedIn() {
    const made = attached("groups", ann, bob);
    made.answers.push(noLists, done, done);
    await made.pass();
    made.said.length = 0;
    return made;
  }

  it("that leaves who may see us as they are says nothing", async () => {
    const { parts, contacts, said, wanted } = await signedIn();
    contacts.set("carol@x.test", person("carol@x.test", "both"));
    parts.contactsChanged?.();
    await settle();
    expect([said, wanted()]).toEqual([[], false]);
  });

  it("tells who may no longer see us first, and nobody else, then the list, and last how we are", async () => {
    const { parts, contacts, said, answers, test, wanted } = await signedIn();
    contacts.set("bob@x.test", person("bob@x.test", "both"));
    answers.push(noLists, done, done);
    parts.contactsChanged?.();
    expect(wanted()).toBe(true);
    await settle();
    expect(said[0]).toBe('<presence to="bob@x.test" type="unavailable"/>');
    expect([said.length, listed(said), test.again, wanted()]).toEqual([
      4,
      ["allow jid ann@x.test 0 presence-out", ...rest(1)],
      1,
      false,
    ]);
  });

  it("that puts another in somebody's place is one, too", async () => {
    const { parts, contacts, said, answers } = await signedIn();
    contacts.delete("bob@x.test");
    contacts.set("carol@x.test", person("carol@x.test", "from", "Team"));
    answers.push(noLists, done, done);
    parts.contactsChanged?.();
    await settle();
    expect(listed(said)[1]).toBe("allow jid carol@x.test 1 presence-out");
  });

  it("by many at once makes one list, and one that fails is made by the next", async () => {
    const { parts, contacts, said, answers, test } = await signedIn();
    contacts.delete("bob@x.test");
    answers.push(noLists, done, done);
    for (let n = 0; n < 3; n++) parts.contactsChanged?.();
    await settle();
    expect([said.filter((text) => text.includes("<item")).length, test.again]).toEqual([1, 1]);
    contacts.delete("ann@x.test");
    answers.push(new HallwayError("server-error"));
    parts.contactsChanged?.();
    await settle();
    answers.push(noLists, done, done);
    parts.contactsChanged?.();
    await settle();
    expect([listed(said), test.again]).toEqual([rest(0), 2]);
  });

  it("waits for nothing where everybody may see us, or where the session has ended meanwhile", async () => {
    const open = attached("contacts", ann);
    open.parts.contactsChanged?.();
    await settle();
    expect([open.said, open.wanted()]).toEqual([[], false]);
    const { parts, contacts, said } = await signedIn();
    contacts.delete("bob@x.test");
    parts.contactsChanged?.();
    parts.ended?.();
    await settle();
    expect(said).toEqual([]);
  });

  it("while signing in is part of the list before anybody is heard", async () => {
    const { parts, contacts, said, answers, pass } = attached("groups", ann);
    answers.push(noLists, done, done, noLists, done, done);
    const passing = pass();
    contacts.set("bob@x.test", bob);
    await passing;
    await settle();
    parts.contactsChanged?.();
    expect(listed(said)).toEqual([
      "allow jid ann@x.test 0 presence-out",
      "allow jid bob@x.test 1 presence-out",
      ...rest(2),
    ]);
  });
});

describe("a list that was changed elsewhere", () => {
  it("has ours made anew, for it may deny somebody; our own does not", async () => {
    const { answers, pass, said, push } = attached("nobody");
    answers.push(noLists, done, done);
    await pass();
    said.length = 0;
    expect(push(`<query xmlns='${nsPrivacy}'><list name='hallway-presence'/></query>`)).toBeUndefined();
    await settle();
    expect(said).toEqual([]);
    answers.push(noLists, done, done);
    push(`<query xmlns='${nsPrivacy}'><list name='other'/></query>`);
    await settle();
    expect(said).toHaveLength(3);
  });
});
