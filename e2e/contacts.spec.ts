import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";
import { unanswered } from "./unanswered.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test.describe(`contact list over ${protocol}`, () => {
    test("somebody is added, renamed, moved, pinned and removed", async ({ launch, world, peers, words }) => {
      const account = await world.newAccount(protocol);
      const peer = await peers.open(await world.newAccount(protocol, "robin"));
      await peer.connect({ availability: "busy", status: "Budget" });
      const { page } = await launch({ accounts: [account] });
      const screen = screenOf(page, words);
      const { t } = words;
      await page
        .getByRole("button", { name: t("action.addContact") })
        .first()
        .click();
      const dialog = page.getByRole("dialog", { name: t("addContact.title") });
      await dialog.getByLabel(t("addContact.address"), { exact: true }).fill(peer.address);
      await dialog.getByLabel(t("addContact.name"), { exact: true }).fill("Robin Hale");
      await dialog.getByLabel(t("addContact.group"), { exact: true }).fill("Friends");
      await dialog.getByRole("button", { name: t("addContact.submit"), exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(screen.person("Robin Hale")).toContainText("Budget");
      await expect(screen.person("Robin Hale")).toContainText(t("presence.busy"));
      await expect(screen.group("Friends")).toBeVisible();

      await screen.choose("Robin Hale", t("menu.rename"));
      await page.getByLabel(t("rename.name"), { exact: true }).fill("Zoë Hale");
      await page.getByRole("button", { name: t("button.save") }).click();
      await expect(screen.person("Zoë Hale")).toBeVisible();
      await expect(screen.person("Robin Hale")).toBeHidden();

      await screen.choose("Zoë Hale", t("menu.groups"));
      const groups = page.getByRole("dialog", { name: t("groups.title", { name: "Zoë Hale" }) });
      await groups.getByRole("checkbox", { name: "Friends" }).uncheck();
      await groups.getByLabel(t("groups.new"), { exact: true }).fill("Work");
      await groups.getByRole("button", { name: t("button.save") }).click();
      await expect(screen.group("Work")).toBeVisible();
      await expect(screen.group("Friends")).toBeHidden();

      await screen.choose("Zoë Hale", t("menu.pin"));
      await expect(screen.group(t("roster.pinned"))).toBeVisible();
      await screen.person("Zoë Hale").first().click({ button: "right" });
      await page.getByRole("menuitem", { name: t("menu.unpin") }).click();
      await expect(screen.group(t("roster.pinned"))).toBeHidden();

      await screen.choose("Zoë Hale", t("menu.remove"));
      await page.getByRole("button", { name: t("remove.confirm"), exact: true }).click();
      await expect(screen.person("Zoë Hale")).toBeHidden();
    });

    test("a stranger lands under requests, and is accepted", async ({ launch, world, peers, words }) => {
      const account = await world.newAccount(protocol);
      const peer = await peers.open(await world.newAccount(protocol, "stranger"));
      await peer.connect();
      const { page } = await launch({ accounts: [account] });
      const screen = screenOf(page, words);
      await expect(page.getByText(words.t("roster.empty"))).toBeVisible();
      await peer.add(account.address);
      await screen.view("requests");
      const list = page.getByRole("list", { name: words.t("requests.title") });
      await expect(list).toContainText(peer.address);
      await list.getByRole("button", { name: words.t("requests.accept") }).click();
      await expect(page.getByText(words.t("requests.empty"))).toBeVisible();
      await peer.event(
        (event) =>
          event.type === "presence" && event.address === account.address && event.presence.availability === "available",
      );
      await screen.view("people");
      await expect(screen.person(peer.address.split("@")[0] ?? "")).toBeVisible();
    });

    test("presence and status text go both ways", async ({ launch, world, peers, words }) => {
      const { account, name, peer } = await acquaint(world, peers, protocol);
      const { page } = await launch({ accounts: [account] });
      const screen = screenOf(page, words);
      await expect(screen.person(name)).toContainText("At my desk");
      await peer.setPresence({ availability: "away", status: "Lunch <&>", idleSince: Date.now() - 12 * 60_000 });
      await expect(screen.person(name)).toContainText("Lunch <&>");
      await expect(screen.person(name)).toContainText(words.t("presence.away"));
      await expect(screen.person(name)).toContainText(/idle 1[1-4]\s?min/);
      // an idle client is told of others' presence only when it is used again (XEP-0352)
      await peer.setPresence({ availability: "available", status: "Back" });
      await expect(screen.person(name)).toContainText("Back");
      await page.getByRole("button", { name: new RegExp(words.t("account.oneConnected")) }).click();
      const dialog = page.getByRole("dialog", { name: words.t("presenceMenu.label") });
      const busy = dialog.getByRole("radio", { name: words.t("presence.busy") });
      await busy.click();
      await peer.event((event) => event.type === "presence" && event.presence.availability === "busy");
      await dialog.getByLabel(words.t("presenceMenu.status"), { exact: true }).fill("Writing the report");
      await dialog.getByRole("button", { name: words.t("presenceMenu.set") }).click();
      await peer.event(
        (event) =>
          event.type === "presence" &&
          event.presence.status === "Writing the report" &&
          event.presence.availability === "busy",
      );
    });
  });
}

