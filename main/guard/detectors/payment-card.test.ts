import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growth } from "../../../shared/executions.test-helper.ts";
import { inspected } from "../inspected-text.ts";
import { passesLuhn } from "./luhn.ts";
import { findPaymentCards } from "./payment-card.ts";

const found = (body: string): string[] =>
  findPaymentCards(inspected(body)).map(({ start, end }) => body.slice(start, end));

/** Numbers that issuers publish for tests. */
const published = [
  "4111111111111111",
  "4012888888881881",
  "4222222222222",
  "5555555555554444",
  "5105105105105100",
  "2223003122003222",
  "378282246310005",
  "371449635398431",
  "6011111111111117",
  "3530111333300000",
  "30569309025904",
  "36148900647913",
  "6759649826438453",
  "6200000000000005",
  "2200770239097761",
];

describe("payment cards", () => {
  it("finds the test numbers of the issuers", () => {
    for (const number of published) expect(found(`Here: ${number}.`), number).toEqual([number]);
  });

  it("finds them however they are written", () => {
    for (const text of [
      "4111 1111 1111 1111",
      "4111-1111-1111-1111",
      "4111.1111.1111.1111",
      "4111 - 1111 - 1111 - 1111",
      "4111–1111–1111–1111",
      "4111\u00a01111\u00a01111\u00a01111",
      "4111  1111  1111  1111",
      "41 11 11 11 11 11 11 11",
      "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
      "3782 822463 10005",
      "４１１１１１１１１１１１１１１１",
      "٤١١١١١١١١١١١١١١١",
      "4111\u200b1111\u200b1111\u200b1111",
    ])
      expect(found(`My card (${text}) expires 12/27`), text).toEqual([text]);
  });

  it.each([
    ["508", [16]],
    ["5018", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["5020", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["5038", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["5893", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["6304", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["6759", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["6763", [12, 13, 14, 15, 16, 17, 18, 19]],
    ["4", [13, 16, 19]],
    ["51", [16]],
    ["55", [16]],
    ["2221", [16]],
    ["2720", [16]],
    ["34", [15]],
    ["37", [15]],
    ["6011", [16, 19]],
    ["644", [16, 19]],
    ["649", [16, 19]],
    ["65", [16, 19]],
    ["81", [16]],
    ["3528", [16, 19]],
    ["3589", [16, 19]],
    ["300", [14, 16]],
    ["305", [14, 16]],
    ["36", [14]],
    ["38", [14, 16]],
    ["39", [14, 16]],
    ["2200", [16, 19]],
    ["2204", [16, 19]],
    ["9792", [16]],
    ["60", [16]],
  ])("of the issuer %s has %j digits", (start, lengths) => {
    for (let length = 12; length <= 19; length++) {
      const body = start.padEnd(length - 1, "0");
      const number = [...Array(10).keys()].map((check) => `${body}${check}`).find(passesLuhn) ?? "";
      expect(found(number), `${length}`).toEqual(lengths.includes(length) ? [number] : []);
    }
  });

  it("finds one among other numbers", () => {
    expect(found("12 4111 1111 1111 1111 12 27 123")).toEqual(["4111 1111 1111 1111"]);
    expect(found("4111111111111111, 5555555555554444")).toEqual(["4111111111111111", "5555555555554444"]);
    expect(found("4111111111111111;5555555555554444")).toHaveLength(2);
  });

  it("takes nothing else for one", () => {
    for (const text of [
      "4111111111111112", // Luhn
      "1234567812345670", // Luhn, but no issuer
      "0000000000000000",
      "41111111111111110000000", // part of a longer number
      "a4111111111111111",
      "4111111111111111f",
      "order_4111111111111111",
      "0.4111111111111111",
      "4111111111111111.50",
      "3,4111111111111111",
      "4111 111 1111 11111",
      "4111-1111 1111-1111",
      "4111 1111 11 111111",
      "4111\n1111\n1111\n1111",
      "+1 514 555 0100, +44 20 7946 0958",
      "2026-11-22 19:00:00",
      "550e8400-e29b-41d4-a716-446655440000",
      "",
    ])
      expect(found(text), text).toEqual([]);
  });

  it("finds any number with a known start, the right length and check digit, and never one whose check digit is wrong", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("4", "51", "2221", "2720", "65"),
        fc.stringMatching(/^[0-9]{15}$/),
        fc.constantFrom("", " ", "-"),
        (start, rest, separator) => {
          const body = (start + rest).slice(0, 15);
          const number = [...Array(10).keys()].map((check) => `${body}${check}`).find(passesLuhn) ?? "";
          const written = (number.match(/.{4}/g) ?? []).join(separator);
          expect(found(`Pay with ${written} today`)).toEqual([written]);
          const wrong = `${body}${(Number(number.at(-1)) + 1) % 10}`;
          expect(found(`Pay with ${wrong} today`)).toEqual([]);
        },
      ),
    );
  });

  it("answers places in order, apart and inside any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("4", "1", "0", " ", "-", ".", "é", "😀", "\u200b", "\n"), maxLength: 300 }),
        (body) => {
          let end = 0;
          for (const span of findPaymentCards(inspected(body))) {
            expect(span.start).toBeGreaterThanOrEqual(end);
            expect(span.end).toBeGreaterThan(span.start);
            end = span.end;
          }
          expect(end).toBeLessThanOrEqual(body.length);
        },
      ),
    );
  });

  it.each(["4", "4 ", "4-4.", "41 1"])("is about ten times the work in ten times the text: %j", (unit) => {
    expect(growth((times) => findPaymentCards(inspected(unit.repeat(times))), 1_000, 10_000)).toBeLessThan(12);
  });
});
