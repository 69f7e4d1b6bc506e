import { describe, expect, it } from "vitest";
import type { Op } from "../../shared/ipc/updates.ts";
import type { Profile } from "../profile/profile.ts";
import { createAccountRecords } from "./account-records.ts";
import { createAppStatus } from "./app-status.ts";
import { person } from "./roster/people.test-helper.ts";
import { createTables } from "./tables.ts";
import { WindowPlaces } from "./window-places.ts";

const ann = person("Ann", { groups: ["A"] });

function made() {
  const ops: Op[] = [];
  return { ops, tables: createTables((op) => ops.push(op)) };
}

describe("the live state", () => {
  it("tells of each change once, of those that change nothing never, and of nothing that is not there", () => {
    const { ops, tables } = made();
    tables.put("contacts", ann);
    ops.length = 0;
    expect(tables.patch("contacts", ann.id, { name: "Ann", groups: ["A"], unnamed: null })).toBe(ann);
    expect(tables.patch("contacts", "other|x@y.test", { name: "X" })).toBeUndefined();
    tables.remove("contacts", "other|x@y.test");
    expect(ops).toEqual([]);
    tables.remove("contacts", ann.id);
    tables.remove("contacts", ann.id);
    expect([ops, tables.size("contacts")]).toEqual([[{ op: "remove", table: "contacts", id: ann.id }], 0]);
  });

  it("changes the fields that are named and others than before, in a new record", () => {
    const { ops, tables } = made();
    tables.put("contacts", { ...ann, unnamed: true });
    const before = tables.get("contacts", ann.id);
    const after = tables.patch("contacts", ann.id, { name: "Anna", groups: ["A"], unnamed: null });
    expect(after).toEqual({ ...ann, name: "Anna" });
    expect([before?.name, after && "unnamed" in after, tables.get("contacts", ann.id)]).toEqual(["Ann", false, after]);
    expect(ops.at(-1)).toMatchObject({ op: "patch", fields: { name: "Anna", unnamed: null } });
    expect(Object.keys((ops.at(-1) as { fields: object }).fields)).toEqual(["name", "unnamed"]);
  });

  it.each<[string, object, object]>([
    ["one group more", { groups: ["A"] }, { groups: ["A", "B"] }],
    ["another group", { groups: ["A"] }, { groups: ["B"] }],
    ["a field more", { presence: { availability: "away" } }, { presence: { availability: "away", status: "s" } }],
    [
      "another value",
      { presence: { availability: "away", status: "s" } },
      { presence: { availability: "away", status: "t" } },
    ],
    ["a field in another's place", { presence: { a: 1 } }, { presence: { b: 1 } }],
    ["a list in the place of an object", { presence: {} }, { presence: [] }],
    ["nothing in its place", { presence: {} }, { presence: null }],
    ["a number that is no text", { name: "1" }, { name: 1 }],
  ])("takes %s for a change", (_, before, after) => {
    const { ops, tables } = made();
    tables.put("contacts", { ...ann, ...before });
    tables.patch("contacts", ann.id, structuredClone(before));
    expect(ops).toHaveLength(1);
    tables.patch("contacts", ann.id, after);
    expect(ops).toHaveLength(2);
  });

  it("is snapped without the people, and hands messages through", () => {
    const { ops, tables } = made();
    createAppStatus(tables, { version: "0", host: "chromium", locale: "en" });
    tables.put("contacts", ann);
    tables.put("groups", { id: "ungrouped", place: 0, total: 1, shown: 1 });
    const snapshot = tables.snapshot();
    expect(Object.entries(snapshot).map(([name, records]) => [name, records.length])).toEqual([
      ["app", 1],
      ["networks", 0],
      ["accounts", 0],
      ["groups", 1],
      ["roster", 0],
      ["conversations", 0],
      ["requests", 0],
      ["blocked", 0],
      ["settings", 0],
    ]);
    ops.length = 0;
    tables.unpublishMessage("m");
    tables.forgetMessages("all");
    expect(ops).toEqual([
      { op: "remove", table: "messages", id: "m" },
      { op: "forget", table: "messages", id: "all" },
    ]);
  });
});

