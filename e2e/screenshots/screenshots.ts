import { expect, type Page } from "@playwright/test";
import {
  blockAsked,
  blockListOpen,
  chatsMenu,
  deleted,
  deleting,
  dialogOpen,
  drawerOpen,
  editing,
  exportOpen,
  exportRunning,
  julietOpen,
  messageMenu,
  namesFound,
  newBelow,
  noticesOpen,
  policyOpen,
  privacyOpen,
  romeoOpen,
  searching,
  settingsOpen,
  unfolding,
} from "./acts.ts";

/** State of the window that is pictured, and checked by axe. */
export interface Screenshot {
  readonly name: string;
  /** One of renderer/dev/scenarios.ts. */
  readonly scenario: string;
  readonly locale?: "en-GB" | "fr-FR";
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly forced?: boolean;
  readonly act?: (page: Page) => Promise<void>;
}

/** All of them. */
export const screenshots: readonly Screenshot[] = [
  { name: "export", scenario: "company", act: exportOpen },
  { name: "export-fr-dark", scenario: "company", locale: "fr-FR", dark: true, act: exportOpen },
  { name: "export-running", scenario: "company", act: exportRunning },
  { name: "light", scenario: "company", act: julietOpen },
  { name: "dark", scenario: "company", dark: true, act: julietOpen },
  { name: "french", scenario: "company", locale: "fr-FR", act: julietOpen },
  { name: "forced-colours", scenario: "managed", forced: true, act: julietOpen },
  { name: "zoom-200", scenario: "company", width: 640, height: 380, act: julietOpen },
  { name: "narrow", scenario: "company", locale: "fr-FR", width: 420 },
  { name: "narrow-chat", scenario: "company", width: 420, act: julietOpen },
  { name: "managed", scenario: "managed", act: julietOpen },
  { name: "managed-settings", scenario: "managed", act: settingsOpen },
  { name: "policy", scenario: "governed", height: 1400, act: policyOpen },
  { name: "policy-dark-french-narrow", scenario: "governed", locale: "fr-FR", dark: true, width: 420, act: policyOpen },
  { name: "policy-forced-colours", scenario: "governed", forced: true, act: policyOpen },
  { name: "policy-none", scenario: "company", act: policyOpen },
  { name: "drawer", scenario: "company", width: 1000, act: drawerOpen },
  {
    name: "drawer-200-french-dark",
    scenario: "company",
    locale: "fr-FR",
    dark: true,
    width: 640,
    height: 380,
    act: drawerOpen,
  },
  { name: "drawer-400-forced-colours", scenario: "recorded", forced: true, width: 400, act: drawerOpen },
  { name: "chats-menu", scenario: "company", act: chatsMenu },
  {
    name: "chats-menu-french-dark-narrow",
    scenario: "company",
    locale: "fr-FR",
    dark: true,
    width: 400,
    act: chatsMenu,
  },
  { name: "new-below", scenario: "company", act: newBelow },
  { name: "new-below-french-dark-narrow", scenario: "company", locale: "fr-FR", dark: true, width: 400, act: newBelow },
  { name: "blocked", scenario: "blocked", act: romeoOpen },
  { name: "blocked-french-dark-narrow", scenario: "blocked", locale: "fr-FR", dark: true, width: 400, act: romeoOpen },
  { name: "block", scenario: "blocked", act: blockAsked },
  { name: "block-list", scenario: "blocked", height: 1500, act: blockListOpen },
  {
    name: "block-list-french-dark-narrow",
    scenario: "blocked",
    locale: "fr-FR",
    dark: true,
    width: 400,
    height: 1500,
    act: blockListOpen,
  },
  { name: "new-chat-names", scenario: "blocked", act: namesFound },
  {
    name: "new-chat-names-french-dark-200",
    scenario: "blocked",
    locale: "fr-FR",
    dark: true,
    width: 640,
    height: 480,
    act: namesFound,
  },
  { name: "settings-400", scenario: "company", width: 400, act: privacyOpen },
  { name: "recorded", scenario: "recorded", height: 1100, act: julietOpen },
  { name: "recorded-dark", scenario: "recorded", height: 1100, dark: true, act: julietOpen },
  { name: "recorded-french", scenario: "recorded", height: 1100, locale: "fr-FR", act: julietOpen },
  { name: "recorded-200", scenario: "recorded", width: 640, height: 420, act: julietOpen },
  { name: "recorded-policy", scenario: "recorded", height: 2600, act: policyOpen },
  { name: "unkept", scenario: "unkept", act: romeoOpen },
  { name: "unkept-french-dark-narrow", scenario: "unkept", locale: "fr-FR", dark: true, width: 420, act: romeoOpen },
  { name: "unkept-200-forced-colours", scenario: "unkept", forced: true, width: 640, height: 380, act: romeoOpen },
  { name: "notices", scenario: "company", act: noticesOpen },
  { name: "notices-dark", scenario: "company", dark: true, act: noticesOpen },
  { name: "notices-french-narrow", scenario: "company", locale: "fr-FR", width: 420, act: noticesOpen },
  { name: "deletion-off-french-dark", scenario: "deletionOff", locale: "fr-FR", dark: true, act: deleting },
  { name: "deletion-asked", scenario: "recorded", act: deleting },
  { name: "deletion-kept", scenario: "recorded", act: deleted },
  { name: "deletion-kept-french", scenario: "recorded", locale: "fr-FR", act: deleted },
  { name: "settings-dark-french", scenario: "company", locale: "fr-FR", dark: true, act: settingsOpen },
  { name: "offline", scenario: "offline", act: julietOpen },
  { name: "offline-french-400", scenario: "offline", locale: "fr-FR", width: 400, act: julietOpen },
  { name: "wide", scenario: "company", width: 2560, height: 1300, act: julietOpen },
  { name: "empty", scenario: "empty" },
  { name: "large", scenario: "large" },
  { name: "notice", scenario: "notice" },
  { name: "notice-french-400", scenario: "notice", locale: "fr-FR", width: 400 },
  { name: "notice-200", scenario: "notice", width: 640, height: 380 },
  { name: "notice-forced-colours", scenario: "notice", forced: true },
  { name: "wrong-password", scenario: "wrongPassword", act: julietOpen },
  { name: "wrong-password-dark", scenario: "wrongPassword", dark: true, act: julietOpen },
  { name: "wrong-password-400", scenario: "wrongPassword", width: 400, act: julietOpen },
  { name: "wrong-password-list-200", scenario: "wrongPassword", width: 640, height: 380 },
  { name: "managed-start-dark", scenario: "managedStart", dark: true },
  { name: "managed-start-french-400", scenario: "managedStart", locale: "fr-FR", width: 400 },
  { name: "managed-start-several-200", scenario: "managedStartSeveral", width: 640, height: 380 },
  {
    name: "notice-declined-french-dark",
    scenario: "notice",
    locale: "fr-FR",
    dark: true,
    act: (page) => page.getByRole("button", { name: "Refuser" }).click(),
  },
  {
    name: "vault-weak",
    scenario: "vaultNew",
    act: (page) => page.getByLabel("Passphrase", { exact: true }).fill("Summer2026!"),
  },
  {
    name: "vault-good-dark-french",
    scenario: "vaultNew",
    locale: "fr-FR",
    dark: true,
    act: (page) => page.getByLabel("Phrase secrète", { exact: true }).fill("plume tracteur orage"),
  },
  { name: "start", scenario: "start", act: (page) => page.getByText("Advanced", { exact: true }).click() },
  { name: "start-dark", scenario: "start", dark: true },
  { name: "vault-new", scenario: "vaultNew" },
  { name: "vault-locked", scenario: "vaultLocked", locale: "fr-FR" },
  { name: "vault-failed", scenario: "vaultFailed" },
  { name: "key-changing-dark", scenario: "keyChanging", dark: true },
  {
    name: "security-french",
    scenario: "passphrase",
    locale: "fr-FR",
    act: async (page) => {
      await settingsOpen(page);
      await page.getByRole("navigation").getByRole("button", { name: "Sécurité" }).click();
    },
  },
  {
    name: "key-dialog",
    scenario: "passphrase",
    act: async (page) => {
      await settingsOpen(page);
      await page.getByRole("button", { name: "Change passphrase…" }).click();
      await dialogOpen(page);
    },
  },
  {
    name: "covered",
    scenario: "confined",
    act: async (page) => {
      await julietOpen(page);
      await page.evaluate(() => {
        document.hasFocus = () => false;
        window.dispatchEvent(new Event("blur"));
      });
      await page.getByText("Hallway is hidden while you use another app.").waitFor();
      await expect(page.getByRole("article")).toHaveCount(0);
    },
  },
  { name: "policy-captures", scenario: "confined", act: policyOpen },
  { name: "locked", scenario: "locked" },
  { name: "locked-dark-french", scenario: "locked", dark: true, locale: "fr-FR" },
  { name: "locked-sign-in-forced-colours", scenario: "lockedSignIn", forced: true },
  {
    name: "palette-begin",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "palette",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("settle");
      await page.getByRole("group", { name: "Messages" }).waitFor();
    },
  },
  {
    name: "presence",
    scenario: "offline",
    dark: true,
    act: async (page) => {
      await page.locator(".me").click();
      await dialogOpen(page);
    },
  },
  {
    name: "menu",
    scenario: "company",
    act: async (page) => {
      await page.getByRole("treeitem", { name: /^Bob/ }).click({ button: "right" });
      await page.getByRole("menu").waitFor();
    },
  },
  { name: "requests", scenario: "company", act: (page) => page.getByRole("button", { name: /^Requests/ }).click() },
  {
    name: "requests-dark-french",
    scenario: "company",
    dark: true,
    locale: "fr-FR",
    height: 1100,
    act: async (page) => {
      await page.getByRole("button", { name: /^Demandes/ }).click();
      await page.locator(".look-alike").waitFor();
    },
  },
  {
    name: "new-chat-look-alike",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+n");
      await dialogOpen(page);
      await page.getByRole("dialog").getByRole("combobox").first().fill("ju1iet@bank.example");
      await page.locator(".look-alike").waitFor();
    },
  },
  {
    name: "chats",
    scenario: "company",
    locale: "fr-FR",
    act: (page) => page.getByRole("button", { name: /^Discussions/ }).click(),
  },
  {
    name: "history",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+Shift+F");
      await page.keyboard.type("settlem");
      await page.locator(".hit").nth(20).click();
      await page.locator(".marked").waitFor();
    },
  },
  { name: "changed-messages", scenario: "company", act: romeoOpen },
  { name: "changed-messages-french-dark", scenario: "company", locale: "fr-FR", dark: true, act: editing },
  { name: "changed-messages-200", scenario: "company", width: 640, height: 420, act: editing },
  { name: "changed-messages-forced-colours", scenario: "company", forced: true, act: messageMenu },
  { name: "message-menu", scenario: "company", act: messageMenu },
  {
    name: "delete-message-french",
    scenario: "company",
    locale: "fr-FR",
    act: async (page) => {
      await messageMenu(page);
      await page.keyboard.press("End");
      await page.keyboard.press("Enter");
      await dialogOpen(page);
    },
  },
  { name: "history-filters", scenario: "company", act: searching("") },
  {
    name: "history-filters-french-dark-narrow",
    scenario: "company",
    locale: "fr-FR",
    dark: true,
    width: 420,
    act: searching(""),
  },
  { name: "history-suggestions", scenario: "company", act: searching("settlement from:j") },
  { name: "history-suggestions-forced-colours", scenario: "company", forced: true, act: searching("from:") },
  {
    name: "history-filtered-french-dark",
    scenario: "company",
    locale: "fr-FR",
    dark: true,
    act: searching("settlement de:juliet avant:hier "),
  },
  {
    name: "history-filtered-200",
    scenario: "company",
    width: 640,
    height: 380,
    act: searching("window from:juliet after:2026-11-01 "),
  },
  { name: "history-around", scenario: "company", act: unfolding("settlem", 3) },
  { name: "history-around-dark", scenario: "company", dark: true, act: unfolding("voice", 1) },
  {
    name: "history-around-french-narrow",
    scenario: "company",
    locale: "fr-FR",
    width: 420,
    act: unfolding("draft", 1),
  },
  { name: "history-around-200", scenario: "company", width: 640, height: 380, act: unfolding("settlem", 2) },
  { name: "history-around-forced-colours", scenario: "company", forced: true, act: unfolding("settlem", 2) },
  { name: "history-bad-date", scenario: "company", act: searching("settlement on:sometime ") },
  {
    name: "add-contact",
    scenario: "company",
    dark: true,
    act: async (page) => {
      await page.getByRole("button", { name: "Add a contact" }).click();
      await dialogOpen(page);
    },
  },
  {
    name: "new-chat",
    scenario: "company",
    dark: true,
    locale: "fr-FR",
    act: async (page) => {
      await page.keyboard.press("Control+n");
      await dialogOpen(page);
    },
  },
  {
    name: "palette-address",
    scenario: "company",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("somebody@elsewhere.example");
      await page.getByRole("option").first().waitFor();
    },
  },
  {
    name: "start-simple",
    scenario: "start",
    act: async (page) => {
      await page.getByText("Advanced", { exact: true }).click();
      await page.getByLabel("Network").selectOption("simple");
      await page.getByLabel("Contact list server (XCAP)").fill("http://in.the.clear.example");
      await page.getByText("Enter an address that begins with https://.").waitFor();
    },
  },
  {
    name: "mirrored",
    scenario: "company",
    act: async (page) => {
      await julietOpen(page);
      await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
    },
  },
];
