import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Op } from "../../../shared/ipc/updates.ts";
import type { AccountRecord } from "../../../shared/model/account.ts";
import type { ContactRecord } from "../../../shared/model/contact.ts";
import type { RosterViewState } from "../../../shared/model/roster.ts";
import { createTables, type TablesWriter } from "../tables.ts";
import { person } from "./people.test-helper.ts";
import { RosterView } from "./roster-view.ts";

let tables: TablesWriter;
let view: RosterView;
/** Updates that the window is told. */
let told: Op[];
/** Records that it has then. */
let held: Map<string, ContactRecord>;

const start: RosterViewState = { filter: "", folded: [], rows: [], people: [], find: [] };
const show = (state: Partial<RosterViewState>): Promise<void> => view.show({ ...start, ...state });
const idOf = (n: number): string => crowd(n).id;
const crowd = (n: number): ContactRecord =>
  person(`Person ${String(n).padStart(5, "0")}`, { groups: [n % 2 === 0 ? "Even" : "Odd"] });
const rows = (): readonly string[] =>
  tables.get("roster", "roster")?.rows.map(({ group, from, ids }) => `${group} ${from}+${ids.length}`) ?? [];
const put = (...people: readonly ContactRecord[]): void => {
  for (const one of people) tables.put("contacts", one);
};
const fill = async (size: number): Promise<void> => {
  put(...Array.from({ length: size }, (_, n) => crowd(n)));
  await vi.waitFor(() => expect(tables.get("roster", "roster")?.people).toBe(size));
};

function tell(op: Op): void {
  told.push(op);
  if (op.table !== "contacts") return;
  if (op.op === "put") held.set(op.id, op.record);
  else if (op.op === "remove") held.delete(op.id);
  else {
    const before = held.get(op.id);
    if (before === undefined) throw new Error("A change of somebody whom the window does not have");
    held.set(op.id, { ...before, ...op.fields } as ContactRecord);
  }
}

beforeEach(() => {
  told = [];
  held = new Map();
  tables = createTables((op) => {
    for (const one of view.pass(op)) tell(one);
  });
  view = new RosterView({ tables, publish: tell, locale: () => "en" });
  tables.put("accounts", { id: "account-1", state: "online" } as unknown as AccountRecord);
});
afterEach(() => view.close());

