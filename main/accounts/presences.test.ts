import { describe, expect, it } from "vitest";
import type { AccountConfig, Protocol } from "../../shared/model/account.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { seenPresence } from "../../shared/model/seen-presence.ts";
import { createWords } from "../../shared/words/words.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import type { Profile } from "../profile/profile.ts";
import type { LiveAccount } from "./live-account.ts";
import { createPresences } from "./presences.ts";

const descriptions: Readonly<Record<string, NetworkDescription>> = { xmpp: xmppDescription, simple: simpleDescription };

it("announces on each network what the window says that others see there, also what is laid over it by itself", async () => {
  const said = new Map<Protocol, OwnPresence[]>([
    ["xmpp", []],
    ["simple", []],
  ]);
  const accounts = [...said].map(([protocol, sent], n) => ({
    config: {
      id: `account-${n}`,
      protocol,
      address: "me@x.example",
      enabled: true,
      server: {},
      deviceId: "device",
    } satisfies AccountConfig,
    session: {
      status: { state: "online" },
      online: {},
      setPresence: async (presence: OwnPresence) => void sent.push(presence),
    },
    publish: () => undefined,
  })) as unknown as readonly LiveAccount[];
  const presences = createPresences({
    accounts: () => accounts,
    profile: { get: async () => undefined, put: async () => undefined } as unknown as Profile,
    accountRecords: { presence: () => undefined, restorePresence: () => undefined },
    seenAs: (presence, protocol) => seenPresence(presence, descriptions[protocol], createWords("en")),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  });
  await presences.choose({ availability: "in-meeting", status: "board" });
  presences.setAutomatic((chosen) => ({ ...chosen, idleSince: 7 }));
  expect(said.get("xmpp")).toEqual([
    { availability: "busy", status: "In a meeting · board" },
    { availability: "busy", status: "In a meeting · board", idleSince: 7 },
  ]);
  expect(said.get("simple")).toEqual([
    { availability: "in-meeting", status: "board" },
    { availability: "in-meeting", status: "board", idleSince: 7 },
  ]);
  expect(accounts.map(({ config }) => presences.of(config).availability)).toEqual(["busy", "in-meeting"]);
});

describe("what is chosen", () => {
  const words = createWords("en");
  /** Accounts in these states, with all that is asked of their sessions, and what is kept. */
  function setUp(states: readonly { readonly enabled?: boolean; readonly state: string }[], kept?: string) {
    const done: string[] = [];
    const shown: string[] = [];
    const stored: (string | undefined)[] = [];
    const accounts = states.map(({ enabled = true, state }, n) => ({
      config: {
        id: `account-${n}`,
        protocol: "simple",
        address: "me@x.example",
        enabled,
        server: {},
        deviceId: "device",
      } satisfies AccountConfig,
      session: {
        status: { state },
        online: state === "online" ? {} : undefined,
        setPresence: async ({ availability }: OwnPresence) => void done.push(`${n} ${availability}`),
        start: async () => void done.push(`${n} start`),
        stop: async () => void done.push(`${n} stop`),
      },
      publish: () => void done.push(`${n} publish`),
    })) as unknown as readonly LiveAccount[];
    const presences = createPresences({
      accounts: () => accounts,
      profile: {
        get: async (namespace: string, key: string) => (namespace === "app" && key === "presence" ? kept : undefined),
        put: async (entries: readonly { readonly value: string | undefined }[]) =>
          void stored.push(...entries.map(({ value }) => value)),
      } as unknown as Profile,
      accountRecords: {
        presence: ({ availability }) => void shown.push(availability),
        restorePresence: (text) => (text === "{" ? undefined : JSON.parse(text)),
      },
      seenAs: (presence, protocol) => seenPresence(presence, descriptions[protocol], words),
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    });
    const seen = () => accounts.map(({ config }) => presences.of(config).availability);
    return { accounts, presences, done, shown, stored, seen };
  }

  it("for one account leaves the others alone, until something is chosen for all", async () => {
    const { accounts, presences, done, shown, stored, seen } = setUp([{ state: "online" }, { state: "online" }]);
    const [first] = accounts;
    if (!first) throw new Error("no account");
    await presences.chooseFor(first, { availability: "away" });
    expect([done, seen(), presences.chosenFor("account-0"), presences.chosenFor("account-1")]).toEqual([
      ["0 publish", "0 away"],
      ["away", "available"],
      { availability: "away" },
      undefined,
    ]);
    expect([shown, stored]).toEqual([[], []]);
    await presences.chooseFor(first, null);
    expect([seen(), presences.chosenFor("account-0")]).toEqual([["available", "available"], undefined]);
    await presences.chooseFor(first, { availability: "away" });
    await presences.choose({ availability: "busy" });
    expect([seen(), presences.chosenFor("account-0"), shown, stored]).toEqual([
      ["busy", "busy"],
      undefined,
      ["busy"],
      ['{"availability":"busy"}'],
    ]);
    await presences.chooseFor(first, { availability: "away" });
    presences.forget("account-1");
    expect(seen()).toEqual(["away", "busy"]);
    presences.forget("account-0");
    expect(seen()).toEqual(["busy", "busy"]);
  });

  it("signs in who is signed out, signs out for Offline, and touches no disabled account", async () => {
    const { presences, done } = setUp([
      { state: "online" },
      { state: "signed-out" },
      { state: "signed-out", enabled: false },
      { state: "waiting" },
    ]);
    const asked = (): readonly string[] => done.splice(0).filter((what) => !what.endsWith("publish"));
    await presences.choose({ availability: "busy" });
    expect(done.filter((what) => what.endsWith("publish"))).toHaveLength(4);
    expect(asked()).toEqual(["0 busy", "1 start", "3 busy"]);
    await presences.choose({ availability: "offline" });
    expect(asked()).toEqual(["0 stop", "1 stop", "3 stop"]);
  });

  it("is announced again only where somebody is online", () => {
    const { presences, done } = setUp([{ state: "online" }, { state: "waiting" }, { state: "signed-out" }]);
    presences.announce();
    presences.setAutomatic((chosen) => ({ ...chosen, availability: "away" }));
    expect(done).toEqual(["0 available", "0 away"]);
  });

  it.each([
    ['{"availability":"busy"}', "busy"],
    ["{", "available"],
    [undefined, "available"],
  ])("comes back after a restart from %s", async (kept, availability) => {
    const { presences, shown, seen } = setUp([{ state: "signed-out" }], kept);
    await presences.restore();
    expect([shown, seen()]).toEqual([[availability], [availability]]);
  });
});
