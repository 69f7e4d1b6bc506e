// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isTextKey, TypingWatch, typingPause } from "./typing-watch.ts";

let watch: TypingWatch;
let now = 0;
/** Keys that reached the place that has the focus. */
let reached: string[] = [];
const note = (event: Event): void => void reached.push((event as KeyboardEvent).key);

beforeEach(() => {
  now = 10_000;
  reached = [];
  watch = new TypingWatch(window, () => now);
  document.body.addEventListener("keydown", note);
});
afterEach(() => {
  watch.dispose();
  document.body.removeEventListener("keydown", note);
});

function press(key: string, more: KeyboardEventInit = {}): boolean {
  return document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

describe("keys that were meant for something else", () => {
  it("are kept from what appears while somebody types, until they pause", () => {
    press("h");
    const release = watch.hold();
    for (const key of ["e", " ", "Enter", "Backspace"]) {
      now += typingPause - 1;
      expect(press(key), key).toBe(false);
    }
    expect(reached).toEqual(["h"]);
    now += typingPause;
    expect(press("Enter")).toBe(true);
    release();
  });

  it("are none where nobody types: a shortcut, an arrow or a click led there, or the last key is long ago", () => {
    for (const key of ["ArrowDown", "Escape", "Tab"]) {
      press("h");
      press(key);
      watch.hold();
      expect(press("a"), key).toBe(true);
    }
    press("h");
    press("l", { ctrlKey: true });
    watch.hold();
    expect(press("a")).toBe(true);
    now += typingPause;
    watch.hold();
    expect(press("b")).toBe(true);
  });

  it("are kept for the first moment where that is asked, whoever types, and Tab does not end it", () => {
    watch.hold(typingPause);
    press("Tab");
    expect(press(" ")).toBe(false);
    // Each one makes it longer.
    now += typingPause - 1;
    expect(press("x")).toBe(false);
    now += typingPause - 1;
    expect(press("Enter")).toBe(false);
    now += typingPause;
    expect(press("Enter")).toBe(true);
  });

  it("leave shortcuts, Escape and Tab alone, and Tab ends a hold that typing began", () => {
    press("h");
    watch.hold();
    expect(press("k", { ctrlKey: true })).toBe(true);
    expect(press("Escape")).toBe(true);
    expect(press("a")).toBe(false);
    expect(press("Tab")).toBe(true);
    expect(press("Enter")).toBe(true);
  });

  it("a second Enter does not reach what the first one led to, unless another key came between", () => {
    press("Enter");
    watch.holdEnter();
    expect(press("Enter")).toBe(false);
    expect(press("a")).toBe(true);
    expect(press("Enter")).toBe(true);
    watch.holdEnter();
    now += typingPause;
    expect(press("Enter")).toBe(true);
  });

  it("an Enter does not reach what the last one led to after a while, nor while it is held down", () => {
    press("Enter");
    now += 10 * typingPause;
    watch.holdEnter();
    for (let held = 0; held < 5; held++) {
      now += typingPause - 1;
      expect(press("Enter")).toBe(false);
    }
    now += typingPause;
    expect(press("Enter")).toBe(true);
    press("Escape");
    watch.holdEnter();
    expect(press("Enter")).toBe(true);
    watch.holdEnter();
    document.body.dispatchEvent(new Event("input", { bubbles: true }));
    expect(press("Enter")).toBe(true);
  });

  it("are released with what they were kept from, and no key is kept after the watch has ended", () => {
    press("h");
    watch.hold()();
    expect(press("a")).toBe(true);
    watch.hold(typingPause);
    watch.dispose();
    expect(press("a")).toBe(true);
  });

  it("an input method writes, too", () => {
    expect(isTextKey({ key: "Process", ctrlKey: false, metaKey: false, isComposing: false })).toBe(true);
    expect(isTextKey({ key: "ArrowUp", ctrlKey: false, metaKey: false, isComposing: true })).toBe(true);
    expect(isTextKey({ key: "F10", ctrlKey: false, metaKey: false, isComposing: false })).toBe(false);
  });
});
