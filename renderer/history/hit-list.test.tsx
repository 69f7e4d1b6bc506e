// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { HistoryView } from "./history-view.tsx";

// jsdom has no layout.
HTMLElement.prototype.scrollIntoView = () => undefined;

let drawn: Drawn;
beforeEach(async () => {
  drawn = draw(scenarios.company(), () => <HistoryView />);
  drawn.app.replica.start();
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
});
afterEach(() => drawn.dispose());

const all = (selector: string): HTMLElement[] => [...drawn.root.querySelectorAll<HTMLElement>(selector)];
const press = (key: string): void => {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};
const asked = (): unknown[] =>
  drawn.fake.calls.filter(({ method }) => method === "conversations.page").map(({ args }) => args);
const around = (): string[] => all(".around li").map((line) => line.textContent ?? "");
const focused = (): number => all(".hit").indexOf(document.activeElement as HTMLElement);

async function search(text: string): Promise<void> {
  const input = drawn.root.querySelector<HTMLInputElement>("input");
  if (!input) throw new Error("no search box");
  input.focus();
  input.value = text;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await vi.waitFor(() => expect(all(".hit").length).toBeGreaterThan(0));
}

describe("what a search has found", () => {
  it("says who, where and when; what was said around is read for the selected hit alone, and shown in its place", async () => {
    await search("sheet");
    const [hit] = all(".hit");
    expect(hit?.querySelector(".name")?.textContent).toBe("Juliet Capulet");
    expect(hit?.querySelector(".hit-line")?.textContent).toBe("You: …last week. Sending the sheet now.");
    expect(hit?.querySelector("mark")?.textContent).toBe("sheet");
    expect(asked()).toEqual([]);
    press("ArrowDown");
    expect(focused()).toBe(0);
    await vi.waitFor(() => expect(around()).toHaveLength(5));
    expect(around()).toEqual([
      expect.stringContaining("You Thank you, I will look at them tomorrow."),
      "Juliet Capulet Can you confirm the settlement window before the call?",
      "You Yes: 10:30, same as last week. Sending the sheet now.",
      "You It is 84 kB, and it has the corrected totals.",
      "You One more line that only the server has.",
    ]);
    expect(all(".around-hit mark").map(({ textContent }) => textContent)).toEqual(["sheet"]);
    expect(asked()).toEqual([
      { conversationId: expect.stringContaining("juliet@bank.example"), around: expect.any(String), limit: 5 },
    ]);
  });

  it("is gone through by keyboard: what is only passed is not read, and whether it unfolds stays as it was chosen", async () => {
    await search("settlement");
    expect(all(".hit")).toHaveLength(50);
    expect(all(".hit[tabindex='0']")).toHaveLength(1);
    press("ArrowDown");
    for (let n = 0; n < 5; n++) press("ArrowDown");
    expect(focused()).toBe(5);
    await vi.waitFor(() => expect(around().length).toBeGreaterThan(0));
    expect(asked()).toHaveLength(1);
    press("ArrowLeft");
    await vi.waitFor(() => expect(all(".around")).toEqual([]));
    press("ArrowDown");
    await vi.waitFor(() => expect(all(".hit[tabindex='0']")[0]).toBe(document.activeElement));
    expect([focused(), all(".around").length]).toEqual([6, 0]);
    // Asked for by key, it is also read out.
    press("ArrowRight");
    await vi.waitFor(() => expect(around()).toHaveLength(5));
    await vi.waitFor(() => expect(drawn.app.ui.announcement.value).toMatch(/Line 39\d about settlement\. – .*: Line/));
    expect(all(".hit-fold[aria-expanded='true']").map((button) => button.getAttribute("aria-controls"))).toEqual([
      all(".around")[0]?.id,
    ]);
    press("Home");
    expect(focused()).toBe(0);
    press("ArrowUp");
    expect(document.activeElement?.getAttribute("role")).toBe("combobox");
    await vi.waitFor(() => expect(all(".hit").findIndex((hit) => hit.tabIndex === 0)).toBe(0));
    // Back to where one was is one key.
    press("ArrowDown");
    expect(focused()).toBe(0);
    press("End");
    press("ArrowDown");
    await vi.waitFor(() => expect(all(".hit").length).toBeGreaterThan(50));
    expect(focused()).toBe(49);
    press("Escape");
    expect(document.activeElement?.getAttribute("role")).toBe("combobox");
  });

  it("opens in its place by Enter or a click, which unfolds nothing", async () => {
    await search("sheet");
    all(".hit")[0]?.click();
    expect(drawn.app.ui.conversationId.value).toContain("juliet@bank.example");
    await vi.waitFor(() => expect(all(".hit-opened .hit[aria-current='true']")).toHaveLength(1));
    expect(all(".around")).toEqual([]);
    all(".hit-fold")[0]?.click();
    await vi.waitFor(() => expect(around()).toHaveLength(5));
    all(".hit-fold")[0]?.click();
    await vi.waitFor(() => expect(all(".around")).toEqual([]));
  });

  it("says so where what was said around cannot be read, and lets go of what is gone", async () => {
    await search("sheet");
    drawn.fake.failNext("conversations.page", { code: "storage-failed" });
    press("ArrowDown");
    await vi.waitFor(() =>
      expect(drawn.root.textContent).toContain("The surrounding messages cannot be read right now."),
    );
    press("ArrowLeft");
    await vi.waitFor(() => expect(all(".around")).toEqual([]));
    press("ArrowRight");
    await vi.waitFor(() => expect(around()).toHaveLength(5));
    const [line] = drawn.fake.said("It is 84 kB");
    await drawn.app.client.request("history.delete", {
      conversationId: line?.conversationId ?? "",
      messageIds: [line?.id ?? ""],
    });
    await vi.waitFor(() => expect(around().join()).not.toContain("84 kB"));
    // Its place is taken by the next.
    await vi.waitFor(() => expect(around().at(-1)).toContain("And one that did not go out."));
  });
});
