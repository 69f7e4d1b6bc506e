import { rm } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";
import { policyFile } from "./organization.ts";

test("the policy page shows the file that decides, and a required policy that is taken away ends every connection", async ({
  openChat,
  words,
  testHome,
}) => {
  const { page } = await openChat();
  const content = '{\n"PolicyRequired": true,\n"HistoryMode": "memory",\n"OrganizationName": "Example Bank"\n}';
  const put = () => policyFile(testHome, { name: "10-required.json", content });
  const file = await put();
  await page.keyboard.press("Control+,");
  await page
    .getByRole("button", { name: words.t("policy.open") })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: words.t("policy.title"), exact: true })).toBeFocused();
  const entry = page.locator('.policy-entry[data-setting="HistoryMode"]');
  await expect(entry).toContainText(words.t("setting.HistoryMode.memory"));
  await entry.locator("summary").click();
  await expect(entry).toContainText(words.t("policy.sourceLine", { source: file, line: "3" }));

  await rm(file);
  await expect(page.getByText(words.t("policy.blocked"))).toBeVisible();
  // What it said stays in force.
  await expect(entry).toContainText(words.t("setting.HistoryMode.memory"));

  await put();
  await expect(page.getByText(words.t("policy.blocked"))).toHaveCount(0);
});

test("a first start without an account says what keeps one from being made, and leads to every rule and back", async ({
  launch,
  words,
  testHome,
}, info) => {
  const content = {
    OrganizationName: "Example Bank",
    AccountManagementEnabled: false,
    ProvisionedAccounts: [
      { name: "work", protocol: "xmpp", address: "${username}@bank.example", label: "Example Bank" },
    ],
  };
  await policyFile(testHome, { name: "10-bank.json", content });
  const { page } = await launch();
  await expect(page.getByRole("alert")).toContainText(
    words.error({ code: "account-incomplete", params: { account: "Example Bank", gap: "${username}" } }).what,
  );
  await page.screenshot({ path: info.outputPath("first-start.png") });
  await page.getByRole("button", { name: words.t("policy.open") }).click();
  await expect(page.getByRole("heading", { name: words.t("policy.title"), exact: true })).toBeFocused();
  await expect(page.locator(".policy-problems")).toContainText("${username}");
  await page.screenshot({ path: info.outputPath("policy.png") });
  await page
    .getByRole("button", { name: words.t("button.back") })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: words.t("start.title") })).toBeVisible();
});
