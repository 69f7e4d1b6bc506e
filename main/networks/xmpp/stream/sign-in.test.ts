import { afterEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Endpoint } from "../../network.ts";
import type { NegotiationOptions } from "./negotiate.ts";
import { signIn } from "./sign-in.ts";

afterEach(() => void vi.restoreAllMocks());

const endpoint = (host: string, transport: Endpoint["transport"] = "starttls"): Endpoint => ({
  host,
  port: 5222,
  transport,
});
const negotiation: NegotiationOptions = {
  bare: "alice@example.test",
  domain: "example.test",
  username: "alice",
  password: "secret",
  resource: "desk",
  previous: undefined,
  floor: undefined,
  unbound: false,
  may: () => true,
};

/** Hosts in the order in which they were tried; each takes so long, in milliseconds, to be found dead. */
async function order(found: readonly Endpoint[], each: number): Promise<readonly string[]> {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const tried: string[] = [];
  const signingIn = signIn(
    {
      endpoints: async function* () {
        yield* found;
      },
      reach: async ({ host }) => {
        tried.push(host);
        now += each;
        throw new HallwayError("timed-out", { host });
      },
      domain: "example.test",
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    },
    negotiation,
    new AbortController().signal,
  );
  await expect(signingIn).rejects.toMatchObject({ code: "timed-out" });
  return tried;
}

const all = [endpoint("a"), endpoint("b"), endpoint("c"), endpoint("d"), endpoint("ws", "websocket")];

it("tries what DNS says first, best first, and then the WebSocket", async () => {
  expect(await order(all, 10)).toEqual(["a", "b", "c", "d", "ws"]);
});

it("does not spend all its time on what a firewall has shut", async () => {
  expect(await order(all, 10_000)).toEqual(["a", "b", "ws", "c", "d"]);
});

it("tries 32 of all that it is given", async () => {
  const many = Array.from({ length: 40 }, (_, n) => endpoint(`host-${n}`));
  expect(await order(many, 0)).toEqual(many.slice(0, 32).map(({ host }) => host));
});
