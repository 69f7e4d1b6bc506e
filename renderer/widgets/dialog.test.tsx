// @vitest-environment jsdom

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { Dialogs } from "../frame/dialogs.tsx";
import type { DialogState } from "../state/ui.ts";

let drawn: Drawn;
afterEach(() => drawn.dispose());
beforeAll(() => {
  // jsdom has no modal dialogs.
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.setAttribute("open", "");
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.removeAttribute("open");
  };
});

const [contact] = smallCompany();
const contactId = contact?.id ?? "";
const press = (key: string, more: KeyboardEventInit = {}): boolean =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );

/** Every dialog that asks whether something is to be done that cannot be undone. */
const questions: readonly DialogState[] = [
  { kind: "remove-contact", contactId },
  { kind: "remove-account", accountId: xmppAccount.id },
  { kind: "delete-history", conversationId: conversationWith(contactId) },
  { kind: "delete-history", conversationId: conversationWith(contactId), messageId: "m1" },
  { kind: "delete-history" },
  { kind: "delete-message", conversationId: conversationWith(contactId), messageId: "m1" },
  { kind: "open-link", url: "https://a.example/" },
  { kind: "key", change: "key" },
];

describe.each(questions)("a dialog that asks for consent: $kind", (state) => {
  async function open(): Promise<void> {
    drawn = draw({ accounts: [xmppAccount], contacts: smallCompany() }, () => <Dialogs />);
    await vi.waitFor(() => expect(drawn.app.replica.ready.peek()).toBe(true));
  }

  it("has its heading in focus, and is not answered by who types on or holds a key down", async () => {
    await open();
    press("h");
    drawn.app.ui.dialog.value = state;
    await vi.waitFor(() => expect(drawn.root.querySelector("dialog")).not.toBeNull());
    expect(document.activeElement?.tagName).toBe("H2");
    expect([press("i"), press(" "), press("Enter")]).toEqual([false, false, false]);
    // Whoever moves the focus has seen it, and still a key that is held down is no answer.
    expect(press("Tab")).toBe(true);
    drawn.root.querySelector<HTMLElement>("dialog button[type=submit]")?.focus();
    expect(press("Enter", { repeat: true })).toBe(false);
    expect(press("Enter")).toBe(true);
  });
});
