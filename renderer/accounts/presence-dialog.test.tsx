// @vitest-environment jsdom
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { PresenceDialog } from "./presence-dialog.tsx";

// jsdom has no modal dialogs yet.
beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.setAttribute("open", "");
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.removeAttribute("open");
  };
});

let drawn: Drawn;
afterEach(() => drawn.dispose());

it("sets each choice in its turn, however late the answer to the one before comes", async () => {
  drawn = draw({ accounts: [xmppAccount] }, () => <PresenceDialog onClose={() => undefined} />);
  const choose = (name: string): void =>
    [...drawn.root.querySelectorAll("label")].find((label) => label.textContent === name)?.click();
  const set = (): readonly unknown[] =>
    drawn.fake.calls.filter(({ method }) => method === "presence.set").map(({ args }) => args);
  const release = drawn.fake.hold("presence.set");
  await vi.waitFor(() => expect(drawn.root.querySelector("label")).not.toBeNull());
  choose("Busy");
  await vi.waitFor(() => expect(set()).toHaveLength(1));
  choose("Away");
  release();
  await vi.waitFor(() =>
    expect(set()).toEqual([{ presence: { availability: "busy" } }, { presence: { availability: "away" } }]),
  );
  await vi.waitFor(() =>
    expect(drawn.root.querySelector<HTMLInputElement>("input:checked")?.parentElement?.textContent).toBe("Away"),
  );
});
