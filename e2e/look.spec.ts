import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./look/fixtures.ts";
import { looks } from "./look/looks.ts";

/**
 * Nobody reads what passes, and to gather and carry it over takes most of the time; the rules are all the same. One
 * page has no frames.
 */
const violationsOnly = { resultTypes: ["violations"] } satisfies Parameters<AxeBuilder["options"]>[0];

// Each stands alone: both workers take of them, else one is idle for a minute and a half.
test.describe.configure({ mode: "parallel" });

/**
 * How the window looks and feels, over a stand-in for main: every state in which it is looked at has no violation that
 * axe finds, none of the content security policy, and no error. With LOOK_SHOTS=folder each state is also left as a
 * picture.
 */
for (const look of looks) {
  test(`axe finds nothing: ${look.name}`, async ({ open }) => {
    const { page, errors } = await open(look);
    await look.act?.(page);
    const folder = process.env["LOOK_SHOTS"];
    if (folder !== undefined) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `${look.name}.png`) });
    }
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().options(violationsOnly).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`),
    ).toEqual([]);
    expect(errors).toEqual([]);
  });
}
