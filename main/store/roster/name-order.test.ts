import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameOrder } from "./name-order.ts";

/** People by id, and their order. */
function setUp(locale = "en") {
  const names = new Map<string, string>();
  const order = new NameOrder((id) => names.get(id));
  order.speak(locale);
  const settle = (): number => {
    let turns = 0;
    for (const steps = order.settle(); steps.next().done !== true; ) turns++;
    return turns;
  };
  return { names, order, settle };
}

describe("the order of names", () => {
  it("is that of the language, numbers by their size, and of ids where names are the same", () => {
    const { names, order, settle } = setUp();
    for (const [id, name] of [
      ["4", "Zoë"],
      ["1", "émile 10"],
      ["2", "Emile 9"],
      ["5", "Emile 9"],
      ["3", "Ännie"],
    ] as const) {
      names.set(id, name);
      order.change(id);
    }
    settle();
    expect(order.ids).toEqual(["3", "2", "5", "1", "4"]);
    expect(order.waiting).toBe(0);
    names.set("6", "Öland");
    order.change("6");
    order.speak("sv");
    settle();
    // In Swedish, Ä and Ö come after Z.
    expect(order.ids).toEqual(["2", "5", "1", "4", "3", "6"]);
  });

  it("is the same however it came about", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "B", "é", " ", "1"), maxLength: 4 });
    const change = fc.record({ id: fc.integer({ min: 0, max: 30 }), name: fc.option(name, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 20 }), { maxLength: 6 }), (rounds) => {
        const { names, order, settle } = setUp();
        for (const round of rounds) {
          for (const one of round) {
            if (one.name === undefined) names.delete(`${one.id}`);
            else names.set(`${one.id}`, one.name);
            order.change(`${one.id}`);
          }
          settle();
        }
        const expected = [...names].sort(([a, nameA], [b, nameB]) => order.compare(nameA, nameB) || (a < b ? -1 : 1));
        expect(order.ids).toEqual(expected.map(([id]) => id));
      }),
    );
  });

  it("gives other work a turn while a long list is ordered, and takes in what changes meanwhile", () => {
    const { names, order } = setUp();
    const numbers = Array.from({ length: 3_000 }, (_, n) => n);
    for (const n of numbers) {
      names.set(`${n}`, `Person ${(n * 7_919) % 3_000}`);
      order.change(`${n}`);
    }
    const steps = order.settle();
    let turns = 0;
    while (steps.next().done !== true) {
      turns++;
      if (turns === 5) {
        names.set("0", "Zz");
        order.change("0");
        names.delete("1");
        order.change("1");
      }
    }
    expect(turns).toBeGreaterThan(10);
    expect(order.ids.length).toBe(2_999);
    expect(order.ids.at(-1)).toBe("0");
    const sorted = [...order.ids].sort((a, b) => order.compare(names.get(a) ?? "", names.get(b) ?? ""));
    expect(order.ids).toEqual(sorted);
  });
});
