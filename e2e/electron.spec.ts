import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, expect, test } from "@playwright/test";
import { bundleIfStale, productParts } from "../build/bundle.ts";
import { findElectron } from "../build/launch.ts";
import { root } from "../build/root.ts";

/**
 * The product under Electron itself. Only where its runtime is: it cannot be downloaded on the isolated machines where
 * this is developed; there main/host/electron's unit tests run its code against a stand-in.
 */

const runtime = findElectron();
const display = process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
const reason =
  runtime === undefined ? "Electron's runtime is not on this machine" : "there is no display for Electron's window";

test("under Electron the window opens, isolated, and cannot be led away", async () => {
  if (runtime === undefined || !display) console.log(`Left out: ${reason}.`);
  test.skip(runtime === undefined || !display, reason);
  await bundleIfStale(productParts);
  const home = await mkdtemp(join(tmpdir(), "hallway-electron-e2e-"));
  const folders = {
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CONFIG_HOME: join(home, "config"),
    APPDATA: join(home, "data"),
  };
  const app = await _electron.launch({
    ...(runtime === undefined ? {} : { executablePath: runtime }),
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), root],
    env: { ...(process.env as Record<string, string>), ...folders },
  });
  try {
    const page = await app.firstWindow();
    await expect(page.getByRole("heading").first()).toBeVisible();
    expect(page.url()).toBe("app://hallway/");
    // Texts, because the page's globals are not this file's.
    expect(
      await page.evaluate("Object.keys(hallway).sort().join() + typeof require + typeof process + typeof module"),
    ).toBe("listen,postundefinedundefinedundefined");
    expect(await page.evaluate('fetch("https://example.com/").then(() => "fetched", (error) => error.name)')).toBe(
      "TypeError",
    );
    expect(await page.evaluate('open("https://example.com/")')).toBeNull();
    await page.evaluate('void (location.href = "https://example.com/")');
    await expect(page.getByRole("heading").first()).toBeVisible();
    expect(page.url()).toBe("app://hallway/");
    expect(app.windows()).toHaveLength(1);
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
});
