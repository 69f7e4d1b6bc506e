import { setTimeout as pause } from "node:timers/promises";
import { createListeners, type Listeners } from "../../../shared/listeners.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import { type ConversationId, placeOf } from "../../../shared/model/conversation-id.ts";
import type { Deletion } from "../../../shared/model/deletion.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Moment, Participants } from "../../history/store/candidates.ts";
import type { Profile } from "../../profile/profile.ts";
import type { Audit, AuditEvent } from "../audit/audit.ts";
import { auditHolds } from "./hold-ledger.ts";
import type { HideCursor, PurgeCursor, Removals, Removed, Selection } from "./removals.ts";
import { createRetentionRules, type RetentionRules } from "./rules.ts";

/** Deletes messages past their retention period, except those under a minimum period or a legal hold. */
export interface Retention {
  /** Messages that are out of sight: whoever shows them follows. */
  readonly removed: Listeners<Removed>;
  /** Own messages that waited and are not to be sent. */
  readonly withdrawn: Listeners<{ readonly accountId: AccountId; readonly id: string }>;
  /** Policy in force. */
  readonly policy: RetentionPolicy;
  /** Retention runs from now on: at once, every hour, and whenever `applyPolicy` is called. */
  start(): Promise<void>;
  /** Policy has changed. Resolves when it is in force; then a run begins. */
  applyPolicy(): Promise<void>;
  /** Whether what was said in a conversation must stay as a version when it is corrected or retracted. */
  demandsRecord(conversationId: ConversationId): boolean;
  /** Whether a legal hold may name some of a conversation, whenever that was said. */
  mayHold(conversationId: ConversationId): boolean;
  /**
   * Deletes for the person. What a rule keeps is only taken out of their sight, and goes when nothing keeps it any
   * more. Whether the person may do that at all is for whoever calls to know (HistoryDeleteEnabled).
   */
  delete(what: Selection): Promise<Deletion>;
  /** An account was removed: its conversations go, as far as rules let them. */
  forgetAccount(accountId: AccountId): Promise<void>;
  /** Resolves when no run is under way. For tests, and before the end. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export interface RetentionOptions {
  readonly removals: Removals;
  readonly profile: Profile;
  readonly audit: Audit;
  /** As the settings are now. */
  readonly policy: () => RetentionPolicy;
  /** Own addresses of the accounts there are. */
  readonly own: () => ReadonlyMap<AccountId, Address>;
  readonly onFailed: (error: unknown) => void;
  readonly now: () => number;
  /** Between two runs, in milliseconds; an hour. */
  readonly every?: number;
}

/** Messages named one by one that one step hides. */
const idsAtOnce = 20;

