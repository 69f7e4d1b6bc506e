import { expect, it } from "vitest";
import { archivedAfter } from "../messaging/archive-run.ts";
import { createAppStatus } from "./app-status.ts";
import { OpenChats } from "./conversations.ts";
import { createTables } from "./tables.ts";

it("the window is told of the chats that it has open which are archived, and which are not kept, as policy says now", () => {
  const tables = createTables(() => undefined);
  createAppStatus(tables, { version: "0", host: "chromium", locale: "en" });
  const policy = { archived: ["a"], kept: ["a", "b"] };
  const chats = new OpenChats(tables, {
    archived: ({ address }) => policy.archived.includes(address),
    kept: ({ address }) => policy.kept.includes(address),
  });
  const open = (address: string) => chats.open(address, { accountId: "account-1", kind: "direct", address });
  const told = () => {
    const app = tables.get("app", "app");
    return [app?.archived, app?.unkept];
  };
  open("b");
  expect([chats.has("b"), chats.has("a"), told()]).toEqual([true, false, [undefined, undefined]]);
  open("a");
  open("c");
  expect(told()).toEqual([["a"], ["c"]]);
  policy.archived = ["b", "d"];
  policy.kept = ["c"];
  chats.govern();
  expect(told()).toEqual([["b"], ["b", "a"]]);
  chats.close("b");
  expect([chats.has("b"), told()]).toEqual([false, [undefined, ["a"]]]);
});

it("an archived message stands after the last one of its own conversation", () => {
  const run = { heardUntil: 7, exact: true, places: new Map([["a", 3]]) };
  expect([archivedAfter(run, "a"), archivedAfter(run, "b"), archivedAfter(undefined, "a")]).toEqual([
    { heardUntil: 7, exact: true, after: 3 },
    { heardUntil: 7, exact: true, after: undefined },
    { heardUntil: undefined, exact: false, after: undefined },
  ]);
});
