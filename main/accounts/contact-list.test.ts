import { beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import type { Connections } from "../networks/connections.ts";
import type { Contacts } from "../store/contacts.ts";
import { createTables, type TablesWriter } from "../store/tables.ts";
import { type ContactList, createContactList } from "./contact-list.ts";

const accountId = "account-1";
const bob = "bob@x.example";
const id = `${accountId}|${bob}`;
let tables: TablesWriter;
let list: ContactList;
let isOnline: boolean;
const server = { add: vi.fn(), update: vi.fn(), ask: vi.fn(), remove: vi.fn() };
const pin = vi.fn();
const lookAlikes = vi.fn();

function put(over: Partial<ContactRecord> = {}): void {
  tables.put("contacts", {
    ...{ id, accountId, address: bob, name: "Bob", groups: ["Work"], listed: true, asked: false },
    ...{ subscription: "both", presence: { availability: "available" } },
    ...over,
  } as never);
}

beforeEach(() => {
  for (const call of [...Object.values(server), pin, lookAlikes]) call.mockReset();
  isOnline = true;
  tables = createTables(() => undefined);
  tables.put("accounts", { id: accountId, address: "me@x.example", protocol: "xmpp" } as never);
  list = createContactList({
    tables,
    contacts: {
      pin,
      known: (_: string, text: string) => (text === "the boss" ? { address: bob, protocol: undefined } : undefined),
    } as unknown as Contacts,
    connections: {
      protocol: () => "xmpp",
      online: () => {
        if (!isOnline) throw new HallwayError("offline");
        return { contacts: server };
      },
    } as unknown as Connections,
    lookAlikes,
  });
});

const contact = (address: string, name?: string) => ({
  accountId,
  address,
  groups: ["Work"],
  ...(name ? { name } : {}),
});
const code = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "";
  } catch (error) {
    return error instanceof HallwayError ? error.code : String(error);
  }
};

describe("somebody new", () => {
  it("comes on the server's list under the address that is meant, with a name that shows", async () => {
    expect(await list.add(contact("xmpp:Bob@X.example", " Bob "))).toBe(id);
    await list.add(contact("the boss", "\u200b"));
    expect(server.add.mock.calls).toEqual([
      [bob, "Bob", ["Work"]],
      [bob, undefined, ["Work"]],
    ]);
  });

  it.each([
    ["of another network", "sip:bob@x.example", "invalid-address"],
    ["who is oneself", "me@x.example", "invalid-address"],
    ["whom nobody can answer", "anonymous@anonymous.invalid", "unanswerable"],
    ["who is nobody", "", "invalid-address"],
  ])("%s is not added", async (_, address, expected) => {
    expect(await code(() => list.add(contact(address)))).toBe(expected);
    expect(server.add).not.toHaveBeenCalled();
  });

  it("is added who is only written with, and not who is on the list, nor while offline", async () => {
    put({ listed: false });
    await list.add(contact(bob));
    put();
    expect(await code(() => list.add(contact(bob)))).toBe("already-exists");
    expect(server.add).toHaveBeenCalledTimes(1);
    isOnline = false;
    expect(await code(() => list.add(contact("ann@x.example")))).toBe("offline");
  });
});

describe("a change of a contact", () => {
  it.each<[string, Partial<ContactRecord>, object, readonly unknown[] | undefined]>([
    ["of the name", {}, { name: "Robert" }, [bob, "Robert", ["Work"]]],
    ["of the name to none", {}, { name: " " }, [bob, undefined, ["Work"]]],
    ["of the groups", {}, { groups: ["Home"] }, [bob, "Bob", ["Home"]]],
    ["of the groups of somebody without a name", { unnamed: true }, { groups: [] }, [bob, undefined, []]],
    ["to the stand-in for a name", { unnamed: true }, { name: "Bob" }, [bob, undefined, ["Work"]]],
    ["to the name that it has", {}, { name: "Bob" }, [bob, "Bob", ["Work"]]],
    ["of nothing that the server has", {}, { pinned: true }, undefined],
  ])("%s is told to the server as what it is", async (_, before, change, expected) => {
    put(before);
    await list.update({ contactId: id, ...change });
    expect(server.update.mock.calls).toEqual(expected ? [expected] : []);
    expect(pin.mock.calls).toEqual("pinned" in change ? [[id, true]] : []);
  });

  it("takes 50 new groups at once, of names that groups have; those that were there go back as they are", async () => {
    const groups = (count: number) => Array.from({ length: count }, (_, n) => `g${n}`);
    put({ groups: [" odd "] });
    await list.update({ contactId: id, groups: [" odd ", ...groups(50)] });
    expect(await code(() => list.update({ contactId: id, groups: groups(51) }))).toBe("invalid-argument");
    expect(await code(() => list.update({ contactId: id, groups: ["x".repeat(201)] }))).toBe("invalid-argument");
    expect(server.update).toHaveBeenCalledTimes(1);
  });

  it("can be of somebody known alone, and pins while offline what it cannot tell the server", async () => {
    expect(await code(() => list.update({ contactId: id, pinned: true }))).toBe("not-found");
    put();
    isOnline = false;
    await list.update({ contactId: id, pinned: false });
    expect(pin.mock.calls).toEqual([[id, false]]);
    expect(await code(() => list.update({ contactId: id, name: "Robert" }))).toBe("offline");
  });
});

it("asks to see, and takes off the list, who is there alone; who is only written with is not asked", async () => {
  for (const work of [() => list.ask(id), () => list.remove(id)]) expect(await code(work)).toBe("not-found");
  put({ listed: false });
  expect(await code(() => list.ask(id))).toBe("not-found");
  put();
  await list.ask(id);
  await list.remove(id);
  expect([server.ask.mock.calls, server.remove.mock.calls]).toEqual([[[bob]], [[bob]]]);
});

it("looks for look-alikes of the address that is meant", () => {
  list.lookAlike({ accountId, address: "Bob@X.example", name: "Bob" });
  list.lookAlike({ accountId, address: "the boss" });
  expect(lookAlikes.mock.calls).toEqual([
    [bob, "Bob"],
    [bob, undefined],
  ]);
});
