import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";
import { freePorts } from "./servers/ports.ts";
import { startProsody } from "./servers/prosody.ts";

const protocols = ["xmpp", "simple"] as const;

for (const protocol of protocols) {
  test.describe(`signing in over ${protocol}`, () => {
    test("an address, a password and the company's authority are enough", async ({ launch, world, words }) => {
      const { page } = await launch();
      const screen = screenOf(page, words);
      const account = await world.newAccount(protocol);
      await screen.fillSignIn({ ...account, caPath: world.certificates.authority.path });
      await screen.signIn.click();
      await expect(page.getByText(words.t("roster.empty"))).toBeVisible();
      // The next key finds somebody.
      await expect(page.getByRole("searchbox", { name: words.t("roster.search") })).toBeFocused();
      await expect(page.getByRole("button", { name: new RegExp(words.t("account.oneConnected")) })).toBeVisible();
    });

    test("a wrong password is said, and what was typed stays", async ({ launch, world, words }) => {
      const { page } = await launch();
      const screen = screenOf(page, words);
      const account = await world.newAccount(protocol);
      await screen.fillSignIn({ ...account, password: "not this one", caPath: world.certificates.authority.path });
      await screen.signIn.click();
      const alert = page.getByRole("alert");
      await expect(alert).toContainText(words.t("error.wrong-password"));
      await expect(alert).toContainText(words.t("error.wrong-password.next"));
      await expect(screen.address).toHaveValue(account.address);
      await expect(screen.password).toHaveValue("not this one");
      // The correct one takes its place, whoever types on.
      await expect(screen.password).toBeFocused();
      await page.keyboard.type(account.password);
      await page.keyboard.press("Enter");
      await expect(page.getByText(words.t("roster.empty"))).toBeVisible();
    });

    test("a password that the server no longer takes is asked for beside the account's name, and no draft is disturbed", async ({
      openChat,
      words,
    }) => {
      const { account, name, door, page, screen } = await openChat(protocol);
      const [{ id: accountId } = { id: "" }] = (await ask(page, "app.snapshot", {})).tables.accounts;
      await ask(page, "accounts.setPassword", { accountId, password: "changed on the server" });
      await screen.composer(name).pressSequentially("half a thought");
      door.cut();
      await expect(
        page.getByRole("alert").getByText(words.t("account.passwordRefused", { address: account.address })),
      ).toBeVisible();
      await expect(page.getByText(words.t("app.banner.offline"))).toHaveCount(0);
      await expect(screen.composer(name)).toBeFocused();
      const password = page.getByLabel(words.t("account.passwordOf", { address: account.address }), { exact: true });
      await password.fill("wrong again");
      await password.press("Enter");
      // Refused again: what was typed is selected, so that the correct one takes its place.
      await expect
        .poll(() => password.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]))
        .toEqual([0, "wrong again".length]);
      await expect(page.getByRole("button", { name: words.t("account.signIn"), exact: true })).toBeVisible();
      await expect(password).toBeFocused();
      await page.keyboard.type(account.password);
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await expect(page.getByRole("button", { name: new RegExp(words.t("account.oneConnected")) })).toBeVisible();
      await expect(password).toHaveCount(0);
      await expect(screen.composer(name)).toBeFocused();
      await expect(screen.composer(name)).toHaveValue("half a thought");
    });

    test("a server that nobody vouches for is refused, with what to do", async ({ launch, world, words }) => {
      const { page } = await launch();
      const screen = screenOf(page, words);
      const account = await world.newAccount(protocol);
      await screen.fillSignIn(account);
      await screen.signIn.click();
      await expect(page.getByRole("alert")).toContainText(words.t("error.certificate-untrusted.next"));
      await expect(screen.address).toHaveValue(account.address);
    });
  });
}

test("a domain that does not exist is said", async ({ launch, words }) => {
  const { page } = await launch();
  const screen = screenOf(page, words);
  await screen.fillSignIn({ address: "somebody@nowhere.test", password: "secret" });
  await screen.signIn.click();
  await expect(page.getByRole("alert")).toContainText(words.t("error.unknown-host.next"));
  await expect(screen.address).toHaveValue("somebody@nowhere.test");
  await expect(screen.password).toHaveValue("secret");
});

for (const [kind, code] of [
  ["wrongName", "certificate-wrong-name"],
  ["expired", "certificate-expired"],
] as const) {
  test(`a certificate is refused, with the reason: ${code}`, async ({ launch, world, words }) => {
    const server = await startProsody({ domain: "example.test", certificate: world.certificates[kind] });
    try {
      await server.addUser("casey", "secret");
      const { page } = await launch();
      const screen = screenOf(page, words);
      await screen.fillSignIn({
        address: "casey@example.test",
        password: "secret",
        host: "127.0.0.1",
        port: server.ports.starttls,
        caPath: world.certificates.authority.path,
      });
      await screen.signIn.click();
      await expect(page.getByRole("alert")).toContainText(words.t(`error.${code}.next`));
      await expect(screen.password).toHaveValue("secret");
    } finally {
      await server.stop();
    }
  });
}

test("no network at all is said", async ({ launch, words }) => {
  const [dead] = await freePorts(1);
  // no name server answers, which is what a machine without a network sees
  const { page } = await launch({ dnsPort: dead ?? 1 });
  const screen = screenOf(page, words);
  await screen.fillSignIn({ address: "somebody@example.test", password: "secret" });
  await screen.signIn.click();
  await expect(page.getByRole("alert")).toContainText(words.t("error.no-network.next"));
  await expect(screen.address).toHaveValue("somebody@example.test");
});

test("a server that refuses is said", async ({ launch, words }) => {
  const { page } = await launch();
  const screen = screenOf(page, words);
  const [port] = await freePorts(1);
  await screen.fillSignIn({
    address: "somebody@example.test",
    password: "secret",
    host: "127.0.0.1",
    ...(port === undefined ? {} : { port }),
  });
  await screen.signIn.click();
  await expect(page.getByRole("alert")).toContainText(words.t("error.connection-refused.next"));
});

test("signing in can be cancelled, and the form is there again", async ({ launch, world, words }) => {
  const { page } = await launch();
  const screen = screenOf(page, words);
  const door = await world.prosody.door();
  door.blackhole();
  await screen.fillSignIn({ address: "somebody@example.test", password: "secret", host: "127.0.0.1", port: door.port });
  await screen.signIn.click();
  await page.getByRole("button", { name: words.t("button.cancel") }).click();
  await expect(screen.signIn).toBeVisible();
  await expect(screen.address).toHaveValue("somebody@example.test");
});

test("what is not an address is said before anything is asked of a server", async ({ launch, words }) => {
  const { page } = await launch();
  const screen = screenOf(page, words);
  await screen.signIn.click();
  await expect(page.getByText(words.t("account.needAddress"))).toBeVisible();
  await screen.address.fill("no address at all");
  await screen.password.fill("secret");
  await screen.signIn.click();
  await expect(page.getByRole("alert")).toContainText(words.t("error.invalid-address.next"));
});
