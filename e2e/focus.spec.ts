import { agree, choose, enter, focused, leads, press, publish } from "./focus.ts";
import { julietOpen } from "./screenshots/acts.ts";
import { expect, test } from "./screenshots/fixtures.ts";

/** The focus is never lost: whatever a key does, the next key goes somewhere that can be seen. */

test("comes back to the row after every dialog of its menu", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  const bob = page.getByRole("treeitem", { name: /^Bob/ });
  await bob.focus();
  await press(page, "Enter");
  await expect(page.getByRole("textbox", { name: /^Message to Bob/ })).toBeFocused();
  await bob.focus();
  for (const entry of ["Rename…", "Groups…", "Export this chat…", "Block…", "Delete chat…", "Remove…"]) {
    for (const how of ["Shift+F10", "ContextMenu"]) {
      await choose(page, entry, how);
      await expect(page.getByRole("dialog")).toBeVisible();
      await press(page, "Escape");
      await expect(bob).toBeFocused();
    }
  }
  await press(page, "F2", "Escape");
  await expect(bob).toBeFocused();
});

test("goes with a person who is pinned, and to the neighbour of one who is removed", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  const bob = page.getByRole("treeitem", { name: /^Bob/ });
  await bob.focus();
  const first = page.getByRole("treeitem", { level: 2 }).first();
  await choose(page, "Pin to the top");
  await expect(first).toHaveAccessibleName(/^Bob/);
  await expect(bob).toBeFocused();
  await press(page, "ArrowUp");
  await leads(page, /^Pinned/);
  await press(page, "ArrowDown");
  await choose(page, "Unpin");
  await expect(first).toHaveAccessibleName(/^Juliet/);
  await expect(bob).toBeFocused();
  const before = page.getByRole("treeitem", { name: /^Dave/ });
  await before.focus();
  await press(page, "Delete");
  await agree(page, "Remove");
  await expect(page.getByRole("treeitem", { name: /^Dave/ })).toHaveCount(0);
  await leads(page, /Maximiliane|Carol/);
  // A group that is folded, and a search that finds nobody and is cleared.
  await press(page, "Home", "ArrowLeft", "ArrowRight");
  await page.getByRole("searchbox").focus();
  await press(page, "z", "z", "z", "Escape", "ArrowDown");
  await leads(page, /./);
});

test("goes on to the next request, and to the heading after the last", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await page.getByRole("button", { name: /^Requests/ }).focus();
  await press(page, "Enter");
  const cards = page.locator("li.request");
  await expect(cards.first()).toBeVisible();
  for (let left = await cards.count(); left > 0; left--) {
    const card = page.locator(`li.request[id="${await cards.first().getAttribute("id")}"]`);
    const block = card.getByRole("button", { name: /^Block/ });
    const isBlocking = left % 2 === 0 && (await block.count()) > 0;
    // The Enter that has just said yes to something does not answer the next one.
    if (isBlocking) {
      await enter(page, block, () => page.getByRole("dialog").isVisible());
      await agree(page, "Block");
    } else {
      const decline = card.getByRole("button", { name: /^(Decline|Dismiss)/ });
      await enter(page, decline, async () => (await card.count()) === 0);
    }
    await expect(cards).toHaveCount(left - 1);
    if (left > 1) await expect(cards.first()).toBeFocused();
  }
  await leads(page, /^Requests$/);
});

test("stays in the chat: the newest message, a deleted one, an edit that is given up, a chat that is closed", async ({
  open,
}) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  const log = page.getByRole("log");
  await log.focus();
  await press(page, "PageUp", "PageUp", "PageUp");
  const newest = page.locator(".to-end");
  await newest.focus();
  await press(page, "Enter");
  await expect(newest).toHaveCount(0);
  await expect(log).toBeFocused();
  await press(page, "ArrowUp", "ArrowUp");
  const message = await focused(page);
  await choose(page, "Delete here…");
  await agree(page, "Delete");
  await press(page, "Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await leads(page, /./);
  await expect(page.locator("[data-message]:focus")).toHaveCount(1);
  expect(message).not.toBe("BODY");
  await page.getByRole("textbox", { name: /^Message to/ }).focus();
  await press(page, "ArrowUp", "Escape", "Control+k", "Escape", "Control+n", "Escape", "Control+w");
  await leads(page, /./);
});

test("is in the new page after each change of it: views, settings, language, the lock", async ({ open }) => {
  const { page } = await open({ scenario: "blocked" });
  await press(page, "Control+,");
  for (const section of ["Privacy", "History", "About"]) {
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: section }).focus();
    await press(page, "Enter");
    await leads(page, new RegExp(section));
  }
  const lines = page.locator(".blocked-list li");
  await expect(lines).toHaveCount(4);
  for (let left = 4; left > 0; left--) {
    await lines.first().getByRole("button").focus();
    await press(page, "Enter");
    await expect(lines).toHaveCount(left - 1);
    if (left > 1) await expect(lines.first()).toBeFocused();
  }
  await leads(page, /./);
  await page
    .getByRole("radio", { name: "Français" })
    .or(page.getByRole("combobox", { name: "Language" }))
    .first()
    .focus();
  await press(page, "ArrowDown");
  await press(page, "Control+w");
  await publish(page, [{ op: "patch", table: "app", id: "app", fields: { lockedBy: "password" } }]);
  await expect(page.locator("input[type=password]")).toBeFocused();
  await publish(page, [{ op: "patch", table: "app", id: "app", fields: { lockedBy: null } }]);
  await page.locator(".panes").waitFor();
  await leads(page, /./);
});

