import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { Profile } from "../profile/profile.ts";
import { createKeptAccounts, type KeptAccounts, type KeptAccountsParts } from "./kept-accounts.ts";

const config = (id: string): AccountConfig => ({
  id,
  protocol: "xmpp",
  address: "me@x.example",
  enabled: true,
  server: {},
  deviceId: randomUUID(),
});
const [mine, theirs] = ["account-1", "account-2"];

let disk: Map<string, string>;
let warn: ReturnType<typeof vi.fn>;
/** Parts that were told to forget the account, in order, and what was in the profile then. */
let forgotten: string[];
let failing: string | undefined;
let kept: KeptAccounts;

beforeEach(() => {
  disk = new Map();
  warn = vi.fn();
  forgotten = [];
  failing = undefined;
  const profile: Profile = {
    get: async (namespace, key) => disk.get(`${namespace} ${key}`),
    all: async (namespace) =>
      new Map(
        [...disk].flatMap(([key, value]) =>
          key.startsWith(`${namespace} `) ? [[key.slice(namespace.length + 1), value] as const] : [],
        ),
      ),
    async put(entries) {
      for (const { namespace, key, value } of entries) {
        if (value === undefined) disk.delete(`${namespace} ${key}`);
        else disk.set(`${namespace} ${key}`, value);
      }
    },
    close: async () => undefined,
  };
  const forget = (what: string) => async (id: string) => {
    if (failing === what) throw new Error("the disk is full");
    forgotten.push(`${what} ${id}${disk.has(`account ${id}`) ? "" : ", no account any more"}`);
  };
  const forgetter = (what: string) => ({ forgetAccount: forget(what) });
  kept = createKeptAccounts({
    profile,
    heard: { forget: forget("heard") },
    contacts: forgetter("contacts"),
    requests: forgetter("requests"),
    conversations: { forgetAccount: (id: string) => void forgotten.push(`conversations ${id}`) },
    ownChanges: forgetter("changes"),
    forgetHistory: forget("history"),
    passwords: { delete: forget("password") },
    accountRecords: { remove: (id: string) => void forgotten.push(`accountRecords ${id}`) },
    log: { debug: () => undefined, info: () => undefined, warn },
  } as unknown as KeptAccountsParts);
});

describe("accounts on this computer", () => {
  it("come back as they were kept, without one that cannot be read", async () => {
    const [first, second] = [config(mine), config(theirs)];
    await kept.keep(first);
    await kept.keep(second);
    expect(warn).not.toHaveBeenCalled();
    disk.set("account damaged", "{");
    disk.set("account nobody-1", JSON.stringify({ ...first, id: "nobody-1", address: "nobody" }));
    disk.set("draft account-3|bob@x.example", JSON.stringify("text"));
    expect(await kept.all()).toEqual([first, second]);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it("are forgotten with all that is theirs, and nothing of their neighbor", async () => {
    for (const id of [mine, theirs]) {
      await kept.keep(config(id));
      disk.set(`draft ${id}|bob@x.example`, "text");
      disk.set(`network-cache simple/${id}/contacts`, "{}");
      disk.set(`network-cache ${id}`, "{}");
    }
    disk.set("network-cache shared", "{}");
    await kept.forget(mine);
    expect([...disk.keys()]).toEqual([
      `account ${theirs}`,
      `draft ${theirs}|bob@x.example`,
      `network-cache simple/${theirs}/contacts`,
      `network-cache ${theirs}`,
      "network-cache shared",
    ]);
    expect(forgotten).toEqual([
      `contacts ${mine}`,
      `requests ${mine}`,
      `conversations ${mine}`,
      `changes ${mine}`,
      `history ${mine}`,
      `heard ${mine}, no account any more`,
      `accountRecords ${mine}`,
      `password ${mine}, no account any more`,
    ]);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each(["contacts", "requests", "changes", "history"])(
    "stay listed while their %s cannot be forgotten, to be asked for again",
    async (what) => {
      await kept.keep(config(mine));
      disk.set(`draft ${mine}|bob@x.example`, "text");
      failing = what;
      await expect(kept.forget(mine)).rejects.toThrow("the disk is full");
      expect([...disk.keys()]).toEqual([`account ${mine}`, `draft ${mine}|bob@x.example`]);
      failing = undefined;
      await kept.forget(mine);
      expect([...disk.keys()]).toEqual([]);
    },
  );

  it("are gone also where the password cannot be deleted, which the log says", async () => {
    await kept.keep(config(mine));
    failing = "password";
    await kept.forget(mine);
    expect([[...disk.keys()], forgotten.at(-1)]).toEqual([[], `accountRecords ${mine}`]);
    expect(warn).toHaveBeenCalledOnce();
  });
});
