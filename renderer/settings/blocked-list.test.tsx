// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import type { BlockRecord } from "../../shared/model/block.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { BlockedList } from "./blocked-list.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const block = (n: number): BlockRecord => ({
  id: `${xmppAccount.id}|person${n}@corp.example`,
  accountId: xmppAccount.id,
  scope: "person",
  address: `person${n}@corp.example`,
});

/** How many lines, fields and which hint there are for so many entries. */
async function drawnFor(count: number): Promise<readonly [number, number, string | undefined]> {
  drawn = draw({ accounts: [xmppAccount], blocked: Array.from({ length: count }, (_, n) => block(n)) }, () => (
    <BlockedList />
  ));
  await vi.waitFor(() => expect(drawn.root.querySelector("li")).not.toBeNull());
  const { root } = drawn;
  const hint = [...root.querySelectorAll(".setting-hint")]
    .map(({ textContent }) => textContent)
    .find((text) => /more$/.test(text));
  return [root.querySelectorAll("li").length, root.querySelectorAll("input").length, hint];
}

it.each([
  [10, 10, 0, undefined],
  [11, 11, 1, undefined],
  [100, 100, 1, undefined],
  [101, 100, 1, "and 1 more"],
])("of %i entries %i are drawn, with %i fields to search them", async (count, lines, fields, hint) => {
  expect(await drawnFor(count)).toEqual([lines, fields, hint]);
});
