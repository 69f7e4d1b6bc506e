import { afterEach, expect, it, vi } from "vitest";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipResponse } from "../wire/message.ts";
import { Publication } from "./publication.ts";
import { PublicationState } from "./publication-state.ts";

afterEach(() => void vi.useRealTimers());

it("tries again after ever longer times while the server is in trouble, a quarter of an hour at most", async () => {
  vi.useFakeTimers();
  const at: number[] = [];
  const refusal = ["SIP/2.0 503 X", "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx", "Call-ID: c", "CSeq: 1 PUBLISH"];
  const agent: Pick<UserAgent, "request"> = {
    async request() {
      at.push(Date.now() / 1000);
      return parseMessage(Buffer.from(refusal.join("\r\n")), new Uint8Array()) as SipResponse;
    },
  };
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing };
  const cache = { get: async () => undefined, set: async () => undefined };
  const state = new PublicationState({ cache, now: Date.now, log }, "account-1");
  const publication = new Publication(agent as UserAgent, state, log);
  await expect(publication.publish("<presence/>")).rejects.toMatchObject({ code: "server-error" });
  await vi.advanceTimersByTimeAsync(3_200_000);
  publication.end();
  expect(at.slice(1).map((now, n) => now - (at[n] ?? 0))).toEqual([5, 20, 80, 320, 900, 900, 900]);
  expect(vi.getTimerCount()).toBe(0);
});
