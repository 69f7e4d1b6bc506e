import { expect, test } from "./fixtures.ts";

/** Zones 25 hours apart: no hour and no day is the same in both. */
const [east, west] = ["Pacific/Kiritimati", "Pacific/Pago_Pago"] as const;

test("another time zone redraws the times on the screen, and moves the days of a search", async ({
  openChat,
  words,
}) => {
  const { account, peer, screen } = await openChat("xmpp");
  const { page } = screen;
  await peer.say(account.address, "Where are you today?");
  await expect(screen.message("Where are you today?")).toBeVisible();
  const time = screen.message("Where are you today?").locator("time");
  const at = Date.parse((await time.getAttribute("datetime")) ?? "");
  const session = await page.context().newCDPSession(page);
  const search = page.getByRole("combobox", { name: words.t("history.placeholder") });
  const travel = async (zone: string): Promise<void> => {
    await session.send("Emulation.setTimezoneOverride", { timezoneId: zone });
    // A person who comes back to the window.
    await page.evaluate(() => dispatchEvent(new Event("focus")));
  };
  for (const zone of [east, west, east]) {
    await travel(zone);
    const clock = new Intl.DateTimeFormat(words.locale, { timeZone: zone, timeStyle: "short" }).format(at);
    await expect(time).toHaveText(clock);
  }
  await page.keyboard.press("Control+Shift+F");
  for (const zone of [west, east]) {
    await travel(zone);
    const day = new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(at);
    const other = new Intl.DateTimeFormat("sv-SE", { timeZone: zone === east ? west : east }).format(at);
    await search.fill(`today on:${day}`);
    await expect(page.locator(".hit")).toHaveText([/Where are you today\?/]);
    await search.fill(`today on:${other}`);
    await expect(page.locator(".hit")).toHaveCount(0);
  }
});
