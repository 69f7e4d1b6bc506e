import { describe, expect, it, vi } from "vitest";
import type { OutgoingItem } from "../outgoing.ts";
import { passed } from "../passed.test-helper.ts";
import { inspect } from "./inspect.ts";
import {
  accountId,
  bob,
  conversationId,
  correction,
  receipt,
  retraction,
  tablesWithBob,
  text,
  typing,
} from "./items.test-helper.ts";
import { limit } from "./limit.ts";
import { protect } from "./protect.ts";

describe("what the rules leave of what is said", () => {
  const outgoing = vi.fn(({ body }: { body: string }) => `${body}!`);
  const stage = inspect({ guard: { outgoing }, address: (id) => `me-${id}@x.example` });

  it("is asked for of texts and corrections, with what the person said yes to", async () => {
    outgoing.mockClear();
    expect(await passed(stage, { ...text, confirm: "yes" })).toMatchObject({ body: "hello!" });
    expect(await passed(stage, correction)).toMatchObject({ body: "new!" });
    for (const item of [retraction, receipt, typing]) expect(await passed(stage, item)).toBe(item);
    const about = { own: `me-${accountId}@x.example`, peer: bob };
    expect(outgoing.mock.calls).toEqual([
      [{ ...about, body: "hello", confirm: "yes" }],
      [{ ...about, body: "new", confirm: undefined }],
    ]);
  });
});

describe("the limit of first messages", () => {
  it("counts a text where nothing was said before, and nothing else", async () => {
    const admitted = vi.fn();
    const tables = tablesWithBob();
    const stage = limit({ tables, firstMessages: { admit: admitted } });
    for (const item of [correction, retraction, receipt, typing]) expect(await passed(stage, item)).toBe(item);
    expect(admitted).not.toHaveBeenCalled();
    expect(await passed(stage, text)).toBe(text);
    tables.put("conversations", { id: conversationId } as never);
    await passed(stage, text);
    expect(admitted).toHaveBeenCalledTimes(2);
    tables.put("conversations", { id: conversationId, last: { text: "hi", at: 1 } } as never);
    await passed(stage, text);
    expect(admitted).toHaveBeenCalledTimes(2);
  });
});

describe("protection", () => {
  const method = (does: boolean, body: string) => ({
    protect: vi.fn(async (item: OutgoingItem) => (does ? ({ ...item, body } as OutgoingItem) : undefined)),
    unprotect: async () => undefined,
  });

  it("is by the first method that protects it, for the person it is to, and by no second one", async () => {
    const methods = [method(false, "a"), method(true, "b"), method(true, "c")];
    expect(await passed(protect({ methods }), text)).toMatchObject({ body: "b" });
    expect(methods.map(({ protect: { mock } }) => mock.calls)).toEqual([[[text, [bob]]], [[text, [bob]]], []]);
    expect(await passed(protect({ methods: [method(false, "a")] }), text)).toBe(text);
  });
});
