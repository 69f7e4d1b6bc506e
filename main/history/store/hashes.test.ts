import { describe, expect, it } from "vitest";
import { IdFilter, probeOf } from "./id-filter.ts";
import { hash, hashed, salts } from "./keys.ts";

/** Numbers that stand on disk: if one changed, no id of an older file would be found any more. */
describe("what files are full of never changes", () => {
  it.each([
    ["i message-1", [6401213923007192, 2153154722233213, 4280768732404499, 7560382781036581]],
    ["", [2866490356430607, 8643277102702026, 593442891663023, 274239118153402]],
    ["w 1 0 aü𝒳", [7954115213193718, 2382335918080382, 8770343764848076, 6829160776521241]],
  ] as const)("the hashes of %j", (text, expected) => {
    expect(salts.map((salt) => hash(text, salt))).toEqual(expected);
  });

  it("the texts that are hashed", () => {
    const author = JSON.stringify({ occupant: "o1", isSelf: false });
    expect([
      hashed.id("x"),
      hashed.wire(3, { direction: 1, author: null }, "w"),
      hashed.wire(3, { direction: 0, author }, "w"),
      hashed.archive(2, "a"),
    ]).toEqual(["i x", "w 3 1 w", "o 3 0 11 occupant o1 w", "a 2 a"]);
  });

  it("the bits of a filter, two bytes for each number and eight at least", () => {
    const filter = IdFilter.for(8);
    for (const value of [1, 2 ** 40 + 5, 6401213923007192]) filter.add(value);
    expect(Buffer.from(filter.bytes).toString("hex")).toBe("04140000100540007510408184800210");
    expect([0, 1, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER].map(probeOf)).toEqual([
      { at: 301794027, step: -2049646953 },
      { at: 2980047484, step: 1855975539 },
      { at: 745011160, step: 721981465 },
      { at: 1122646004, step: -209451277 },
    ]);
    expect([0, 4, 5, 4096].map((count) => IdFilter.for(count).bytes.length)).toEqual([8, 8, 10, 8192]);
  });
});
