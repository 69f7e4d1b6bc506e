// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { sectionInView, sections } from "./sections.ts";
import { SettingsNav, SettingsView } from "./settings-view.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

/** jsdom has no layout: sections of 400 pixels each, scrolled by so many, in a page of 600. */
function layOut(page: HTMLElement, scrolled: number): void {
  const rect = (top: number, height: number): DOMRect => ({ top, bottom: top + height }) as DOMRect;
  page.getBoundingClientRect = () => rect(0, 600);
  Object.defineProperties(page, {
    scrollTop: { value: scrolled, configurable: true },
    clientHeight: { value: 600, configurable: true },
    scrollHeight: { value: sections.length * 400, configurable: true },
  });
  for (const [n, { id }] of sections.entries()) {
    const section = document.getElementById(`settings-${id}`);
    if (section !== null) section.getBoundingClientRect = () => rect(n * 400 - scrolled, 400);
  }
}

const current = (): readonly (string | null)[] =>
  [...drawn.root.querySelectorAll("nav [aria-current]")].map((entry) => entry.textContent);

describe("the sections of the settings", () => {
  it("have the one marked that is read, and no other", async () => {
    drawn = draw({ accounts: [xmppAccount] }, () => (
      <>
        <SettingsNav />
        <SettingsView />
      </>
    ));
    await vi.waitFor(() => expect(current()).toEqual(["Accounts"]));
    const page = drawn.root.querySelector<HTMLElement>(".settings");
    if (page === null) throw new Error("There is no page");
    layOut(page, 810);
    page.dispatchEvent(new Event("scroll"));
    await vi.waitFor(() => expect(current()).toEqual(["Privacy"]));
    Element.prototype.scrollIntoView = () => undefined;
    [...drawn.root.querySelectorAll<HTMLButtonElement>("nav button")]
      .find(({ textContent }) => textContent === "Notifications")
      ?.click();
    await vi.waitFor(() => expect(current()).toEqual(["Notifications"]));
    expect(document.activeElement?.textContent).toBe("Notifications");
    drawn.app.actions.showPolicy();
    await vi.waitFor(() => expect(current()).toEqual(["Policy"]));
  });

  it("keep the chosen one marked where the foot of the page shows several", () => {
    drawn = draw({ accounts: [xmppAccount] }, () => <SettingsView />);
    const page = drawn.root.querySelector<HTMLElement>(".settings");
    if (page === null) throw new Error("There is no page");
    layOut(page, sections.length * 400 - 600);
    expect([sectionInView(page, "about"), sectionInView(page, "accounts")]).toEqual(["about", "about"]);
    layOut(page, sections.length * 400 - 601 - 10);
    expect(sectionInView(page, "about")).toBe("shortcuts");
  });

  it("offer minutes as a list, with what is set beside what is usual", async () => {
    drawn = draw({ accounts: [xmppAccount] }, () => <SettingsView />);
    drawn.fake.publish([{ op: "patch", table: "settings", id: "IdleLockMinutes", fields: { value: 90 } }]);
    const list = (): HTMLSelectElement | null => drawn.root.querySelector("[data-setting=IdleLockMinutes] select");
    await vi.waitFor(() => expect(list()?.value).toBe("90"));
    expect([...(list()?.options ?? [])].map(({ text }) => text)).toEqual(
      [
        "Never",
        "1 min",
        "2 min",
        "5 min",
        "10 min",
        "15 min",
        "30 min",
        "1 hr",
        "90 minutes",
        "2 hr",
        "4 hr",
        "8 hr",
      ].map((text) => expect.stringContaining(text)),
    );
    const select = list();
    if (select === null) throw new Error("There is no list");
    select.value = "15";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    expect(drawn.fake.calls.at(-1)).toMatchObject({
      method: "settings.set",
      args: { key: "IdleLockMinutes", value: 15 },
    });
  });
});
