import { describe, expect, it } from "vitest";
import { type KeyPress, shortcutOf, shortcuts } from "./shortcuts.ts";

const press = (more: Partial<KeyPress>): KeyPress => ({
  key: "",
  code: "",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
  ...more,
});

describe("shortcuts", () => {
  it.each([
    [{ key: "k", ctrlKey: true }, "palette"],
    [{ key: "K", ctrlKey: true }, "palette"],
    [{ key: "F", ctrlKey: true, shiftKey: true }, "search-all"],
    [{ key: "f", ctrlKey: true }, "search-chat"],
    [{ key: ",", ctrlKey: true }, "settings"],
    [{ key: "&", code: "Digit1", altKey: true }, "jump"],
    [{ key: "ArrowDown", altKey: true, shiftKey: true }, "next-unread"],
    [{ key: "k" }, undefined],
    [{ key: "k", ctrlKey: true, altKey: true }, undefined],
    [{ key: "k", ctrlKey: true, isComposing: true }, undefined],
    [{ key: "k", metaKey: true }, undefined],
    [{ key: "Digit0", code: "Digit0", altKey: true }, undefined],
  ])("%j is %s", (event, expected) => {
    expect(shortcutOf(press(event), false)?.action).toBe(expected);
  });

  it("takes Cmd for Ctrl on macOS", () => {
    expect(shortcutOf(press({ key: "k", metaKey: true }), true)?.action).toBe("palette");
    expect(shortcutOf(press({ key: "k", ctrlKey: true }), true)).toBeUndefined();
  });

  it("says which chat to jump to", () => {
    expect(shortcutOf(press({ code: "Digit7", altKey: true }), false)).toEqual({ action: "jump", digit: 7 });
  });

  it("lists no combination twice", () => {
    expect(new Set(shortcuts.map(({ shown }) => shown.join("+"))).size).toBe(shortcuts.length);
  });
});
