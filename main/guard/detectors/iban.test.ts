import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growth } from "../../../shared/executions.test-helper.ts";
import { inspected } from "../inspected-text.ts";
import { findIbans } from "./iban.ts";

const found = (body: string): string[] => findIbans(inspected(body)).map(({ start, end }) => body.slice(start, end));

/** Examples of the registry. */
const examples = [
  "AD1200012030200359100100",
  "BE68539007547034",
  "CH9300762011623852957",
  "DE89370400440532013000",
  "FR1420041010050500013M02606",
  "GB29NWBK60161331926819",
  "LC55HEMM000100010012001200023015",
  "MT84MALT011000012345MTLCAST001S",
  "NL91ABNA0417164300",
  "NO9386011117947",
  "SE4550000000058398257466",
  "XK051212012345678906",
];

describe("IBANs", () => {
  it("finds the examples of the registry, in one piece, in fours and in any case", () => {
    for (const iban of examples) {
      const fours = iban.match(/.{1,4}/g)?.join(" ") ?? "";
      for (const text of [iban, fours, iban.toLowerCase(), fours.replaceAll(" ", "-")])
        expect(found(`To ${text}, please`), text).toEqual([text]);
    }
    expect(found(`IBAN:${examples[3]}`)).toEqual([examples[3]]);
    expect(found(examples.join("\n"))).toEqual(examples);
  });

  it("takes nothing else for one", () => {
    for (const text of [
      "DE89370400440532013001", // check digits
      "DE8937040044053201300", // too short
      "DE893704004405320130000", // too long
      "ZZ89370400440532013000", // no such country
      "xDE89370400440532013000",
      "DE89  37040044053201300/",
      "us12 is an office",
      "",
    ])
      expect(found(text), text).toEqual([]);
  });

  it("misses none whose check digits are right, and takes none with one digit changed", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{18}$/),
        fc.nat(17),
        fc.integer({ min: 1, max: 9 }),
        (account, place, change) => {
          const check = 98n - (BigInt(`${account}131400`) % 97n);
          const iban = `DE${String(check).padStart(2, "0")}${account}`;
          expect(found(iban)).toEqual([iban]);
          const at = place + 4;
          const wrong = iban.slice(0, at) + ((Number(iban[at]) + change) % 10) + iban.slice(at + 1);
          expect(found(wrong)).toEqual([]);
        },
      ),
    );
  });

  it("has one blank, dash or dot between two characters, and nothing else", () => {
    const parts = ["DE89", "3704", "0044", "0532", "0130", "00"];
    for (const separator of [" ", "-", ".", ""])
      expect(found(parts.join(separator)), separator).toEqual([parts.join(separator)]);
    for (const separator of ["/", "--", ". ", ",", "_", "*"])
      expect(found(parts.join(separator)), separator).toEqual([]);
  });

  it.each(["de12", "de12 ", "lc55 aa", "a "])("is about ten times the work in ten times the text: %j", (unit) => {
    expect(growth((times) => findIbans(inspected(unit.repeat(times))), 1_000, 10_000)).toBeLessThan(12);
  });
});
