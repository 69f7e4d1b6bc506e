// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { ExportState } from "../../shared/model/export.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import type { FakeState } from "../dev/fake-store.ts";
import { ExportDialog } from "./export-dialog.tsx";

// jsdom has no modal dialogs.
HTMLDialogElement.prototype.showModal = function () {
  this.open = true;
};
HTMLDialogElement.prototype.close = function () {
  this.open = false;
};

let drawn: Drawn;
const close = vi.fn();
afterEach(() => {
  drawn.dispose();
  close.mockClear();
});

async function open(state: FakeState = {}): Promise<void> {
  const results = { text: "budget", from: 5 };
  drawn = draw(state, () => (
    <ExportDialog conversationId="account-1|bob@x.example" results={results} onClose={close} />
  ));
  drawn.app.replica.start();
  await vi.waitFor(() => expect(drawn.app.replica.app.get("app")).toBeDefined());
}

const text = (): string => drawn.root.textContent ?? "";
const button = (name: string): HTMLButtonElement => {
  const found = [...drawn.root.querySelectorAll("button")].find(({ textContent }) => textContent === name);
  if (!found) throw new Error(`No button ${name}`);
  return found;
};
const choice = (name: string): HTMLInputElement => {
  const found = [...drawn.root.querySelectorAll("label")].find(({ textContent }) => textContent?.startsWith(name));
  const input = found?.querySelector("input");
  if (!input) throw new Error(`No choice ${name}`);
  return input;
};
const asked = () => drawn.fake.calls.filter(({ method }) => method === "history.export").map(({ args }) => args);
const publish = (state: ExportState): void =>
  drawn.fake.publish([{ op: "patch", table: "app", id: "app", fields: { export: state } }]);

describe("the export dialog", () => {
  it("exports what is chosen, shows how far it is, and stops it", async () => {
    await open();
    await vi.waitFor(() => expect(choice("Results of this search").checked).toBe(true));
    choice("Chat with").click();
    choice("Table").click();
    await vi.waitFor(() => expect(choice("Table").checked).toBe(true));
    button("Export").click();
    await vi.waitFor(() => expect(text()).toContain("12,400 of 31,000 messages"));
    expect(asked()).toEqual([{ format: "csv", query: { conversationId: "account-1|bob@x.example" } }]);
    expect(drawn.root.querySelector("progress")?.getAttribute("aria-valuetext")).toBe("12,400 of 31,000 messages");
    button("Stop").click();
    await vi.waitFor(() => expect(text()).toContain("No files were left behind"));
    button("Try again").click();
    await vi.waitFor(() => expect(button("Export")).toBeDefined());
  });

  it("asks for what a search has found, and says where it lies", async () => {
    await open();
    await vi.waitFor(() => expect(choice("Results of this search").checked).toBe(true));
    button("Export").click();
    await vi.waitFor(() => expect(text()).toContain("Exporting"));
    expect(asked()).toEqual([{ format: "html", query: { text: "budget", from: 5 } }]);
    publish({ state: "done", format: "html", messages: 3, folder: "/home/a/Downloads/Hallway export" });
    await vi.waitFor(() => expect(text()).toContain("3 messages were exported."));
    expect(drawn.root.querySelector("bdi")?.textContent).toBe("/home/a/Downloads/Hallway export");
    // A system browser's window shows no folders.
    expect(() => button("Show folder")).toThrow();
    button("Close").click();
    expect(close).toHaveBeenCalled();
  });

  it("says why and whom to ask where policy forbids it", async () => {
    await open({
      settings: [
        { id: "HistoryExportEnabled", value: false, origin: "policy", locked: true, managedBy: "Example Bank" },
        { id: "SupportContact", value: "helpdesk@bank.example", origin: "policy", locked: true },
      ],
    });
    await vi.waitFor(() => expect(text()).toContain("Managed by Example Bank"));
    expect(text()).toContain("Your organization does not allow messages to be exported here.");
    expect(text()).toContain("helpdesk@bank.example");
    expect(() => button("Export")).toThrow();
  });

  it("shows what went wrong", async () => {
    await open();
    await vi.waitFor(() => expect(choice("All chats")).toBeDefined());
    drawn.fake.failNext("history.export", { code: "export-running" });
    button("Export").click();
    await vi.waitFor(() => expect(text()).toContain("An export is already running."));
  });
});
