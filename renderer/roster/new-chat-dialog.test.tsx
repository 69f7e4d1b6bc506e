// @vitest-environment jsdom
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { largeCompany, smallCompany, xmppAccount } from "../dev/people.ts";
import { Dialogs } from "../frame/dialogs.tsx";

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

async function write(contacts: ReturnType<typeof smallCompany>, text: string): Promise<void> {
  drawn = draw({ accounts: [xmppAccount], contacts }, () => <Dialogs />);
  await vi.waitFor(() => expect(drawn.app.replica.accounts.size).toBe(1));
  drawn.app.ui.dialog.value = { kind: "new-chat" };
  const input = await vi.waitFor(() => {
    const found = drawn.root.querySelector<HTMLInputElement>("input");
    if (found === null) throw new Error("No field yet");
    return found;
  });
  type(input, text);
  await vi.waitFor(() => expect(input.value).toBe(text));
}

const started = (): unknown[] =>
  drawn.fake.calls.filter(({ method }) => method === "conversations.start").map(({ args }) => args);
const submit = (): void =>
  void drawn.root.querySelector("form")?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
const status = (): string | null | undefined => drawn.root.querySelector('[role="status"]')?.textContent;

describe("New chat", () => {
  it("does not take a name that nobody has for a server of that name", async () => {
    await write([], "juliet");
    submit();
    await vi.waitFor(() =>
      expect(drawn.root.querySelector('[role="alert"]')?.textContent).toContain("That is not a complete address."),
    );
    expect(started()).toEqual([]);
  });

  it.each(["juliet@bank.example", "gateway.example", "+15551234", "sip:juliet"])(
    "starts with %s as it is written",
    async (address) => {
      await write([], address);
      submit();
      await vi.waitFor(() => expect(started()).toEqual([{ accountId: xmppAccount.id, address }]));
    },
  );

  it("says how many were found, and that there are more than it shows", async () => {
    await write(smallCompany(), "juliet");
    await vi.waitFor(() => expect(status()).toBe("1 person found. Press Enter to open the chat."));
    drawn.dispose();
    await write(largeCompany(100), "p");
    await vi.waitFor(() => expect(status()).toMatch(/^More people match than the 8 shown/));
    expect(drawn.root.querySelectorAll('[role="option"]')).toHaveLength(8);
    drawn.dispose();
    await write(largeCompany(8), "p");
    await vi.waitFor(() =>
      expect(status()).toBe("8 people found. Use the arrow keys to choose, and Enter to open the chat."),
    );
  });
});
