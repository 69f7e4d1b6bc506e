import { expect, test } from "../fixtures.ts";
import { screenOf } from "../screen.ts";
import { linphoneMissing, startLinphone } from "./linphone.ts";
import { startTwinkle, twinkleMissing } from "./twinkle.ts";

/** SIP clients that nobody here wrote, each without its window. */

test("linphone (SIP): its presence, messages and typing both ways, receipts, what it has read, and a call that is one line", async ({
  launch,
  world,
  words,
}) => {
  const missing = linphoneMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("simple", "me"), await world.newAccount("simple", "linphone")];
  const linphone = await startLinphone({ ...theirs, port: world.kamailio.ports.sip });
  try {
    const { page } = await launch({
      accounts: [{ ...own, contacts: [{ address: theirs.address, name: "Linphone", groups: ["Others"] }] }],
    });
    const screen = screenOf(page, words);
    await expect(screen.person("Linphone")).toContainText(words.t("presence.available"));

    await screen.open("Linphone");
    await linphone.typing(own.address);
    await expect(page.getByText(words.t("chat.typing", { name: "Linphone" }))).toBeVisible();
    await linphone.say(own.address, "Hello Hallway ✓ <&>");
    await expect(screen.message("Hello Hallway ✓ <&>")).toBeVisible();
    await expect.poll(() => linphone.state("Hello Hallway ✓ <&>")).toMatch(/^(?:sent|delivered|displayed)$/);

    await screen.say("Linphone", "Hello Linphone ✓ <&>");
    await linphone.event(({ name, body }) => name === "message" && body === "Hello Linphone ✓ <&>");
    await linphone.read(own.address);
    await expect(screen.message("Hello Linphone").getByText(words.t("message.read"))).toBeAttached();
    await screen.composer("Linphone").pressSequentially("and");
    await linphone.event(({ name, active }) => name === "composing" && active === true);

    await linphone.call(own.address);
    await expect(screen.log.getByText(words.t("notice.in.call", { name: "Linphone" }))).toHaveCount(1);
    await linphone.event(({ name, message }) => name === "call" && /not acceptable/i.test(String(message)));
  } finally {
    await linphone.stop();
  }
});

test("twinkle (SIP): messages both ways, and a call that is one line", async ({ launch, world, words }) => {
  const missing = twinkleMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("simple", "me"), await world.newAccount("simple", "twinkle")];
  const twinkle = await startTwinkle({ ...theirs, port: world.kamailio.ports.sip });
  try {
    const { page } = await launch({
      accounts: [{ ...own, contacts: [{ address: theirs.address, name: "Twinkle", groups: ["Others"] }] }],
    });
    const screen = screenOf(page, words);
    await expect(screen.person("Twinkle")).toBeVisible();
    await screen.open("Twinkle");
    await twinkle.say(own.address, "Hello window, from a phone ✓");
    await expect(screen.message("Hello window, from a phone ✓")).toBeVisible();
    await screen.say("Twinkle", "Hello phone, from a window ✓");
    await twinkle.terminal.shows("Hello phone, from a window ✓");
    await expect(screen.message("Hello phone").getByText(words.t("message.sent"))).toBeAttached();

    await twinkle.call(own.address);
    await expect(screen.log.getByText(words.t("notice.in.call", { name: "Twinkle" }))).toHaveCount(1);
    await twinkle.terminal.shows(/488 Not Acceptable Here/i);
  } finally {
    await twinkle.stop();
  }
});
