import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { matchEnd, matchStart } from "../../shared/model/message.ts";
import type { Client } from "../ipc/client.ts";
import { createSearchModel } from "./search-model.ts";
import { snippetPieces } from "./snippet.tsx";

describe("snippet", () => {
  it("marks what was searched for", () => {
    expect(snippetPieces(`the ${matchStart}settle${matchEnd}ment`)).toEqual([
      { text: "the ", match: false },
      { text: "settle", match: true },
      { text: "ment", match: false },
    ]);
  });

  it("shortens what stands before the first match", () => {
    const [first] = snippetPieces(`${"word ".repeat(40)}${matchStart}here${matchEnd}`);
    expect(first?.text).toMatch(/^…word/);
    expect(first?.text.length).toBeLessThan(40);
  });

  it("never shows a mark, wherever it stands", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", " ", matchStart, matchEnd, "\n", "😀")), (parts) => {
        expect(
          snippetPieces(parts.join(""))
            .map(({ text }) => text)
            .join(""),
        ).not.toMatch(/[\uE000\uE001\n]/u);
      }),
    );
  });
});

describe("search model", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const hit = (seq: number) => ({ message: { seq }, snippet: "" });
  function setUp() {
    const answers: ((value: unknown) => void)[] = [];
    const request = vi.fn((_method: string, _args: unknown) => new Promise((resolve) => answers.push(resolve)));
    return { model: createSearchModel({ request: request as unknown as Client["request"] }), request, answers };
  }

  it("asks once the typing rests, and only for the last text", async () => {
    const { model, request } = setUp();
    for (const text of ["s", "se", "set"]) model.look({ text });
    await vi.advanceTimersByTimeAsync(200);
    expect(request).toHaveBeenCalledExactlyOnceWith("history.search", { text: "set", limit: 50 });
  });

  it("drops an answer that was overtaken", async () => {
    const { model, answers } = setUp();
    model.look({ text: "one" });
    await vi.advanceTimersByTimeAsync(200);
    model.look({ text: "two", filter: { conversationIds: ["account-1|a@x.example"] } });
    await vi.advanceTimersByTimeAsync(200);
    answers[1]?.({ hits: [hit(2)], more: true });
    answers[0]?.({ hits: [hit(1)], more: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(model.hits.value).toEqual([hit(2)]);
    expect(model.answered.value?.text).toBe("two");
    model.look(undefined);
    expect(model.hits.value).toEqual([]);
  });

  it("goes on from the oldest hit", async () => {
    const { model, request, answers } = setUp();
    model.look({ text: "one" });
    await vi.advanceTimersByTimeAsync(200);
    answers[0]?.({ hits: [hit(9), hit(5)], more: true });
    await vi.advanceTimersByTimeAsync(0);
    model.loadMore();
    expect(request).toHaveBeenLastCalledWith("history.search", { text: "one", limit: 50, beforeSeq: 5 });
    answers[1]?.({ hits: [hit(3)], more: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(model.hits.value).toEqual([hit(9), hit(5), hit(3)]);
    model.loadMore();
    expect(request).toHaveBeenCalledTimes(2);
  });

  it("goes on from where main has looked, also when it found nothing there", async () => {
    const { model, request, answers } = setUp();
    model.look({ text: "one" });
    await vi.advanceTimersByTimeAsync(200);
    answers[0]?.({ hits: [], more: true, below: 700 });
    await vi.advanceTimersByTimeAsync(0);
    model.loadMore();
    expect(request).toHaveBeenLastCalledWith("history.search", { text: "one", limit: 50, beforeSeq: 700 });
  });

  it("looks again once for any number of changes, lets a message that is gone go at once, and leaves nothing standing that it cannot see", async () => {
    const { model, request, answers } = setUp();
    model.refresh();
    await vi.advanceTimersByTimeAsync(500);
    expect(request).not.toHaveBeenCalled();
    model.look({ text: "one" });
    await vi.advanceTimersByTimeAsync(200);
    const found = (id: string) => ({ message: { id, seq: 1 }, snippet: "" });
    answers[0]?.({ hits: [found("a"), found("b"), found("c")], more: false });
    await vi.advanceTimersByTimeAsync(0);
    model.drop("b");
    expect(model.hits.value).toEqual([found("a"), found("c")]);
    for (let n = 0; n < 5; n++) {
      model.refresh();
      await vi.advanceTimersByTimeAsync(30);
    }
    expect(request).toHaveBeenCalledTimes(2);
    answers[1]?.({ hits: [found("c")], more: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(model.hits.value).toEqual([found("c")]);
    request.mockRejectedValueOnce(new Error("locked"));
    model.refresh();
    await vi.advanceTimersByTimeAsync(200);
    expect([model.hits.value, model.error.value?.code]).toEqual([[], "internal"]);
  });
});
