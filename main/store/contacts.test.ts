import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { contactId } from "../../shared/model/contact.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import type { Profile } from "../profile/profile.ts";
import { createContacts } from "./contacts.ts";
import { createTables } from "./tables.ts";

const account = "account-1";
const id = (name: string): string => contactId(account, `${name}@x.example`);
const item = (name: string): RosterItem => ({
  address: `${name}@x.example`,
  name,
  groups: [],
  subscription: "both",
  asked: false,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A profile whose writes are done when they are told to be. */
function createDisk() {
  const kept = new Map<string, string>();
  const waiting: (() => void)[] = [];
  let refusals = 0;
  const put = vi.fn(
    (entries: readonly { readonly namespace: string; readonly key: string; readonly value: string | undefined }[]) =>
      new Promise<void>((resolve, reject) => {
        waiting.push(() => {
          if (refusals > 0) {
            refusals -= 1;
            return reject(new Error("full"));
          }
          for (const { namespace, key, value } of entries) {
            if (value === undefined) kept.delete(`${namespace} ${key}`);
            else kept.set(`${namespace} ${key}`, value);
          }
          resolve();
        });
      }),
  );
  const profile = {
    get: async (namespace: string, key: string) => kept.get(`${namespace} ${key}`),
    put,
  } as unknown as Profile;
  return {
    profile,
    put,
    refuse: () => void (refusals += 1),
    /** Writes what waits, and lets those who wait for it continue. */
    async write() {
      for (const one of waiting.splice(0)) one();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

function open(disk: ReturnType<typeof createDisk>) {
  const tables = createTables(() => undefined);
  for (const network of [xmppDescription, simpleDescription]) tables.put("networks", network);
  const failed = vi.fn();
  return { tables, failed, contacts: createContacts({ tables, profile: disk.profile, onFailed: failed }) };
}

async function pinnedAfterRestart(disk: ReturnType<typeof createDisk>): Promise<readonly (boolean | undefined)[]> {
  const { tables, contacts } = open(disk);
  await contacts.restore(account, "xmpp");
  return ["ann", "bob"].map((name) => tables.get("contacts", id(name))?.pinned);
}

describe("a pin", () => {
  it("that is set after the list was saved is there after a restart, for that contact alone, and so is its end", async () => {
    const disk = createDisk();
    const { contacts } = open(disk);
    contacts.roster(account, "xmpp", [item("ann"), item("bob")]);
    await vi.advanceTimersByTimeAsync(1_000);
    await disk.write();
    expect(await pinnedAfterRestart(disk)).toEqual([false, false]);
    contacts.pin(id("bob"), true);
    await vi.advanceTimersByTimeAsync(999);
    expect(disk.put).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await disk.write();
    expect(await pinnedAfterRestart(disk)).toEqual([false, true]);
    contacts.pin(id("bob"), false);
    await vi.advanceTimersByTimeAsync(1_000);
    await disk.write();
    expect(await pinnedAfterRestart(disk)).toEqual([false, false]);
  });

  it("that is set while the list is being written is written after it", async () => {
    const disk = createDisk();
    const { contacts } = open(disk);
    contacts.roster(account, "xmpp", [item("ann"), item("bob")]);
    await vi.advanceTimersByTimeAsync(1_000);
    contacts.pin(id("ann"), true);
    await disk.write();
    await vi.advanceTimersByTimeAsync(1_000);
    await disk.write();
    expect(await pinnedAfterRestart(disk)).toEqual([true, false]);
  });

  it("stays when the server sends the list again", async () => {
    const { tables, contacts } = open(createDisk());
    contacts.roster(account, "xmpp", [item("ann"), item("bob")]);
    contacts.pin(id("ann"), true);
    contacts.roster(account, "xmpp", [item("ann"), { ...item("bob"), name: "Robert" }]);
    expect([tables.get("contacts", id("ann"))?.pinned, tables.get("contacts", id("bob"))?.pinned]).toEqual([
      true,
      false,
    ]);
  });
});

describe("a list that the disk does not take", () => {
  it("is told, and written fifteen seconds later", async () => {
    const disk = createDisk();
    disk.refuse();
    const { contacts, failed } = open(disk);
    contacts.roster(account, "xmpp", [item("ann")]);
    await vi.advanceTimersByTimeAsync(1_000);
    await disk.write();
    expect(failed).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(14_999);
    expect(disk.put).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    await disk.write();
    expect((await pinnedAfterRestart(disk))[0]).toBe(false);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(disk.put).toHaveBeenCalledTimes(2);
  });
});

describe("presence before the list", () => {
  it("is remembered of 50,000 addresses, and news of one of them count", () => {
    const { tables, contacts } = open(createDisk());
    for (let n = 0; n <= 50_000; n++) contacts.presence(account, `p${n}@x.example`, { availability: "available" });
    contacts.presence(account, "p0@x.example", { availability: "away" });
    contacts.roster(account, "xmpp", ["p0", "p49999", "p50000"].map(item));
    expect(["p0", "p49999", "p50000"].map((name) => tables.get("contacts", id(name))?.presence.availability)).toEqual([
      "away",
      "available",
      "offline",
    ]);
  });
});

describe("presence of whom a server that is silent of those offline says nothing", () => {
  it("is offline after a new sign-in, and what it was after one that continues", () => {
    for (const [resumed, expected] of [
      [false, ["offline", "available"]],
      [true, ["away", "available"]],
    ] as const) {
      const { tables, contacts } = open(createDisk());
      const availabilities = () =>
        ["ann", "bob"].map((name) => tables.get("contacts", id(name))?.presence.availability);
      contacts.roster(account, "xmpp", [item("ann"), item("bob")]);
      expect(availabilities()).toEqual(["offline", "offline"]);
      contacts.presence(account, "ann@x.example", { availability: "away" });
      contacts.signingIn(account);
      contacts.presence(account, "bob@x.example", { availability: "available" });
      contacts.signedIn(account, resumed);
      expect(availabilities()).toEqual(expected);
    }
  });
});
