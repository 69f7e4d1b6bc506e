import { afterEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { RequestContent } from "../outgoing-request.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipResponse } from "../wire/message.ts";
import { Publication } from "./publication.ts";
import { PublicationState } from "./publication-state.ts";

afterEach(() => void vi.useRealTimers());

const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing };

/** A server's answer to a PUBLISH. */
function answer(status: number, ...headers: readonly string[]): SipResponse {
  const head = ["Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKx", "Call-ID: c", "CSeq: 1 PUBLISH", ...headers];
  return parseMessage(Buffer.from([`SIP/2.0 ${status} X`, ...head].join("\r\n")), new Uint8Array()) as SipResponse;
}

/** A publication whose requests another function answers. */
function publicationOf(request: UserAgent["request"]): Publication {
  const cache = { get: async () => undefined, set: async () => undefined };
  const state = new PublicationState({ cache, now: Date.now, log }, "account-1");
  const agent: Pick<UserAgent, "request" | "aor"> = { request, aor: "sip:alice@example.test" };
  return new Publication(agent as UserAgent, state, log);
}

it.each([
  ["answers 503", async () => answer(503)],
  ["asks for credentials without end", () => Promise.reject(new HallwayError("server-error"))],
])("tries again after ever longer times, a quarter of an hour at most, while the server %s", async (_how, respond) => {
  vi.useFakeTimers();
  const at: number[] = [];
  const publication = publicationOf(() => {
    at.push(Date.now() / 1000);
    return respond();
  });
  await expect(publication.publish("<presence/>")).rejects.toMatchObject({ code: "server-error" });
  await vi.advanceTimersByTimeAsync(3_200_000);
  publication.end();
  expect(at.slice(1).map((now, n) => now - (at[n] ?? 0))).toEqual([5, 20, 80, 320, 900, 900, 900]);
  expect(vi.getTimerCount()).toBe(0);
});

it("publishes the document of the moment when its turn comes, and with the entity-tag of then", async () => {
  const turns = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const sent: RequestContent[] = [];
  let asked = 0;
  const publication = publicationOf(async ({ compose }) => {
    await turns[asked++]?.promise;
    sent.push(compose?.() ?? {});
    return answer(200, `SIP-ETag: tag${sent.length}`, "Expires: 300");
  });
  const first = publication.publish("<first/>");
  const second = publication.publish("<second/>");
  turns[0]?.resolve();
  await Promise.all([first, second]);
  const third = publication.publish("<third/>");
  turns[1]?.resolve();
  await third;
  publication.end();
  expect(sent.map(({ headers, body }) => [Buffer.from(body?.content ?? "").toString(), headers?.at(-1)])).toEqual([
    ["<second/>", "Expires: 300"],
    ["<third/>", "SIP-If-Match: tag1"],
  ]);
});
