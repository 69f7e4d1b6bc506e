// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { VaultPage } from "./vault-page.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

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
