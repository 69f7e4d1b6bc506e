import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("a policy that forbids history counts at once, says who manages it, and goes again", async ({ openChat, words, desk }) => {
  const { name, peer, page, screen } = await openChat();
  await screen.say(name, "kept");
  await peer.message("kept");
  await expect(page.getByText(words.t("chat.historyEncrypted"), { exact: true }).first()).toBeVisible();

  const file = join(desk.policyFolder, "managed", "10-history.json");
  await writeFile(file, JSON.stringify({ HistoryMode: "off", OrganizationName: "Example Bank", SupportContact: "helpdesk@bank.example" }), { mode: 0o644 });
  await expect(page.getByText(words.t("chat.historyOff"), { exact: true }).first()).toBeVisible();
  await expect(page.getByText(words.t("chat.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  await page.keyboard.press("Control+,");
  const group = page.getByRole("group", { name: words.t("setting.HistoryMode") });
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.off") })).toBeChecked();
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeDisabled();
  await expect(page.getByText(words.t("settings.managedBy", { organization: "Example Bank" })).first()).toBeVisible();
  await expect(page.getByText(words.t("settings.managedAsk", { contact: "helpdesk@bank.example" })).first()).toBeVisible();

  await writeFile(file, "{ this is no JSON");
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.off") })).toBeChecked();
  await rm(file);
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeEnabled();
  await expect(group.getByRole("radio", { name: words.t("setting.HistoryMode.encrypted") })).toBeChecked();
  await screen.view("people");
  await screen.open(name);
  await expect(screen.message("kept")).toBeVisible();
});

test("a policy file that others could have written does not count", async ({ launch, world, peers, words, desk }) => {
  const { account, name } = await acquaint(world, peers, "xmpp");
  const file = join(desk.policyFolder, "managed", "10-history.json");
  await writeFile(file, JSON.stringify({ HistoryMode: "off" }));
  await (await import("node:fs/promises")).chmod(file, 0o666);
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.open(name);
  await expect(page.getByText(words.t("chat.historyEncrypted"), { exact: true }).first()).toBeVisible();
});
