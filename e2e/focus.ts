import type { Locator, Page } from "@playwright/test";
import { expect } from "./screenshots/fixtures.ts";

/** Keys in the window, after each of which something has the focus. */

/** Element that has the focus: its label or text, or the name of its element; `BODY` when nothing has it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        // What is hidden or disabled loses the focus only when the page is drawn.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            const at = document.activeElement;
            resolve(
              at === null || at === document.body
                ? "BODY"
                : (at.getAttribute("aria-label") ?? (at.textContent?.trim() || at.tagName)),
            );
          }),
        );
      }),
  );
}

/** Presses keys one by one; after each, something has the focus. */
export async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    expect(await focused(page), `after ${key}`).not.toBe("BODY");
  }
}

/** Resolves when what has the focus is called so; until then it is never lost. */
export async function leads(page: Page, to: RegExp): Promise<void> {
  await expect
    .poll(async () => {
      const at = await focused(page);
      if (at === "BODY") throw new Error(`The focus is lost on the way to ${to}`);
      return at;
    })
    .toMatch(to);
}

/** Opens the menu of what has the focus, and chooses an entry by its first letters. */
export async function choose(page: Page, entry: string, how = "Shift+F10"): Promise<void> {
  await press(page, how);
  await expect(page.getByRole("menu")).toBeVisible();
  const item = page.getByRole("menuitem", { name: entry, exact: true });
  for (let n = 0; n < 15 && !(await item.evaluate((one) => one === document.activeElement)); n++)
    await press(page, "ArrowDown");
  await expect(item).toBeFocused();
  await press(page, "Enter");
}

/** Presses Enter on a button until it has done its work: a key that was meant for something else is none. */
export async function enter(page: Page, button: Locator, isDone: () => Promise<boolean>): Promise<void> {
  await expect(async () => {
    if (await isDone()) return;
    await button.focus({ timeout: 1_000 });
    await press(page, "Enter");
    await expect.poll(isDone, { timeout: 500 }).toBe(true);
  }).toPass();
}

/** Says yes to what a dialog asks. */
export async function agree(page: Page, answer: string): Promise<void> {
  const button = page.getByRole("dialog").getByRole("button", { name: answer, exact: true });
  await expect(button).toBeVisible();
  await enter(page, button, async () => (await button.count()) === 0);
}

/** Changes the tables of the stand-in for main. */
export const publish = (page: Page, ops: readonly object[]): Promise<void> =>
  page.evaluate(
    (list) =>
      (globalThis as unknown as { readonly fake: { publish(ops: readonly object[]): void } }).fake.publish(list),
    ops,
  );
