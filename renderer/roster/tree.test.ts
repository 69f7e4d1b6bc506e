import { describe, expect, it } from "vitest";
import type { RosterGroup } from "../../shared/model/roster.ts";
import { treeMove } from "./keys.ts";
import { type TreeInput, TreeRows } from "./tree.ts";

const group = (id: string, place: number, shown: number): RosterGroup => ({ id, place, total: shown, shown });
const build = (more: Partial<TreeInput> = {}): TreeRows =>
  new TreeRows({
    groups: [group("ungrouped", 2, 1), group("group:A", 0, 2), group("group:B", 1, 1)],
    collapsed: new Set(),
    stretches: [
      { group: "group:A", from: 0, ids: ["a|ann", "a|bea"] },
      { group: "group:B", from: 0, ids: ["a|ann"] },
    ],
    words: { pinned: "Pinned", ungrouped: "Others", unlisted: "Not listed" },
    ...more,
  });
const shape = (rows: TreeRows): string[] =>
  Array.from({ length: rows.length }, (_, index) => {
    const row = rows.at(index);
    return row?.kind === "group" ? `# ${row.name}` : (row?.id ?? "?");
  });

describe("rows of the contact list", () => {
  it("are the groups in their places, each with its people, and unknown ones where main has not said who they are", () => {
    expect(shape(build())).toEqual(["# A", "a|ann", "a|bea", "# B", "a|ann", "# Others", "?"]);
    expect(build().at(7)).toBeUndefined();
    expect(build().at(-1)).toBeUndefined();
    expect(shape(build({ groups: [] }))).toEqual([]);
  });

  it("leave out the people of folded groups", () => {
    expect(shape(build({ collapsed: new Set(["group:A"]) }))).toEqual(["# A", "# B", "a|ann", "# Others", "?"]);
  });

  it("say where each row stands among its siblings, and each has a key of its own", () => {
    const rows = build();
    const all = Array.from({ length: rows.length }, (_, index) => rows.at(index));
    expect(all.map((row) => `${row?.posinset}/${row?.setsize}`)).toEqual([
      "1/3",
      "1/2",
      "2/2",
      "2/3",
      "1/1",
      "3/3",
      "1/1",
    ]);
    expect(new Set(all.map((row) => row?.key)).size).toBe(rows.length);
    expect(all.map((row) => row?.key)).toEqual(all.map((_, index) => rows.keyOf(index)));
    expect(all.map((_, index) => rows.isGroup(index))).toEqual(all.map((row) => row?.kind === "group"));
  });

  it("find a row by its place, and a person by who they are", () => {
    const rows = build();
    expect([rows.indexOf({ group: "group:B" }), rows.indexOf({ group: "group:A", at: 1 })]).toEqual([3, 2]);
    expect([rows.indexOf({ group: "group:A", at: 2 }), rows.indexOf({ group: "group:C" })]).toEqual([-1, -1]);
    expect([rows.find("a|ann"), rows.find("a|ann", "group:B"), rows.find("a|cai")]).toEqual([1, 4, -1]);
    const folded = build({ collapsed: new Set(["group:A"]) });
    expect([folded.find("a|ann"), folded.find("a|bea")]).toEqual([2, -1]);
  });

  it("name the people in a range of rows, group by group", () => {
    const rows = build();
    expect(rows.placesIn(-40, 40)).toEqual([
      { group: "group:A", from: 0, to: 2 },
      { group: "group:B", from: 0, to: 1 },
      { group: "ungrouped", from: 0, to: 1 },
    ]);
    expect(rows.placesIn(2, 4)).toEqual([{ group: "group:A", from: 1, to: 2 }]);
    expect(rows.placesIn(3, 4)).toEqual([]);
    expect(rows.placesIn(4, 5)).toEqual([{ group: "group:B", from: 0, to: 1 }]);
  });
});

describe("tree keys", () => {
  const rows = build({ groups: [group("group:A", 0, 2), group("group:B", 1, 1)] });

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
    const folded = build({ collapsed: new Set(["group:A"]) });
    expect(treeMove("ArrowRight", folded, 0)).toEqual({ unfold: "group:A" });
    expect(treeMove("ArrowLeft", folded, 0)).toBeUndefined();
  });
});