test("keeps to a chat that is blocked and unblocked, and no key meant for a message unblocks", async ({ open }) => {
  const { page } = await open({ scenario: "company" });
  await julietOpen(page);
  await page.getByRole("button", { name: "Block…" }).focus();
  await press(page, "Enter");
  await agree(page, "Block");
  const note = page.getByRole("note");
  await expect(note).toContainText("You have blocked Juliet Capulet");
  await leads(page, /./);
  await note.focus();
  await press(page, "Enter", "Space");
  await expect(note).toBeVisible();
  await note.getByRole("button", { name: "Unblock" }).focus();
  await press(page, "Enter");
  await expect(page.getByRole("textbox", { name: /^Message to Juliet/ })).toBeFocused();
});

for (const [name, width, height] of [
  ["1,000 px", 1000, 760],
  ["200 %", 640, 380],
  ["400 px", 400, 760],
] as const) {
  test(`details, export, delete and block are reached by keyboard at ${name}, in the drawer and by the palette`, async ({
    open,
  }) => {
    const { page } = await open({ scenario: "company", width, height });
    await julietOpen(page);
    const toggle = page.getByRole("button", { name: "Show details" });
    const drawer = page.getByRole("dialog", { name: "Details" });
    for (const entry of ["Export this chat…", "Delete chat…", "Block…"]) {
      await toggle.focus();
      await press(page, "Enter");
      await expect(drawer).toBeVisible();
      const box = await drawer.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      await drawer.getByRole("button", { name: entry }).focus();
      await press(page, "Enter");
      await expect(drawer).toHaveCount(0);
      await expect(page.getByRole("dialog")).toBeVisible();
      await press(page, "Escape");
      await expect(toggle).toBeFocused();
    }
    await press(page, "Enter");
    await expect(drawer).toBeVisible();
    await press(page, "Tab", "Shift+Tab", "Escape");
    await expect(drawer).toHaveCount(0);
    await expect(toggle).toBeFocused();
    await press(page, "Control+k");
    await page.keyboard.type("export this");
    await expect(page.getByRole("option", { selected: true })).toContainText("Juliet");
    await press(page, "Enter");
    await expect(page.getByRole("dialog", { name: /Export/ })).toBeVisible();
    await press(page, "Escape");
  });
}

test("the Back arrow covers no heading in a narrow window", async ({ open }) => {
  const { page } = await open({ scenario: "company", width: 400 });
  await press(page, "Control+,");
  for (const section of ["Privacy", "Security", "History"]) {
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name: section }).focus();
    await press(page, "Enter");
    const heading = page.getByRole("heading", { name: section, exact: true });
    await expect(heading).toBeFocused();
    const [arrow, title] = [
      await page.getByRole("button", { name: "Back" }).boundingBox(),
      await heading.boundingBox(),
    ];
    expect((arrow?.y ?? 0) + (arrow?.height ?? 0)).toBeLessThanOrEqual(title?.y ?? 0);
    await page.getByRole("button", { name: "Back" }).focus();
    await press(page, "Enter");
  }
});

test("Chats have the menu of People, by mouse and by keyboard; New chat finds names and tells namesakes apart", async ({
  open,
}) => {
  const { page } = await open({ scenario: "blocked" });
  await page.getByRole("button", { name: /^Chats/ }).focus();
  await press(page, "Enter");
  const row = page.locator(".chat-row").filter({ hasText: "Bob Tanaka" });
  await row.focus();
  await choose(page, "Mark as read", "ContextMenu");
  await expect(row.locator(".unread")).toHaveCount(0);
  await expect(row).toBeFocused();
  await choose(page, "Details");
  await expect(page.getByRole("region", { name: "Details" })).toBeFocused();
  await row.click({ button: "right" });
  await expect(page.getByRole("menuitem", { name: "Delete chat…" })).toBeVisible();
  await press(page, "Escape", "Control+n");
  await page.keyboard.type("juliet");
  const options = page.getByRole("option");
  await expect(options).toHaveCount(3);
  expect((await options.allInnerTexts()).map((text) => /\S+@\S+/.exec(text)?.[0]).sort()).toEqual([
    "juliet@bank.example",
    "juliet@bannk.example",
    "juliet@voice.corp.example",
  ]);
  for (let n = 0; n < 3 && !(await page.getByRole("option", { selected: true }).textContent())?.includes("bannk"); n++)
    await press(page, "ArrowDown");
  await expect(page.getByRole("dialog").locator(".look-alike")).toContainText("juliet@bank.example");
  await press(page, "ArrowDown", "Enter");
  await expect(page.getByRole("textbox", { name: /^Message to Juliet/ })).toBeFocused();
});
