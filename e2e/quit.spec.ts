import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

/** Whether the process is there; one that has ended and waits to be asked after (state Z) is not. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

for (const protocol of ["xmpp", "simple"] as const) {
  test(`quitting from the window ends the program by itself, signed in over ${protocol}`, async ({
    launch,
    world,
    peers,
    words,
  }) => {
    const { account, name, peer } = await acquaint(world, peers, protocol);
    const { page, pid } = await launch({ accounts: [account] });
    await expect(screenOf(page, words).person(name)).toContainText(words.t("presence.available"));
    await page.evaluate(() => {
      (globalThis as unknown as { hallway: { post(call: object): void } }).hallway.post({
        id: 1_000_000,
        method: "app.quit",
        args: {},
      });
    });
    await expect.poll(() => isThere(pid)).toBe(false);
    await peer.event(
      (event) =>
        event.type === "presence" && event.address === account.address && event.presence.availability === "offline",
    );
  });
}