export function createRetention(options: RetentionOptions): Retention {
  const { removals, profile, audit, now } = options;
  const removed = createListeners<Removed>();
  const withdrawn = createListeners<{ readonly accountId: AccountId; readonly id: string }>();
  let rules: RetentionRules = createRetentionRules(options.policy());
  let closed = false;
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  /** The run that is under way, and whether another is to follow because something has changed. */
  let running: Promise<void> | undefined;
  let again = false;
  /** Changes take turns, so that the last one said is the one in force. */
  let obeying: Promise<void> = Promise.resolve();

  function moment(): Moment {
    return { now: now(), own: options.own() };
  }

  function participants(id: ConversationId): Participants {
    const { accountId, address: peer } = placeOf(id);
    return { own: options.own().get(accountId), peer };
  }

  function run(): void {
    if (closed || !started) return;
    again = running !== undefined;
    running ??= runs().finally(() => {
      running = undefined;
    });
  }

  async function runs(): Promise<void> {
    try {
      do {
        again = false;
        await purge();
      } while (again && !closed);
    } catch (error) {
      // What is left is tried again with the next run.
      if (!closed) options.onFailed(error);
    }
  }

  /**
   * One run over all that is stored. Where it is broken off, the next one begins again: what is gone is gone, and
   * counted.
   */
  async function purge(): Promise<void> {
    const when = moment();
    let cursor: PurgeCursor | undefined;
    // An earlier run was broken off; while the log does not take it, nothing more goes. Its traces in the files are
    // seen to as well.
    const went = (await tell()) > 0;
    do {
      const began = performance.now();
      const step = await removals.purgeSome(cursor, when);
      cursor = step.next;
      if (step.ids.size > 0 || step.summaries.length > 0) removed.emit(step);
      // Half of the time belongs to others, whatever else the disk and the worker have to do.
      if (cursor) await pause(performance.now() - began);
      if (closed) return;
    } while (cursor);
    if (went || (await removals.tallies()).length > 0) {
      await rewriteIndex();
      if (closed) return;
      await removals.scrub();
    }
    await tell();
  }

  async function rewriteIndex(): Promise<void> {
    for (let begin = true; !closed; begin = false) {
      const began = performance.now();
      if (!(await removals.rewriteIndexSome(begin))) return;
      await pause(performance.now() - began);
    }
  }

  /**
   * Writes to the audit log what was deleted; until then it is in the database. Answers how many rules there were to
   * tell of.
   */
  async function tell(): Promise<number> {
    const tallies = await removals.tallies();
    for (const tally of tallies) {
      const { rule, cutoff, messages } = tally;
      const details = {
        rule,
        arrivedUntil: new Date(cutoff).toISOString(),
        messages,
        minimumDays: rules.policy.minimumDays,
      };
      await audit.record({ kind: "deletion", action: "retention", details });
      await removals.audited([tally]);
    }
    return tallies.length;
  }

  /**
   * Nothing is deleted that the audit log does not take: what is wanted is written before, what came of it after.
   * Should the second fail, that is told, and the numbers of what went off the disk come with the next run.
   */
  async function hideAudited(
    what: Selection,
    action: "person" | "account",
    details: AuditEvent["details"],
  ): Promise<Deletion> {
    await audit.record({ kind: "deletion", action, details });
    const result = await hide(what);
    const { deleted, kept } = result;
    await audit.record({ kind: "deletion", action, details: { ...details, deleted, kept } }).catch(options.onFailed);
    run();
    return result;
  }

  async function hide(what: Selection): Promise<Deletion> {
    if ("messageIds" in what && what.messageIds.length > idsAtOnce) {
      const rest = await hide({ ...what, messageIds: what.messageIds.slice(idsAtOnce) });
      return sum(await hide({ ...what, messageIds: what.messageIds.slice(0, idsAtOnce) }), rest);
    }
    let cursor: HideCursor | undefined;
    let deleted = 0;
    let kept = 0;
    let held = false;
    let until: number | undefined;
    const when = moment();
    do {
      const step = await removals.hideSome(what, cursor, when);
      cursor = step.next;
      for (const one of step.withdrawn) withdrawn.emit(one);
      if (step.ids.size > 0 || step.summaries.length > 0) removed.emit(step);
      deleted += step.erased;
      kept += step.kept;
      held ||= step.held;
      if (step.until !== undefined) until = Math.max(until ?? 0, step.until);
    } while (cursor);
    return { deleted, kept, held, ...(until === undefined ? {} : { until }) };
  }

  async function applyPolicy(): Promise<void> {
    const policy = options.policy();
    rules = createRetentionRules(policy);
    // In force first: whatever the audit log can take, what is held stays from now on.
    await removals.keep(policy);
    await auditHolds(policy.holds, profile, audit);
  }

  const retention: Retention = {
    removed,
    withdrawn,
    get policy() {
      return rules.policy;
    },
    async start() {
      started = true;
      timer = setInterval(run, options.every ?? 3600 * 1000).unref();
      await retention.applyPolicy();
    },
    applyPolicy() {
      const done = obeying.then(applyPolicy);
      obeying = done.catch(() => undefined);
      void obeying.then(run);
      return done;
    },
    demandsRecord: (id) => rules.demandsRecord(participants(id)),
    mayHold: (id) => rules.mayHold(participants(id)),
    async delete(what) {
      const named =
        "messageIds" in what
          ? "messages"
          : "conversationId" in what
            ? "conversation"
            : "accountId" in what
              ? "account"
              : "all";
      const conversation = "conversationId" in what ? what.conversationId : null;
      return await hideAudited(what, "person", { what: named, conversation });
    },
    async forgetAccount(accountId) {
      const address = options.own().get(accountId) ?? null;
      await hideAudited({ accountId }, "account", { account: accountId, address });
    },
    async idle() {
      await obeying;
      while (running) await running;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await retention.idle();
    },
  };
  return retention;
}

function sum(a: Deletion, b: Deletion): Deletion {
  const until = Math.max(a.until ?? 0, b.until ?? 0);
  return {
    deleted: a.deleted + b.deleted,
    kept: a.kept + b.kept,
    held: a.held || b.held,
    ...(until === 0 ? {} : { until }),
  };
}
