import { rm } from "node:fs/promises";
import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { organization, policyFile } from "./organization.ts";

test("a policy that forbids history counts at once, says who manages it, and goes again", async ({
  openChat,
  words,
  testHome,
}) => {
  const { name, peer, page, screen } = await openChat();
  await screen.say(name, "kept");
  await peer.message("kept");
  await expect(page.getByText(words.t("chat.historyEncrypted"), { exact: true }).first()).toBeVisible();

  const historyName = "10-history.json";
  const file = await policyFile(testHome, { name: historyName, content: { HistoryMode: "off", ...organization } });
  await expect(page.getByText(words.t("chat.historyOff"), { exact: true }).first()).toBeVisible();
  await expect(page.getByText(words.t("chat.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  await page.keyboard.press("Control+,");
  const group = page.getByRole("group", { name: words.t("setting.HistoryMode") });
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.off") })).toBeChecked();
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeDisabled();
  await expect(page.getByText(words.t("settings.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  await expect(
    page.getByText(words.t("settings.managedAsk", { contact: "helpdesk@bank.example" })).first(),
  ).toBeVisible();

  await policyFile(testHome, { name: historyName, content: "{ this is no JSON" });
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.off") })).toBeChecked();
  await rm(file);
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeEnabled();
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeChecked();
  await screen.view("people");
  await screen.open(name);
  await expect(screen.message("kept")).toBeVisible();
});

test("a policy file that others could have written does not count", async ({ openChat, words, testHome }) => {
  const { page } = await openChat();
  // Read well once: what nobody has ever read takes the strictest.
  const base = { HistoryMode: "encrypted", OrganizationName: "Example Bank" };
  await policyFile(testHome, { name: "00-base.json", content: base });
  await expect(page.getByText(words.t("chat.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  const content = { HistoryMode: "off", OrganizationName: "Somebody" };
  const file = await policyFile(testHome, { name: "10-history.json", content, mode: 0o666 });
  const problems = async () => (await ask(page, "policy.page", {})).problems.map(({ kind, source }) => [kind, source]);
  await expect.poll(problems).toEqual([["untrusted", file]]);
  await expect(page.getByText(words.t("chat.historyEncrypted"), { exact: true }).first()).toBeVisible();
  await expect(page.getByText(words.t("chat.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  await expect(page.getByText(words.t("chat.historyOff"), { exact: true })).toHaveCount(0);
});
