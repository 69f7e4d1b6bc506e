import { randomUUID } from "node:crypto";
import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("the archive is fetched, searched with accents folded, and a hit opens in its place", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const start = Date.now() - 20 * 86_400_000;
  const lines = Array.from({ length: 300 }, (_, index) => {
    const body = index === 40 ? "The café on Rue de l'Église opens at seven" : `Line number ${index} of a long talk`;
    const [from, to] = index % 2 ? [account.address, peer.address] : [peer.address, account.address];
    return { from, to, body, at: start + index * 60_000, id: randomUUID() };
  });
  await world.prosody.seedArchive(account.address.split("@")[0] ?? "", lines);
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.open(name);
  await expect(screen.message("Line number 299")).toBeVisible();
  await page.keyboard.press("Control+Shift+F");
  const search = page.getByRole("combobox", { name: words.t("history.placeholder") });
  await expect(search).toBeFocused();
  await search.fill("cafe eglis");
  const hits = page.getByRole("region", { name: words.t("history.results", { count: 1 }) });
  await expect(hits).toContainText("The café on Rue de l'Église");
  await search.press("Enter");
  await expect(screen.message("The café on Rue")).toBeInViewport();
  await expect(screen.message("Line number 41 ")).toBeVisible();
  await search.fill(`"quoted" AND OR ( * nothing`);
  await expect(page.getByText(words.t("history.none", { text: `"quoted" AND OR ( * nothing` })).first()).toBeAttached();
});

test("older messages come when scrolling up; Home and End go to the beginning and the end", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const start = Date.now() - 86_400_000;
  const lines = Array.from({ length: 400 }, (_, index) => ({
    from: peer.address,
    to: account.address,
    body: `Entry ${index}.`,
    at: start + index * 30_000,
    id: randomUUID(),
  }));
  await world.prosody.seedArchive(account.address.split("@")[0] ?? "", lines);
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.open(name);
  await expect(screen.message("Entry 399.")).toBeVisible();
  // By hand: each page of older messages is put above the place where one reads.
  const top = await screen.log.boundingBox();
  await page.mouse.move((top?.x ?? 0) + 100, (top?.y ?? 0) + 100);
  const topmost = async (): Promise<number> =>
    Number(/Entry (\d+)\./.exec((await screen.log.getByRole("article").first().textContent()) ?? "")?.[1]);
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -3_000);
        return topmost();
      },
      { intervals: [200] },
    )
    .toBeLessThan(250);
  // By key: to the very beginning and the very end.
  await screen.log.focus();
  await page.keyboard.press("Home");
  await expect(page.getByText(words.t("chat.start", { name }))).toBeInViewport();
  await expect(screen.message("Entry 0.")).toBeInViewport();
  await page.keyboard.press("End");
  await expect(screen.message("Entry 399.")).toBeInViewport();
});

test("filters are typed with what is suggested, or chosen by a button, and a hit opens in its place, all by keyboard", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const day = 86_400_000;
  const lines = ["settlement last week", "settlement yesterday", "nothing of it"].map((body, index) => ({
    from: index === 1 ? account.address : peer.address,
    to: index === 1 ? peer.address : account.address,
    body,
    at: Date.now() - (index === 0 ? 7 : 1) * day + index,
    id: randomUUID(),
  }));
  await world.prosody.seedArchive(account.address.split("@")[0] ?? "", lines);
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.open(name);
  await expect(screen.message("settlement yesterday")).toBeVisible();
  await page.keyboard.press("Control+Shift+F");
  const search = page.getByRole("combobox", { name: words.t("history.placeholder") });
  await expect(search).toBeFocused();
  const hits = page.locator(".hit");
  await page.keyboard.type("settlement");
  await expect(hits).toHaveCount(2);
  await page.keyboard.type(` from:${name.slice(0, 3).toLowerCase()}`);
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(search).toHaveValue(`settlement from:"${name}" `);
  await expect(hits).toHaveText([/settlement last week/]);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("de:moi le:hier");
  await expect(hits).toHaveText([/settlement yesterday/]);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("settlement before:sometimes");
  await expect(page.locator(".field-error")).toContainText("“sometimes” is not a date");
  await expect(hits).toHaveCount(0);
  // Without a word to look for: what a button begins.
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.getByRole("button", { name: words.t("history.filter.from") }).press("Enter");
  await expect(search).toBeFocused();
  // The person stands first; others follow when main has found them, and until then the arrow leads back to the first.
  await expect(page.getByRole("option", { name })).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(hits).toHaveText([/nothing of it/, /settlement last week/]);
  // What was said around the selected one, without leaving the results.
  const around = page.getByRole("list", { name: words.t("history.around") }).getByRole("listitem");
  await page.keyboard.press("ArrowDown");
  await expect(around).toHaveText([/settlement last week/, /You settlement yesterday/, /nothing of it/]);
  await expect(hits.first()).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(around).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(hits.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(around).toHaveText([/settlement last week/, /You settlement yesterday/, /nothing of it/]);
  await page.keyboard.press("Enter");
  await expect(screen.message("settlement last week")).toBeInViewport();
});
