import type { Op, Snapshot, Update } from "../../shared/ipc/updates.ts";
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

export interface AppWindowParts {
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
}

export function createAppWindow(parts: AppWindowParts): AppWindow {
  return new ShownTables(parts);
}

class ShownTables implements AppWindow {
  readonly notifier: Notifier;
  readonly roster: RosterRequests;
  readonly #parts: AppWindowParts;
  readonly #rest: Rest;
  readonly #publisher: Publisher;
  readonly #view: RosterView;
  #attention: Attention = { focused: false };

  constructor(parts: AppWindowParts) {
    const { host, tables, ops, words, get, lock, collect } = parts;
    this.#parts = parts;
    this.#rest = new Rest(collect);
    this.#publisher = new Publisher((update) => this.#send(update));
    const publisher = this.#publisher;
    this.#view = new RosterView({ tables, publish: (op) => publisher.add(op), locale: () => words().locale });
    const view = this.#view;
    this.roster = {
      async show(state) {
        await view.show(state);
        publisher.flush();
      },
      find: (...search) => view.find(...search),
      typeahead: (...search) => view.typeahead(...search),
      unread: (...from) => view.unread(...from),
    };
    this.notifier = createNotifier({
      host,
      tables,
      words,
      attention: () => this.#attention,
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
    ops.add((op) => this.#pass(op));
  }

  get tables(): TablesWriter {
    return this.#parts.tables;
  }

  attention(next: Attention): void {
    this.#attention = next;
    this.notifier.looked();
  }

  snapshot(): Snapshot {
    const { tables, lock } = this.#parts;
    const contacts = this.#view.snapshot();
    const snapshot = { seq: this.#publisher.flush(), tables: { ...tables.snapshot(), contacts } };
    return lock.lockedBy ? lockedSnapshot(snapshot) : snapshot;
  }

  renew(): void {
    this.#publisher.skip();
  }

  covered(): void {
    const { host, lock } = this.#parts;
    if (lock.lockedBy) {
      this.#attention = { focused: false };
      host.clearNotifications();
    } else host.closeNotification("locked");
    this.#publisher.skip();
  }

  close(): void {
    this.#view.close();
    this.#publisher.close();
    this.#rest.close();
  }

  #send(update: Update): void {
    const { host, tables, lock } = this.#parts;
    host.send({ kind: "update", update: lock.lockedBy ? lockedUpdate(update) : update });
    if (update.ops.some((op) => op.table === "conversations"))
      host.setBadge([...tables.all("conversations")].reduce((sum, { unread }) => sum + unread, 0));
  }

  /** A change of the tables, on its way to whoever is told of it. */
  #pass(op: Op): void {
    this.#rest.note(1);
    for (const told of this.#view.pass(op)) this.#publisher.add(told);
    if (op.op === "put" && op.table === "accounts") this.notifier.account(op.record);
    else if (op.op === "remove" && op.table === "accounts") this.notifier.accountRemoved(op.id);
    else if (op.table === "conversations" && isRead(op)) this.notifier.read(op.id);
  }
}

/** So many operations on the live state are a burst: a long contact list, a catch-up. */
const burst = 1_000;
/** How long there is none before it counts as over, in milliseconds. */
const quiet = 5_000;

/**
 * Collection of garbage after a burst. Most of what a burst leaves is garbage, and V8 keeps it as long as nothing else
 * wants the room: of a list of 10,000 contacts that was read and shown, four fifths. So once it is quiet after a burst,
 * `collect` is called, and not again before the next one.
 */
export class Rest {
  readonly #collect: () => void;
  #noted = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(collect: () => void) {
    this.#collect = collect;
  }

  /** There were so many operations on the live state, whether or not the window is told of them. */
  note(operations: number): void {
    this.#noted += operations;
    if (this.#noted < burst) return;
    // One timer a burst, set back by each of its operations: there are thousands of them.
    if (this.#timer !== undefined) {
      this.#timer.refresh();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#noted = 0;
      this.#timer = undefined;
      this.#collect();
    }, quiet);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
