// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { typingPause } from "../state/typing-watch.ts";
import { NoticePage } from "./notice-page.tsx";

const decided = { origin: "policy", locked: true } as const;
const notice = { version: "7", en: "Conversations are recorded.", fr: "Les conversations sont enregistrées." };

let drawn: Drawn;
afterEach(() => {
  vi.restoreAllMocks();
  drawn.dispose();
});

async function open(): Promise<void> {
  drawn = draw({ settings: [{ id: "ComplianceNotice", value: notice, ...decided }] }, () => <NoticePage />);
  await vi.waitFor(() => expect(drawn.root.textContent).toContain(notice.en));
}

const button = (text: string): HTMLButtonElement => {
  const found = [...drawn.root.querySelectorAll("button")].find(({ textContent }) => textContent === text);
  if (found === undefined) throw new Error(`There is no button ${text}`);
  return found;
};
const checkbox = (): HTMLInputElement =>
  drawn.root.querySelector<HTMLInputElement>("input[type=checkbox]") ?? document.createElement("input");
const calls = (): string[] =>
  drawn.fake.calls.map(({ method }) => method).filter((method) => method.endsWith("Notice"));
const press = (key: string, more: KeyboardEventInit = {}): boolean =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );

describe("the organization's notice", () => {
  it("has its heading in focus, is unchecked, and takes no keys for a moment", async () => {
    await open();
    expect(document.activeElement?.tagName).toBe("H1");
    expect(checkbox().checked).toBe(false);
    expect(button("Accept").disabled).toBe(true);
    expect([press("Enter"), press(" "), press("a")]).toEqual([false, false, false]);
    drawn.root.querySelector("form")?.requestSubmit();
    expect(calls()).toEqual([]);
  });

  it("is accepted by a checkbox and a button, never by a key that is held down", async () => {
    await open();
    checkbox().click();
    await vi.waitFor(() => expect(button("Accept").disabled).toBe(false));
    button("Accept").focus();
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + typingPause);
    expect(press("Enter", { repeat: true })).toBe(false);
    expect(calls()).toEqual([]);
    button("Accept").click();
    await vi.waitFor(() =>
      expect(drawn.fake.calls.at(-1)).toMatchObject({
        method: "app.acceptNotice",
        args: { version: "7", language: "en" },
      }),
    );
  });

  it("can be declined: what follows is said, and the notice can be read again or Hallway quit", async () => {
    await open();
    button("Decline").click();
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Hallway stays signed out."));
    expect(calls()).toEqual(["app.declineNotice"]);
    button("Quit Hallway").click();
    await vi.waitFor(() => expect(drawn.fake.calls.some(({ method }) => method === "app.quit")).toBe(true));
    button("Back to the notice").click();
    await vi.waitFor(() => expect(drawn.root.textContent).toContain(notice.en));
    expect(checkbox().checked).toBe(false);
    expect(calls()).toEqual(["app.declineNotice"]);
  });

  it("asks anew, unchecked, when the text changes under it", async () => {
    await open();
    checkbox().click();
    drawn.fake.publish([
      {
        op: "patch",
        table: "settings",
        id: "ComplianceNotice",
        fields: { value: { ...notice, en: "Everything is recorded." } },
      },
    ]);
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Everything is recorded."));
    expect(checkbox().checked).toBe(false);
  });
});
