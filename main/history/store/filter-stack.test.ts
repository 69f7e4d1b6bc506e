import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FilterStack, maxStacked } from "./filter-stack.ts";
import { IdFilter, probeOf } from "./id-filter.ts";

describe("a stack of filters", () => {
  it.each([1, 8, 9, 16, 17, 31, maxStacked])("of %i answers as each of them does, however many came later", (count) => {
    const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(
        fc.array(fc.array(number, { maxLength: 20 }), { minLength: count, maxLength: count }),
        number,
        fc.integer({ min: 1, max: count }),
        (sets, other, first) => {
          const filters = sets.map((set) => {
            const filter = IdFilter.for(20);
            for (const value of set) filter.add(value);
            return filter;
          });
          const stack = new FilterStack(filters.slice(0, first));
          for (const later of filters.slice(first)) stack.add(later);
          for (const value of [other, ...sets.flat()]) {
            const probe = probeOf(value);
            const answer = filters.map((_, index) => (stack.ask(probe) & (1 << index)) !== 0);
            expect(answer).toEqual(filters.map((filter) => filter.has(probe)));
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
