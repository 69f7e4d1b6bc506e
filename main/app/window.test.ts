import { describe, expect, it } from "vitest";
import type { Op } from "../../shared/ipc/updates.ts";
import { Listeners } from "../../shared/listeners.ts";
import type { LockedBy } from "../../shared/model/app.ts";
import { settings } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { createWords } from "../../shared/words/words.ts";

import type { Host } from "../host/host.ts";
import { createAppStatus } from "../store/app-status.ts";
import { createTables } from "../store/tables.ts";
import { createAppWindow } from "./window.ts";

const accountId = "account-1";
const [bob, ann] = [`${accountId}|bob@x`, `${accountId}|ann@x`];

function opened() {
  const standing = new Set<string>();
  const lock: { by?: LockedBy } = {};
  const ops = new Listeners<Op>();
  const window = createAppWindow({
    tables: createTables((op) => ops.emit(op)),
    ops,
    host: {
      notify: ({ tag }: { readonly tag: string }) => void standing.add(tag),
      closeNotification: (tag: string) => void standing.delete(tag),
      clearNotifications: () => standing.clear(),
      send: () => undefined,
      setBadge: () => undefined,
    } as unknown as Host,
    words: () => createWords("en"),
    get: ((key) => settings[key].default) as ReadSetting,
    lock: {
      get lockedBy() {
        return lock.by;
      },
    },
    collect: () => undefined,
  });
  createAppStatus(window.tables, { version: "0", host: "chromium", locale: "en" });
  for (const id of [bob, ann])
    window.tables.put("conversations", {
      id,
      accountId,
      kind: "direct",
      address: "bob@x.example",
      unread: 1,
      typing: false,
    });
  const arrive = (conversationId: string): void =>
    window.notifier.arrived([
      {
        record: {
          id: `m ${conversationId}`,
          conversationId,
          accountId,
          direction: "in",
          author: { isSelf: false },
          body: "hi",
          at: 1,
          seq: 1,
          state: "received",
        },
        incoming: {
          peer: conversationId,
          direction: "in",
          author: { address: conversationId, isSelf: false },
          id: "m",
          archiveId: undefined,
          body: "hi",
          at: undefined,
          delayed: false,
          via: "live",
          wantsDelivered: false,
          wantsRead: false,
        },
      },
    ]);
  return { window, standing, lock, arrive };
}

describe("what stands on the desktop", () => {
  it("goes when its conversation has been read, wherever that was, and no sooner", () => {
    const { window, standing, arrive } = opened();
    for (const id of [bob, ann]) arrive(id);
    window.tables.patch("conversations", bob, { typing: true });
    window.tables.patch("conversations", bob, { unread: 2 });
    expect([...standing]).toEqual([bob, ann]);
    window.tables.patch("conversations", bob, { unread: 0, firstUnread: null });
    expect([...standing]).toEqual([ann]);
    window.tables.remove("conversations", ann);
    expect([...standing]).toEqual([]);
    window.close();
  });

  it("goes when Hallway is locked, and what was told while it was locked when it is opened", () => {
    const { window, standing, lock, arrive } = opened();
    arrive(bob);
    lock.by = "password";
    window.covered();
    expect([...standing]).toEqual([]);
    arrive(ann);
    expect([...standing]).toEqual(["locked"]);
    delete lock.by;
    window.covered();
    expect([...standing]).toEqual([]);
    window.close();
  });
});
