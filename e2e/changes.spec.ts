import { expect, test } from "./fixtures.ts";
import { screenOf } from "./screen.ts";

test("a message is edited with Up and taken back from its menu, the other side sees both, and both are there after a restart", async ({
  openChat,
  launch,
  words,
}) => {
  const { account, name, peer, hallway: before, page, screen } = await openChat();
  await screen.say(name, "Keep this");
  await screen.say(name, "Meet at tne");
  await peer.message("Meet at tne");
  await screen.composer(name).press("ArrowUp");
  const editor = page.getByRole("textbox", { name: words.t("composer.editingLabel", { name }) });
  await expect(editor).toHaveValue("Meet at tne");
  await editor.press("Escape");
  await expect(screen.composer(name)).toHaveValue("");
  await screen.composer(name).press("ArrowUp");
  await editor.fill("Meet at ten");
  await editor.press("Enter");
  await expect(screen.message("Meet at ten")).toContainText(words.t("message.edited"));
  const corrected = await peer.event((event) => event.type === "change" && event.change.kind === "correction");
  const sent = peer.events.find((event) => event.type === "message" && event.message.body === "Meet at tne");
  expect(corrected).toMatchObject({
    change: { peer: account.address, body: "Meet at ten", targetId: sent?.type === "message" ? sent.message.id : "" },
  });
  await expect(screen.message("Meet at ten").getByText(words.t("message.changeWaiting"))).toBeHidden();

  // By keyboard alone: to the message, its menu, and the question that comes before.
  await expect(screen.composer(name)).toBeFocused();
  await screen.log.focus();
  await page.keyboard.press("ArrowUp");
  await expect(screen.message("Meet at ten")).toBeFocused();
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitem", { name: words.t("message.delete") }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: words.t("message.deleteTitle") });
  await expect(dialog).toContainText(words.t("message.deleteLimits", { name }));
  await dialog.getByRole("button", { name: words.t("message.deleteNow") }).click();
  await expect(screen.message(words.t("message.retractedOwn"))).toBeVisible();
  await expect(screen.message("Meet at ten")).toHaveCount(0);
  await peer.event((event) => event.type === "change" && event.change.kind === "retraction");
  expect(peer.received(account.address)).toEqual(["Keep this", "Meet at tne"]);
  await before.stop();

  const after = screenOf((await launch({ accounts: [account] })).page, words);
  await after.open(name);
  await expect(after.log.getByRole("article")).toContainText(["Keep this", words.t("message.retractedOwn")]);
});

test("what they correct and take back reads so here: in the open chat, in the list, and when it came while Hallway was closed", async ({
  openChat,
  launch,
  words,
}) => {
  const { account, name, peer, hallway: before, screen } = await openChat();
  const [first, second] = [
    await peer.say(account.address, "Room four"),
    await peer.say(account.address, "Bring the fils"),
  ];
  await expect(screen.message("Bring the fils")).toBeVisible();
  await peer.correct(account.address, first, "Room five");
  await expect(screen.message("Room five")).toContainText(words.t("message.edited"));
  await expect(screen.log.getByRole("article")).toHaveCount(2);
  await before.stop();
  await peer.correct(account.address, second, "Bring the files");
  await peer.retract(account.address, first);

  const after = screenOf((await launch({ accounts: [account] })).page, words);
  await after.open(name);
  await expect(after.log.getByRole("article")).toContainText([words.t("message.retracted"), "Bring the files"]);
  await peer.retract(account.address, second);
  await expect(after.message("Bring the files")).toHaveCount(0);
  await after.view("chats");
  await expect(
    after.page.getByRole("button", { name: new RegExp(name) }).getByText(words.t("message.retracted")),
  ).toBeVisible();
  await after.page.keyboard.press("Control+Shift+F");
  await after.page.keyboard.type("files");
  await expect(after.page.getByText(words.t("history.none", { text: "files" })).first()).toBeAttached();
});

test("a correction that was typed while the server was away arrives once, after its message, also over a restart", async ({
  openChat,
  launch,
  words,
}) => {
  const { account, name, peer, door, hallway: before, screen } = await openChat();
  await screen.say(name, "Lunch at noon");
  await peer.message("Lunch at noon");
  // The server has said so, too: else the message itself waits.
  await expect(screen.message("Lunch at noon").getByText(words.t("message.delivered"))).toBeAttached();
  await door.refuse();
  await expect(before.page.getByText(words.t("app.banner.waiting", { address: account.address }))).toBeVisible();
  await screen.composer(name).press("ArrowUp");
  await before.page.keyboard.press("Control+A");
  await before.page.keyboard.type("Lunch at one");
  await before.page.keyboard.press("Enter");
  await expect(screen.message("Lunch at one").getByText(words.t("message.changeWaiting"))).toBeAttached();
  await before.stop();
  const after = screenOf((await launch({ accounts: [account] })).page, words);
  await after.open(name);
  await expect(after.message("Lunch at one").getByText(words.t("message.changeWaiting"))).toBeAttached();
  await door.restore();
  await peer.event(
    (event) => event.type === "change" && event.change.kind === "correction" && event.change.body === "Lunch at one",
  );
  await expect(after.message("Lunch at one").getByText(words.t("message.changeWaiting"))).toBeHidden();
  // What comes after shows that nothing else was on its way.
  await after.say(name, "See you");
  await peer.message("See you");
  expect(peer.events.filter((event) => event.type === "change")).toHaveLength(1);
  expect(peer.received(account.address)).toEqual(["Lunch at noon", "See you"]);
});

test("over SIMPLE, which has neither, nothing of it is offered", async ({ openChat, words }) => {
  const { name, peer, page, screen } = await openChat("simple");
  await screen.say(name, "As it is");
  await peer.message("As it is");
  await screen.composer(name).press("ArrowUp");
  await expect(screen.composer(name)).toHaveValue("");
  await screen.message("As it is").click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: words.t("message.copy") })).toBeVisible();
  for (const word of ["message.edit", "message.delete"] as const)
    await expect(page.getByRole("menuitem", { name: words.t(word), exact: true })).toHaveCount(0);
});
