import { expect, it } from "vitest";
import { createTurns } from "./turns.ts";

it("runs the work of one key in the order in which it was asked for, however long a step takes and whatever fails", async () => {
  const inTurn = createTurns<string>();
  const ran: string[] = [];
  const slow = Promise.withResolvers<void>();
  const first = inTurn("a", async () => {
    await slow.promise;
    ran.push("first");
    throw new Error("the disk is full");
  });
  const second = inTurn("a", async () => ran.push("second"));
  await inTurn("b", async () => ran.push("of another key"));
  expect(ran).toEqual(["of another key"]);
  slow.resolve();
  await expect(first).rejects.toThrow("the disk is full");
  await second;
  expect(ran).toEqual(["of another key", "first", "second"]);
});
