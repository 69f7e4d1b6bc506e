import type { Locator, Page } from "@playwright/test";
import type { Words } from "../shared/words/words.ts";

/** Elements that a person finds in Hallway's window, by the roles and names that a screen reader hears. */
export interface Screen {
  readonly page: Page;
  /** The contact list. */
  readonly tree: Locator;
  person(name: string): Locator;
  group(name: string): Locator;
  /** The messages of the open chat. */
  readonly log: Locator;
  /** One message by its text. */
  message(text: string): Locator;
  composer(name: string): Locator;
  /** Opens the chat with somebody by a click. */
  open(name: string): Promise<void>;
  /** Writes a message in the open chat. */
  say(name: string, text: string): Promise<void>;
  /** An entry of the context menu of somebody. */
  choose(name: string, entry: string): Promise<void>;
  view(name: "people" | "chats" | "requests" | "history" | "settings"): Promise<void>;
  /** Fills the sign-in form; the authority goes in through the file picker. */
  fillSignIn(form: SignInForm): Promise<void>;
  readonly signIn: Locator;
  readonly address: Locator;
  readonly password: Locator;
}

export interface SignInForm {
  readonly address: string;
  readonly password: string;
  readonly caPath?: string;
  readonly host?: string;
  readonly port?: number;
}

export function screenOf(page: Page, words: Words): Screen {
  const { t } = words;
  const tree = page.getByRole("tree", { name: t("roster.tree") });
  const log = page.getByRole("log");
  const composer = (name: string): Locator => page.getByRole("textbox", { name: t("composer.label", { name }) });
  const person = (name: string): Locator => tree.getByRole("treeitem", { level: 2 }).filter({ hasText: name });
  const address = page.getByLabel(t("account.address"), { exact: true });
  const password = page.getByLabel(t("account.password"), { exact: true });
  return {
    page,
    tree,
    person,
    group: (name) => tree.getByRole("treeitem", { level: 1 }).filter({ hasText: name }),
    log,
    message: (text) => log.getByRole("article").filter({ hasText: text }),
    composer,
    async open(name) {
      await person(name).click();
      await composer(name).waitFor();
    },
    async say(name, text) {
      await composer(name).fill(text);
      await composer(name).press("Enter");
    },
    async choose(name, entry) {
      await person(name).click({ button: "right" });
      await page.getByRole("menuitem", { name: entry }).click();
    },
    view: (name) =>
      page
        .getByRole("navigation", { name: t("app.views") })
        .getByRole("button", { name: new RegExp(`^${t(`view.${name}`)}`) })
        .click(),
    address,
    password,
    signIn: page.getByRole("button", { name: t("account.signIn"), exact: true }),
    async fillSignIn(form) {
      await address.fill(form.address);
      await password.fill(form.password);
      if (form.caPath === undefined && form.host === undefined && form.port === undefined) return;
      await page.getByText(t("account.advanced"), { exact: true }).click();
      if (form.host !== undefined) await page.getByLabel(t("account.host"), { exact: true }).fill(form.host);
      if (form.port !== undefined) await page.getByLabel(t("account.port"), { exact: true }).fill(String(form.port));
      if (form.caPath !== undefined) await page.locator('input[type="file"]').setInputFiles(form.caPath);
    },
  };
}
