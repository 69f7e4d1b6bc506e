import type { Page } from "@playwright/test";

/** Actions that bring the window into a state that is pictured or tested. */

export const julietOpen = async (page: Page): Promise<void> => {
  await page
    .getByRole("treeitem", { name: /^Juliet/ })
    .first()
    .click();
  await page.getByRole("article").filter({ hasText: /CPIM/ }).waitFor();
};
export const settingsOpen = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+,");
  await page.locator(".settings").waitFor();
};
export const exportOpen = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.getByRole("button", { name: /^(Export this chat|Exporter cette discussion)/ }).click();
  await page.getByRole("dialog").waitFor();
};
export const exportRunning = async (page: Page): Promise<void> => {
  await exportOpen(page);
  await page.keyboard.press("Enter");
  await page.locator("dialog progress").waitFor();
};
export const deleting = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.getByRole("button", { name: /^(Delete chat|Supprimer la discussion)/ }).click();
  await dialogOpen(page);
};
export const deleted = async (page: Page): Promise<void> => {
  await deleting(page);
  await page.locator("dialog .button.danger").click();
  await page.locator("dialog [role=status]").waitFor();
};
export const policyOpen = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+,");
  await page
    .getByRole("navigation")
    .getByRole("button", { name: /^(Policy|Stratégie)$/ })
    .click();
  await page.locator(".policy-entry").first().waitFor();
  for (const summary of (await page.locator(".policy-entry summary").all()).slice(0, 5)) await summary.click();
};
export const dialogOpen = (page: Page): Promise<void> => page.getByRole("dialog").waitFor();

export const searching =
  (text: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press("Control+Shift+F");
    await page.locator(".filter-begin").waitFor();
    await page.keyboard.type(text);
    // What is to be seen is an answer, what is wrong with the question, or the rest of a word.
    await page.waitForFunction(
      (isAsked) =>
        !isAsked ||
        document.querySelector(".hit, .field-error, [role=option]") !== null ||
        document.querySelector(".filter-begin") === null,
      text !== "",
    );
  };

/** Goes down to the n-th hit, so that what was said around it unfolds. */
export const unfolding =
  (text: string, downs: number) =>
  async (page: Page): Promise<void> => {
    await searching(text)(page);
    await page
      .locator(".hit")
      .nth(downs - 1)
      .waitFor();
    for (let n = 0; n < downs; n++) await page.keyboard.press("ArrowDown");
    await page.locator(".around-hit").waitFor();
  };

export const romeoOpen = async (page: Page): Promise<void> => {
  await page.getByRole("treeitem", { name: /^Romeo/ }).click();
  await page.getByRole("article").last().waitFor();
};
export const noticesOpen = async (page: Page): Promise<void> => {
  await page.getByRole("treeitem", { name: /^Zoë/ }).click();
  await page.getByRole("article").last().waitFor();
};
export const editing = async (page: Page): Promise<void> => {
  await romeoOpen(page);
  await page.getByRole("textbox", { name: /Romeo/ }).press("ArrowUp");
  await page.locator(".composer-editing").waitFor();
};
export const messageMenu = async (page: Page): Promise<void> => {
  await romeoOpen(page);
  await page.getByRole("log").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu").waitFor();
};

export const drawerOpen = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.locator(".details-toggle").click();
  await page.locator("dialog.drawer").waitFor();
};
export const chatsMenu = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: /^(Chats|Discussions)/ }).click();
  await page.locator(".chat-row").first().click({ button: "right" });
  await page.getByRole("menu").waitFor();
};
export const newBelow = async (page: Page): Promise<void> => {
  await julietOpen(page);
  const log = page.getByRole("log");
  await log.focus();
  for (let n = 0; n < 3; n++) await page.keyboard.press("PageUp");
  await page.locator(".to-end").waitFor();
  await page.evaluate(() => {
    const { fake } = globalThis as unknown as { readonly fake: { receive(id: string, body: string): void } };
    for (const body of ["The sheet is there now.", "Shall we go on at 11?", "Or after lunch."])
      fake.receive("account-xmpp|juliet@bank.example", body);
  });
  await page.locator(".to-end .badge").filter({ hasText: "3" }).waitFor();
};
export const blockAsked = async (page: Page): Promise<void> => {
  await julietOpen(page);
  await page.getByRole("button", { name: /^(Block|Bloquer)…$/ }).click();
  await dialogOpen(page);
};
export const privacyOpen = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+,");
  await page
    .getByRole("navigation")
    .getByRole("button", { name: /^(Privacy|Confidentialité)$/ })
    .click();
  await page.locator("#settings-privacy h2").waitFor();
};
export const blockListOpen = async (page: Page): Promise<void> => {
  await privacyOpen(page);
  await page.locator("#settings-blocked").scrollIntoViewIfNeeded();
};
export const namesFound = async (page: Page): Promise<void> => {
  await page.keyboard.press("Control+n");
  await page.keyboard.type("juliet");
  await page.getByRole("option").nth(2).waitFor();
  await page.keyboard.press("ArrowDown");
};
