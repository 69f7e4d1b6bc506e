import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquaint } from "./acquaint.ts";
import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("text is copied out of a chat, and no longer once policy forbids it", async ({ launch, world, peers, words, desk }) => {
  const { account, name, peer } = await acquaint(world, peers, "xmpp");
  const { page } = await launch({ accounts: [account] });
  const screen = screenOf(page, words);
  await screen.open(name);
  await peer.say(account.address, "confidential figures");
  await expect(screen.message("confidential figures")).toBeVisible();
  /** Marks the message, copies, and pastes into the composer. */
  const pasted = async (): Promise<string> => {
    await screen.message("confidential figures").locator(".message-body").click({ clickCount: 3 });
    await page.evaluate(() => {
      const body = document.querySelector(".message-body");
      if (body) getSelection()?.selectAllChildren(body);
    });
    await page.keyboard.press("Control+c");
    await screen.composer(name).fill("");
    await screen.composer(name).press("Control+v");
    return screen.composer(name).inputValue();
  };
  expect(await pasted()).toBe("confidential figures");
  // What was copied before is somebody's already; something else is put there by typing.
  await screen.composer(name).fill("my own words");
  await screen.composer(name).press("Control+a");
  await screen.composer(name).press("Control+c");
  const file = join(desk.policyFolder, "managed", "clipboard.json");
  await writeFile(file, JSON.stringify({ ClipboardEnabled: false }), { mode: 0o644 });
  await expect.poll(() => page.evaluate(() => "confined" in document.documentElement.dataset)).toBe(true);
  expect(await pasted()).toBe("my own words");
  await screen.person(name).click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: words.t("menu.copyAddress") })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await rm(file);
  await expect.poll(pasted).toBe("confidential figures");
});
