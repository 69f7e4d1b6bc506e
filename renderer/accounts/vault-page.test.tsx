// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppRecord } from "../../shared/model/app.ts";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { VaultPage } from "./vault-page.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const app: AppRecord = {
  id: "app",
  version: "0",
  platform: "linux",
  host: "chromium",
  locale: "en",
  vault: "locked",
  presence: { availability: "available" },
};
const inputs = (): HTMLInputElement[] => [...drawn.root.querySelectorAll("input")];

async function enter(texts: readonly string[]): Promise<void> {
  for (const [index, text] of texts.entries()) {
    const input = inputs()[index];
    if (input !== undefined) type(input, text);
    await vi.waitFor(() => expect(inputs()[index]?.value).toBe(text));
  }
  drawn.root.querySelector("form")?.requestSubmit();
}

describe("a passphrase", () => {
  it("that does not open is selected in its field, so that the right one takes its place", async () => {
    drawn = draw({}, () => <VaultPage app={app} />);
    drawn.fake.failNext("vault.unlock", { code: "vault-wrong-passphrase" });
    await enter(["wrong"]);
    await vi.waitFor(() =>
      expect(drawn.root.querySelector('[role="alert"]')?.textContent).toContain("That passphrase is incorrect."),
    );
    expect(document.activeElement).toBe(inputs()[0]);
    expect([inputs()[0]?.selectionStart, inputs()[0]?.selectionEnd]).toEqual([0, 5]);
  });

  it("that is new says how hard it is to guess while it is typed, and is not handed over while it is too easy", async () => {
    drawn = draw({ settings: [{ id: "OrganizationName", value: "Lantern Orchard" }] }, () => (
      <VaultPage app={{ ...app, vault: "new" }} />
    ));
    const [first] = inputs();
    if (first === undefined) throw new Error("There is no field");
    for (const [text, words] of [
      ["Password1!", "Too easy to guess. It consists mostly of words that attackers try first."],
      ["1234567890", "Too easy to guess. It follows the alphabet, the numbers or the keyboard."],
      ["Lantern Orchard", "Too easy to guess. It contains your name, address or organization."],
      ["copper violin meadow", "Hard to guess."],
      ["copper violin meadow thirty umbrellas", "Very hard to guess."],
    ] as const) {
      type(first, text);
      await vi.waitFor(() => expect(drawn.root.querySelector(".strength")?.textContent, text).toContain(words));
    }
    await enter(["Password1!", "Password1!"]);
    await vi.waitFor(() =>
      expect(drawn.root.querySelector(".field-error")?.textContent).toContain("attackers try first"),
    );
    expect(document.activeElement).toBe(first);
    await enter(["copper violin meadow", "copper violin meadox"]);
    await vi.waitFor(() => expect(document.activeElement).toBe(inputs()[1]));
    expect(drawn.fake.calls.map(({ method }) => method)).not.toContain("vault.create");
    await enter(["copper violin meadow", "copper violin meadow"]);
    await vi.waitFor(() =>
      expect(drawn.fake.calls.at(-1)).toMatchObject({
        method: "vault.create",
        args: { passphrase: "copper violin meadow" },
      }),
    );
  });
});

describe("a vault that could not be opened", () => {
  it("is looked at again when asked, and says what is wrong now", async () => {
    drawn = draw({}, () => (
      <VaultPage
        app={{
          id: "app",
          version: "0",
          platform: "linux",
          host: "chromium",
          locale: "en",
          vault: "failed",
          vaultError: { code: "vault-unavailable" },
          presence: { availability: "available" },
        }}
      />
    ));
    const button = (): HTMLButtonElement | null => drawn.root.querySelector("button.primary");
    expect(button()?.textContent).toBe("Try again");
    drawn.fake.failNext("vault.retry", { code: "storage-full" });
    button()?.click();
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("The disk is full."));
    button()?.click();
    await vi.waitFor(() => expect(drawn.fake.calls.filter(({ method }) => method === "vault.retry")).toHaveLength(2));
  });
});
