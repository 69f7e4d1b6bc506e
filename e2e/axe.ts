import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** The builder puts axe into a page twice: the smaller file, and once, is a third of all that the test takes. */
const minified = readFileSync(
  createRequire(import.meta.resolve("@axe-core/playwright")).resolve("axe-core/axe.min.js"),
  "utf8",
);
const axeSource = `if (window.axe === undefined) { ${minified} }`;

/**
 * Violations of WCAG 2.2 AA on a page, as far as axe can tell: each with its place and the reason. The window allows no
 * second page, which axe otherwise opens for its report; and nobody reads the rules that are kept.
 */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page, axeSource })
    .setLegacyMode()
    .options({ resultTypes: ["violations"] })
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary ?? ""}`),
  );
}
