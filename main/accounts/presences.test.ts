import { expect, it } from "vitest";
import type { AccountConfig, Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { seenPresence } from "../../shared/model/seen-presence.ts";
import { createWords } from "../../shared/words/words.ts";
import type { Profile } from "../history/profile.ts";
import type { LiveAccount } from "./live-account.ts";
import { createPresences } from "./presences.ts";

it("announces on each network what the window says that others see there, also what is laid over it by itself", async () => {
  const said = new Map<Protocol, OwnPresence[]>([
    ["xmpp", []],
    ["simple", []],
  ]);
  const accounts = [...said].map(([protocol, sent], n) => ({
    config: { id: `account-${n}`, protocol, address: "me@x.example", enabled: true, server: {}, deviceId: "device" } satisfies AccountConfig,
    session: { status: { state: "online" }, online: {}, setPresence: async (presence: OwnPresence) => void sent.push(presence) },
    publish: () => undefined,
  })) as unknown as readonly LiveAccount[];
  const presences = createPresences({
    accounts: () => accounts,
    profile: { get: async () => undefined, put: async () => undefined } as unknown as Profile,
    facts: { presence: () => undefined, restorePresence: () => undefined },
    seenAs: (presence, protocol) => seenPresence(presence, protocol, createWords("en")),
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
