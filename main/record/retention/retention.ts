import { Listeners } from "../../../shared/listeners.ts";
import type { AccountId } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { Deletion } from "../../../shared/model/deletion.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Moment, Participants } from "../../history/store/candidates.ts";
import type { Profile } from "../../profile/profile.ts";
import type { Audit, AuditEvent } from "../audit/audit.ts";
import { hide } from "./hiding.ts";
import { auditHolds } from "./hold-ledger.ts";
import { PurgeRuns } from "./purge-runs.ts";
import type { Removals, Removed, Selection, Withdrawn } from "./removals.ts";
import { createRetentionRules, type RetentionRules } from "./rules.ts";

/** Deletes messages past their retention period, except those under a minimum period or a legal hold. */
export interface Retention {
  /** Messages that are out of sight: whoever shows them follows. */
  readonly removed: Listeners<Removed>;
  /** Own messages that waited and are not to be sent. */
  readonly withdrawn: Listeners<Withdrawn>;
  /** Policy in force. */
  readonly policy: RetentionPolicy;
  /** Retention runs from now on: at once, every hour, and whenever `applyPolicy` is called. */
  start(): Promise<void>;
  /** Policy has changed. Resolves when it is in force; then a run begins. */
  applyPolicy(): Promise<void>;
  /** Whether what was said in a conversation must stay as a version when it is corrected or retracted. */
  demandsRecord(place: ConversationPlace): boolean;
  /** Whether a legal hold may name some of a conversation, whenever that was said. */
  mayHold(place: ConversationPlace): boolean;
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

export function createRetention(options: RetentionOptions): Retention {
  return new AuditedRetention(options);
}

/** Nothing is deleted that the audit log does not take. */
class AuditedRetention implements Retention {
  readonly removed = new Listeners<Removed>();
  readonly withdrawn = new Listeners<Withdrawn>();
  readonly #options: RetentionOptions;
  readonly #runs: PurgeRuns;
  #rules: RetentionRules;
  #started = false;
  #timer: NodeJS.Timeout | undefined;
  /** Changes take turns, so that the last one said is the one in force. */
  #applying: Promise<void> = Promise.resolve();

  constructor(options: RetentionOptions) {
    const { removals, audit, onFailed } = options;
    this.#options = options;
    this.#rules = createRetentionRules(options.policy());
    this.#runs = new PurgeRuns({
      removals,
      audit,
      removed: this.removed,
      moment: () => this.#moment(),
      minimumDays: () => this.policy.minimumDays,
      onFailed,
    });
  }

  get policy(): RetentionPolicy {
    return this.#rules.policy;
  }

  async start(): Promise<void> {
    this.#started = true;
    this.#timer = setInterval(() => this.#run(), this.#options.every ?? 3600 * 1000).unref();
    await this.applyPolicy();
  }

  applyPolicy(): Promise<void> {
    const done = this.#applying.then(() => this.#apply());
    this.#applying = done.catch(() => undefined);
    void this.#applying.then(() => this.#run());
    return done;
  }

  demandsRecord(place: ConversationPlace): boolean {
    const { demandsRecord } = this.#rules;
    return demandsRecord === "held" ? this.mayHold(place) : demandsRecord;
  }

  mayHold(place: ConversationPlace): boolean {
    return this.#rules.mayHold(this.#participants(place));
  }

  async delete(what: Selection): Promise<Deletion> {
    const conversation = "conversationId" in what ? what.conversationId : null;
    return await this.#delete(what, "person", { what: kindOf(what), conversation });
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    const address = this.#options.own().get(accountId) ?? null;
    await this.#delete({ accountId }, "account", { account: accountId, address });
  }

  async idle(): Promise<void> {
    await this.#applying;
    await this.#runs.idle();
  }

  async close(): Promise<void> {
    this.#runs.close();
    clearInterval(this.#timer);
    await this.idle();
  }

  #run(): void {
    if (this.#started) this.#runs.begin();
  }

  async #apply(): Promise<void> {
    const { removals, profile, audit } = this.#options;
    const policy = this.#options.policy();
    this.#rules = createRetentionRules(policy);
    // In force first: whatever the audit log can take, what is held stays from now on.
    await removals.keep(policy);
    await auditHolds(policy.holds, profile, audit);
  }

  /**
   * Deletes between two entries in the audit log: what is wanted, and what came of it. Should the second fail, that is
   * told, and the numbers of what went off the disk come with the next run.
   */
  async #delete(what: Selection, action: "person" | "account", details: AuditEvent["details"]): Promise<Deletion> {
    const { removals, audit, onFailed } = this.#options;
    await audit.record({ kind: "deletion", action, details });
    const { removed, withdrawn } = this;
    const result = await hide(what, { removals, removed, withdrawn, moment: () => this.#moment() });
    const { deleted, kept } = result;
    await audit.record({ kind: "deletion", action, details: { ...details, deleted, kept } }).catch(onFailed);
    this.#run();
    return result;
  }

  #moment(): Moment {
    return { now: this.#options.now(), own: this.#options.own() };
  }

  #participants({ accountId, address: peer }: ConversationPlace): Participants {
    return { own: this.#options.own().get(accountId), peer };
  }
}

/** Selection as the audit log names it. */
function kindOf(what: Selection): "messages" | "conversation" | "account" | "all" {
  if ("messageIds" in what) return "messages";
  if ("conversationId" in what) return "conversation";
  return "accountId" in what ? "account" : "all";
}