describe("the contact list as the window has it", () => {
  it("is whole in its groups, and of its people it has the first ones", async () => {
    await fill(1_000);
    expect([...tables.all("groups")]).toEqual([
      { id: "group:Even", place: 0, total: 500, shown: 500, online: 0 },
      { id: "group:Odd", place: 1, total: 500, shown: 500, online: 0 },
    ]);
    expect(rows()).toEqual(["group:Even 0+99"]);
    expect([held.size, held.has(idOf(0)), held.has(idOf(196)), held.has(idOf(198))]).toEqual([99, true, true, false]);
  });

  it("has the rows that are drawn, the people elsewhere, and lets go of those that are no more", async () => {
    await fill(1_000);
    await show({ rows: [{ group: "group:Odd", from: 490, to: 600 }], people: [idOf(500)], open: idOf(502) });
    expect(rows()).toEqual(["group:Odd 490+10", "group:Even 0+99"]);
    expect([held.has(idOf(981)), held.has(idOf(979)), held.has(idOf(500)), held.has(idOf(502))]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    await show({});
    expect([held.size, held.has(idOf(981)), held.has(idOf(500)), held.has(idOf(502))]).toEqual([
      99,
      false,
      false,
      false,
    ]);
  });

  it("holds two thousand people at most, however many are asked for", async () => {
    await fill(5_000);
    await show({ rows: [{ group: "group:Odd", from: 0, to: 5_000 }] });
    expect(held.size).toBe(2_000);
  });

  it("tells of the presence of those whom it has, and of nobody else", async () => {
    await fill(1_000);
    told = [];
    for (const n of [0, 999]) tables.patch("contacts", idOf(n), { presence: { availability: "away" } });
    expect(told.map(({ id }) => id)).toEqual([idOf(0)]);
    await vi.waitFor(() => expect(tables.get("groups", "group:Odd")?.online).toBe(1));
    await show({ rows: [{ group: "group:Odd", from: 490, to: 500 }] });
    expect(held.get(idOf(999))?.presence.availability).toBe("away");
  });

  it("is told of changed records of those whom it shows, and of nobody else", async () => {
    await fill(1_000);
    await show({ people: [idOf(501)], open: idOf(503) });
    told = [];
    for (const n of [0, 501, 503, 505]) put({ ...crowd(n), address: `changed${n}@x.example` });
    const changed = told.flatMap((op) => (op.op === "put" && op.table === "contacts" ? [op.id] : []));
    expect(changed).toEqual([idOf(0), idOf(501), idOf(503)]);
  });

  it("has those with a conversation and those who are blocked, wherever they stand", async () => {
    await fill(1_000);
    tables.put("conversations", {
      id: idOf(501),
      accountId: "account-1",
      kind: "direct",
      address: "one@x.example",
      unread: 0,
      typing: false,
    });
    tables.put("blocked", { id: idOf(503), accountId: "account-1", address: "x", scope: "person", at: 0 });
    expect([held.has(idOf(501)), held.has(idOf(503)), held.has(idOf(505))]).toEqual([true, true, false]);
    // Their rows are not drawn, but the person comes before what is said of them.
    const of = told.filter(({ id }) => id === idOf(501)).map(({ table }) => table);
    expect(of).toEqual(["contacts", "conversations"]);
    tables.patch("contacts", idOf(501), { name: "Zoe" });
    expect(held.get(idOf(501))?.name).toBe("Zoe");
    const again = new Set(view.snapshot().map(({ id }) => id));
    expect([again.has(idOf(501)), again.has(idOf(503)), again.has(idOf(505)), again.size]).toEqual([
      true,
      true,
      false,
      101,
    ]);
    tables.remove("conversations", idOf(501));
    await show({});
    expect(held.has(idOf(501))).toBe(false);
  });

  it("is there at once in a snapshot while the list is short", () => {
    put(person("Ann"), person("Bob"));
    expect(view.snapshot().map(({ name }) => name)).toEqual(["Ann", "Bob"]);
    expect(tables.get("groups", "ungrouped")).toMatchObject({ total: 2, shown: 2 });
  });

  it("is narrowed as one types, with all groups open, and whole again afterwards", async () => {
    await fill(100);
    await show({ folded: ["group:Even", "group:Odd"] });
    expect(rows()).toEqual([]);
    await show({ folded: ["group:Even"], filter: "pers 0001" });
    expect(tables.get("roster", "roster")).toMatchObject({ filter: "pers 0001", found: 11 });
    expect(rows()).toEqual(["group:Even 0+5", "group:Odd 0+6"]);
    await show({ folded: ["group:Even"] });
    expect(tables.get("roster", "roster")).toMatchObject({ filter: "", found: 100, groups: ["Even", "Odd"] });
    expect(rows()).toEqual(["group:Odd 0+50"]);
  });

  it("says where those stand who are to be found again, in every group", async () => {
    await fill(10);
    put(person("Person 00000 a", { id: "account-1|a@x.example", groups: ["Even", "Odd"] }));
    await show({ find: ["account-1|a@x.example"] });
    expect(tables.get("roster", "roster")?.places).toEqual([
      { id: "account-1|a@x.example", group: "group:Even", at: 1 },
      { id: "account-1|a@x.example", group: "group:Odd", at: 0 },
    ]);
  });

  it("leaves out who is offline where the person wants that, except the open chat and unread messages", async () => {
    await fill(10);
    tables.put("settings", { id: "ShowOffline", value: false, origin: "user", locked: false });
    await vi.waitFor(() => expect(rows()).toEqual([]));
    await show({ open: idOf(2) });
    expect(tables.get("groups", "group:Even")).toMatchObject({ total: 5, shown: 1 });
    tables.put("conversations", {
      id: idOf(4),
      accountId: "account-1",
      kind: "direct",
      address: "one@x.example",
      unread: 1,
      typing: false,
    });
    tables.patch("contacts", idOf(6), { presence: { availability: "busy" } });
    await vi.waitFor(() => expect(rows()).toEqual(["group:Even 0+3"]));
    tables.patch("contacts", idOf(6), { presence: { availability: "offline" } });
    await vi.waitFor(() => expect(rows()).toEqual(["group:Even 0+2"]));
  });

  it("counts nobody as there while the account is not connected", async () => {
    await fill(2);
    tables.patch("accounts", "account-1", { state: "waiting" });
    await vi.waitFor(() => expect(tables.get("groups", "group:Even")?.online).toBeUndefined());
  });

  it("finds people by name and address, in order, and those who have not answered", async () => {
    await fill(1_000);
    const names = async (...search: Parameters<RosterView["find"]>): Promise<string[]> =>
      (await view.find(...search)).map(({ name }) => name);
    expect(await names("pers 0099", 3, false)).toEqual(["Person 00099", "Person 00990", "Person 00991"]);
    expect(await names("person.00007@", 3, false)).toEqual(["Person 00007"]);
    put(person("Zoe", { asked: true, subscription: "none" }));
    expect(await names("", 3, true)).toEqual(["Zoe"]);
  });

  it("leads to the next unread conversation in the order of the list, and to those without a row last", async () => {
    await fill(10);
    const stranger = "account-1|stranger@x.example";
    for (const id of [stranger, idOf(3), idOf(4)])
      tables.put("conversations", {
        id,
        accountId: "account-1",
        kind: "direct",
        address: "one@x.example",
        unread: 1,
        typing: false,
      });
    await show({});
    const walk = (direction: 1 | -1): (string | undefined)[] => {
      const seen: (string | undefined)[] = [];
      for (let at: string | undefined, n = 0; n < 4; n++) seen.push((at = view.unread(at, direction)));
      return seen;
    };
    expect(walk(1)).toEqual([idOf(4), idOf(3), stranger, idOf(4)]);
    expect(walk(-1)).toEqual([stranger, idOf(3), idOf(4), stranger]);
    await show({ folded: ["group:Even"] });
    expect(walk(1)).toEqual([idOf(3), stranger, idOf(4), idOf(3)]);
  });
});
