import { expect, test } from "../fixtures.ts";
import { screenOf } from "../screen.ts";
import { dinoMissing, startDino } from "./dino.ts";
import { gajimMissing, startGajim } from "./gajim.ts";

/** Clients with a window that nobody here wrote, each on a display that nobody looks at. */

test("Gajim (XMPP): presence, messages, typing, corrections, receipts and read markers both ways, and lines for what cannot be shown", async ({
  launch,
  world,
  words,
}) => {
  const missing = gajimMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("xmpp", "me"), await world.newAccount("xmpp", "gajim")];
  await world.prosody.seedRoster(own.user, [{ address: theirs.address, name: "Gajim", groups: ["Others"] }]);
  await world.prosody.seedRoster(theirs.user, [{ address: own.address, name: "Hallway" }]);
  const gajim = await startGajim(world, theirs);
  try {
    const { page } = await launch({ accounts: [own] });
    const screen = screenOf(page, words);
    await expect(screen.person("Gajim")).toContainText(words.t("presence.available"));
    await screen.open("Gajim");
    await expect.poll(() => gajim.presence(own.address)).toBe("online");

    await gajim.open(own.address);
    await screen.say("Gajim", "Hello Gajim ✓ <&>");
    await gajim.event(({ name, msgtxt }) => name === "message-received" && msgtxt === "Hello Gajim ✓ <&>");
    await expect(screen.message("Hello Gajim").getByText(words.t("message.delivered"))).toBeAttached();

    await gajim.typing(own.address, true);
    await expect(page.getByText(words.t("chat.typing", { name: "Gajim" }))).toBeVisible();
    const said = await gajim.say(own.address, "Hello Hallway ✓ <&>");
    await expect(screen.message("Hello Hallway ✓ <&>")).toBeVisible();
    await gajim.event(({ name, receipt_id }) => name === "receipt-received" && receipt_id === said);
    await gajim.event(({ name, marker_id }) => name === "displayed-received" && marker_id === said);

    await gajim.say(own.address, "Hello Hallway, put right", said);
    await expect(screen.message("Hello Hallway, put right")).toContainText(words.t("message.edited"));
    await expect(screen.message("Hello Hallway ✓")).toHaveCount(0);
    await screen.composer("Gajim").press("ArrowUp");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Hello Gajim, put right");
    await page.keyboard.press("Enter");
    await gajim.event(({ name, msgtxt }) => name === "message-updated" && msgtxt === "Hello Gajim, put right");

    // What this version cannot show: one line each, and nobody is told that it was read.
    const room = "tea@rooms.example.test";
    await gajim.invite(own.address, room);
    await expect(screen.message(words.t("notice.in.invitation", { name: "Gajim", what: room }))).toBeVisible();
    const stanza = (id: string, content: string): Promise<void> =>
      gajim.stanza(
        `<message xmlns="jabber:client" to="${own.address}" type="chat" id="${id}">${content}<request xmlns="urn:xmpp:receipts"/><markable xmlns="urn:xmpp:chat-markers:0"/></message>`,
      );
    await stanza(
      "unread-1",
      `<reactions xmlns="urn:xmpp:reactions:0" id="${said}"><reaction>👍</reaction></reactions>`,
    );
    await expect(screen.message(words.t("notice.in.reaction", { name: "Gajim", what: "👍" }))).toBeVisible();
    await stanza("unread-2", `<attention xmlns="urn:xmpp:attention:0"/>`);
    await expect(screen.message(words.t("notice.in.attention", { name: "Gajim" }))).toBeVisible();
    const omemo = `<encrypted xmlns="eu.siacs.conversations.axolotl"><header sid="1"><key rid="2">AAAA</key><iv>AAAA</iv></header><payload>AAAA</payload></encrypted>`;
    await stanza(
      "unread-3",
      `${omemo}<encryption xmlns="urn:xmpp:eme:0" namespace="eu.siacs.conversations.axolotl" name="OMEMO"/>`,
    );
    await expect(screen.message(words.t("notice.in.encrypted", { name: "Gajim", what: "OMEMO" }))).toBeVisible();
    const last = await gajim.say(own.address, "Did you see it?");
    await gajim.event(({ name, marker_id }) => name === "displayed-received" && marker_id === last);
    const confirmed = (await gajim.events()).flatMap(({ receipt_id = "", marker_id = "" }) => [receipt_id, marker_id]);
    expect(confirmed.filter((id) => id.startsWith("unread-"))).toEqual([]);
  } finally {
    await gajim.stop();
  }
});

test("Dino (XMPP): presence, messages, typing, corrections, receipts and read markers both ways", async ({
  launch,
  world,
  words,
}) => {
  const missing = dinoMissing();
  test.skip(missing !== undefined, missing);
  const [own, theirs] = [await world.newAccount("xmpp", "me"), await world.newAccount("xmpp", "dino")];
  await world.prosody.seedRoster(own.user, [{ address: theirs.address, name: "Dino", groups: ["Others"] }]);
  await world.prosody.seedRoster(theirs.user, [{ address: own.address, name: "Hallway" }]);
  const dino = await startDino({ zone: world.zone, authorityPem: world.certificates.authority.pem }, theirs);
  try {
    const { page } = await launch({ accounts: [own] });
    const screen = screenOf(page, words);
    await expect(screen.person("Dino")).toContainText(words.t("presence.available"));
    await screen.open("Dino");
    await dino.open(own.address);

    await screen.say("Dino", "Hello Dino ✓ <&>");
    await dino.shows(/XMPP IN[\s\S]*Hello Dino ✓ /);
    await expect(screen.message("Hello Dino").getByText(words.t("message.read"))).toBeAttached();

    await dino.type("Hello Hal");
    await expect(page.getByText(words.t("chat.typing", { name: "Dino" }))).toBeVisible();
    await dino.say("lway");
    await expect(screen.message("Hello Hallway")).toBeVisible();
    await dino.shows(/XMPP IN[\s\S]*<received xmlns='urn:xmpp:receipts'/);
    await dino.shows(/XMPP IN[\s\S]*<displayed xmlns='urn:xmpp:chat-markers:0'/);

    await dino.press("Up");
    await dino.say(", put right");
    await expect(screen.message("Hello Hallway, put right")).toContainText(words.t("message.edited"));
    await screen.composer("Dino").press("ArrowUp");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("Hello Dino, put right");
    await page.keyboard.press("Enter");
    await dino.shows(/XMPP IN[\s\S]*Hello Dino, put right/);
  } finally {
    await dino.stop();
  }
});
