import { expect, test } from "./fixtures.ts";

test("an own message that is too large for the server fails alone, with its reason, and nobody is offline", async ({
  openChat,
  words,
}) => {
  const { name, peer, screen } = await openChat("xmpp");
  const { page } = screen;
  // What the window ever says above the chat, from here on.
  await page.evaluate(() => {
    const said: string[] = [];
    const look = (): void => {
      for (const banner of document.querySelectorAll(".banner")) said.push(banner.textContent ?? "");
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(globalThis, { said });
  });
  // 300 kB on the wire, of which the server takes 256.
  await screen.say(name, "&".repeat(60_000));
  const failed = screen.message("&&&");
  await expect(failed).toContainText(words.t("error.too-large"));
  await screen.say(name, "after it");
  await peer.message("after it");
  await expect(screen.message("after it").getByText(words.t("message.delivered"))).toBeAttached();
  await expect(failed).toContainText(words.t("error.too-large"));
  const said = await page.evaluate(() => (globalThis as unknown as { readonly said: readonly string[] }).said);
  expect(said).toEqual([]);
});
