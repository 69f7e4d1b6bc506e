import { acquaint } from "./acquaint.ts";
import { ask } from "./ask.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test.describe(`chat over ${protocol}`, () => {
    test("a message is sent, delivered and read, and says so", async ({ launch, world, peers, words }) => {
      const { account, name, peer } = await acquaint(world, peers, protocol);
      const screen = screenOf((await launch({ accounts: [account] })).page, words);
      await expect(screen.person(name)).toContainText(words.t("presence.available"));
      await screen.open(name);
      // each side learns what the other understands
      await peer.say(account.address, "Morning!");
      await expect(screen.message("Morning!")).toBeVisible();
      await screen.say(name, "Good morning to you");
      await expect(screen.message("Good morning to you").getByText(words.t("message.delivered"))).toBeAttached();
      const event = await peer.event(
        (candidate) => candidate.type === "message" && candidate.message.body === "Good morning to you",
      );
      if (event.type === "message" && event.message.id !== undefined)
        await peer.read(account.address, event.message.id);
      await expect(
        screen.message("Good morning to you").getByText(words.t("message.read"), { exact: true }),
      ).toBeAttached();
    });

    test("everything that is typed arrives as it was typed", async ({ openChat }) => {
      const { account, name, peer, screen } = await openChat(protocol);
      const text = `<b>not bold</b> & "quotes" 👩🏽‍🚀 Zażółć`;
      await screen.say(name, text);
      await peer.message(text);
      await screen.composer(name).pressSequentially("first line");
      await screen.composer(name).press("Shift+Enter");
      await screen.composer(name).pressSequentially("second line");
      await screen.composer(name).press("Enter");
      await peer.message("first line\nsecond line");
      await expect(screen.composer(name)).toHaveValue("");
      await peer.say(account.address, `<img src=x onerror=alert(1)> https://example.test/a?b=c`);
      await expect(screen.message("<img src=x")).toBeVisible();
      await expect(screen.log.getByRole("link", { name: /https:\/\/example\.test\/a\?b=c/ })).toBeVisible();
      await expect(screen.log.locator("img")).toHaveCount(0);
    });

    test("typing is seen on both sides", async ({ openChat, words }) => {
      const { account, name, peer, screen } = await openChat(protocol);
      await peer.say(account.address, "hello");
      await expect(screen.message("hello")).toBeVisible();
      await screen.say(name, "hello yourself");
      await peer.message("hello yourself");
      await peer.typing(account.address, true);
      await expect(screen.page.getByText(words.t("chat.typing", { name }))).toBeVisible();
      await peer.typing(account.address, false);
      await expect(screen.page.getByText(words.t("chat.typing", { name }))).toBeHidden();
      await screen.composer(name).pressSequentially("I am writ");
      await peer.event((event) => event.type === "typing" && event.active);
    });

    test("what was said while away is there, in its place", async ({ openChat, launch, words }) => {
      const { account, name, peer, hallway: before, screen: first } = await openChat(protocol);
      await first.say(name, "Back tomorrow");
      await peer.message("Back tomorrow");
      await before.stop();
      // stamps of servers have whole seconds: what is said in one second has no order between devices
      const second = Math.floor(Date.now() / 1000);
      await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second);
      for (const text of ["one", "two", "three"]) await peer.say(account.address, `while away ${text}`);
      const screen = screenOf((await launch({ accounts: [account] })).page, words);
      await expect(screen.person(name)).toContainText("3");
      await screen.open(name);
      await expect(screen.log.getByText(words.t("chat.new"), { exact: true })).toBeVisible();
      await expect(screen.log.getByRole("article")).toContainText([
        "Back tomorrow",
        "while away one",
        "while away two",
        "while away three",
      ]);
    });

    test("the unread count shows, and goes when the chat is read", async ({ launch, world, peers, words }) => {
      const { account, name, peer } = await acquaint(world, peers, protocol);
      const screen = screenOf((await launch({ accounts: [account] })).page, words);
      await expect(screen.person(name)).toContainText(words.t("presence.available"));
      await peer.say(account.address, "one");
      await peer.say(account.address, "two");
      const row = screen.tree.getByRole("treeitem", {
        name: new RegExp(`${name}.*${words.t("roster.unread", { count: 2 })}`),
      });
      await expect(row).toBeVisible();
      await screen.open(name);
      await expect(row).toBeHidden();
    });
  });
}

test("a message to nobody fails, says why, and can be tried again", async ({ launch, world, peers, words }) => {
  const { account } = await acquaint(world, peers, "xmpp");
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await page
    .getByRole("button", { name: words.t("action.addContact") })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: words.t("addContact.title") });
  await dialog.getByLabel(words.t("addContact.address"), { exact: true }).fill("nobody-here@example.test");
  await dialog.getByLabel(words.t("addContact.name"), { exact: true }).fill("Nobody");
  await dialog.getByRole("button", { name: words.t("addContact.submit"), exact: true }).click();
  await screen.open("Nobody");
  await screen.say("Nobody", "Anybody there?");
  await expect(screen.message("Anybody there?").getByText(words.t("message.failed"), { exact: true })).toBeAttached();
  await expect(screen.message("Anybody there?").getByRole("button", { name: words.t("message.retry") })).toBeVisible();
});

test("a quick answer under many unread messages stands at the end, and no line before it is missing", async ({
  launch,
  world,
  peers,
  words,
}) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.person(name).waitFor();
  const count = 130;
  for (let line = 0; line < count; line++) await peer.say(account.address, `Line ${line}.`);
  await expect.poll(async () => (await ask(page, "app.snapshot", {})).tables.conversations[0]?.unread).toBe(count);
  await screen.open(name);
  await screen.say(name, "my answer");
  await peer.message("my answer");
  await expect(screen.message("my answer")).toBeInViewport();
  await expect(screen.message(`Line ${count - 1}.`)).toBeInViewport();
  // Upwards through everything: each line that is drawn stands right after the one before it.
  const drawn = (): Promise<readonly string[]> =>
    screen.log.evaluate((log) =>
      [...log.querySelectorAll<HTMLElement>("[data-message] .message-body")]
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((body) => body.textContent ?? ""),
    );
  const expected = [...Array.from({ length: count }, (_, line) => `Line ${line}.`), "my answer"];
  await screen.log.hover();
  const gaps: string[] = [];
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, -600);
      const shown = await drawn();
      const from = expected.indexOf(shown[0] ?? "");
      if (shown.join() !== expected.slice(from, from + shown.length).join()) gaps.push(shown.join());
      return shown[0];
    })
    .toBe("Line 0.");
  expect(gaps).toEqual([]);
  // And the next message finds them there, or down below.
  await peer.say(account.address, "after it");
  await screen.log.press("End");
  await expect(screen.message("after it")).toBeInViewport();
});
