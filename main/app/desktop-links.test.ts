import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { DesktopLinks } from "./desktop-links.ts";

function links() {
  const state = { ready: true, now: 0 };
  const host = { send: vi.fn() };
  const log = { info: vi.fn() };
  const links = new DesktopLinks({ host, log, isReady: () => state.ready, now: () => state.now });
  return { state, host, log, links, commands: () => host.send.mock.calls.map(([message]) => message.command) };
}

it("fills in a new chat, in the window that it brings to the front", async () => {
  const { links: opened, commands } = links();
  opened.pageAsked();
  await setImmediate();
  opened.open("xmpp:alice@example.test?message;body=Hi");
  expect([opened.isWaiting, commands()]).toEqual([true, []]);
  opened.hand();
  expect(commands()).toEqual([{ name: "new-chat", address: "xmpp:alice@example.test", text: "Hi" }]);
  opened.pageAsked();
  await setImmediate();
  expect([opened.isWaiting, commands().length]).toEqual([false, 1]);
});

it("goes on when main says that something has changed, after it", async () => {
  const { state, links: opened, commands } = links();
  opened.pageAsked();
  state.ready = false;
  opened.open("im:alice@example.test");
  opened.hand();
  state.ready = true;
  opened.handLater();
  expect(commands()).toEqual([]);
  await setImmediate();
  expect(commands()).toHaveLength(1);
});

it("waits until the page is there and may show it; the last one counts", async () => {
  const { state, links: opened, commands } = links();
  opened.open("im:alice@example.test");
  opened.hand();
  expect(commands()).toEqual([]);
  state.ready = false;
  opened.pageAsked();
  await setImmediate();
  expect(commands()).toEqual([]);
  opened.open("im:bob@example.test");
  opened.hand();
  expect(commands()).toEqual([]);
  state.ready = true;
  opened.pageAsked();
  await setImmediate();
  expect(commands()).toEqual([{ name: "new-chat", address: "bob@example.test" }]);
});

it("says that a link cannot be opened, and writes none of it to the log", async () => {
  const { links: opened, log, commands } = links();
  opened.pageAsked();
  opened.open("xmpp:secret-room@example.test?join;password=secret");
  opened.hand();
  expect(commands()).toEqual([{ name: "new-chat", error: { code: "link-refused" } }]);
  expect(log.info).toHaveBeenCalledOnce();
  expect(JSON.stringify(log.info.mock.calls)).not.toContain("secret");
});

it("forgets a link that could not be shown for ten minutes", async () => {
  const { state, links: opened, commands } = links();
  for (const late of [1, 0]) {
    opened.open("im:alice@example.test");
    state.now += 600_000 + late;
    opened.pageAsked();
    await setImmediate();
    expect([opened.isWaiting, commands().length]).toEqual([false, 1 - late]);
  }
});
