import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import { directAuthor } from "../../shared/model/author.ts";
import { contactId } from "../../shared/model/contact.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { History } from "../history/history.ts";
import { openHistory } from "../history/open-history.ts";
import { workerUrl } from "../history/workers.test-helper.ts";
import { Connections } from "../networks/connections.ts";
import type { RosterItem } from "../networks/facets/contacts.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import type { Connection } from "../networks/network.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import { openProfile } from "../profile/open-profile.ts";
import type { Profile } from "../profile/profile.ts";
import { type Blocklist, createBlocklist } from "../store/blocklist.ts";
import { type Contacts, createContacts } from "../store/contacts.ts";
import { type Conversations, createConversations } from "../store/conversations.ts";
import { createIngest, type Ingest } from "../store/ingest.ts";
import { createRequests, type Requests, type StrangerChoices } from "../store/requests.ts";
import { createTables, type TablesWriter } from "../store/tables.ts";
import { createHeard } from "./heard.ts";
import { createMessaging, type Messaging } from "./messaging.ts";
import { createOwnChanges } from "./own-changes.ts";

export const account = "account-1";
const key = new Uint8Array(32).fill(7);
/** Text at which a stage fails. */
export const poison = "poison";
/** Somebody on the contact list. */
export const friend: RosterItem = {
  address: "juliet@x.example",
  name: "Juliet",
  groups: ["Treasury"],
  subscription: "both",
  asked: false,
};
/** Id of a contact, and of the conversation with them. */
export const id = (address: string): string => contactId(account, address);
/** A message from the friend, as it arrives. */
export const said = (over: Partial<IncomingMessage> = {}): IncomingMessage => ({
  peer: "juliet@x.example",
  direction: "in",
  author: directAuthor(over.direction ?? "in", { own: "me@x.example", peer: over.peer ?? "juliet@x.example" }),
  id: "wire-1",
  archiveId: undefined,
  body: "hello",
  at: undefined,
  delayed: false,
  via: "live",
  wantsDelivered: true,
  wantsRead: true,
  ...over,
});
/** Strangers as they are without a policy. */
export const strangers: StrangerChoices = {
  mode: () => "requests",
  content: () => "full",
  burst: () => undefined,
  keeps: () => true,
};

/** Everything that the parts around have been told, in order. */
interface Told {
  readonly ops: Op[];
  readonly settled: [wireId: string, again: boolean][];
  readonly accepted: string[];
  readonly arrivals: string[];
  readonly rewritten: string[];
  readonly ownChangesSeen: string[];
  readonly unsent: string[];
}

/** A disk that can be full, and what was said of it. */
interface Disk {
  /** Whether the history takes anything. */
  takes: boolean;
  /** Whether it gets to the files, not to memory alone. */
  keeps: boolean;
  readonly refusals: unknown[];
}

/** Takes a page of the archive. */
type Archive = (
  messages: readonly IncomingMessage[],
  page?: { readonly isFirstSync?: boolean; readonly changes?: readonly MessageChange[] },
) => Promise<void>;

/** Everything between the events of a network and the tables, over a folder. */
export interface Receiver extends Told {
  readonly profile: Profile;
  readonly history: History;
  readonly tables: TablesWriter;
  readonly contacts: Contacts;
  readonly requests: Requests;
  readonly blocklist: Blocklist;
  readonly conversations: Conversations;
  readonly messaging: Messaging;
  readonly disk: Disk;
  /** Goes on by a second each time that it is asked. */
  readonly clock: { time: number };
  readonly ingest: { readonly event: Ingest; readonly archive: Archive; idle(): Promise<void> };
  /** The person types something. */
  type(id: string, conversationId: string, body: string): Promise<unknown>;
  /** Everything anew over the same folder, as after a restart. */
  restart(): Promise<Receiver>;
  remove(): Promise<void>;
}

/** A receiver over a folder of its own. */
export async function openReceiver(): Promise<Receiver> {
  return await openOver(await mkdtemp(join(tmpdir(), "hallway-ingest-")));
}

