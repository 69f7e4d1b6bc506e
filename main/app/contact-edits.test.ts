import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRecordedNetwork, type RecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import { createTestApp, type TestApp } from "../enforcement/test-app.test-helper.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";

const bob = "bob@x.example";
let folder: string;
let network: RecordedNetwork;
let testApp: TestApp;
let id: string;
let emit: (event: NetworkEvent) => void;
/** Changes written to the server's list. */
const updates: (readonly [address: string, name: string | undefined, groups: readonly string[]])[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-edits-"));
  updates.length = 0;
  network = createRecordedNetwork("xmpp", [bob]);
  const watched = {
    ...network,
    open: (...args: Parameters<RecordedNetwork["open"]>) => {
      ({ emit } = args[1]);
      const connection = network.open(...args);
      const update = (...edit: (typeof updates)[number]) => Promise.resolve(void updates.push(edit));
      return { ...connection, contacts: { ...connection.contacts, update } };
    },
  };
  testApp = createTestApp({ folder, networks: () => [watched] });
  await testApp.app.start();
  await testApp.untilVault("ready");
  const { accountId } = await testApp.request("accounts.add", {
    address: "me@x.example",
    password: "secret",
    protocol: "xmpp",
    server: {},
  });
  id = `${accountId}|${bob}`;
  await vi.waitFor(async () => expect((await testApp.request("app.snapshot", {})).tables.contacts).toHaveLength(1));
});
afterEach(async () => {
  await testApp.app.stop();
  await rm(folder, { recursive: true });
});

/** The server says how the contact stands on its list. */
async function listed(item: Partial<RosterItem>): Promise<void> {
  emit({
    type: "roster-item",
    item: { address: bob, name: undefined, groups: ["Before"], subscription: "both", asked: false, ...item },
  });
  await vi.waitFor(async () =>
    expect((await testApp.request("app.snapshot", {})).tables.contacts[0]?.groups).toEqual(item.groups ?? ["Before"]),
  );
}

it("puts somebody whom nobody named into a group without giving them a name", async () => {
  await testApp.request("contacts.update", { contactId: id, groups: ["Work"] });
  await testApp.request("contacts.update", { contactId: id, name: "bob", groups: ["Work"] });
  expect(updates).toEqual([
    [bob, undefined, ["Work"]],
    [bob, undefined, ["Work"]],
  ]);
});

it("shows the address of somebody whose name does not show, and gives nobody such a name", async () => {
  await listed({ name: "\u200B\u202E" });
  expect((await testApp.request("app.snapshot", {})).tables.contacts[0]?.name).toBe("bob");
  await testApp.request("contacts.update", { contactId: id, name: "\u2060 \u3164" });
  expect(updates).toEqual([[bob, undefined, ["Before"]]]);
});

it("makes fifty new groups at once, beside those that are there; of more none is made", async () => {
  const groups = Array.from({ length: 51 }, (_, n) => `g${n}`);
  await testApp.request("contacts.update", { contactId: id, groups: groups.slice(0, 50) });
  expect(updates).toEqual([[bob, undefined, groups.slice(0, 50)]]);
  await expect(testApp.request("contacts.update", { contactId: id, groups })).rejects.toMatchObject({
    code: "invalid-argument",
  });
  expect(updates).toHaveLength(1);
  await listed({ groups: groups.slice(0, 1) });
  await testApp.request("contacts.update", { contactId: id, groups });
  expect(updates.at(-1)?.[2]).toHaveLength(51);
});

it("keeps the name while groups are edited, and every group while the name is", async () => {
  const groups = [" Work ", "x".repeat(250), ...Array.from({ length: 60 }, (_, i) => `g${i}`)];
  await listed({ name: "Robert", groups });
  await testApp.request("contacts.update", { contactId: id, name: "Bob" });
  await testApp.request("contacts.update", { contactId: id, groups: [...groups, "New"] });
  expect(updates).toEqual([
    [bob, "Bob", groups],
    [bob, "Robert", [...groups, "New"]],
  ]);
});

it("makes no new group that is empty or over the limit", async () => {
  for (const group of ["", "x".repeat(201)])
    await expect(testApp.request("contacts.update", { contactId: id, groups: [group] })).rejects.toMatchObject({
      code: "invalid-argument",
    });
  expect(updates).toEqual([]);
});

it("writes nothing to the server for a pin", async () => {
  await testApp.request("contacts.update", { contactId: id, pinned: true });
  expect(updates).toEqual([]);
});
