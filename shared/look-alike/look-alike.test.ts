import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstDifference, isTypo, lookAlike } from "./look-alike.ts";
import { skeleton } from "./skeleton.ts";

const familiar = {
  contacts: [
    { address: "juliet@bank.example", name: "Juliet Moreau" },
    { address: "tom.warner@partner.example", name: "Tom Warner" },
    { address: "al@elsewhere.example", name: "al" },
  ],
  domains: ["bank.example", "bücher.example"],
};

describe("look-alikes", () => {
  it.each([
    ["jul\u0456et@bank.example", undefined, "address", "juliet@bank.example"],
    ["ju1iet@bank.example", undefined, "address", "juliet@bank.example"],
    ["tom.wamer@partner.example", undefined, "address", "tom.warner@partner.example"],
    ["tom.vvarner@partner.example", undefined, "address", "tom.warner@partner.example"],
    ["anna@b\u0430nk.example", undefined, "domain", "bank.example"],
    ["anna@bank.examp1e", undefined, "domain", "bank.example"],
    ["anna@bücher.exmaple", undefined, "domain", "bücher.example"],
    ["anna@bucher.example", undefined, "domain", "bücher.example"],
    ["mallory@evil.example", "Juliet Moreau", "name", "juliet@bank.example"],
    ["mallory@evil.example", "Ju1iet \u041Coreau", "name", "juliet@bank.example"],
    ["mallory@bank.example", "juliet moreau", "name", "juliet@bank.example"],
    ["mallory@evil.example", "juliet@bank.example", "name", "juliet@bank.example"],
    ["mallory@evil.example", "ju1iet\u200b@b\u0430nk.example", "name", "juliet@bank.example"],
    // Letters that cannot be seen.
    ...[
      "\u200B",
      "\u00AD",
      "\u3164",
      "\u115F",
      "\uFFA0",
      "\u034F",
      "\u17B4",
      "\u180E",
      "\u2060",
      "\uFE0F",
      "\u{E0041}",
      "\u{E0100}",
      "\u0301",
      "\u0336",
      "\u20DD",
    ].flatMap((unseen): [string, string | undefined, string, string][] => [
      [`juliet${unseen}@bank.example`, undefined, "address", "juliet@bank.example"],
      [`ju${unseen.repeat(600)}liet@bank.example`, undefined, "address", "juliet@bank.example"],
      [`anna@ba${unseen}nk.example`, undefined, "domain", "bank.example"],
      ["mallory@evil.example", `${unseen}Jul${unseen}iet${unseen} Moreau${unseen}`, "name", "juliet@bank.example"],
    ]),
    ["mallory@evil.example", "Juliet\u3164Moreau", "name", "juliet@bank.example"],
    ["mallory@evil.example", "Juliet\u2800Moreau", "name", "juliet@bank.example"],
    ["mallory@evil.example", "Juliet \u00a0Moreau", "name", "juliet@bank.example"],
    ["mallory@evil.example", "\u202EuaeroM teiluJ", "name", "juliet@bank.example"],
    ["\u202Eteiluj\u202C@bank.example", undefined, "address", "juliet@bank.example"],
  ])("is taken for another (%#)", (address, name, kind, like) => {
    expect(lookAlike({ address, name }, familiar)).toEqual({ kind, like });
  });

  it.each([
    ["juliet@bank.example", "Juliet Moreau"],
    ["anna@bank.example", "Anna"],
    ["anna@mail.bank.example", undefined],
    ["anna@other.example", "Anna Berg"],
    ["al@other.example", "al"],
    ["tom@partner.example", "Tom"],
    // The name is the address itself, or too short to be anybody's.
    ["anna@other.example", "an\u200Bna"],
    ["anna@other.example", "\u200B\u200B\u200Bal"],
  ])("%s (%s) is nobody else", (address, name) => {
    expect(lookAlike({ address, name }, familiar)).toBeUndefined();
  });

  it("two domains of ours that are alike are both ours", () => {
    expect(
      lookAlike(
        { address: "a@banks.example" },
        { contacts: [], domains: ["bank.example", "banks.example", "tanks.example"] },
      ),
    ).toBeUndefined();
  });

  it("a skeleton is bounded, whatever the text, and the same in capitals", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
        expect(skeleton(text).length).toBeLessThanOrEqual(500 * 18 * 2);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-hj-z.-]{1,40}$/), (text) => {
        expect(skeleton(text.toUpperCase())).toBe(skeleton(text));
      }),
    );
  });

  it("one slip makes a typo, from either side, and nothing is its own", () => {
    const word = fc.stringMatching(/^[a-z]{6,12}\.[a-z]{3,7}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom("drop", "swap", "change"), (domain, n, slip) => {
        const at = n % (domain.indexOf(".") - 1);
        const other =
          slip === "drop"
            ? domain.slice(0, at) + domain.slice(at + 1)
            : slip === "swap"
              ? domain.slice(0, at) + domain.charAt(at + 1) + domain.charAt(at) + domain.slice(at + 2)
              : `${domain.slice(0, at)}0${domain.slice(at + 1)}`;
        expect(isTypo(other, domain)).toBe(other !== domain);
        expect(isTypo(domain, domain)).toBe(false);
      }),
    );
    expect(isTypo("corp.example", "core.example")).toBe(false);
  });

  it("nobody on the list is ever warned of, and no address makes it throw", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.string({ unit: "binary", maxLength: 30 }),
        (local, name) => {
          const address = `${local.replaceAll("@", "")}x@bank.example`;
          lookAlike({ address, name }, familiar);
          expect(
            lookAlike({ address, name }, { ...familiar, contacts: [...familiar.contacts, { address, name: "N" }] }),
          ).toBeUndefined();
        },
      ),
    );
  });

  it("the difference is named where there is one letter of it", () => {
    expect(firstDifference("bank.examp1e", "bank.example")).toEqual({ theirs: "1", usual: "l" });
    expect(firstDifference("bank.exampl", "bank.example")).toBeUndefined();
  });
});
