import { violationsOf } from "./axe.ts";
import { expect, test } from "./fixtures.ts";
import { policyFile } from "./organization.ts";

const card = "4111 1111 1111 1111";

test("rules for messages that come while Hallway runs stop, ask, take out and withhold", async ({
  openChat,
  words,
  testHome,
}) => {
  const { t } = words;
  const { account, name, peer, page, screen } = await openChat();
  await screen.say(name, `before ${card}`);
  await peer.message(`before ${card}`);

  const rules = [
    { name: "Payment cards", detector: "payment-card", action: "block" },
    { name: "Project names", keywords: ["Bluebird"], action: "warn", direction: "out" },
    { name: "Accounts", detector: "iban", action: "redact" },
  ];
  const policyName = "10-content.json";
  const content = { ContentRules: rules, LinkMode: "warn", OrganizationName: "Example Bank" };
  await policyFile(testHome, { name: policyName, content });
  await expect(page.getByText(t("chat.managedBy", { organization: "Example Bank" })).first()).toBeVisible();

  // Blocked: the text stays where it was typed, and Edit leads back to it.
  const composer = screen.composer(name);
  const note = page.getByRole("alert");
  await screen.say(name, `It is ${card}`);
  await expect(note).toContainText(
    t("content.notSent", { finding: t("content.finding.payment-card"), rule: "Payment cards" }),
  );
  await expect(composer).toHaveValue(`It is ${card}`);
  expect(await violationsOf(page)).toEqual([]);
  await note.getByRole("button", { name: t("content.edit") }).click();
  await expect(composer).toBeFocused();

  // Asked first, then sent.
  await screen.say(name, "Bluebird flies");
  await expect(note).toContainText(
    t("content.check", { finding: t("content.finding.keywords"), rule: "Project names" }),
  );
  await note.getByRole("button", { name: t("content.sendAnyway") }).click();
  await peer.message("Bluebird flies");
  await expect(note).toBeHidden();

  // Parts taken out, for both sides alike.
  await screen.say(name, "Pay DE89 3704 0044 0532 0130 00 please");
  await peer.message("Pay █████ please");
  await expect(screen.message("Pay █████ please")).toBeVisible();

  // Withheld.
  await peer.say(account.address, `Mine is ${card}`);
  await expect(
    screen.message(t("content.withheld", { finding: t("content.finding.payment-card"), rule: "Payment cards" })),
  ).toBeVisible();
  await expect(page.getByText(`Mine is ${card}`)).toHaveCount(0);

  // A link shows where it leads first.
  await peer.say(account.address, "See https://example.com/path");
  await page.getByRole("link", { name: "https://example.com/path" }).click();
  const dialog = page.getByRole("dialog", { name: t("link.title") });
  await expect(dialog).toContainText("https://example.com/path");
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: t("button.cancel") }).click();
  await policyFile(testHome, { name: policyName, content: { LinkMode: "text" } });
  await expect(page.getByRole("link", { name: "https://example.com/path" })).toHaveCount(0);
  await expect(screen.message("See https://example.com/path")).toBeVisible();
});
