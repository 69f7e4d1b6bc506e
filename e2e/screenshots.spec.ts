import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { violationsOf } from "./axe.ts";
import { expect, test } from "./screenshots/fixtures.ts";
import { screenshots } from "./screenshots/screenshots.ts";

// Each stands alone: both workers take of them, else one is idle for a minute and a half.
test.describe.configure({ mode: "parallel" });

/**
 * Every state of the window that is pictured, over a stand-in for main: axe finds no violation, the content security
 * policy none either, and there is no error. With SCREENSHOTS=folder each state is also left as a picture.
 */
for (const screenshot of screenshots) {
  test(`axe finds nothing: ${screenshot.name}`, async ({ open }) => {
    const { page, errors } = await open(screenshot);
    await screenshot.act?.(page);
    const folder = process.env["SCREENSHOTS"];
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${screenshot.name}.png`) });
    }
    expect(await violationsOf(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
}
