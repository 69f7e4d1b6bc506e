import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finder } from "../inspected-text.ts";
import { inspected } from "../inspected-text.ts";
import { findCanadianSins } from "./canadian-sin.ts";
import { passesLuhn } from "./luhn.ts";
import { findUsSsns } from "./us-ssn.ts";

const found = (find: Finder, body: string): string[] =>
  find(inspected(body)).map(({ start, end }) => body.slice(start, end));

describe("Canadian social insurance numbers", () => {
  it("finds them in threes, and in one piece beside a word that says so", () => {
    for (const text of ["130 692 544", "130-692-544", "130.692.544", "１３０ ６９２ ５４４"])
      expect(found(findCanadianSins, `It is ${text}.`), text).toEqual([text]);
    for (const text of [
      "SIN: 130692544",
      "130692544 is my Social Insurance Number",
      "mon N.A.S. : 130692544",
      "Numéro d’assurance sociale 130692544",
    ])
      expect(found(findCanadianSins, text), text).toEqual(["130692544"]);
  });

  it("finds one behind a number of four digits, and none in thousands", () => {
    expect(found(findCanadianSins, "in 2026 130 692 544")).toEqual(["130 692 544"]);
    expect(found(findCanadianSins, "2 130 692 544 people")).toEqual([]);
    expect(found(findCanadianSins, "the 2 130 692 544 people")).toEqual([]);
    for (const before of ["12", "123"]) {
      expect(found(findCanadianSins, `${before} 130 692 544 people`)).toEqual([]);
      expect(found(findCanadianSins, `the ${before} 130 692 544 people`)).toEqual([]);
    }
    expect(found(findCanadianSins, "the 130 692 544 000 people")).toEqual([]);
  });

  it("takes nothing else for one", () => {
    for (const text of [
      "130 692 545", // Luhn
      "046 454 286", // starts with 0
      "812 345 678",
      "130692544", // any number
      "the sinus of 130692544",
      "1 130 692 544", // thousands
      "130 692 544 000",
      "514-130-692-544",
      "130-692 544",
      "x130 692 544",
      "1.130692544",
      "",
    ])
      expect(found(findCanadianSins, text), text).toEqual([]);
  });

  it("finds every number that was or can be issued and none with a wrong check digit", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-79][0-9]{7}$/), fc.nat(9), (start, check) => {
        const number = `${start}${check}`;
        const written = `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`;
        expect(found(findCanadianSins, written)).toEqual(passesLuhn(number) ? [written] : []);
      }),
    );
  });
});

describe("US social security numbers", () => {
  it("finds them in groups, and in one piece beside a word that says so", () => {
    for (const text of ["536-22-1234", "536 22 1234", "536.22.1234", "536‑22‑1234"])
      expect(found(findUsSsns, `It is ${text}, ok?`), text).toEqual([text]);
    for (const text of ["SSN 536221234", "536221234 (Social Security)"])
      expect(found(findUsSsns, text), text).toEqual(["536221234"]);
    expect(found(findUsSsns, "123-40-0001")).toEqual(["123-40-0001"]);
    expect(found(findUsSsns, "SSN 536221234 and 536-22-1235")).toEqual(["536221234", "536-22-1235"]);
  });

  it("takes nothing else for one", () => {
    for (const text of [
      "000-22-1234",
      "666-22-1234",
      "912-22-1234",
      "536-00-1234",
      "536-22-0000",
      "078-05-1120",
      "219-09-9999",
      "536221234",
      "536-221-234",
      "1536-22-1234",
      "536-22-12345",
      "12-536-22-1234",
      "536-22-1234-1",
      "536-22 1234",
      "2026-11-2219",
      "",
    ])
      expect(found(findUsSsns, text), text).toEqual([]);
  });

  it("finds exactly those whose area, group and serial were issued", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 0, max: 99 }),
        fc.integer({ min: 0, max: 9999 }),
        (area, group, serial) => {
          const written = `${String(area).padStart(3, "0")}-${String(group).padStart(2, "0")}-${String(serial).padStart(4, "0")}`;
          const issued =
            area > 0 &&
            area < 900 &&
            area !== 666 &&
            group > 0 &&
            serial > 0 &&
            !["078-05-1120", "219-09-9999", "457-55-5462"].includes(written);
          expect(found(findUsSsns, `Number ${written}`)).toEqual(issued ? [written] : []);
        },
      ),
    );
  });
});
