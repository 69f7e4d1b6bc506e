import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { maxBodyLength } from "../../shared/model/message.ts";
import { bodyOf, sends, TypingReporter } from "./composer-model.ts";

const press = (more: Partial<Parameters<typeof sends>[0]> = {}): Parameters<typeof sends>[0] => ({
  key: "Enter",
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  isComposing: false,
  keyCode: 13,
  ...more,
});

describe("sends", () => {
  it("sends with Enter alone", () => {
    expect(sends(press())).toBe(true);
  });
  it.each([
    { shiftKey: true },
    { altKey: true },
    { ctrlKey: true },
    { metaKey: true },
    { key: "a" },
    { isComposing: true },
    { keyCode: 229 },
  ])("does not send with %j", (more) => {
    expect(sends(press(more))).toBe(false);
  });
});

describe("bodyOf", () => {
  it.each([
    ["hello ", "hello"],
    ["\n\n  indented\nline\n\n", "  indented\nline"],
    ["   ", undefined],
    ["", undefined],
    ["x".repeat(maxBodyLength), "x".repeat(maxBodyLength)],
    ["x".repeat(maxBodyLength + 1), undefined],
  ])("of %j", (text, expected) => {
    expect(bodyOf(text)).toBe(expected);
  });
});

describe("typing", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is said once, again after a while, and ends after a pause", () => {
    const said: boolean[] = [];
    const typing = new TypingReporter(
      (active) => said.push(active),
      () => Date.now(),
    );
    typing.typed(false);
    typing.typed(false);
    expect(said).toEqual([true]);
    vi.advanceTimersByTime(3_100);
    typing.typed(false);
    expect(said).toEqual([true, true]);
    vi.advanceTimersByTime(5_000);
    expect(said).toEqual([true, true, false]);
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(3);
  });

  it("ends when the box is emptied, and without a word when the message was sent", () => {
    const said: boolean[] = [];
    const typing = new TypingReporter(
      (active) => said.push(active),
      () => Date.now(),
    );
    typing.typed(false);
    typing.typed(true);
    typing.typed(false);
    typing.ended(true);
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([true, false, true]);
  });
});
