import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { organization, policy } from "./organization.ts";
import { screenOf } from "./screen.ts";

test("a server that policy no longer allows is left at once, with the reason and whom to ask", async ({
  openChat,
  words,
  testHome,
}) => {
  const { account, page } = await openChat();
  await page.keyboard.press("Control+,");
  const card = page.getByRole("region", { name: account.address });
  await expect(card.getByText(words.t("account.state.online"), { exact: true })).toBeVisible();
  const changed = performance.now();
  await policy(testHome, { AllowedServers: ["chat.bank.example"] });
  await expect(card.getByText(words.t("refused.AllowedServers", { host: account.server.host ?? "" }))).toBeVisible();
  test.info().annotations.push({
    type: "from the file to the window, ms",
    description: String(Math.round(performance.now() - changed)),
  });
  await expect(card.getByText(words.t("settings.managedAsk", { contact: organization.SupportContact }))).toBeVisible();
  await policy(testHome, undefined);
  await expect(card.getByText(words.t("account.state.online"), { exact: true })).toBeVisible();
});

for (const protocol of ["xmpp", "simple"] as const) {
  test(`nobody of a blocked domain is written to or heard (${protocol})`, async ({ openChat, words, testHome }) => {
    const { account, name, peer, page, screen } = await openChat(protocol);
    await screen.say(name, "before");
    await peer.message("before");
    const domain = account.address.slice(account.address.indexOf("@") + 1);
    await policy(testHome, { BlockedDomains: [domain] });
    const refusal = page.getByText(words.t("refused.BlockedDomains", { domain })).first();
    await expect(async () => {
      await screen.composer(name).fill("after");
      await screen.composer(name).press("Enter");
      await expect(refusal).toBeVisible({ timeout: 500 });
      // What could not be sent is still there to be kept or taken elsewhere; one that went out before policy was read
      // is not.
      await expect(screen.composer(name)).toHaveValue("after", { timeout: 500 });
    }).toPass();
    const id = await peer.say(account.address, "unheard");
    // It has come by while the rule stood: the server has taken it, and has answered the window something after that.
    await peer.event((event) => event.type === "delivery" && event.id === id && event.state !== "waiting");
    await screen.choose(name, words.t("menu.rename"));
    await page.getByRole("button", { name: words.t("button.save") }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await policy(testHome, undefined);
    await expect(async () => {
      // It is drawn at once, and taken back where the policy is still in force.
      await screen.say(name, "after all");
      await expect.poll(() => peer.received(), { timeout: 1_000 }).toContain("after all");
    }).toPass();
    await expect(screen.message("after all").first()).toBeVisible();
    await expect(screen.message("unheard")).toHaveCount(0);
  });
}

test("an account that IT sets up is there without typing, asks only for the password, and is locked", async ({
  launch,
  world,
  words,
  testHome,
}) => {
  const account = await world.newAccount("xmpp", "me");
  const { page } = await launch({ accounts: [] });
  const screen = screenOf(page, words);
  await screen.address.waitFor();
  await policy(testHome, {
    AccountManagementEnabled: false,
    ProvisionedAccounts: [
      { name: "work", protocol: "xmpp", address: account.address, label: "Work chat", server: account.server },
    ],
  });
  await expect(
    page.getByText(
      words.t("account.setUpBy", { organization: organization.OrganizationName, address: account.address }),
      { exact: true },
    ),
  ).toBeVisible();
  const password = page.getByLabel(words.t("account.passwordOf", { address: account.address }), { exact: true });
  await expect(password).toBeFocused();
  await page.keyboard.type("not it");
  await page.keyboard.press("Enter");
  await expect(
    page.getByRole("alert").getByText(words.t("account.passwordRefused", { address: account.address })),
  ).toBeVisible();
  // What is typed next takes its place.
  await expect(password).toBeFocused();
  await page.keyboard.type(account.password);
  await page.keyboard.press("Enter");
  await expect(page.getByText(words.t("roster.empty"))).toBeVisible();
  await page.keyboard.press("Control+,");
  const card = page.getByRole("region", { name: account.address });
  await expect(card.getByText(words.t("account.state.online"), { exact: true })).toBeVisible();
  await expect(card.getByRole("button", { name: words.t("account.remove") })).toHaveCount(0);
  await expect(card.getByRole("switch")).toBeDisabled();
  await expect(
    card.getByText(words.t("settings.managedBy", { organization: organization.OrganizationName })),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: words.t("action.addAccount") })).toHaveCount(0);
});

