import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { verifyExport } from "../main/record/export/verify.ts";
import { type ExportFormat, exportFormats } from "../shared/model/export.ts";
import { expect, test } from "./fixtures.ts";
import { organization, policyFile } from "./organization.ts";

/** Text as each format writes it. */
function saidIn(format: ExportFormat, text: string): string {
  return format === "eml" ? text.replace(/=\r\n/g, "") : text;
}

test("a chat is exported from the window in each format, and read back", async ({ openChat, words, testHome }) => {
  const { name, peer, page, screen } = await openChat();
  await screen.say(name, "The figures are in the folder");
  await peer.message("The figures are in the folder");
  for (const format of exportFormats) {
    await page.getByRole("button", { name: words.t("export.openChat") }).click();
    const dialog = page.getByRole("dialog", { name: words.t("export.heading") });
    await expect(dialog.getByRole("radio", { name: words.t("export.what.conversation", { name }) })).toBeChecked();
    await dialog.getByRole("radio", { name: words.t(`export.format.${format}`) }).check();
    await page.keyboard.press("Enter");
    await expect(dialog.getByText(words.t("export.done", { count: 1 }))).toBeVisible();
    const [folder = ""] = await readdir(testHome.downloads);
    await expect(dialog.getByText(join(testHome.downloads, folder))).toBeVisible();
    await dialog
      .getByRole("button", { name: words.t("button.close") })
      .last()
      .click();

    const { manifest, findings } = await verifyExport(join(testHome.downloads, folder));
    expect(findings).toEqual([]);
    expect(manifest).toMatchObject({ format, messages: 1, madeBy: "person" });
    const texts = await Promise.all(
      (manifest?.files ?? []).map(({ path }) => readFile(join(testHome.downloads, folder, path), "utf8")),
    );
    expect(saidIn(format, texts.join("")), format).toContain("The figures are in the folder");
    await rm(join(testHome.downloads, folder), { recursive: true });
  }

  // What a search has found, and the page as a browser shows it.
  await page.keyboard.press("Control+Shift+F");
  await page.getByRole("combobox", { name: words.t("history.placeholder") }).fill("figures");
  await page.getByRole("button", { name: words.t("export.openResults") }).click();
  await expect(page.getByRole("radio", { name: words.t("export.what.results") })).toBeChecked();
  await page.getByRole("button", { name: words.t("export.do"), exact: true }).click();
  await expect(page.getByText(words.t("export.done", { count: 1 })).last()).toBeVisible();
  const [folder = ""] = await readdir(testHome.downloads);
  const { manifest } = await verifyExport(join(testHome.downloads, folder));
  expect(manifest).toMatchObject({ format: "html", query: { text: "figures" } });
});

test("policy forbids export live, says why, and allows it again", async ({ openChat, words, testHome }) => {
  const { page } = await openChat();
  await page.getByRole("button", { name: words.t("export.openChat") }).click();
  const dialog = page.getByRole("dialog", { name: words.t("export.heading") });
  await expect(dialog.getByRole("button", { name: words.t("export.do"), exact: true })).toBeVisible();
  const content = { HistoryExportEnabled: false, ...organization };
  const file = await policyFile(testHome, { name: "10-export.json", content });
  await expect(dialog.getByText(words.t("refused.HistoryExportEnabled"))).toBeVisible();
  await expect(dialog.getByText(words.t("settings.managedAsk", { contact: "helpdesk@bank.example" }))).toBeVisible();
  await expect(dialog.getByRole("button", { name: words.t("export.do"), exact: true })).toHaveCount(0);
  await rm(file);
  await expect(dialog.getByRole("button", { name: words.t("export.do"), exact: true })).toBeVisible();
  expect(await readdir(testHome.downloads)).toEqual([]);
});
