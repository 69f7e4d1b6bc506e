import { rm } from "node:fs/promises";
import { expect, test } from "./fixtures.ts";
import { policyFile } from "./organization.ts";

test("text is copied out of a chat, and no longer once policy forbids it", async ({ openChat, words, testHome }) => {
  const { account, name, peer, page, screen } = await openChat();
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
  const file = await policyFile(testHome, { name: "clipboard.json", content: { ClipboardEnabled: false } });
  await expect.poll(() => page.evaluate(() => "confined" in document.documentElement.dataset)).toBe(true);
  expect(await pasted()).toBe("my own words");
  await screen.person(name).click({ button: "right" });
  await expect(page.getByRole("menu")).toBeVisible();
  await expect(page.getByRole("menuitem", { name: words.t("menu.copyAddress") })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await rm(file);
  await expect.poll(pasted).toBe("confidential figures");
});
