import type { Op, Snapshot } from "../../shared/ipc/updates.ts";
import type { Listeners } from "../../shared/listeners.ts";
import type { LockedBy } from "../../shared/model/app.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import type { Words } from "../../shared/words/words.ts";

import type { Host } from "../host/host.ts";
import { Publisher } from "../ipc/publish.ts";
import { lockedSnapshot, lockedUpdate } from "../lock/locked-view.ts";
import { type Attention, createNotifier, type Notifier } from "../notifications/notifier.ts";
import { type RosterRequests, RosterView } from "../store/roster/roster-view.ts";
import type { TablesWriter } from "../store/tables.ts";
import { createRest } from "./rest.ts";

/** The live tables and whoever is told of them: the window, the badge, the desktop's notifications. */
export interface AppWindow {
  readonly tables: TablesWriter;
  readonly notifier: Notifier;
  /** Resolves when everything that follows from `show` has been sent. */
  readonly roster: RosterRequests;
  /** Sets what the person looks at now. */
  attention(next: Attention): void;
  /** Everything that the window may know now. */
  snapshot(): Snapshot;
  /** Has the window ask for everything again. */
  renew(): void;
  /** It is locked now, or open again: what it may know is another thing, and what stands on the desktop goes. */
  covered(): void;
  close(): void;
}

/** Nothing of a conversation is unread (any more), here or on another device, or it is gone. */
function isRead(op: Op): boolean {
  if (op.op === "remove") return true;
  if (op.table !== "conversations") return false;
  return (op.op === "put" && op.record.unread === 0) || (op.op === "patch" && op.fields.unread === 0);
}

export function createAppWindow(parts: {
  readonly host: Host;
  readonly tables: TablesWriter;
  /** Every change of the tables. */
  readonly ops: Listeners<Op>;
  readonly words: () => Words;
  readonly get: ReadSetting;
  /** Undefined while the window is not locked. */
  readonly lock: { readonly lockedBy: LockedBy | undefined };
  /** Gives back memory that a burst took. */
  readonly collect: () => void;
}): AppWindow {
  const { host, tables, words, get, lock, collect } = parts;
  let attention: Attention = { focused: false };
  const rest = createRest(collect);
  const publisher = new Publisher((update) => {
    host.send({ kind: "update", update: lock.lockedBy ? lockedUpdate(update) : update });
    if (update.ops.some((op) => op.table === "conversations"))
      host.setBadge([...tables.all("conversations")].reduce((sum, { unread }) => sum + unread, 0));
  });
  const roster = new RosterView({ tables, publish: (op) => publisher.add(op), locale: () => words().locale });
  const notifier = createNotifier({
    host,
    tables,
    words,
    attention: () => attention,
    enabled: () => get("NotificationsEnabled"),
    preview: () => get("NotificationPreviewEnabled"),
    open(conversationId, messageId) {
      void host
        .showWindow()
        .then(
          () =>
            lock.lockedBy ??
            host.send({ kind: "command", command: { name: "open-conversation", conversationId, messageId } }),
        );
    },
    locked: () => lock.lockedBy !== undefined,
    showWindow: () => void host.showWindow(),
    openSettings() {
      void host.showWindow().then(() => host.send({ kind: "command", command: { name: "open-settings" } }));
    },
  });
  parts.ops.add((op) => {
    rest.note(1);
    for (const told of roster.pass(op)) publisher.add(told);
    if (op.op === "put" && op.table === "accounts") notifier.account(op.record);
    else if (op.op === "remove" && op.table === "accounts") notifier.accountRemoved(op.id);
    else if (op.table === "conversations" && isRead(op)) notifier.read(op.id);
  });
  return {
    tables,
    notifier,
    roster: {
      async show(state) {
        await roster.show(state);
        publisher.flush();
      },
      find: (...search) => roster.find(...search),
      typeahead: (...search) => roster.typeahead(...search),
      unread: (...from) => roster.unread(...from),
    },
    attention(next) {
      attention = next;
      notifier.looked();
    },
    snapshot() {
      const contacts = roster.snapshot();
      const snapshot = { seq: publisher.flush(), tables: { ...tables.snapshot(), contacts } };
      return lock.lockedBy ? lockedSnapshot(snapshot) : snapshot;
    },
    renew: () => publisher.skip(),
    covered() {
      if (lock.lockedBy) {
        attention = { focused: false };
        host.clearNotifications();
      } else host.closeNotification("locked");
      publisher.skip();
    },
    close() {
      roster.close();
      publisher.close();
      rest.close();
    },
  };
}
