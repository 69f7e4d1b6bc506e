import { computed, effect } from "@preact/signals";
import { expect, it } from "vitest";
import { createTable } from "./table.ts";

interface Person {
  readonly id: string;
  readonly name: string;
}

it("shows a record that comes back to a computed signal that nobody followed meanwhile", () => {
  const table = createTable<Person>([]);
  const name = computed(() => table.get("a")?.name);
  const seen: (string | undefined)[] = [];
  const follow = (): (() => void) => effect(() => void seen.push(name.value));
  table.put({ id: "a", name: "Ada" });
  const stop = follow();
  // The window is locked: the record goes, and so does whoever followed it.
  table.reset([]);
  stop();
  table.reset([{ id: "a", name: "Ada" }]);
  expect(name.value).toBe("Ada");
  const again = follow();
  table.put({ id: "a", name: "Ada Berg" });
  expect(seen).toEqual(["Ada", undefined, "Ada", "Ada Berg"]);
  again();
  table.dispose();
});

it("shows a record to whoever waited for it, stopped waiting, and looks again", () => {
  const table = createTable<Person>([]);
  const name = computed(() => table.get("a")?.name);
  for (let time = 0; time < 3; time++) effect(() => void name.value)();
  expect(name.value).toBeUndefined();
  table.put({ id: "a", name: "Ada" });
  expect(name.value).toBe("Ada");
  table.remove("a");
  expect(name.value).toBeUndefined();
  expect(table.all()).toEqual([]);
  table.dispose();
});

it("tells a row that waits for its record of its coming", () => {
  const table = createTable<Person>([]);
  const seen: (string | undefined)[] = [];
  const stop = effect(() => void seen.push(table.get("a")?.name));
  table.put({ id: "a", name: "Ada" });
  table.remove("a");
  table.put({ id: "a", name: "Ada" });
  expect(seen).toEqual([undefined, "Ada", undefined, "Ada"]);
  stop();
  table.dispose();
});
