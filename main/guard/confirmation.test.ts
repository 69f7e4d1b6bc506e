import { expect, it } from "vitest";
import { createConfirmations } from "./confirmation.ts";

it("a confirmation is for these very parts in this order, and of this program", () => {
  const confirmations = createConfirmations();
  const parts = ["me@x.example", "bob@x.example", "text", "Rule"];
  const token = confirmations.token(parts);
  expect(confirmations.isGood(token, [...parts])).toBe(true);
  for (const others of [
    ["me@x.example", "eve@x.example", "text", "Rule"],
    ["me@x.example", "bob@x.example", "text!", "Rule"],
    ["me@x.example", "bob@x.example", "text", "Rule", "Another"],
    ["me@x.example", "bob@x.example", "Rule", "text"],
    ["me@x.example", "bob@x.exampletext", "", "Rule"],
    [],
  ])
    expect(confirmations.isGood(token, others), others.join()).toBe(false);
  for (const other of ["", token.slice(1), `${token}a`, token.replace(/.$/, (last) => (last === "A" ? "B" : "A"))])
    expect(confirmations.isGood(other, parts)).toBe(false);
  expect(createConfirmations().isGood(token, parts)).toBe(false);
  const key = new Uint8Array(32).fill(1);
  expect(createConfirmations(key).isGood(createConfirmations(key).token(parts), parts)).toBe(true);
});