async function openOver(folder: string): Promise<Receiver> {
  const worker = startDatabaseWorker(workerUrl);
  const onTrouble = (): void => undefined;
  const profile = await openProfile({ worker, folder, key, onTrouble });
  const disk: Disk = { takes: true, keeps: true, refusals: [] };
  const history = onDisk(disk, await openHistory({ worker, folder, key, mode: "encrypted", onTrouble }));
  const clock = { time: 1_000_000 };
  const told: Told = {
    ops: [],
    settled: [],
    accepted: [],
    arrivals: [],
    rewritten: [],
    ownChangesSeen: [],
    unsent: [],
  };
  const parts = compose({ profile, history, disk, clock, told });
  const end = async (): Promise<void> => {
    await parts.ingest.idle();
    await parts.contacts.save();
    await history.close();
    await profile.close();
    await worker.stop();
  };
  return {
    ...{ profile, history, disk, clock },
    ...told,
    ...parts,
    async restart() {
      await end();
      return await openOver(folder);
    },
    async remove() {
      await end();
      await rm(folder, { recursive: true });
    },
  };
}

function onDisk(disk: Disk, history: History): History {
  const append = history.append.bind(history);
  history.append = (messages) => (disk.takes ? append(messages) : Promise.reject(new HallwayError("storage-full")));
  return history;
}

interface Stored {
  readonly profile: Profile;
  readonly history: History;
  readonly disk: Disk;
  readonly clock: { time: number };
  readonly told: Told;
}

function compose({ profile, history, disk, clock, told }: Stored) {
  const now = (): number => (clock.time += 1_000);
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_what: string, about?: Readonly<Record<string, unknown>>) =>
      disk.takes && !(about?.["error"] instanceof TypeError)
        ? expect.unreachable(String(about?.["error"]))
        : void disk.refusals.push(about),
  };
  const tables = createTables((op) => told.ops.push(op));
  for (const network of [xmppDescription, simpleDescription]) tables.put("networks", network);
  const onFailed = () => undefined;
  const contacts = createContacts({ tables, profile, onFailed });
  const blocklist = createBlocklist({ tables, profile, now });
  const requests = createRequests({ tables, profile, blocklist, choices: strangers, onFailed, now });
  const guard = {
    received({ body }: { body: string }) {
      if (body === poison) throw new TypeError("no rule expects this");
      return body;
    },
    outgoing: ({ body }: { body: string }) => body,
    stillAllowed: () => undefined,
  } as unknown as ContentGuard;
  const ownChanges = createOwnChanges({ profile, keeps: () => true, log });
  const delivered = vi.spyOn(ownChanges, "delivered");
  delivered.mockImplementation(({ id }) => told.ownChangesSeen.push(id) > 0 && id.startsWith("change"));
  const heard = createHeard({ profile, keeps: () => true, now, log });
  vi.spyOn(heard, "earliest").mockReturnValue(Number.NEGATIVE_INFINITY);
  const conversations = createConversations({
    tables,
    history,
    requests,
    marked: (record) => ownChanges.marked(record),
    governance: { archived: () => false, kept: () => true },
  });
  const connections = new Connections();
  const accept = async (address: string) => void told.accepted.push(address);
  const online = { contacts: { accept } } as unknown as Connection;
  connections.kept({ config: { id: account, address: "romeo@x.example" } as AccountConfig, session: { online } });
  const messaging = createMessaging({
    keeps: () => disk.keeps,
    ...{ tables, history, contacts, requests, conversations, ownChanges, connections, guard, log, now },
    heard,
    notifications: {
      arrived: (list) => told.arrivals.push(...list.map(({ record }) => record.body)),
      failed: (record) => told.unsent.push(record.id),
      changed: (record) => told.rewritten.push(record.body),
    },
    mayWrite: () => undefined,
    sendReceipts: () => false,
    sendTyping: () => false,
    firstMessages: { admit: () => undefined },
    clearance: () => undefined,
    retractionText: () => "",
    methods: [],
  });
  const settledThere = vi.spyOn(messaging.sending, "settled");
  settledThere.mockImplementation((_account, wireId, again) => void told.settled.push([wireId, again]));
  const { receiving } = messaging;
  const archive: Archive = (messages, { isFirstSync = false, changes = [] } = {}) => {
    const run = { heardUntil: undefined, exact: false, places: new Map() };
    return receiving.archive(account, "xmpp", { messages, changes, isFirstSync, run });
  };
  const event = createIngest({
    ...{ tables, contacts, requests, blocklist, connections, guard, log, now },
    messages: receiving,
  });
  return {
    ...{ tables, contacts, requests, blocklist, conversations, messaging },
    ingest: { event, archive, idle: () => receiving.idle() },
    type: (id: string, conversationId: string, body: string) =>
      messaging.sending.say({ kind: "text", id, conversationId, body }),
  };
}
