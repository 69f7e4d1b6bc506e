// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { useApp } from "../state/app-context.ts";
import { LockPage } from "./lock-page.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const input = (at: number): HTMLInputElement => {
  const found = drawn.root.querySelectorAll("input")[at];
  if (!found) throw new Error(`no box ${at}`);
  return found;
};
const unlock = (): void => drawn.root.querySelector<HTMLButtonElement>("button.primary")?.click();

/** Something else, until the lock page takes its place. */
function Covered() {
  return useApp().ui.view.value === "people" ? <p>before</p> : <LockPage by="password" />;
}

describe("the lock page", () => {
  it("asks with the password alone where one is known, says what was wrong, and has the box ready for the right one", async () => {
    drawn = draw({}, () => <LockPage by="password" />);
    unlock();
    type(input(0), "wrong");
    await vi.waitFor(() => expect(input(0).value).toBe("wrong"));
    drawn.fake.failNext("lock.unlock", { code: "unlock-later", params: { count: 20 } });
    unlock();
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Wait 20 seconds, then try again."));
    expect(document.activeElement).toBe(input(0));
    expect([input(0).selectionStart, input(0).selectionEnd]).toEqual([0, "wrong".length]);
    expect(drawn.fake.calls.filter(({ method }) => method === "lock.unlock").map(({ args }) => args)).toEqual([
      { secret: "wrong" },
    ]);
  });

  it("asks for the address too where the server has to be asked", async () => {
    drawn = draw({}, () => <LockPage by="sign-in" />);
    type(input(0), " me@x.example ");
    type(input(1), "p");
    await vi.waitFor(() => expect(input(1).value).toBe("p"));
    unlock();
    await vi.waitFor(() =>
      expect(drawn.fake.calls.filter(({ method }) => method === "lock.unlock").map(({ args }) => args)).toEqual([
        { secret: "p", address: "me@x.example" },
      ]),
    );
  });

  it("takes no key of a sentence that was being typed when it came, but what is typed after a lock that was asked for", async () => {
    const press = (key: string, more: KeyboardEventInit = {}): boolean =>
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
      );
    drawn = draw({}, () => <Covered />);
    press("h");
    drawn.app.ui.view.value = "chats";
    await vi.waitFor(() => expect(document.activeElement).toBe(input(0)));
    expect([press("e"), press("y"), press("Enter")]).toEqual([false, false, false]);
    drawn.dispose();
    drawn = draw({}, () => <Covered />);
    press("h");
    press("l", { ctrlKey: true });
    drawn.app.ui.view.value = "chats";
    await vi.waitFor(() => expect(document.activeElement).toBe(input(0)));
    expect(press("e")).toBe(true);
  });
});
