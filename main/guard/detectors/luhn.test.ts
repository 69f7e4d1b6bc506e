import fc from "fast-check";
import { expect, it } from "vitest";
import { passesLuhn } from "./luhn.ts";

const digits = fc.stringMatching(/^[0-9]{1,30}$/);

it("takes exactly one check digit for any number, and no single wrong digit", () => {
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (start, place, change) => {
      const good = [..."0123456789"].filter((check) => passesLuhn(start + check));
      expect(good).toHaveLength(1);
      const number = start + good[0];
      const at = place % number.length;
      const wrong = number.slice(0, at) + ((Number(number[at]) + change) % 10) + number.slice(at + 1);
      expect(passesLuhn(wrong)).toBe(false);
    }),
  );
  expect(passesLuhn("")).toBe(false);
});
