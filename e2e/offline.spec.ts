import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

for (const protocol of ["xmpp", "simple"] as const) {
  test.describe(`offline over ${protocol}`, () => {
    test("a message typed while the server is away goes out exactly once when it is back", async ({
      openChat,
      words,
    }) => {
      const { account, name, peer, door, page, screen } = await openChat(protocol);
      await screen.say(name, "before");
      await peer.message("before");
      await door.refuse();
      await expect(page.getByText(words.t("app.banner.waiting", { address: account.address }))).toBeVisible();
      // nobody's presence is known without a connection, and what it was last is said to be just that
      await expect(screen.person(name)).toHaveText(
        new RegExp(words.t("presence.lastKnown", { presence: words.t("presence.available") })),
      );
      await expect(screen.person(name)).not.toContainText("At my desk");
      await screen.say(name, "typed while offline");
      await expect(screen.message("typed while offline").getByText(words.t("message.waiting"))).toBeAttached();
      await door.restore();
      await peer.message("typed while offline");
      await expect(screen.person(name)).toContainText("At my desk");
      await expect(screen.message("typed while offline").getByText(words.t("message.waiting"))).toBeHidden();
      await expect(page.getByText(words.t("app.banner.waiting", { address: account.address }))).toBeHidden();
      // what comes after shows that nothing else was on its way
      await screen.say(name, "after");
      await peer.message("after");
      expect(peer.received(account.address)).toEqual(["before", "typed while offline", "after"]);
      expect(
        peer.events.filter((event) => event.type === "message" && event.message.body === "typed while offline"),
      ).toHaveLength(1);
    });

    test("cut connections lose nothing and double nothing, either way", async ({ openChat }) => {
      const { account, name, peer, door, screen } = await openChat(protocol);
      for (let round = 0; round < 2; round++) {
        await screen.say(name, `mine ${round}`);
        door.cut();
        await peer.say(account.address, `theirs ${round}`);
        await expect(screen.message(`theirs ${round}`)).toBeVisible();
        await peer.message(`mine ${round}`);
      }
      await expect(screen.log.getByRole("article")).toHaveCount(4);
      expect(peer.received(account.address)).toEqual(["mine 0", "mine 1"]);
    });

    test("killed while a message waits: it is there at the next start and goes out once", async ({
      launch,
      world,
      peers,
      words,
    }) => {
      const { account, name, peer, door } = await acquaint(world, peers, protocol);
      const earlier = await launch({ accounts: [account] });
      await expect(screenOf(earlier.page, words).person(name)).toContainText("At my desk");
      await earlier.stop();
      const first = await launch({ accounts: [account] });
      const before = screenOf(first.page, words);
      await before.open(name);
      await door.refuse();
      await expect(first.page.getByText(words.t("app.banner.waiting", { address: account.address }))).toBeVisible();
      await before.say(name, "do not lose me");
      // the list of chats shows what has been stored, the chat itself shows it before
      await before.view("chats");
      await expect(
        first.page.getByText(words.t("chats.said", { author: words.t("message.you"), text: "do not lose me" })),
      ).toBeVisible();
      await first.kill();
      const second = await launch({ accounts: [account] });
      const screen = screenOf(second.page, words);
      await screen.open(name);
      await expect(screen.message("do not lose me").getByText(words.t("message.waiting"))).toBeAttached();
      await door.restore();
      await peer.message("do not lose me");
      expect(peer.received(account.address)).toEqual(["do not lose me"]);
    });
  });
}
