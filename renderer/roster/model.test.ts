import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { createWords } from "../../shared/words/words.ts";
import { createFakeMain } from "../dev/fake-main.ts";
import type { FakeState } from "../dev/fake-store.ts";
import { largeCompany, smallCompany, xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { createClient } from "../ipc/client.ts";
import { Replica } from "../state/replica.ts";
import { createUi } from "../state/ui.ts";
import { createRosterModel } from "./model.ts";
import type { TreeRows } from "./tree.ts";

async function setUp(state: FakeState) {
  const fake = createFakeMain(state);
  const client = createClient(fake.transport);
  const replica = new Replica({
    client,
    schedule: (work) => {
      const timer = setTimeout(work);
      return () => clearTimeout(timer);
    },
    elapsed: () => performance.now(),
  });
  const ui = createUi();
  const model = createRosterModel({ client, replica, ui, words: signal(createWords("en")) });
  replica.start();
  await vi.waitFor(() => {
    expect(replica.ready.value).toBe(true);
    expect(replica.roster.get("roster")?.people).toBe(state.contacts?.length ?? 0);
  });
  return { fake, replica, ui, model };
}
/** Ids of the people in the list, `?` where it is not known who stands there. */
const names = (rows: TreeRows): string[] =>
  Array.from({ length: rows.length }, (_, index) => rows.at(index)).flatMap((row) =>
    row?.kind === "contact" ? [row.id ?? "?"] : [],
  );

describe("roster model", () => {
  it("filters as one types, folding accents, and opens folded groups meanwhile", async () => {
    const { ui, model } = await setUp(scenarios.company());
    ui.collapsed.value = new Set(["group:Treasury"]);
    expect(model.found.value).toBeUndefined();
    ui.filter.value = "emi lef";
    await vi.waitFor(() => expect(model.found.value).toBe(1));
    expect(names(model.rows.value)).toEqual([`${xmppAccount.id}|emilie@corp.example`]);
    ui.filter.value = "nobody at all";
    await vi.waitFor(() => expect(model.found.value).toBe(0));
    expect(model.rows.value.length).toBe(0);
    expect(await model.firstFound()).toBeUndefined();
    ui.filter.value = "lefèvre";
    expect(await model.firstFound()).toBe(`${xmppAccount.id}|emilie@corp.example`);
  });

  it("offers no group of which nothing shows", async () => {
    const [first, ...others] = largeCompany(3);
    const { model } = await setUp({
      accounts: [xmppAccount],
      contacts: [...(first ? [{ ...first, groups: ["\u200B", "Zoo", "\u3164"] }] : []), ...others],
    });
    expect(model.groups.value).toContain("Zoo");
    expect(model.groups.value.every((group) => /[\p{L}\p{N}]/u.test(group))).toBe(true);
  });

  it("keeps the same rows while ten thousand presences change, and counts who can be reached", async () => {
    const people = largeCompany(10_000);
    const { fake, replica, model } = await setUp({ accounts: [xmppAccount], contacts: people });
    const rows = model.rows.value;
    expect(rows.length).toBeGreaterThan(10_000);
    fake.publish(
      people.map(({ id }) => ({ op: "patch", table: "contacts", id, fields: { presence: { availability: "busy" } } })),
    );
    const online = (): number => replica.groups.all().reduce((sum, group) => sum + (group.online ?? 0), 0);
    await vi.waitFor(() => expect(online()).toBe(10_000));
    expect(model.rows.value).toBe(rows);
  });

  it("holds only the people whose rows are drawn, and lets go of them", async () => {
    const people = largeCompany(10_000);
    const { replica, model } = await setUp({ accounts: [xmppAccount], contacts: people });
    const length = model.rows.value.length;
    expect(replica.contacts.size).toBeLessThan(150);
    const known = (index: number): boolean => {
      const row = model.rows.value.at(index);
      return row?.kind === "contact" && row.id !== undefined && replica.contacts.peek(row.id) !== undefined;
    };
    expect([known(5), known(5_000), known(length - 1)]).toEqual([true, false, false]);
    model.draw({ from: 4_990, to: 5_010, stop: 5_000, find: [] });
    await vi.waitFor(() => expect([known(5), known(5_000), known(length - 1)]).toEqual([true, true, true]));
    expect(replica.contacts.size).toBeLessThan(600);
    model.draw(undefined);
    // What main takes back is let go of in slices, as the time of a frame allows.
    await vi.waitFor(() => expect(replica.contacts.size).toBeLessThan(150));
    expect(known(5_000)).toBe(false);
  });

  it("draws and finds people in a list of many small groups", async () => {
    const people = largeCompany(1_500).map((person, n) => ({
      ...person,
      groups: [`Team ${String(Math.floor(n / 3)).padStart(3, "0")}`],
    }));
    const { ui, model } = await setUp({ accounts: [xmppAccount], contacts: people });
    model.draw({ from: 900, to: 940, stop: 0, find: [] });
    await vi.waitFor(() => {
      const rows = Array.from({ length: 40 }, (_, n) => model.rows.value.at(900 + n));
      expect(rows.every((row) => row?.kind !== "contact" || row.id !== undefined)).toBe(true);
    });
    ui.filter.value = people[700]?.address ?? "";
    await vi.waitFor(() => expect(model.found.value).toBe(1));
  });

  it("puts a renamed person in their new place, and says where", async () => {
    const { fake, model } = await setUp({ accounts: [xmppAccount], contacts: smallCompany() });
    const bob = `${xmppAccount.id}|bob@corp.example`;
    const isFirst = async (): Promise<boolean> => (await model.find("", 12))[1]?.id === bob;
    expect(await isFirst()).toBe(true);
    model.draw({ from: 0, to: 5, stop: 0, find: [bob] });
    await vi.waitFor(() => expect(model.places.value).toMatchObject([{ id: bob }]));
    const before = model.rows.value.find(bob);
    expect(model.rows.value.indexOf(model.places.value[0] ?? { group: "" })).toBe(before);
    fake.publish([{ op: "patch", table: "contacts", id: bob, fields: { name: "Zz" } }]);
    await vi.waitFor(() => expect(model.rows.value.find(bob)).toBeGreaterThan(before));
    expect(await isFirst()).toBe(false);
    expect(model.rows.value.indexOf(model.places.value[0] ?? { group: "" })).toBe(model.rows.value.find(bob));
    fake.publish([{ op: "patch", table: "contacts", id: bob, fields: { name: "Ängström, Bob" } }]);
    await vi.waitFor(async () => expect(await isFirst()).toBe(true));
  });

  it("finds by first letters from a row on, accents folded, and no one who is not there", async () => {
    const person = (name: string, group: string) => ({
      ...(smallCompany()[0] as ContactRecord),
      id: `${xmppAccount.id}|${name.toLowerCase()}@x.example`,
      name,
      groups: [group],
      pinned: false,
    });
    const contacts = [person("Ann", "A"), person("Émil", "A"), person("Eva", "B")];
    const { ui, model } = await setUp({ accounts: [xmppAccount], contacts });
    const jumps = async (text: string, ...from: number[]): Promise<number[]> =>
      Promise.all(from.map((at) => model.typeahead(text, at)));
    expect(await jumps("e", 0, 2, 4)).toEqual([2, 4, 2]);
    expect(await jumps("ev", 0, 4)).toEqual([4, 4]);
    expect(await jumps("b", 0)).toEqual([3]);
    expect(await jumps("zz", 0)).toEqual([-1]);
    // Main is still being told of the last change when the letter comes.
    model.draw({ from: 0, to: 3, stop: 1, find: [] });
    ui.collapsed.value = new Set(["group:A"]);
    expect(await jumps("e", 0)).toEqual([2]);
    ui.collapsed.value = new Set(["group:B"]);
    ui.collapsed.value = new Set();
    expect(await jumps("e", 0)).toEqual([2]);
  });

  it("hides people who are offline, but not one whose messages are unread", async () => {
    const { fake, replica, model } = await setUp({
      ...scenarios.company(),
      settings: [{ id: "ShowOffline", value: false, origin: "user" }],
    });
    const romeo = `${xmppAccount.id}|romeo@corp.example`;
    expect(replica.roster.get("roster")?.people).toBe(12);
    expect(names(model.rows.value)).not.toContain(romeo);
    fake.receive(romeo, "Are you there?");
    await vi.waitFor(() => expect(names(model.rows.value)).toContain(romeo));
  });

  it("counts unread messages and orders recent chats", async () => {
    const { fake, model } = await setUp(scenarios.company());
    expect(model.unread.value).toBe(3);
    const carol = `${xmppAccount.id}|carol@partner.example`;
    fake.receive(carol, "Hello");
    await vi.waitFor(() => expect(model.unread.value).toBe(4));
    expect(model.recent.value[0]).toBe(carol);
  });
});
