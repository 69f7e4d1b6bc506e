import { expect, it } from "vitest";
import type { Op } from "../../shared/ipc/updates.ts";
import type { AppRecord } from "../../shared/model/app.ts";
import { lockedSnapshot, lockedUpdate } from "./locked-view.ts";

const app = {
  id: "app",
  version: "1",
  platform: "linux",
  host: "chromium",
  locale: "en",
  vault: { state: "ready" },
  presence: { availability: "busy", status: "with a client" },
  noticePending: true,
  lockedBy: "password",
} as unknown as AppRecord;
const setting = (id: string) => ({ id, value: "v", source: "default" }) as never;
const put = (table: string, id: string, record: unknown): Op => ({ op: "put", table, id, record }) as never;

it("a locked window is told how it looks and whom to ask, and nothing of people, messages or what the person does", () => {
  const tables = {
    app: [app],
    accounts: [{}],
    contacts: [{}],
    groups: [{}],
    roster: [{}],
    conversations: [{}],
    requests: [{}],
    blocked: [{}],
    settings: [setting("Theme"), setting("HistoryMode")],
  };
  const locked = lockedSnapshot({ seq: 7, tables } as never);
  expect(locked.seq).toBe(7);
  const { app: apps, settings, ...others } = locked.tables;
  expect(settings.map(({ id }) => id)).toEqual(["Theme"]);
  expect(Object.keys(others)).toEqual(expect.arrayContaining(["contacts", "conversations", "groups", "roster"]));
  expect(Object.values(others).flat()).toEqual([]);
  expect(apps).toMatchObject([{ version: "1", lockedBy: "password", presence: { availability: "available" } }]);
  expect(JSON.stringify(apps)).not.toMatch(/client|noticePending|busy/);
});

it("an update keeps its number and loses what a locked window may not know", () => {
  const ops = [
    put("settings", "Theme", setting("Theme")),
    put("settings", "HistoryMode", setting("HistoryMode")),
    put("app", "app", app),
    put("contacts", "c", {}),
    put("groups", "g", {}),
    put("roster", "roster", {}),
    { op: "remove", table: "app", id: "app" },
    { op: "remove", table: "messages", id: "m" },
    {
      op: "patch",
      table: "app",
      id: "app",
      fields: { presence: { availability: "busy" }, lockedBy: "passphrase", locale: "fr" },
    },
  ] as readonly Op[];
  const { seq, ops: left } = lockedUpdate({ seq: 3, ops });
  expect(seq).toBe(3);
  expect(left.map((op) => `${op.op} ${op.table} ${op.id}`)).toEqual([
    "put settings Theme",
    "put app app",
    "patch app app",
  ]);
  expect(JSON.stringify(left[1])).not.toMatch(/client|busy/);
  expect(left[2]).toMatchObject({ fields: { lockedBy: "passphrase", locale: "fr" } });
  expect(left[2]).not.toHaveProperty("fields.presence");
});