describe("what is known of the program", () => {
  function status() {
    const { ops, tables } = made();
    const app = createAppStatus(tables, { version: "0", host: "chromium", locale: "en" });
    return { app, ops, record: () => tables.get("app", "app"), tables };
  }

  it("says of the vault only what holds of it now", () => {
    const { app, record } = status();
    app.vault({
      state: "locked",
      kind: "passphrase",
      progress: 0.5,
      reason: "secret-store-locked",
      error: { code: "vault-locked" },
    });
    expect(record()).toMatchObject({
      vault: "locked",
      vaultKind: "passphrase",
      vaultProgress: 0.5,
      vaultReason: "secret-store-locked",
    });
    app.vault({ state: "ready" });
    expect(Object.keys(record() ?? {}).filter((key) => key.startsWith("vault"))).toEqual(["vault"]);
  });

  it("holds a notice until that is over, and one of a worker that ended for good", () => {
    const { app, record } = status();
    app.notice({ code: "storage-full" });
    app.settled(["storage-failed"]);
    expect(record()?.notice).toEqual({ code: "storage-full" });
    app.settled(["storage-failed", "storage-full"]);
    expect(record()?.notice).toBeUndefined();
    const ended = { code: "storage-failed", params: { reason: "worker-ended" } } as const;
    app.notice(ended);
    app.settled(["storage-failed"]);
    expect(record()?.notice).toEqual(ended);
  });

  it("counts changes of policy, and says each other thing as long as it holds", () => {
    const { app, record, ops } = status();
    app.policyChanged();
    app.policyChanged();
    app.notices({ pending: true });
    app.lock("passphrase");
    app.archive({ code: "archive-unavailable" } as never);
    expect(record()).toMatchObject({ policy: 2, noticePending: true, lockedBy: "passphrase" });
    app.notices({ pending: false });
    app.lock(undefined);
    app.archive(undefined);
    for (const field of ["noticePending", "lockedBy", "archiveBlocked"]) expect(record()).not.toHaveProperty(field);
    const problem = [{ code: "invalid-address" }] as const;
    app.incomplete(problem);
    const before = ops.length;
    app.incomplete([...problem]);
    expect([ops.length, record()?.incomplete]).toEqual([before, [...problem]]);
    app.incomplete([]);
    expect(record()).not.toHaveProperty("incomplete");
  });

  it("tells of the settings that are others than before, and of no more", () => {
    const { app, ops } = status();
    const record = (id: string, value: boolean) => ({ id, value }) as never;
    app.settings([record("A", true), record("B", true)]);
    ops.length = 0;
    app.settings([record("A", true), record("B", false)]);
    expect(ops.map((op) => "id" in op && op.id)).toEqual(["B"]);
  });

  it("signs in at a start with the presence of before, where that can be read and is one", () => {
    const records = createAccountRecords(made().tables);
    expect(records.restorePresence('{"availability":"busy"}')).toEqual({ availability: "busy" });
    for (const text of ['{"availability":"offline"}', '{"availability":"asleep"}', "{", ""])
      expect(records.restorePresence(text)).toBeUndefined();
  });
});

describe("how the window was left", () => {
  it("is kept of people who are there, and read where it can be", async () => {
    const { tables } = made();
    tables.put("contacts", ann);
    let kept: string | undefined;
    let write = Promise.withResolvers<void>();
    const profile = {
      get: async () => kept,
      put: (entries: readonly { readonly value: string | undefined }[]) => {
        kept = entries[0]?.value;
        return write.promise;
      },
    } as unknown as Profile;
    const places = new WindowPlaces({ profile, tables });
    const place = (id: string) => ({ conversationId: id, messageId: "123e4567-e89b-42d3-a456-426614174000" });
    let isSaved = false;
    const saving = places
      .save({ folded: ["pinned"], places: [place(ann.id), place("account-1|gone@x.example")] })
      .then(() => (isSaved = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSaved).toBe(false);
    write.resolve();
    write = Promise.withResolvers();
    await saving;
    expect(await places.load()).toEqual({ folded: ["pinned"], places: [place(ann.id)] });
    for (const broken of ["{", '{"folded":1}', undefined]) {
      kept = broken;
      expect(await places.load()).toBeUndefined();
    }
  });
});
