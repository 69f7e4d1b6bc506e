// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { HistoryView } from "./history-view.tsx";

let drawn: Drawn;
beforeEach(async () => {
  drawn = draw(scenarios.company(), () => <HistoryView />);
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
});
afterEach(() => drawn.dispose());

const field = (): HTMLInputElement => {
  const input = drawn.root.querySelector("input");
  if (input === null) throw new Error("there is no search field");
  return input;
};
const type = (text: string): void => {
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
};
const press = (key: string): void => {
  field().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};
const enter = (): void => press("Enter");
const hits = (): Element[] => [...drawn.root.querySelectorAll(".hit")];
const opened = (): string | undefined => drawn.app.ui.searched.value?.text;

describe("Enter in the search of the history", () => {
  it("opens the newest hit, also where it was pressed before the answer", async () => {
    type("figures");
    await vi.waitFor(() => expect(field().value).toBe("figures"));
    // The text has been drawn, and main has not answered.
    await Promise.resolve();
    enter();
    await vi.waitFor(() => expect(opened()).toBe("figures"));
  });

  it("opens nothing where the text has changed since", async () => {
    type("figures");
    await Promise.resolve();
    enter();
    type("figure");
    await vi.waitFor(() => expect(drawn.root.querySelectorAll(".hit").length).toBeGreaterThan(0));
    expect(opened()).toBeUndefined();
  });
});

describe("the arrow down in the search of the history", () => {
  it("leads to the hits of what was typed, never to those of before", async () => {
    type("figures");
    await vi.waitFor(() => expect(hits().length).toBeGreaterThan(0));
    const before = hits()[0]?.textContent;
    const release = drawn.fake.hold("history.search");
    field().focus();
    type("settlement");
    await vi.waitFor(() => expect(field().value).toBe("settlement"));
    await Promise.resolve();
    press("ArrowDown");
    await vi.waitFor(() => expect(drawn.fake.calls.at(-1)?.method).toBe("history.search"));
    expect(document.activeElement).toBe(field());
    release();
    await vi.waitFor(() => expect(document.activeElement?.classList.contains("hit")).toBe(true));
    expect(document.activeElement?.textContent).not.toBe(before);
    expect(document.activeElement?.textContent?.toLowerCase()).toContain("settlement");
  });
});
