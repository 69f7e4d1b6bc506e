import { expect, test } from "./fixtures.ts";

const tooLarge = [
  // 300 kB on the wire, of which the server takes 256, as is known beforehand.
  { protocol: "xmpp", part: "&&&", body: "&".repeat(60_000), endsConnection: false },
  // 180 kB on the wire, at which the server ends the connection without a word each time, of which it takes two.
  { protocol: "simple", part: "✓✓✓", body: "✓".repeat(60_000), endsConnection: true },
] as const;

for (const { protocol, part, body, endsConnection } of tooLarge) {
  test(`over ${protocol}, a text that is too large for the server fails alone, with its reason`, async ({
    openChat,
    words,
  }) => {
    const { name, peer, screen } = await openChat(protocol);
    const { page } = screen;
    // What the window ever says above the chat, from here on.
    await page.evaluate(() => {
      const said = new Set<string>();
      const look = (): void => {
        for (const banner of document.querySelectorAll(".banner")) said.add(banner.textContent ?? "");
      };
      look();
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      Object.assign(globalThis, { said });
    });
    await screen.say(name, body);
    await screen.say(name, "after it");
    await peer.message("after it");
    const failed = screen.message(part);
    await expect(failed).toContainText(words.t("error.too-large"));
    await expect(screen.message("after it").getByText(words.t("message.delivered"))).toBeAttached();
    await expect(failed).toContainText(words.t("error.too-large"));
    expect(peer.received()).toEqual(["after it"]);
    await expect(page.locator(".banner")).toHaveCount(0);
    const said = await page.evaluate(() => [...(globalThis as unknown as { readonly said: Set<string> }).said]);
    // Nobody is called offline where the connection stays; where it is back soon enough, maybe not there either.
    if (!endsConnection) expect(said).toEqual([]);
  });
}