test("search as one types, and people offline can be hidden", async ({ launch, world, words }) => {
  const account = await world.newAccount("xmpp");
  const names = ["Ana Lima", "Björn Åkesson", "Chloé Martin", "Dmitri Orlov"];
  await world.prosody.seedRoster(
    account.user,
    names.map((name, index) => ({ address: `person-${index}@example.test`, name, groups: ["Everybody"] })),
  );
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(4);
  const search = page.getByRole("searchbox", { name: words.t("roster.search") });
  await search.fill("chloe");
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(1);
  await expect(screen.person("Chloé Martin")).toBeVisible();
  await search.press("Escape");
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(4);
  await page.getByRole("button", { name: words.t("action.hideOffline") }).click();
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(0);
  await page.getByRole("button", { name: words.t("action.showOffline") }).click();
  await expect(screen.tree.getByRole("treeitem", { level: 2 })).toHaveCount(4);
});

test("one list over both networks", async ({ launch, world, peers, words }) => {
  const [one, other] = [
    await acquaint(world, peers, { protocol: "xmpp", name: "Xenia Mori" }),
    await acquaint(world, peers, { protocol: "simple", name: "Silas Pell" }),
  ];
  const { page } = await launch({ accounts: [one.account, other.account] });
  const screen = screenOf(page, words);
  await expect(screen.person("Xenia Mori")).toContainText(words.t("presence.available"));
  await expect(screen.person("Silas Pell")).toContainText(words.t("presence.available"));
  await expect(screen.group("Team")).toContainText("2");
  await expect(
    page.getByRole("button", { name: new RegExp(words.t("account.connected", { online: 2, total: 2 })) }),
  ).toBeVisible();
});

test("own presence is set for all accounts, or for one alone that follows the others again", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const [xmpp, simple] = [await acquaint(world, peers, "xmpp"), await acquaint(world, peers, "simple")];
  const { page } = await launch({ accounts: [xmpp.account, simple.account] });
  await page.getByRole("button", { name: new RegExp(words.t("account.connected", { online: 2, total: 2 })) }).click();
  const dialog = page.getByRole("dialog", { name: words.t("presenceMenu.label") });
  const sees = ({ peer }: typeof xmpp, availability: string, since = 0) =>
    peer.event((event) => event.type === "presence" && event.presence.availability === availability, since);
  await dialog.getByRole("radio", { name: words.t("presence.busy") }).click();
  await Promise.all([sees(xmpp, "busy"), sees(simple, "busy")]);
  await dialog.getByLabel(words.t("presenceMenu.for"), { exact: true }).selectOption({ label: simple.account.address });
  await dialog.getByRole("radio", { name: words.t("presence.away"), exact: true }).click();
  await sees(simple, "away");
  await dialog.getByRole("radio", { name: words.t("presenceMenu.follow") }).click();
  await dialog
    .getByLabel(words.t("presenceMenu.for"), { exact: true })
    .selectOption({ label: words.t("presenceMenu.all") });
  const before = [xmpp.peer.events.length, simple.peer.events.length] as const;
  await dialog.getByRole("radio", { name: words.t("presence.available"), exact: true }).click();
  await Promise.all([sees(xmpp, "available", before[0]), sees(simple, "available", before[1])]);
  await expect(dialog).toBeVisible();
});

for (const protocol of ["xmpp", "simple"] as const) {
  test(`over ${protocol}, somebody whose request was dropped is asked again by keys, menu and palette`, async ({
    launch,
    world,
    peers,
    words,
  }) => {
    const { t } = words;
    const { account, silent, appear, stop } = await unanswered(world, peers, protocol);
    try {
      const { page } = await launch({ accounts: [account] });
      const screen = screenOf(page, words);
      const sam = screen.person("Silent Sam");
      await page
        .getByRole("button", { name: t("action.addContact") })
        .first()
        .click();
      const dialog = page.getByRole("dialog", { name: t("addContact.title") });
      await dialog.getByLabel(t("addContact.address"), { exact: true }).fill(silent);
      await dialog.getByLabel(t("addContact.name"), { exact: true }).fill("Silent Sam");
      await dialog.getByRole("button", { name: t("addContact.submit"), exact: true }).click();
      await expect(sam).toContainText(t("presence.asked"));
      const done = page.getByText(t("askAgain.done", { name: "Silent Sam" }), { exact: true });
      await sam.focus();
      await page.keyboard.press("Shift+F10");
      await expect(page.getByRole("menuitem", { name: t("menu.chat"), exact: true })).toBeFocused();
      const entry = page.getByRole("menuitem", { name: t("askAgain.do"), exact: true });
      for (let n = 0; n < 6 && !(await entry.evaluate((element) => element === document.activeElement)); n++)
        await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await expect(done).toBeAttached();
      await expect(sam).toBeFocused();
      await page.keyboard.press("Control+K");
      await page.keyboard.type(t("askAgain.do"));
      await expect(page.getByRole("option", { name: t("askAgain.label", { name: "Silent Sam" }) })).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(sam).toContainText(t("presence.asked"));

      await appear("Back at last");
      await screen.open("Silent Sam");
      await expect(sam).toContainText(t("presence.asked"));
      await page.getByRole("button", { name: t("askAgain.label", { name: "Silent Sam" }), exact: true }).click();
      await expect(done.last()).toBeVisible();
      await expect(sam).toContainText("Back at last");
      await expect(sam).not.toContainText(t("presence.asked"));
    } finally {
      await stop();
    }
  });
}
