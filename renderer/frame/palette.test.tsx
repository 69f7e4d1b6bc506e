// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { useApp } from "../state/app-context.ts";
import { Palette } from "./palette.tsx";

let drawn: Drawn;
const onClose = vi.fn<() => void>();

/** As in the window, which has everything before the palette can be opened. */
function WhenReady() {
  return useApp().replica.ready.value ? <Palette onClose={onClose} /> : null;
}

beforeEach(async () => {
  HTMLDialogElement.prototype.showModal ??= function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close() {
    this.open = false;
  };
  // jsdom has no layout, and so nothing to scroll.
  Element.prototype.scrollIntoView ??= () => undefined;
  onClose.mockReset();
  drawn = draw(scenarios.company(), () => <WhenReady />);
  await vi.waitFor(() => expect(input()).not.toBeNull());
});
afterEach(() => drawn.dispose());

const input = (): HTMLInputElement => {
  const found = drawn.root.querySelector("input");
  if (found === null) throw new Error("The palette is not there");
  return found;
};
const group = (name: string): string[] =>
  [...drawn.root.querySelectorAll(`[role=group][aria-label="${name}"] [role=option]`)].map(
    (one) => one.textContent ?? "",
  );
const press = (key: string): void =>
  void input().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

describe("the palette", () => {
  it("begins with unread chats, then the latest ones, then actions", async () => {
    const { replica, roster } = drawn.app;
    await vi.waitFor(() => expect(group("Chats").length).toBeGreaterThan(1));
    const unread = roster.recent.value.map((id) => (replica.conversations.peek(id)?.unread ?? 0) > 0);
    const shown = group("Chats").map((text) => text.includes("unread message"));
    expect(shown[0]).toBe(true);
    expect(shown).toEqual([...shown].sort((a, b) => Number(b) - Number(a)));
    expect(shown.filter(Boolean).length).toBe(unread.filter(Boolean).length);
    expect(group("Actions")).not.toEqual([]);
    expect(group("People")).toEqual([]);
    expect(group("Messages")).toEqual([]);
  });

  it("leaves the open chat out of them, and opens the first by Enter", async () => {
    const [first = "", second = ""] = drawn.app.roster.recent.value;
    drawn.dispose();
    drawn = draw(scenarios.company(), () => <WhenReady />);
    drawn.app.ui.conversationId.value = first;
    await vi.waitFor(() => expect(group("Chats").length).toBeGreaterThan(0));
    const name = drawn.app.actions.nameOf(first);
    expect(group("Chats").filter((text) => text.includes(name))).toEqual([]);
    expect(second).not.toBe("");
    press("Enter");
    expect(onClose).toHaveBeenCalledOnce();
    expect(drawn.app.ui.conversationId.value).not.toBe(first);
  });

  it("finds messages behind people and actions, and opens one with the word marked", async () => {
    type(input(), "settlement");
    await vi.waitFor(() => expect(group("Messages").length).toBeGreaterThan(0));
    expect(drawn.root.querySelector("[role=group]:last-child mark")?.textContent?.toLowerCase()).toContain(
      "settlement",
    );
    press("ArrowUp");
    press("Enter");
    await vi.waitFor(() => expect(drawn.app.ui.searched.value?.text).toBe("settlement"));
    expect(drawn.app.ui.jump.value?.messageId).toBe(drawn.app.ui.searched.value?.messageId);
    expect(drawn.app.ui.conversationId.value).toBeDefined();
  });

  it("asks the history for no single letter, but for a single character of a script without spaces", async () => {
    const searched = (): unknown[] =>
      drawn.fake.calls.filter(({ method }) => method === "history.search").map(({ args }) => args);
    type(input(), "s");
    type(input(), "茶");
    await vi.waitFor(() => expect(searched().length).toBe(1));
    expect(searched()[0]).toMatchObject({ text: "茶" });
  });

  it("says that nothing matches", async () => {
    type(input(), "zzzzqqq");
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Nothing matches “zzzzqqq”."));
  });
});
