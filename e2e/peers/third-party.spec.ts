import { expect, test } from "../fixtures.ts";
import { screenOf } from "../screen.ts";
import { finchMissing, startFinchThatSees } from "./finch.ts";
import { profanityMissing, startProfanity } from "./profanity.ts";

/** Clients that nobody here wrote must see Hallway and be seen by it. */

test("profanity (XMPP): presence, messages and corrections both ways", async ({ launch, world, words }) => {
  const missing = profanityMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("xmpp", "me"), await world.newAccount("xmpp", "prof")];
  await world.prosody.seedRoster(own.user, [{ address: theirs.address, name: "Profanity", groups: ["Others"] }]);
  await world.prosody.seedRoster(theirs.user, [{ address: own.address, name: "Hallway" }]);
  const profanity = await startProfanity({ address: theirs.address, password: theirs.password, port: world.prosody.ports.starttls });
  try {
    const { page } = await launch({ accounts: [own] });
    const screen = screenOf(page, words);
    await expect(screen.person("Profanity")).toContainText(words.t("presence.available"));
    await profanity.setPresence("dnd", "deep in a terminal");
    await expect(screen.person("Profanity")).toContainText("deep in a terminal");
    await expect(screen.person("Profanity")).toContainText(words.t("presence.busy"));

    await screen.open("Profanity");
    await profanity.open(own.address);
    // the title of the chat's window says how reachable the other is
    await profanity.terminal.shows(/Hallway \[online\]/);
    await screen.say("Profanity", "Hello terminal, from a window ✓ <&>");
    await profanity.terminal.shows("Hello terminal, from a window ✓ <&>");
    await expect(screen.message("Hello terminal").getByText(words.t("message.delivered"))).toBeAttached();
    await profanity.say(own.address, "Hello window, from a terminal ✓");
    await expect(screen.message("Hello window, from a terminal ✓")).toBeVisible();

    // Corrections both ways (XEP-0308): in the place of what was said, not beside it.
    await profanity.terminal.line("/correct Hello window, corrected in a terminal");
    await expect(screen.message("Hello window, corrected in a terminal")).toContainText(words.t("message.edited"));
    await expect(screen.message("Hello window, from a terminal ✓")).toHaveCount(0);
    await screen.composer("Profanity").press("ArrowUp");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Hello terminal, corrected in a window");
    await page.keyboard.press("Enter");
    await profanity.terminal.shows("Hello terminal, corrected in a window");

    await page.keyboard.press("Control+K");
    await page.keyboard.type(words.t("presence.busy"));
    await page.keyboard.press("Enter");
    await profanity.terminal.shows(/Hallway \[dnd\]/);
  } finally {
    await profanity.stop();
  }
});

test("finch (SIMPLE): presence and messages both ways", async ({ launch, world, words }) => {
  const missing = finchMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("simple", "me"), await world.newAccount("simple", "purple")];
  const { page } = await launch({ accounts: [{ ...own, contacts: [{ address: theirs.address, name: "Finch", groups: ["Others"] }] }] });
  const screen = screenOf(page, words);
  await expect(screen.person("Finch")).toContainText(words.t("presence.offline"));
  await expect(page.getByRole("button", { name: new RegExp(words.t("account.connected", { online: 1, total: 1 })) })).toBeVisible();
  const finch = await startFinchThatSees({ address: theirs.address, password: theirs.password, port: world.kamailio.ports.sip, buddies: [own.address] });
  try {
    await expect(screen.person("Finch")).toContainText(words.t("presence.available"));
    expect(await finch.isOnline(own.address)).toBe(true);

    await screen.open("Finch");
    await screen.say("Finch", "Hello finch, from Hallway ✓ <&>");
    await finch.signal(/^ReceivedImMsg .*Hello finch, from Hallway ✓ <&>/);
    await expect(screen.message("Hello finch").getByText(words.t("message.sent"))).toBeAttached();
    await finch.say(own.address, "Hello Hallway, from libpurple ✓");
    await expect(screen.message("Hello Hallway, from libpurple ✓")).toBeVisible();

    await page.getByRole("button", { name: new RegExp(words.t("account.connected", { online: 1, total: 1 })) }).click();
    await page.getByRole("radio", { name: words.t("presence.offline") }).click();
    await finch.signal(/^BuddySignedOff/);
  } finally {
    await finch.stop();
  }
});
