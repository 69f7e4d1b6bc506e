import { describe, expect, it } from "vitest";
import type { Profile } from "../profile/profile.ts";
import { type Blocklist, createBlocklist } from "./blocklist.ts";
import { createTables } from "./tables.ts";

const account = "account-1";
const other = "account-2";
const bob = "bob@x.example";
const eve = "eve@evil.example";

/** A block list over a profile that outlives it. */
function open(kept = new Map<string, string>()) {
  const tables = createTables(() => undefined);
  const profile: Profile = {
    get: async (_namespace, key) => kept.get(key),
    all: async () => new Map(),
    async put(entries) {
      for (const { key, value } of entries) value === undefined ? kept.delete(key) : kept.set(key, value);
    },
    close: async () => undefined,
  };
  let changes = 0;
  const list = createBlocklist({ tables, profile, now: () => 1_000 });
  list.changes.add(() => void (changes += 1));
  return { list, tables, kept, changes: () => changes, ids: () => [...tables.all("blocked")].map(({ id }) => id) };
}

/** As after a successful telling of the network. */
async function tellAll(list: Blocklist): Promise<void> {
  for (const untold of list.untold(account)) await list.told(account, untold);
}

describe("the block list", () => {
  it("covers a person of one account, and nobody else", async () => {
    const { list, tables, changes } = open();
    await list.block(account, eve);
    expect(changes()).toBe(1);
    expect(list.covers(account, eve)).toBe(true);
    expect(list.covers(other, eve)).toBe(false);
    expect(list.covers(account, bob)).toBe(false);
    expect(list.covers(account, "eve@evil.example.test")).toBe(false);
    expect(tables.get("blocked", `${account}|${eve}`)).toEqual({
      id: `${account}|${eve}`,
      accountId: account,
      scope: "person",
      address: eve,
      at: 1_000,
    });
  });

  it("blocks a server that speaks for itself, and a telephone, without everybody of that domain", async () => {
    const { list, ids } = open();
    await list.block(account, "x.example");
    await list.block(account, "tel:+15550100");
    const covered = ["x.example", bob, "tel:+15550100", "tel:+15550101"].filter((address) =>
      list.covers(account, address),
    );
    expect(covered).toEqual(["x.example", "tel:+15550100"]);
    // To an XMPP server, the name of a domain would mean everybody of it.
    expect(list.untold(account)).toEqual([{ address: "tel:+15550100", isBlocked: true }]);
    list.listed(account, []);
    expect(list.covers(account, "x.example")).toBe(true);
    await list.unblock(`${account}|x.example`);
    expect(ids()).toEqual([`${account}|tel:+15550100`]);
  });

  it("is there again after a restart, with what the network has not heard yet", async () => {
    const first = open();
    await first.list.block(account, eve);
    await first.list.block(account, bob);
    await first.list.told(account, { address: bob, isBlocked: true });
    await first.list.unblock(`${account}|${bob}`);
    const { list, ids } = open(first.kept);
    await list.restore();
    expect(ids()).toEqual([`${account}|${eve}`]);
    expect(list.covers(account, bob)).toBe(false);
    expect(list.untold(account)).toEqual([
      { address: eve, isBlocked: true },
      { address: bob, isBlocked: false },
    ]);
  });

  it("leaves the list of an earlier version as that can read it, and looks at it no more once there is an own one", async () => {
    const earlier = JSON.stringify([`${account}|${eve}`]);
    const first = open(new Map([["blocked", earlier]]));
    await first.list.restore();
    await first.list.block(account, bob);
    await first.list.unblock(`${account}|${eve}`);
    expect(first.kept.get("blocked")).toBe(earlier);
    const { list, ids } = open(first.kept);
    await list.restore();
    expect(ids()).toEqual([`${account}|${bob}`]);
    expect(list.covers(account, eve)).toBe(false);
  });

  it("reads the list as earlier versions kept it, and what cannot be read costs itself alone", async () => {
    const { list } = open(
      new Map([["blocked", JSON.stringify([`${account}|${eve}`, 5, "", { id: "x" }, `${account}|@flood.example`])]]),
    );
    await list.restore();
    expect(list.covers(account, eve)).toBe(true);
    expect(list.covers(account, "anybody@flood.example")).toBe(true);
    expect(list.untold(account)).toEqual([{ address: eve, isBlocked: true }]);
    const broken = open(new Map([["blocklist", "{"]]));
    await broken.list.restore();
    expect(broken.ids()).toEqual([]);
  });

  it("shuts strangers of a domain out, but nobody of it who is on the list", async () => {
    const { list, tables } = open();
    const record = {
      accountId: account,
      protocol: "xmpp",
      address: bob,
      name: "Bob",
      subscription: "both",
      asked: false,
    } as const;
    tables.put("contacts", {
      ...record,
      groups: [],
      id: `${account}|${bob}`,
      presence: { availability: "offline" },
      pinned: false,
      listed: true,
    });
    await list.blockStrangers(account, "x.example");
    expect(list.covers(account, bob)).toBe(false);
    expect(list.covers(account, "carol@x.example")).toBe(true);
    expect(list.untold(account)).toEqual([]);
    await list.unblock(`${account}|@x.example`);
    expect(list.covers(account, "carol@x.example")).toBe(false);
  });

  describe("in step with a server's", () => {
    it("takes over whom another device has blocked, domains and single devices too", () => {
      const { list, tables } = open();
      list.listed(account, [eve, "spam.example", "bob@x.example/Phone"]);
      expect(list.covers(account, eve)).toBe(true);
      expect(list.covers(account, "anybody@spam.example")).toBe(true);
      // One device of theirs is kept away by the server; the person is not.
      expect(list.covers(account, bob)).toBe(false);
      expect([...tables.all("blocked")].map(({ scope }) => scope)).toEqual(["person", "domain", "device"]);
      expect(list.untold(account)).toEqual([]);
    });

    it("keeps everybody of a domain away that the server lists, where its service alone was blocked here; a telephone is no domain", async () => {
      const { list, tables } = open();
      for (const address of ["x.example", "tel:+15550100"]) await list.block(account, address);
      list.listed(account, ["x.example", "tel:+15550100"]);
      expect(list.covers(account, bob)).toBe(true);
      expect([...tables.all("blocked")].map(({ scope }) => scope)).toEqual(["domain", "person"]);
      // Taken off here, it is taken off there.
      await list.unblock(`${account}|x.example`);
      expect(list.untold(account)).toEqual([{ address: "x.example", isBlocked: false }]);
    });

    it("corrects what an earlier version took the server's domain for", async () => {
      const id = `${account}|x.example`;
      const { list } = open(
        new Map([
          [
            "blocklist",
            JSON.stringify([{ id, accountId: account, scope: "person", address: "x.example", told: true }]),
          ],
        ]),
      );
      await list.restore();
      list.pushed(account, ["x.example"], true);
      expect(list.covers(account, bob)).toBe(true);
    });

    it("lets go of whom another device has unblocked, and of nobody whom the server has not heard of", async () => {
      const { list } = open();
      await list.block(account, eve);
      await tellAll(list);
      await list.block(account, bob);
      await list.blockStrangers(account, "flood.example");
      list.listed(account, []);
      expect(list.covers(account, eve)).toBe(false);
      expect(list.covers(account, bob)).toBe(true);
      expect(list.covers(account, "x@flood.example")).toBe(true);
      expect(list.untold(account)).toEqual([{ address: bob, isBlocked: true }]);
    });

    it("does not bring back whom the person has unblocked before the server could hear of it", async () => {
      const { list } = open();
      list.listed(account, [eve]);
      await list.unblock(`${account}|${eve}`);
      list.listed(account, [eve]);
      expect(list.covers(account, eve)).toBe(false);
      expect(list.untold(account)).toEqual([{ address: eve, isBlocked: false }]);
      await tellAll(list);
      expect(list.untold(account)).toEqual([]);
      await expect(list.unblock(`${account}|${eve}`)).rejects.toMatchObject({ code: "not-found" });
    });

    it("is kept over a restart, and whoever follows the list is told", async () => {
      const { list, kept, changes } = open();
      list.listed(account, [eve]);
      expect(changes()).toBe(1);
      await expect.poll(() => kept.size).toBe(1);
      const again = open(kept);
      await again.list.restore();
      expect(again.ids()).toEqual([`${account}|${eve}`]);
      expect(again.list.untold(account)).toEqual([]);
    });

    it("follows what is pushed", async () => {
      const { list, ids } = open();
      list.pushed(account, [eve, bob], true);
      expect(ids()).toHaveLength(2);
      list.pushed(account, [eve], false);
      expect(ids()).toEqual([`${account}|${bob}`]);
      // Unblocked here and blocked anew on another device: the later word counts.
      await list.unblock(`${account}|${bob}`);
      list.pushed(account, [bob], true);
      expect(list.covers(account, bob)).toBe(true);
      expect(list.untold(account)).toEqual([]);
    });

    it("keeps what the person said while the network was being told", async () => {
      const { list } = open();
      await list.block(account, eve);
      const [untold] = list.untold(account);
      await list.unblock(`${account}|${eve}`);
      if (untold) await list.told(account, untold);
      expect(list.covers(account, eve)).toBe(false);
      expect(list.untold(account)).toEqual([{ address: eve, isBlocked: false }]);
      await list.block(account, eve);
      expect(list.untold(account)).toEqual([{ address: eve, isBlocked: true }]);
    });

    it("holds no more of a server's list than there is room for, and still takes a person's own word", async () => {
      const { list, ids } = open();
      list.listed(
        account,
        Array.from({ length: 10_001 }, (_, n) => `n${n}@x.example`),
      );
      expect(ids()).toHaveLength(10_000);
      expect(list.covers(account, "n9999@x.example")).toBe(true);
      await list.block(account, eve);
      expect(list.covers(account, eve)).toBe(true);
    });
  });

  it("goes with its account, and the lists of others stay", async () => {
    const { list, kept } = open();
    await list.block(account, eve);
    await list.block(other, bob);
    await list.forgetAccount(account);
    expect(list.covers(account, eve)).toBe(false);
    const again = open(kept);
    await again.list.restore();
    expect(again.ids()).toEqual([`${other}|${bob}`]);
  });
});
