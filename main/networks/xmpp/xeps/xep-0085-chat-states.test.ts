import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startTestSession } from "../testing/session.ts";
import { chatStates } from "./xep-0085-chat-states.ts";
import { delayedDelivery } from "./xep-0203-delay.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const start = () => startTestSession({ extensions: [chatStates] });
const state = (name: string) =>
  `<message from='bob@example.test/x' type='chat'><${name} xmlns='http://jabber.org/protocol/chatstates'/></message>`;
const typing = (active: boolean) => ({ type: "typing", peer: "bob@example.test", active });

it("says once that somebody types, and that they stopped", async () => {
  const { feed, events } = await start();
  for (const name of ["composing", "composing", "paused", "inactive"]) feed(state(name));
  expect(events).toEqual([typing(true), typing(false)]);
});

it("ends it with their message, after it", async () => {
  const { feed, events } = await start();
  feed(state("composing"));
  feed(
    "<message from='bob@example.test/x' type='chat'><body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>",
  );
  expect(events.map((e) => e.type)).toEqual(["typing", "typing", "message"]);
});

it("ends it for one who never says so", async () => {
  const { feed, events } = await start();
  feed(state("composing"));
  vi.advanceTimersByTime(60_000);
  expect(events).toEqual([typing(true), typing(false)]);
});

it("takes nothing from an own device, or from what is late", async () => {
  const { feed, events, session } = await startTestSession({ extensions: [delayedDelivery, chatStates] });
  const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
  feed(`<message from='alice@example.test/phone' to='alice@example.test/desk' type='chat'>${composing}</message>`);
  feed(
    `<message from='bob@example.test/x' type='chat'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>${composing}</message>`,
  );
  expect(events).toEqual([]);
  session.dispose();
  expect(vi.getTimerCount()).toBe(0);
});

it("sends both states", async () => {
  const { session, sent } = await start();
  session.commands.sendTyping?.("bob@example.test", true);
  session.commands.sendTyping?.("bob@example.test", false);
  expect(sent[0]).toContain("<composing ");
  expect(sent[1]).toContain("<paused ");
  expect(sent[0]).toContain('<no-store xmlns="urn:xmpp:hints"/>');
});
