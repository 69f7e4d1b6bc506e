import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import type Database from "@signalapp/sqlcipher";
import { HallwayError } from "../../shared/errors.ts";
import { openDatabase, translate } from "../database/database.ts";
import type { WorkerCall, WorkerMessage } from "../database/protocol.ts";
import { rekeyDatabase } from "../database/rekey.ts";
import { collectGarbage } from "../diagnostics/collect-garbage.ts";
import { GoneMessages, goneSchema } from "../history/store/gone-messages.ts";
import { HistoryFile, noFileOperations, Sequence } from "../history/store/history-file.ts";
import { HistoryService } from "../history/store/history-service.ts";
import { ScopedHistory } from "../history/store/scoped-history.ts";
import { ProfileStore } from "../profile/profile-store.ts";
import { AuditStore } from "../record/audit/audit-store.ts";
import { FeedStore } from "../record/feed/feed-store.ts";
import { RemovalService } from "../record/retention/removal-service.ts";
import type { WorkerMethods } from "./worker-methods.ts";

/**
 * Entry of the thread with the databases: opens the profile, the history and the record, and answers one call at a time,
 * in order.
 */
type Handlers = {
  readonly [M in keyof WorkerMethods]: (...args: WorkerMethods[M]["args"]) => WorkerMethods[M]["result"];
};

let profile: ProfileStore | undefined;
let history: HistoryService | undefined;
/** For a history without a profile, as long as it is open. */
let goneInMemory: Database | undefined;
const gone = new GoneMessages((work) => (profile ? profile.within(work) : work(memoryOfGone())));
/** The same as the person sees it. */
let scoped: ScopedHistory | undefined;
let removals: RemovalService | undefined;
let audit: AuditStore | undefined;
let archive: FeedStore | undefined;

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function opened<T>(service: T | undefined): T {
  if (service === undefined) throw new HallwayError("storage-failed", { reason: "not-open" });
  return service;
}

function memoryOfGone(): Database {
  goneInMemory ??= openDatabase({
    path: undefined,
    key: undefined,
    migrations: [(db) => db.exec(goneSchema)],
    cacheKiB: 2000,
  });
  return goneInMemory;
}

function closeHistory(): void {
  scoped?.close();
  history?.close();
  removals = undefined;
  scoped = undefined;
  history = undefined;
  goneInMemory?.close();
  goneInMemory = undefined;
}

