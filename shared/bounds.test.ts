import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { contract } from "./ipc/contract.ts";
import { findLinks } from "./links/find-links.ts";
import { linkEnd } from "./links/link-end.ts";
import { visible } from "./look-alike/skeleton.ts";
import { AddressSchema, PersonalAddressSchema } from "./model/address.ts";
import { OwnPresenceSchema, PresenceSchema } from "./model/presence.ts";
import { WindowStateSchema } from "./model/window-state.ts";
import { passphraseStrength } from "./passphrase/strength.ts";
import { firstCharacter, truncate } from "./text/truncate.ts";
import { visualOrder } from "./text/visual-order.ts";

const many = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("what the window may say", () => {
  const takes = (method: keyof typeof contract, args: unknown): boolean =>
    v.is(contract[method].args as v.GenericSchema, args);
  const accountId = "12345678";
  const conversationId = `${accountId}|bob@x.example`;
  const messageId = "2c5ea4c0-4067-41e9-8bad-9b1deb4d3b7d";

  it("is a message of 65,536 characters", () => {
    const send = (length: number): boolean =>
      takes("messages.send", { conversationId, messageId, body: "x".repeat(length) });
    expect([send(65_536), send(65_537)]).toEqual([true, false]);
  });

  it("is a page of 200 messages", () => {
    const page = (limit: number): boolean => takes("conversations.open", { conversationId, limit });
    expect([page(1), page(200), page(0), page(201), page(1.5)]).toEqual([true, true, false, false, false]);
  });

  it("is a contact with a name of 1,023 characters, and 50,000 groups of a million each where the server has them", () => {
    const add = (length: number): boolean =>
      takes("contacts.add", { accountId, address: "bob@x.example", name: "n".repeat(length), groups: [] });
    expect([add(1_023), add(1_024)]).toEqual([true, false]);
    const update = (groups: readonly string[]): boolean =>
      takes("contacts.update", { contactId: conversationId, groups });
    expect([update(many(50_000, "g")), update(many(50_001, "g"))]).toEqual([true, false]);
    expect([update(["g".repeat(1_048_576)]), update(["g".repeat(1_048_577)])]).toEqual([true, false]);
  });
});

describe("records", () => {
  it("have addresses of 3,071 characters", () => {
    const address = (length: number): string => `${"l".repeat(length - 10)}@x.example`;
    for (const schema of [AddressSchema, PersonalAddressSchema])
      expect([v.is(schema, address(3_071)), v.is(schema, address(3_072))]).toEqual([true, false]);
  });

  it("have statuses of 512 characters", () => {
    for (const schema of [PresenceSchema, OwnPresenceSchema]) {
      const takes = (length: number): boolean =>
        v.is(schema, { availability: "available", status: "s".repeat(length) });
      expect([takes(512), takes(513)]).toEqual([true, false]);
    }
  });

  it("of the window have 500 folded groups and 100 places", () => {
    const place = { conversationId: "12345678|bob@x.example", messageId: "m" };
    const takes = (folded: number, places: number): boolean =>
      v.is(WindowStateSchema, { folded: many(folded, "g"), places: many(places, place) });
    expect([takes(500, 100), takes(501, 0), takes(0, 101)]).toEqual([true, false, false]);
  });
});

describe("texts", () => {
  it("have 200 links, and the rest is text", () => {
    const links = (count: number): number => findLinks("https://a.example ".repeat(count)).length;
    expect([links(200), links(201)]).toEqual([200, 200]);
  });

  it("have links of 8,192 characters; a longer one is text, and the one beside it is none the less a link", () => {
    const link = (length: number): string => `https://a.example/${"x".repeat(length - 18)}`;
    expect(findLinks(`${link(8_192)} https://b.example`)).toHaveLength(2);
    expect(findLinks(`${link(8_193)} https://b.example`).map(({ url }) => url)).toEqual(["https://b.example/"]);
  });

  it("end a link before an emoji of 40 units; of a longer one only the end is taken for one", () => {
    const link = (emoji: string): number => linkEnd(`https://a.example/x${emoji}`);
    const hearts = (count: number): string => `\u2764${"\u200d\u2764".repeat(count - 1)}`;
    const longest = `\u2764\ufe0f\u200d${hearts(19)}`;
    expect([longest.length, link(longest)]).toEqual([40, "https://a.example/x".length]);
    expect([hearts(21).length, link(hearts(21))]).toEqual([41, "https://a.example/x".length + 2]);
  });

  it("are looked at up to 500 characters that can be seen, whatever cannot", () => {
    expect(visible(`${"\u200b".repeat(1_000)}${"a".repeat(499)}b`)).toBe(`${"a".repeat(499)}b`);
    expect(visible(`${"a".repeat(500)}b`)).toBe("a".repeat(500));
    expect(visible(`${"a".repeat(499)}e\u0301b`)).toBe(`${"a".repeat(499)}e\u0301`);
  });

  it("are cut between characters of up to 256 units, and a longer one within", () => {
    const character = (units: number): string => `e${"\u0301".repeat(units - 1)}`;
    expect(truncate(`ab${character(255)}`, 200)).toBe("ab");
    expect(truncate(`ab${character(400)}`, 300)).toHaveLength(300);
    expect(firstCharacter(`${character(256)}b`)).toHaveLength(256);
    expect(firstCharacter(character(257))).toHaveLength(256);
  });

  it("are turned round at 125 levels, and what is nested more deeply is part of what it stands in", () => {
    const shown = (levels: number): string =>
      visualOrder(`${"\u202e".repeat(levels)}ab`)
        .map(({ character }) => character)
        .join("");
    // Each level turns what the one outside of it has turned; a right-to-left override has an odd level.
    expect([shown(1), shown(62), shown(125), shown(126), shown(400)]).toEqual(["ba", "ba", "ba", "ba", "ba"]);
    const left = (levels: number): string =>
      visualOrder(`${"\u202e".repeat(levels)}\u202dab`)
        .map(({ character }) => character)
        .join("");
    expect([left(1), left(124), left(125)]).toEqual(["ab", "ab", "ba"]);
  });
});

describe("a passphrase", () => {
  it("is weighed up to 120 characters", () => {
    const letters = Array.from({ length: 130 }, (_, n) => String.fromCodePoint(0x4e00 + 977 * (n % 20) + 31 * n)).join(
      "",
    );
    const bits = (length: number): number => passphraseStrength(letters.slice(0, length)).bits;
    expect(bits(120)).toBeGreaterThan(bits(119));
    expect(bits(121)).toBe(bits(120));
  });
});
