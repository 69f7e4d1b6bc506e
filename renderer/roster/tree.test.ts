import { describe, expect, it } from "vitest";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { smallCompany } from "../dev/people.ts";
import { fold, matches } from "./fold.ts";
import { treeMove, typeahead } from "./keys.ts";
import { buildTree, type TreeInput, type TreeRow } from "./tree.ts";

const person = (name: string, more: Partial<ContactRecord> = {}): ContactRecord => ({
  id: `account-1|${name.toLowerCase()}@x.example`,
  accountId: "account-1",
  protocol: "xmpp",
  address: `${name.toLowerCase()}@x.example`,
  name,
  groups: [],
  subscription: "both",
  asked: false,
  presence: { availability: "offline" },
  pinned: false,
  listed: true,
  ...more,
});
const build = (contacts: readonly ContactRecord[], more: Partial<TreeInput> = {}): TreeRow[] =>
  buildTree({
    contacts,
    collapsed: new Set(),
    showOffline: true,
    keep: () => false,
    compareGroups: (a, b) => a.localeCompare(b),
    words: { pinned: "Pinned", ungrouped: "Others", unlisted: "Not listed" },
    ...more,
  });
const shape = (rows: readonly TreeRow[]): string[] =>
  rows.map((row) => (row.kind === "group" ? `# ${row.name}` : row.id.replace(/^.*\||@.*$/g, "")));

describe("buildTree", () => {
  const people = [
    person("Ann", { groups: ["B", "A"] }),
    person("Bea", { groups: ["A"], presence: { availability: "away" } }),
    person("Cai"),
    person("Dan", { pinned: true, groups: ["A"] }),
    person("Eve", { listed: false }),
  ];

  it("puts pinned people first, then groups by name, those in no group, and last those not in the list", () => {
    expect(shape(build(people))).toEqual([
      "# Pinned",
      "dan",
      "# A",
      "ann",
      "bea",
      "# B",
      "ann",
      "# Others",
      "cai",
      "# Not listed",
      "eve",
    ]);
  });

  it("shows nobody in a group of which nothing shows", () => {
    expect(
      shape(build([person("Ann", { groups: ["\u200B", " "] }), person("Bea", { groups: ["A", "\u3164"] })])),
    ).toEqual(["# A", "bea", "# Others", "ann"]);
  });

  it("says where each row stands among its siblings", () => {
    const rows = build(people);
    expect(
      rows.filter(({ kind }) => kind === "group").map(({ posinset, setsize }) => `${posinset}/${setsize}`),
    ).toEqual(["1/5", "2/5", "3/5", "4/5", "5/5"]);
    expect(rows[4]).toMatchObject({ kind: "contact", posinset: 2, setsize: 2 });
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
  });

  it("folds groups, and hides who is offline except those who are kept", () => {
    expect(shape(build(people, { collapsed: new Set(["group:A", "pinned"]) }))).toEqual([
      "# Pinned",
      "# A",
      "# B",
      "ann",
      "# Others",
      "cai",
      "# Not listed",
      "eve",
    ]);
    expect(shape(build(people, { showOffline: false, keep: (id) => id.includes("cai") }))).toEqual([
      "# Pinned",
      "# A",
      "bea",
      "# B",
      "# Others",
      "cai",
      "# Not listed",
    ]);
  });

  it("is not moved by presence", () => {
    const company = smallCompany();
    const moved = company.map((contact) => ({ ...contact, presence: { availability: "available" as const } }));
    expect(shape(build(moved))).toEqual(shape(build(company)));
  });

  it("is not confused by groups named like its own keys", () => {
    expect(shape(build([person("Ann", { groups: ["pinned", "__proto__"] })]))).toEqual([
      "# __proto__",
      "ann",
      "# pinned",
      "ann",
    ]);
  });
});

describe("tree keys", () => {
  const rows = build([
    person("Ann", { groups: ["A"] }),
    person("Émil", { groups: ["A"] }),
    person("Eva", { groups: ["B"] }),
  ]);

  it.each([
    ["ArrowDown", 0, { to: 1 }],
    ["ArrowUp", 0, { to: 0 }],
    ["End", 0, { to: 4 }],
    ["Home", 4, { to: 0 }],
    ["PageDown", 0, { to: 4 }],
    ["ArrowRight", 0, { to: 1 }],
    ["ArrowLeft", 0, { fold: "group:A" }],
    ["ArrowLeft", 2, { to: 0 }],
    ["ArrowRight", 2, undefined],
    ["x", 0, undefined],
  ])("%s on row %i", (key, at, expected) => {
    expect(treeMove(key, rows, at)).toEqual(expected);
  });

  it("unfolds a folded group with the right arrow", () => {
    const folded = build([person("Ann", { groups: ["A"] })], { collapsed: new Set(["group:A"]) });
    expect(treeMove("ArrowRight", folded, 0)).toEqual({ unfold: "group:A" });
    expect(treeMove("ArrowLeft", folded, 0)).toBeUndefined();
  });

  it("finds by first letters, accents folded, going round", () => {
    const nameOf = (row: TreeRow): string => (row.kind === "group" ? row.name : (row.id.split("|")[1] ?? ""));
    expect(typeahead("e", rows, 0, nameOf)).toBe(2);
    expect(typeahead("e", rows, 2, nameOf)).toBe(4);
    expect(typeahead("e", rows, 4, nameOf)).toBe(2);
    expect(typeahead("ev", rows, 0, nameOf)).toBe(4);
    expect(typeahead("zz", rows, 0, nameOf)).toBe(-1);
  });
});

describe("search", () => {
  it.each([
    ["emi", true],
    ["lef", true],
    ["lefevre emilie", true],
    ["corp.ex", true],
    ["milie", true],
    ["fevre", false],
    ["bob", false],
    ["", true],
  ])("%j finds Émilie Lefèvre: %s", (query, expected) => {
    expect(matches(fold(query), fold("Émilie Lefèvre"), "emilie@corp.example")).toBe(expected);
  });
});
