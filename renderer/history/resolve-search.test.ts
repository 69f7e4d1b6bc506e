import { describe, expect, it } from "vitest";
import { fold, matches } from "../../shared/search/names.ts";
import { createWords } from "../../shared/words/words.ts";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { resolveSearch } from "./resolve-search.ts";
import { beginFilter, suggest } from "./suggest.ts";

const contacts = smallCompany();
const idOf = (name: string) => contacts.find((contact) => contact.name === name)?.id ?? "";
const find = (text: string) => contacts.filter(({ name, address }) => matches(fold(text), fold(name), fold(address)));
const now = new Date(2026, 10, 24, 12).getTime();
const resolve = (text: string, only?: string) =>
  resolveSearch(text, { only, accounts: [xmppAccount], find, now, order: "dmy" });
const juliet = idOf("Juliet Capulet");
const bob = idOf("Bob Tanaka");

describe("a search as it is asked", () => {
  it("words alone are words alone, and nothing is nothing", () => {
    expect(resolve("settlement window").query).toEqual({ text: "settlement window" });
    expect(resolve("  ").query).toBeUndefined();
    expect(resolve("from:").query).toBeUndefined();
  });

  it("knows people by name, by the beginning of one, and by address", () => {
    expect(resolve('from:"Juliet Capulet" window').query).toEqual({
      text: "window",
      filter: { authors: [{ address: "juliet@bank.example" }] },
    });
    expect(resolve("de:juli").query).toEqual({ text: "", filter: { authors: [{ address: "juliet@bank.example" }] } });
    expect(resolve("in:bob@corp.example").query).toEqual({ text: "", filter: { conversationIds: [bob] } });
    expect(resolve("in:Emilie").query?.filter?.conversationIds).toEqual([idOf("Émilie Lefèvre")]);
    expect(resolve("from:gone@corp.example").query?.filter?.authors).toEqual([{ address: "gone@corp.example" }]);
    expect(resolve("in:gone@corp.example").query?.filter?.conversationIds).toEqual(["account-xmpp|gone@corp.example"]);
    expect(resolve("from:nobody").problem).toEqual({ kind: "person", value: "nobody" });
  });

  it("puts people together: who wrote, and where", () => {
    expect(resolve("from:me in:juliet").query?.filter).toEqual({
      conversationIds: [juliet],
      authors: [{ isSelf: true }],
    });
    expect(resolve("from:moi").query?.filter).toEqual({ authors: [{ isSelf: true }] });
    expect(resolve("from:juliet from:bob").query?.filter).toEqual({
      authors: [{ address: "juliet@bank.example" }, { address: "bob@corp.example" }],
    });
    expect(resolve("from:juliet from:me").query?.filter).toEqual({ conversationIds: [juliet] });
    const fromJulietInBob = { conversationIds: [bob], authors: [{ address: "juliet@bank.example" }] };
    expect(resolve("from:juliet in:bob").query?.filter).toEqual(fromJulietInBob);
    expect(resolve("from:juliet", bob).query?.filter).toEqual(fromJulietInBob);
    expect(resolve("in:juliet", bob).query?.filter?.conversationIds).toEqual([]);
    expect(resolve("window", bob).query).toEqual({ text: "window", filter: { conversationIds: [bob] } });
    expect(resolve("", bob).query).toBeUndefined();
  });

  it("dates and files narrow; what is none is said", () => {
    const day = (month: number, date: number) => new Date(2026, month - 1, date).getTime();
    expect(resolve("on:20/11/2026").query?.filter).toEqual({ from: day(11, 20), to: day(11, 21) });
    expect(resolve("après:2026-11-01 avant:hier window").query).toEqual({
      text: "window",
      filter: { from: day(11, 2), to: day(11, 23) },
    });
    expect(resolve("has:file").query?.filter).toEqual({ hasFile: true });
    expect(resolve("before:soon window")).toMatchObject({ query: undefined, problem: { kind: "date", value: "soon" } });
    expect(resolve("has:cheese").problem).toEqual({ kind: "has", value: "cheese" });
    expect(resolve("after:2026-11-20 before:2026-11-10").problem).toEqual({ kind: "time" });
  });
});

describe("suggestions", () => {
  const at = (text: string, locale = "en-GB", caret = text.length) =>
    suggest({ text, caret, words: createWords(locale), find });
  const texts = (text: string, locale?: string, caret?: number) => at(text, locale, caret).list.map((one) => one.text);

  it("complete names, with quotes where they need them", () => {
    expect(texts("from:jul")).toEqual(['from:"Juliet Capulet" ']);
    expect(at("window from:ju").list[0]).toMatchObject({
      label: "Juliet Capulet",
      hint: "juliet@bank.example",
      caret: 'window from:"Juliet Capulet" '.length,
    });
    expect(texts("from:m")[0]).toBe("from:me ");
    expect(texts("de:m", "fr-FR")[0]).toBe("de:moi ");
    expect(at("from:jul").eager).toBe(true);
  });

  it("are six people, and no more are looked for", () => {
    const asked: number[] = [];
    const crowd = (_text: string, limit: number) => {
      asked.push(limit);
      return contacts
        .slice(0, 10)
        .map((contact, n) => ({ ...contact, name: `Name ${n}` }))
        .slice(0, limit);
    };
    expect([
      suggest({ text: "in:nam", caret: 6, words: createWords("en-GB"), find: crowd }).list.length,
      asked,
    ]).toEqual([6, [6]]);
  });

  it("of a search are the first 200 whom a name finds", () => {
    const crowd = (count: number) =>
      contacts
        .slice(0, 1)
        .flatMap((contact) =>
          Array.from({ length: count }, (_, n) => ({ ...contact, id: `account-xmpp|n${n}@x.example` })),
        );
    const found = (count: number) =>
      resolveSearch("in:name", {
        only: undefined,
        accounts: [xmppAccount],
        find: () => crowd(count),
        now,
        order: "dmy",
      }).query?.filter?.conversationIds;
    expect([found(200)?.length, found(201)?.length, found(201)?.at(-1)]).toEqual([
      200,
      200,
      "account-xmpp|n199@x.example",
    ]);
  });

  it("keep what stands behind the caret", () => {
    expect(texts("from:jul window", "en-GB", 8)).toEqual(['from:"Juliet Capulet" window']);
    expect(texts("from:jul window", "en-GB", 12)).toEqual([]);
  });

  it("offer filters for the beginning of their name, only as a wish", () => {
    expect(at("window fro")).toMatchObject({ eager: false, list: [{ text: "window from:", label: "from:" }] });
    expect(texts("apr", "fr-FR")).toEqual(["après:"]);
    expect(texts("window")).toEqual([]);
    expect(texts("f")).toEqual([]);
  });

  it("have nothing to add to what is complete", () => {
    expect(texts("has:file")).toEqual([]);
    expect(texts("on:2026-11-20")).toEqual([]);
  });

  it("begin a filter in the language of the window", () => {
    expect(beginFilter("window", "from", createWords("en-GB"))).toBe("window from:");
    expect(beginFilter("", "has", createWords("fr-FR"))).toBe("contient:fichier");
  });
});
