import { describe, expect, it } from "vitest";
import type { NetworkEvent } from "../networks/events.ts";
import type { Network } from "../networks/network.ts";
import type { Profile } from "../profile/profile.ts";
import { Gateways } from "./gateways.ts";
import { governNetwork } from "./governed-network.ts";
import { Notice } from "./notice.ts";
import { StrangerBursts } from "./stranger-bursts.ts";

describe("gateways", () => {
  it("are 1,000 domains; what a server names after that is no gateway, and those before it stay so", () => {
    const gateways = new Gateways(() => false as never);
    for (let n = 0; n <= 1_000; n++) gateways.learn(`g${n}.example`);
    const refused = [0, 999, 1_000].map((n) => gateways.refusal(`5551234@g${n}.example`) !== undefined);
    expect(refused).toEqual([true, true, false]);
    expect(gateways.refusal("ann@x.example")).toBeUndefined();
  });
});

describe("presence that a rule hides", () => {
  it("is remembered of 50,000 people, and shown again when the rule goes", () => {
    let tell: (event: NetworkEvent) => void = () => undefined;
    const network = {
      protocol: "xmpp",
      open: (_account: unknown, { emit }: { readonly emit: typeof tell }) => {
        tell = emit;
        return { contacts: {} };
      },
    } as unknown as Network;
    let allowed = false;
    const governed = governNetwork(network, {
      talk: () => (allowed ? undefined : { code: "blocked-by-policy" }),
      blocklist: { covers: () => false },
      learnGateway: () => undefined,
      silenced: () => undefined,
      shown: (presence) => presence,
    });
    const shown: string[] = [];
    const account = {
      id: "a",
      protocol: "xmpp",
      address: "me@x.example",
      enabled: true,
      deviceId: "d",
      server: {},
    } as const;
    governed.open(account, {
      credentials: { password: async () => undefined },
      emit(event) {
        if (event.type === "presence") shown.push(event.address);
        return undefined;
      },
    });
    const hear = (n: number, availability: "available" | "away" = "available"): unknown =>
      tell({ type: "presence", address: `p${n}@x.example`, presence: { availability } });
    for (let n = 0; n <= 50_000; n++) hear(n);
    hear(0, "away");
    expect(shown).toEqual([]);
    allowed = true;
    governed.applyPolicy();
    expect([shown.length, shown[0], shown.at(-1)]).toEqual([50_000, "p0@x.example", "p49999@x.example"]);
    // Nobody is unseen for that while they may be seen.
    hear(50_000);
    expect(shown.at(-1)).toBe("p50000@x.example");
  });
});

describe("acceptances of the notice", () => {
  it("are kept 200 times, the latest", async () => {
    let kept: string | undefined;
    let version = 0;
    const notice = await Notice.open({
      profile: {
        get: async () => kept,
        put: async ([entry]: readonly [{ value: string }]) => void (kept = entry.value),
      } as unknown as Profile,
      notice: () => ({ version: `${version}`, en: "Conversations are recorded." }) as never,
      audit: { record: async () => undefined } as never,
      now: () => version,
    });
    for (version = 0; version <= 200; version++) await notice.accept(`${version}`, "en");
    const at = (JSON.parse(kept ?? "[]") as readonly { readonly at: number }[]).map((one) => one.at);
    expect([at.length, at[0], at.at(-1)]).toEqual([200, 1, 200]);
    version = 1;
    expect(notice.pending).toBe(false);
    version = 0;
    expect(notice.pending).toBe(true);
  });
});

describe("strangers who are let in within ten minutes", () => {
  it("are five of a domain and thirty of all, and again that many after it; colleagues count with all others only", () => {
    let now = 0;
    const bursts = new StrangerBursts(() => now);
    const admit = (address: string, account = "a") => bursts.admit(account, address, "me@own.example");
    for (let n = 0; n < 5; n++) expect(admit(`s${n}@evil.example`)).toBeUndefined();
    expect([admit("s5@evil.example"), admit("s0@evil.example"), admit("s5@evil.example", "b")]).toEqual([
      "evil.example",
      undefined,
      undefined,
    ]);
    for (let n = 0; n < 25; n++) expect(admit(`c${n}@own.example`)).toBeUndefined();
    expect([admit("c25@own.example"), admit("one@more.example"), admit("c0@own.example")]).toEqual([
      "*",
      "*",
      undefined,
    ]);
    now = 10 * 60_000 - 1;
    expect(admit("one@more.example")).toBe("*");
    now = 10 * 60_000;
    expect(admit("one@more.example")).toBeUndefined();
  });
});
