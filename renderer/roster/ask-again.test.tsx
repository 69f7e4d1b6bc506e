// @vitest-environment jsdom

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { Details } from "../conversation/details.tsx";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { Dialogs } from "../frame/dialogs.tsx";
import { ContactMenu } from "./contact-menu.tsx";

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

const contacts = smallCompany();
const waiting = contacts.find(({ asked }) => asked);
const answered = contacts.find(({ subscription, asked }) => subscription === "both" && !asked);
if (waiting === undefined || answered === undefined) throw new Error("The company has nobody who waits");

const asked = (): unknown[] =>
  drawn.fake.calls.filter(({ method }) => method === "contacts.ask").map(({ args }) => args);
const buttons = (): HTMLButtonElement[] => [...document.querySelectorAll("button")];
const button = (text: string): HTMLButtonElement | undefined =>
  buttons().find(({ textContent }) => textContent?.trim() === text);

describe("asking again", () => {
  it("is in the details of somebody who has not answered, says that it was done, and what went wrong", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts }, () => <Details id={conversationWith(waiting.id)} />);
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Waiting for their answer"));
    expect(button("Ask again")?.getAttribute("aria-label")).toBe(`Ask again: ${waiting.name}`);
    button("Ask again")?.click();
    await vi.waitFor(() =>
      expect(drawn.root.querySelector('[role="status"]')?.textContent).toBe(`${waiting.name} was asked again.`),
    );
    expect(asked()).toEqual([{ contactId: waiting.id }]);
    drawn.fake.failNext("contacts.ask", { code: "offline" });
    button("Ask again")?.click();
    await vi.waitFor(() =>
      expect(drawn.root.querySelector('[role="alert"]')?.textContent).toContain("This account is not connected."),
    );
    expect(drawn.root.querySelector('[role="status"]')?.textContent).toBe("");
  });

  it("hands the focus on when the answer comes", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts }, () => <Details id={conversationWith(waiting.id)} />);
    await vi.waitFor(() => expect(button("Ask again")).toBeDefined());
    button("Ask again")?.focus();
    const before = drawn.app.ui.focusHome.peek();
    drawn.fake.publish([
      { op: "patch", table: "contacts", id: waiting.id, fields: { subscription: "both", asked: false } },
    ]);
    await vi.waitFor(() => expect(button("Ask again")).toBeUndefined());
    await vi.waitFor(() => expect(drawn.app.ui.focusHome.peek()).toBe(before + 1));
  });

  it("is in their menu; a failure opens a dialog that tries again", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts }, () => (
      <>
        <ContactMenu />
        <Dialogs />
      </>
    ));
    await vi.waitFor(() => expect(drawn.app.replica.ready.peek()).toBe(true));
    drawn.app.ui.menu.value = { contactId: waiting.id, x: 0, y: 0 };
    await vi.waitFor(() => expect(button("Ask again")).toBeDefined());
    drawn.fake.failNext("contacts.ask", { code: "offline" });
    button("Ask again")?.click();
    await vi.waitFor(() =>
      expect(drawn.root.querySelector("dialog")?.textContent).toContain(`${waiting.name} could not be asked`),
    );
    button("Ask again")?.click();
    await vi.waitFor(() => expect(drawn.root.querySelector("dialog")).toBeNull());
    expect(asked()).toHaveLength(2);
    expect(drawn.app.ui.announcement.peek()).toBe(`${waiting.name} was asked again.`);
  });

  it("is found in the palette by name", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts }, () => <Dialogs />);
    await vi.waitFor(() => expect(drawn.app.replica.ready.peek()).toBe(true));
    drawn.app.ui.dialog.value = { kind: "palette" };
    await vi.waitFor(() => expect(drawn.root.querySelector("input")).not.toBeNull());
    const input = drawn.root.querySelector("input");
    if (input === null) throw new Error("There is no field");
    // By the words that the menu has, too.
    type(input, "ask again");
    const option = (): HTMLElement | undefined =>
      [...drawn.root.querySelectorAll<HTMLElement>('[role="option"]')].find(
        ({ textContent }) => textContent === `Ask again: ${waiting.name}`,
      );
    await vi.waitFor(() => expect(option()).toBeDefined());
    option()?.click();
    await vi.waitFor(() => expect(asked()).toEqual([{ contactId: waiting.id }]));
  });

  it("is not offered for somebody who has answered", async () => {
    drawn = draw({ accounts: [xmppAccount], contacts }, () => (
      <>
        <Details id={conversationWith(answered.id)} />
        <ContactMenu />
      </>
    ));
    await vi.waitFor(() => expect(drawn.root.textContent).toContain(answered.name));
    drawn.app.ui.menu.value = { contactId: answered.id, x: 0, y: 0 };
    await vi.waitFor(() => expect(document.querySelector('[role="menu"]')).not.toBeNull());
    expect(button("Ask again")).toBeUndefined();
  });
});
