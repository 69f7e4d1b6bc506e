// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { LockPage } from "./lock-page.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const input = (at: number): HTMLInputElement => {
  const found = drawn.root.querySelectorAll("input")[at];
  if (!found) throw new Error(`no box ${at}`);
  return found;
};
const unlock = (): void => drawn.root.querySelector<HTMLButtonElement>("button.primary")?.click();

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
    expect(drawn.fake.calls.filter(({ method }) => method === "lock.unlock").map(({ args }) => args)).toEqual([{ secret: "wrong" }]);
  });

  it("asks for the address too where the server has to be asked", async () => {
    drawn = draw({}, () => <LockPage by="sign-in" />);
    type(input(0), " me@x.example ");
    type(input(1), "p");
    await vi.waitFor(() => expect(input(1).value).toBe("p"));
    unlock();
    await vi.waitFor(() =>
      expect(drawn.fake.calls.filter(({ method }) => method === "lock.unlock").map(({ args }) => args)).toEqual([{ secret: "p", address: "me@x.example" }]),
    );
  });
});
