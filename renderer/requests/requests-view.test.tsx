// @vitest-environment jsdom

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { smallCompany, xmppAccount } from "../dev/people.ts";
import { Dialogs } from "../frame/dialogs.tsx";
import { useAttention } from "../frame/use-attention.ts";
import { useFocusKeeper } from "../frame/use-focus-keeper.ts";
import { RequestsList } from "./requests-list.tsx";
import { RequestsView } from "./requests-view.tsx";

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

function Attentive() {
  useAttention();
  return <RequestsView />;
}

function Kept() {
  useFocusKeeper();
  return (
    <>
      <section>
        <RequestsView />
      </section>
      <Dialogs />
    </>
  );
}

const request = (n: number): RequestRecord => ({
  id: `${xmppAccount.id}|stranger${n}@other.example`,
  accountId: xmppAccount.id,
  protocol: "xmpp",
  address: `stranger${n}@other.example`,
  kind: "presence",
  at: 1_000 - n,
});

/** Nobody is blocked before the person has read what that means. */
async function confirmBlock(): Promise<void> {
  const dialog = await vi.waitFor(() => {
    const found = drawn.root.querySelector("dialog");
    if (found === null) throw new Error("Nothing asks");
    return found;
  });
  dialog.querySelector("form")?.requestSubmit();
  await vi.waitFor(() => expect(drawn.root.querySelector("dialog")).toBeNull());
}

const accept = (address: string): HTMLButtonElement | undefined =>
  [...drawn.root.querySelectorAll<HTMLButtonElement>("button")].find(
    (one) => one.ariaLabel?.startsWith("Accept") === true && one.ariaLabel.includes(address),
  );
const standsOut = (address: string): boolean | undefined => accept(address)?.classList.contains("primary");

describe("requests", () => {
  it("let Accept stand out only once it is known that nothing warns of the address", async () => {
    const state = {
      accounts: [xmppAccount],
      contacts: smallCompany(),
      requests: [request(1), { ...request(2), address: "ju1iet@bank.example" }],
    };
    drawn = draw(state, () => <RequestsView />);
    const answer = drawn.fake.hold("contacts.lookAlike");
    await vi.waitFor(() =>
      expect(drawn.fake.calls.filter(({ method }) => method === "contacts.lookAlike").length).toBeGreaterThanOrEqual(2),
    );
    expect([standsOut("stranger1@"), standsOut("ju1iet@")]).toEqual([false, false]);
    answer();
    await vi.waitFor(() => expect(standsOut("stranger1@")).toBe(true));
    await vi.waitFor(() => expect(drawn.root.querySelectorAll(".look-alike")).toHaveLength(1));
    expect([drawn.root.querySelectorAll(".request").length, standsOut("ju1iet@")]).toEqual([2, false]);
  });

  it("let Accept not stand out where it cannot be known", async () => {
    drawn = draw({ accounts: [xmppAccount], requests: [request(1)] }, () => <RequestsView />);
    drawn.fake.failNext("contacts.lookAlike", { code: "internal" });
    await vi.waitFor(() => expect(drawn.fake.calls.some(({ method }) => method === "contacts.lookAlike")).toBe(true));
    await new Promise((resolve) => setTimeout(resolve));
    expect(standsOut("stranger1@")).toBe(false);
  });

  it("have the main pane: the open chat is not said to be looked at, and opening or closing it leaves them", async () => {
    const [open] = smallCompany();
    if (open === undefined) throw new Error("The company has nobody");
    drawn = draw({ accounts: [xmppAccount], contacts: [open], requests: [request(1)] }, () => <Attentive />);
    const { actions, ui } = drawn.app;
    const looksAt = (): unknown => drawn.fake.calls.findLast(({ method }) => method === "app.attention")?.args;
    actions.openConversation(conversationWith(open.id));
    await vi.waitFor(() => expect(looksAt()).toMatchObject({ conversationId: open.id }));
    actions.show("requests");
    await vi.waitFor(() => expect(looksAt()).not.toHaveProperty("conversationId"));
    expect([ui.pane.value, ui.conversationId.value]).toEqual(["main", open.id]);
    actions.openConversation(conversationWith(open.id));
    await vi.waitFor(() => expect(looksAt()).toMatchObject({ conversationId: open.id }));
    expect(ui.view.value).toBe("people");
  });

  it("are listed beside it, each leading to its own", async () => {
    const burst: RequestRecord = { ...request(3), kind: "burst", address: "*@harvest.example", count: 37 };
    drawn = draw({ accounts: [xmppAccount], requests: [request(1), request(2), burst] }, () => (
      <>
        <RequestsList />
        <RequestsView />
      </>
    ));
    await vi.waitFor(() => expect(drawn.root.querySelectorAll("nav button")).toHaveLength(3));
    expect(drawn.root.querySelector(".requests-page h1")?.textContent).toBe("39 people are waiting for your answer");
    Element.prototype.scrollIntoView = () => undefined;
    drawn.root.querySelectorAll<HTMLButtonElement>("nav button")[1]?.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(drawn.root.querySelectorAll("li")[1]));
  });

  it.each(["Accept", "Decline", "Block"])(
    "%s hands the focus to the next request, never to a button that answers it, and at last to the heading",
    async (answer) => {
      drawn = draw({ accounts: [xmppAccount], requests: [request(1), request(2), request(3)] }, () => <Kept />);
      const items = (): Element[] => [...drawn.root.querySelectorAll("li")];
      await vi.waitFor(() => expect(items()).toHaveLength(3));
      for (const [n, left, next] of [
        [2, 2, 1],
        [3, 1, 0],
      ] as const) {
        const pressed = [...drawn.root.querySelectorAll<HTMLButtonElement>("button")].find(
          (one) => one.ariaLabel?.startsWith(answer) === true && one.ariaLabel.includes(`stranger${n}@`),
        );
        pressed?.focus();
        pressed?.click();
        if (answer === "Block") await confirmBlock();
        await vi.waitFor(() => expect(items()).toHaveLength(left));
        await vi.waitFor(() => expect(document.activeElement).toBe(items()[next]));
      }
      const last = [...drawn.root.querySelectorAll<HTMLButtonElement>("button")].find(
        (one) => one.ariaLabel?.startsWith(answer) === true,
      );
      last?.focus();
      last?.click();
      if (answer === "Block") await confirmBlock();
      await vi.waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    },
  );

  it("one that goes by itself takes the focus from nobody", async () => {
    drawn = draw({ accounts: [xmppAccount], requests: [request(1), request(2)] }, () => <Kept />);
    await vi.waitFor(() => expect(drawn.root.querySelectorAll("li")).toHaveLength(2));
    accept("stranger2@")?.focus();
    drawn.fake.publish([{ op: "remove", table: "requests", id: request(1).id }]);
    await vi.waitFor(() => expect(drawn.root.querySelectorAll("li")).toHaveLength(1));
    expect(document.activeElement).toBe(accept("stranger2@"));
  });
});
