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

describe("a link of the desktop", () => {
  const field = (): HTMLInputElement | null => drawn.root.querySelector("input[role=combobox]");
  const command = { name: "new-chat", address: "xmpp:juliet@bank.example", text: "Hello" } as const;

  async function linked(link: Parameters<typeof drawn.fake.command>[0]): Promise<void> {
    drawn = draw({ accounts: [xmppAccount], contacts: [] }, () => <Dialogs />);
    await vi.waitFor(() => expect(drawn.app.replica.accounts.size).toBe(1));
    drawn.fake.command(link);
  }

  it("fills in the address, and nothing is asked of main before the person opens the chat", async () => {
    await linked(command);
    await vi.waitFor(() => expect(field()?.value).toBe("xmpp:juliet@bank.example"));
    await vi.waitFor(() => expect(status()).toContain("Nothing is sent until you send a message."));
    expect(started()).toEqual([]);
    expect(drawn.app.ui.fillIn.value).toBeUndefined();
    submit();
    await vi.waitFor(() => expect(drawn.app.ui.fillIn.value?.text).toBe("Hello"));
    expect(started()).toEqual([{ accountId: xmppAccount.id, address: command.address }]);
    expect(drawn.fake.calls.filter(({ method }) => method === "messages.send")).toEqual([]);
  });

  it("waits until the dialog that is open is closed", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts: [] }, () => <Dialogs />);
    await vi.waitFor(() => expect(drawn.app.replica.accounts.size).toBe(1));
    drawn.app.ui.dialog.value = { kind: "add-contact" };
    drawn.fake.command(command);
    drawn.fake.command({ name: "new-chat", address: "romeo@bank.example" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(drawn.app.ui.dialog.value).toEqual({ kind: "add-contact" });
    drawn.app.ui.dialog.value = undefined;
    await vi.waitFor(() => expect(field()?.value).toBe("romeo@bank.example"));
  });

  it("that cannot be opened says so, until something else is written", async () => {
    await linked({ name: "new-chat", error: { code: "link-refused" } });
    const alert = (): string | null | undefined => drawn.root.querySelector('[role="alert"]')?.textContent;
    await vi.waitFor(() => expect(alert()).toContain("Hallway cannot open this link."));
    const input = field();
    if (input !== null) type(input, "j");
    await vi.waitFor(() => expect(alert()).toBeUndefined());
  });
});
