// @vitest-environment jsdom

import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../shared/model/message.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { Message } from "./message.tsx";
import { toItems } from "./messages.ts";

let drawn: Drawn | undefined;
afterEach(() => {
  drawn?.dispose();
  drawn = undefined;
  vi.unstubAllEnvs();
});

const message = (at: number, more: Partial<MessageRecord> = {}): MessageRecord => ({
  id: `m${at}`,
  conversationId: `${xmppAccount.id}|juliet@bank.example`,
  accountId: xmppAccount.id,
  direction: "in",
  author: { isSelf: false },
  body: "Good evening",
  at,
  seq: 1,
  state: "received",
  ...more,
});

it("draws what is on the screen in the new time zone once the computer is in another", async () => {
  vi.stubEnv("TZ", "Europe/Paris");
  const at = Date.parse("2026-11-22T23:30:00Z");
  const shown = message(at, { saidAt: at - 3_600_000, corrected: at });
  drawn = draw(scenarios.company(), () => (
    <Message message={shown} first last marked={false} onRetry={() => undefined} onMenu={() => undefined} />
  ));
  const { root } = drawn;
  const times = (): string[] =>
    [...root.querySelectorAll("time, .message-meta span")].map(
      (element) => `${element.textContent} ${element.getAttribute("title")}`,
    );
  const before = times();
  expect(root.querySelector("time")?.textContent).toBe("00:30");
  expect(before).toHaveLength(3);
  vi.stubEnv("TZ", "America/New_York");
  await act(async () => void dispatchEvent(new Event("focus")));
  expect(root.querySelector("time")?.textContent).toBe("18:30");
  for (const [index, text] of times().entries()) expect(text).not.toBe(before[index]);
});

it("draws day lines where the days of the new time zone begin", () => {
  const days = (): number =>
    toItems(
      [message(Date.parse("2026-11-22T22:30:00Z")), message(Date.parse("2026-11-22T23:30:00Z"))],
      undefined,
      false,
    ).filter(({ kind }) => kind === "day").length;
  vi.stubEnv("TZ", "Europe/Paris");
  expect(days()).toBe(2);
  vi.stubEnv("TZ", "America/New_York");
  expect(days()).toBe(1);
});