/** Answers with the keyboard alone, until the answer counts: keys that may be the rest of a text are none. */
async function answer(page: Page, place: Locator, key: string, isDone = async () => (await place.count()) === 0) {
  for (let n = 0; n < 8 && !(await place.evaluate((element) => element === document.activeElement)); n++)
    await page.keyboard.press("Tab");
  await expect(place).toBeFocused();
  await expect(async () => {
    if (await isDone()) return;
    await page.keyboard.press(key);
    await expect.poll(isDone, { timeout: 1_000 }).toBe(true);
  }).toPass();
}

test("the organization's notice comes before everything, answered by keys, and stays accepted", async ({
  openChat,
  launch,
  words,
  testHome,
}) => {
  const { account, name, hallway: first, screen, peer } = await openChat();
  await screen.composer(name).pressSequentially("half a thought");
  await policy(testHome, {
    ComplianceNotice: { version: "1", en: "Conversations are recorded.", fr: "Les conversations sont enregistrées." },
  });
  await expect(first.page.getByText("Conversations are recorded.", { exact: true })).toBeVisible();
  await expect(screen.tree).toHaveCount(0);
  await expect(first.page.getByRole("heading", { level: 1 })).toBeFocused();
  // Whoever types on decides nothing.
  await first.page.keyboard.type("and the rest of it ");
  for (let n = 0; n < 5; n++) await first.page.keyboard.press("Enter");
  const check = first.page.getByLabel(words.t("notice.check"));
  const decline = first.page.getByRole("button", { name: words.t("notice.decline") });
  const accept = first.page.getByRole("button", { name: words.t("notice.accept"), exact: true });
  await expect(check).not.toBeChecked();
  await expect(accept).toBeDisabled();
  await answer(first.page, decline, "Enter");
  await expect(first.page.getByText(words.t("notice.declinedText"))).toBeVisible();
  const back = first.page.getByRole("button", { name: words.t("notice.back") });
  await expect(back).toBeFocused();
  await answer(first.page, back, "Enter");
  await expect(check).not.toBeChecked();
  await answer(first.page, check, "Space", () => check.isChecked());
  await answer(first.page, accept, "Enter");
  await expect(screen.person(name)).toBeVisible();
  // The draft was neither sent nor lost.
  await expect(screen.composer(name)).toHaveValue("half a thought");
  expect(peer.received(account.address)).toEqual([]);
  // It stays in sight beside every chat.
  await screenOf(first.page, words).open(name);
  await expect(first.page.getByText("Conversations are recorded.", { exact: true })).toBeVisible();
  await first.stop();
  const second = await launch({ accounts: [account] });
  await expect(screenOf(second.page, words).person(name)).toBeVisible();
});

test("a password is not kept where policy forbids it", async ({ openChat, launch, words, testHome }) => {
  const { account, name, hallway: first } = await openChat();
  const secrets = join(testHome.folder, "profile", "secrets.json");
  expect(await readFile(secrets, "utf8")).toContain("/password/");
  await policy(testHome, { PasswordSaveEnabled: false });
  await expect.poll(async () => (await readFile(secrets, "utf8")).includes("/password/")).toBe(false);
  await first.stop();
  const second = await launch({ accounts: [account] });
  await screenOf(second.page, words).person(name).waitFor();
  await second.page.keyboard.press("Control+,");
  const card = second.page.getByRole("region", { name: account.address });
  await expect(card.getByText(words.t("error.password-needed"))).toBeVisible();
});

test("settings that policy locks stand at their standard value and say who manages them", async ({
  openChat,
  words,
  testHome,
}) => {
  const { page } = await openChat();
  await page.keyboard.press("Control+,");
  const dark = page.getByRole("radio", { name: words.t("setting.Theme.dark") });
  await dark.check();
  await policy(testHome, { LockedPreferences: ["Theme"] });
  await expect(dark).toBeDisabled();
  await expect(
    page
      .getByRole("group", { name: words.t("setting.Theme") })
      .getByRole("radio", { name: words.t("setting.Theme.system") }),
  ).toBeChecked();
  await expect(
    page
      .locator('[data-setting="Theme"]')
      .getByText(words.t("settings.managedBy", { organization: organization.OrganizationName })),
  ).toBeVisible();
  await policy(testHome, undefined);
  await expect(dark).toBeChecked();
  await expect(dark).toBeEnabled();
});
