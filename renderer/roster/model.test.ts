import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { createWords } from "../../shared/words/words.ts";
import { createFakeMain, type FakeState } from "../dev/fake-main.ts";
import { largeCompany, smallCompany, xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { createClient } from "../ipc/client.ts";
import { createReplica } from "../state/replica.ts";
import { createUi } from "../state/ui.ts";
import { createRosterModel } from "./model.ts";

async function setUp(state: FakeState) {
  const fake = createFakeMain(state);
  const replica = createReplica({
    client: createClient(fake.transport),
    schedule: (work) => {
      const timer = setTimeout(work);
      return () => clearTimeout(timer);
    },
    elapsed: () => performance.now(),
  });
  const ui = createUi();
  const model = createRosterModel({ replica, ui, words: signal(createWords("en")) });
  replica.start();
  await vi.waitFor(() => expect(replica.ready.value).toBe(true));
  return { fake, replica, ui, model };
}
const names = (rows: readonly { readonly kind: string; readonly id?: string }[]): string[] =>
  rows.flatMap((row) => (row.kind === "contact" ? [row.id ?? ""] : []));

describe("roster model", () => {
  it("filters as one types, folding accents, and opens folded groups meanwhile", async () => {
    const { ui, model } = await setUp(scenarios.company());
    ui.collapsed.value = new Set(["group:Treasury"]);
    expect(model.found.value).toBeUndefined();
    ui.filter.value = "emi lef";
    expect(model.found.value).toBe(1);
    expect(names(model.rows.value)).toEqual([`${xmppAccount.id}|emilie@corp.example`]);
    ui.filter.value = "nobody at all";
    expect(model.rows.value).toEqual([]);
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

  it("keeps the same rows while ten thousand presences change", async () => {
    const people = largeCompany(10_000);
    const { fake, replica, model } = await setUp({ accounts: [xmppAccount], contacts: people });
    const rows = model.rows.value;
    expect(rows.length).toBeGreaterThan(10_000);
    fake.publish(
      people.map(({ id }) => ({ op: "patch", table: "contacts", id, fields: { presence: { availability: "busy" } } })),
    );
    await vi.waitFor(() => expect(replica.contacts.peek(people.at(-1)?.id ?? "")?.presence.availability).toBe("busy"));
    expect(model.rows.value).toBe(rows);
  });

  it("puts a renamed person in their new place", async () => {
    const { fake, model } = await setUp({ accounts: [xmppAccount], contacts: smallCompany() });
    const bob = `${xmppAccount.id}|bob@corp.example`;
    expect(model.sorted.value[1]?.id).toBe(bob);
    fake.publish([{ op: "patch", table: "contacts", id: bob, fields: { name: "Ängström, Bob" } }]);
    await vi.waitFor(() => expect(model.sorted.value.map(({ id }) => id).indexOf(bob)).toBe(1));
    fake.publish([{ op: "patch", table: "contacts", id: bob, fields: { name: "Zz" } }]);
    await vi.waitFor(() => expect(model.sorted.value.at(-2)?.id).toBe(bob));
  });

  it("hides people who are offline, but not one whose messages are unread", async () => {
    const { fake, replica, model } = await setUp({
      ...scenarios.company(),
      settings: [{ id: "ShowOffline", value: false, origin: "user" }],
    });
    const romeo = `${xmppAccount.id}|romeo@corp.example`;
    expect(replica.contacts.size).toBe(12);
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