const handlers: Handlers = {
  stop: () => {
    history?.close();
    audit?.close();
    profile?.close();
    archive?.close();
    archive = undefined;
    history = undefined;
    audit = undefined;
    profile = undefined;
    // Nothing else holds the thread: it ends once the answer is out.
    setImmediate(() => parentPort?.close());
    return undefined;
  },
  collectGarbage: () => {
    collectGarbage();
    return undefined;
  },
  rekey: (path, from, to) => rekeyDatabase(path, from, to),
  "profile.open": ({ path, key, onlyRead }) => {
    profile?.close();
    profile = new ProfileStore(
      path,
      key,
      onlyRead ? undefined : (error) => post({ kind: "trouble", from: "profile", error: error.info }),
    );
    return undefined;
  },
  "profile.get": (namespace, key) => opened(profile).get(namespace, key),
  "profile.all": (namespace) => opened(profile).all(namespace),
  "profile.put": (entries) => {
    opened(profile).put(entries);
    return undefined;
  },
  "profile.close": () => {
    profile?.close();
    profile = undefined;
    return undefined;
  },
  "history.open": (options) => {
    closeHistory();
    const sequence = new Sequence();
    const file = new HistoryFile(
      {
        ...options,
        gone,
        now: Date.now,
        trouble: (error) => post({ kind: "trouble", from: "history", error: error.info }),
        well: () => post({ kind: "well" }),
      },
      sequence,
    );
    history = new HistoryService({ ...options, gone, now: Date.now }, file, sequence);
    const loose = { ...options, gone, now: Date.now, mode: "off" } as const;
    scoped = new ScopedHistory(history, () => new HistoryService(loose, noFileOperations, sequence), options.scope);
    const shown = scoped;
    removals = new RemovalService(
      { recorded: [history.fileLayer, history.memoryLayer], passing: shown.unrecordedLayer },
      (id) => shown.summary(id),
      options.retention,
    );
    return undefined;
  },
  "history.setMode": (mode) => {
    opened(history).setMode(mode);
    return undefined;
  },
  "history.setScope": (rules) => {
    opened(scoped).setScope(rules);
    return undefined;
  },
  "history.append": (messages, demanded) => opened(scoped).append(messages, demanded),
  "history.setState": (update) => opened(scoped).setState(update),
  "history.readThere": (conversationId, wireId) => opened(scoped).readThere(conversationId, wireId),
  "history.correct": (correction, keep) => opened(scoped).correct(correction, keep),
  "history.retract": (retraction, keep) => opened(scoped).retract(retraction, keep),
  "history.get": (id) => opened(scoped).get(id),
  "history.page": (query) => opened(scoped).page(query),
  "history.search": (query) => opened(scoped).search(query),
  "history.conversations": () => opened(scoped).conversations(),
  "history.markRead": (conversationId, messageId) => opened(scoped).markRead(conversationId, messageId),
  "history.markReadByWireId": (message) => opened(scoped).markReadByWireId(message),
  "history.waiting": (accountId) => opened(scoped).waiting(accountId),
  "history.forgetOpen": (conversationId) => {
    opened(scoped).forgetOpen(conversationId);
    return undefined;
  },
  "history.record": (query, piece) => opened(history).read.record(query, piece),
  "history.recorded": (ids) => opened(history).read.recorded(ids),
  "history.keep": (policy) => {
    opened(removals).keep(policy);
    return undefined;
  },
  "history.hideSome": (what, cursor, moment) => opened(removals).hideSome(what, cursor, moment),
  "history.purgeSome": (cursor, moment) => opened(removals).purgeSome(cursor, moment),
  "history.rewriteIndexSome": (begin) => opened(removals).rewriteIndexSome(begin),
  "history.scrub": () => {
    opened(removals).scrub();
    return undefined;
  },
  "history.tallies": () => opened(removals).tallies(),
  "history.audited": (tallies) => {
    opened(removals).audited(tallies);
    return undefined;
  },
  "history.salvageSome": () => opened(history).salvageSome(),
  "history.renewIndexSome": () => opened(history).renewIndexSome(),
  "history.close": () => {
    closeHistory();
    return undefined;
  },
  "audit.open": (options) => {
    audit?.close();
    audit = undefined;
    audit = new AuditStore(options, (error) => post({ kind: "trouble", from: "audit", error: error.info }));
    return audit.end;
  },
  "audit.append": (after, events) => opened(audit).append(after, events),
  "audit.read": (after, limit) => opened(audit).read(after, limit),
  "audit.close": () => {
    audit?.close();
    audit = undefined;
    return undefined;
  },
  "archive.open": ({ folder, key, maxPages }) => {
    archive?.close();
    archive = new FeedStore({
      path: join(folder, "archive.db"),
      key,
      maxPages,
      trouble: (error) => post({ kind: "trouble", from: "archive", error: error.info }),
    });
    return undefined;
  },
  "archive.add": (items) => {
    opened(archive).add(items);
    return undefined;
  },
  "archive.head": (count, length) => opened(archive).head(count, length),
  "archive.taken": (places) => {
    opened(archive).taken(places);
    return undefined;
  },
  "archive.refuse": (place, error) => {
    opened(archive).refuse(place, error);
    return undefined;
  },
  "archive.again": () => {
    opened(archive).again();
    return undefined;
  },
  "archive.state": (id) => opened(archive).state(id),
  "archive.mark": (name) => opened(archive).mark(name),
  "archive.setMark": (name, value) => {
    opened(archive).setMark(name, value);
    return undefined;
  },
  "archive.salvageSome": () => opened(archive).salvageSome(),
  "archive.close": () => {
    archive?.close();
    archive = undefined;
    return undefined;
  },
};

parentPort?.on("message", (call: WorkerCall) => {
  try {
    const handler = handlers[call.method as keyof WorkerMethods] as (...args: readonly unknown[]) => unknown;
    post({ kind: "result", id: call.id, value: handler(...call.args) });
  } catch (error) {
    post({ kind: "error", id: call.id, error: translate(error).info });
  }
});
