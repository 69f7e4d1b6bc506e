import type { ConversationSummary } from "../../history/history.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Candidate, Moment, RemovalRule } from "../../history/store/candidates.ts";
import type { Layer } from "../../history/store/layer.ts";
import type { MessageStore } from "../../history/store/message-store.ts";
import type { Hidden, HideCursor, PurgeCursor, Purged, Removed, Selection, Tally } from "./removals.ts";
import { createRetentionRules, type RetentionRules } from "./rules.ts";

/** The stores that things are deleted from, in the order in which that is done. */
export interface RemovalLayers {
  /** Layers of the record, the disk first. */
  readonly recorded: readonly Layer[];
  /** Layer of what is shown and not kept: no minimum and no hold keeps what is not recorded. */
  readonly passing: Layer;
}

/** A step of deleting, in one store. */
interface Step {
  readonly store: MessageStore;
  /** Place of its layer. */
  readonly layer: number;
  readonly moment: Moment;
}

/** A step is to take about so long, in milliseconds. */
const wanted = 5;
const fewest = 4;
const most = 500;
/** Messages that stay cost little: so many are looked at for each that may go in a step. */
const lookedAt = 10;
/** Before every time and every number. */
const start = { at: Number.MIN_SAFE_INTEGER, seq: 0 } as const;

/**
 * Deleting in the worker: see Removals. Each call is one step of about five milliseconds, and one transaction of each
 * store.
 */
export class RemovalService {
  readonly #layers: readonly Layer[];
  readonly #summary: (conversationId: string) => ConversationSummary | undefined;
  readonly #passing: number;
  /** Of the recorded ones, and of what is passing. */
  #retention: RetentionRules;
  #passingRules: RetentionRules;
  /** How many messages a step takes; it follows what they turn out to cost. */
  #size = 20;
  /** How many the step under way has removed or hidden. */
  #handled = 0;

  /** `summary`: a conversation as the person sees it, of whichever stores. */
  constructor(
    { recorded, passing }: RemovalLayers,
    summary: (conversationId: string) => ConversationSummary | undefined,
    policy: RetentionPolicy,
  ) {
    this.#layers = [...recorded, passing];
    this.#passing = recorded.length;
    this.#summary = summary;
    this.#retention = createRetentionRules(policy);
    this.#passingRules = createRetentionRules(unrecorded(policy));
  }

  keep(policy: RetentionPolicy): void {
    this.#retention = createRetentionRules(policy);
    this.#passingRules = createRetentionRules(unrecorded(policy));
  }

  hideSome(what: Selection, cursor: HideCursor | undefined, moment: Moment): Hidden {
    const layer = cursor?.layer ?? 0;
    const hidden =
      this.#paced(() =>
        this.#layers[layer]?.((store) => this.#hide({ store, layer, moment }, cursor ?? hideFrom(layer), what)),
      ) ?? nothingHidden;
    return { ...hidden, next: hidden.next ?? (layer + 1 < this.#layers.length ? hideFrom(layer + 1) : undefined) };
  }

  purgeSome(cursor: PurgeCursor | undefined, moment: Moment): Purged {
    const from = cursor ?? purgeFrom(0);
    const purged =
      this.#paced(() =>
        this.#layers[from.layer]?.((store) => this.#purge({ store, layer: from.layer, moment }, from)),
      ) ?? nothingRemoved;
    return {
      ...purged,
      next: purged.next ?? (from.layer + 1 < this.#layers.length ? purgeFrom(from.layer + 1) : undefined),
    };
  }

  /** Only the file outlives the program; what is in memory is not looked for on a disk. */
  rewriteIndexSome(begin: boolean): boolean {
    return this.#layers[0]?.((store) => store.rewriteIndexSome(begin)) ?? false;
  }

  scrub(): void {
    for (const layer of this.#layers) layer((store) => store.scrub());
  }

  tallies(): Tally[] {
    const sum = new Map<RemovalRule, Tally>();
    for (const tally of this.#layers.flatMap((layer) => layer((store) => store.candidates.tallies()) ?? [])) {
      const other = sum.get(tally.rule);
      sum.set(
        tally.rule,
        other
          ? { ...tally, messages: tally.messages + other.messages, cutoff: Math.max(tally.cutoff, other.cutoff) }
          : tally,
      );
    }
    return [...sum.values()];
  }

  audited(tallies: readonly Tally[]): void {
    for (const { rule, messages } of tallies) {
      let left = messages;
      for (const layer of this.#layers) left -= layer((store) => store.candidates.audited(rule, left)) ?? 0;
    }
  }

  #hide(step: Step, cursor: HideCursor, what: Selection): Hidden {
    const { store, moment } = step;
    const begun: HideCursor = cursor.upTo === 0 ? { ...cursor, upTo: store.read.lastSeq() } : cursor;
    if ("messageIds" in what)
      return {
        ...this.#hideThese(step, store.candidates.byIds(what.conversationId, what.messageIds, moment)),
        next: undefined,
      };
    const one = "conversationId" in what ? store.read.conversation(what.conversationId) : undefined;
    const account = "accountId" in what ? what.accountId : undefined;
    const following = (after: number): number | undefined =>
      "conversationId" in what ? (after === 0 ? one : undefined) : store.candidates.nextConversation(after, account);
    const conversation = begun.conversation === 0 ? following(0) : begun.conversation;
    if (conversation === undefined) return nothingHidden;
    const found = store.candidates.visible(
      { conversation, upTo: begun.upTo },
      { after: begun, limit: this.#size },
      moment,
    );
    const last = found.at(-1);
    const hidden = this.#hideThese(step, found);
    if (last && found.length >= this.#size)
      return { ...hidden, next: { ...begun, conversation, at: last.sentAt, seq: last.seq } };
    const next = following(conversation);
    return { ...hidden, next: next === undefined ? undefined : { ...begun, conversation: next, ...start } };
  }

  #hideThese({ store, layer, moment }: Step, found: readonly Candidate[]): Omit<Hidden, "next"> {
    const removed = this.#watch(found, () => {
      if (found.length > 0) store.hide(found.map((one) => one.seq));
    });
    const retention = this.#rulesOf(layer);
    const counted = this.#counted(found, layer);
    let kept = 0;
    let held = false;
    let until: number | undefined;
    for (const one of counted) {
      const protection = retention.protection(one, moment.now);
      if (!protection && retention.policy.deleteEnabled) continue;
      kept += 1;
      if (protection?.by === "HistoryMinimumDays") until = Math.max(until ?? 0, protection.until);
      else held = true;
    }
    const withdrawn = found.filter((one) => one.waits).map(({ accountId, id }) => ({ accountId, id }));
    return { ...removed, erased: counted.length - kept, kept, held, until, withdrawn };
  }

  /** Without those of which an earlier store has a copy, which was counted there. */
  #counted(found: readonly Candidate[], layer: number): readonly Candidate[] {
    if (found.length === 0) return found;
    const copies = this.#layers
      .slice(0, layer)
      .flatMap((earlier) => earlier((store) => found.filter(({ id }) => store.read.byId(id) !== undefined)) ?? []);
    return found.filter((one) => !copies.includes(one));
  }

  #rulesOf(layer: number): RetentionRules {
    return layer === this.#passing ? this.#passingRules : this.#retention;
  }

  #purge(step: Step, cursor: PurgeCursor): Purged {
    const { store, moment } = step;
    if (cursor.pass === "deleted") {
      const found = store.candidates.deleted({ after: cursor, limit: this.#size * lookedAt }, moment);
      const { removed, last } = this.#purgeThese(step, found);
      const at = found.find((one) => one.seq === last?.seq)?.deletedAt;
      return { ...removed, next: last && at !== undefined ? { ...cursor, at, seq: last.seq } : undefined };
    }
    const latest = this.#rulesOf(step.layer).latestCutoff(moment.now);
    const found =
      latest === undefined
        ? []
        : store.candidates.byAge(latest, { after: cursor, limit: this.#size * lookedAt }, moment);
    const { removed, last } = this.#purgeThese(step, found);
    return {
      ...removed,
      next: last
        ? { ...cursor, at: last.receivedAt, seq: last.seq }
        : { layer: cursor.layer, pass: "deleted", ...start },
    };
  }

  /** Takes off what may go of these, at most a step's worth. `last`: the last one looked at. */
  #purgeThese(
    { store, layer, moment }: Step,
    found: readonly Candidate[],
  ): { readonly removed: Removed; readonly last: Candidate | undefined } {
    const retention = this.#rulesOf(layer);
    const going: Candidate[] = [];
    const rules = new Map<RemovalRule, number>();
    let last: Candidate | undefined;
    for (const one of found) {
      if (going.length >= this.#size) break;
      last = one;
      const rule = retention.removal(one, moment.now);
      // What is still to be sent is not old; what the person took back is not to be sent.
      if (rule === undefined || (one.waits && !one.deleted)) continue;
      going.push(one);
      rules.set(rule, (rules.get(rule) ?? 0) + 1);
    }
    if (going.length === 0) return { removed: nothingRemoved, last };
    const removed = this.#watch(going, () => {
      store.remove(
        going.map((one) => one.seq),
        () => {
          for (const [rule, messages] of rules)
            store.candidates.count(rule, retention.cutoff(rule, moment.now) ?? moment.now, messages);
        },
      );
    });
    return { removed, last };
  }

  /** Removal as an onlooker sees it. */
  #watch(going: readonly Candidate[], work: () => void): Removed {
    this.#handled += going.length;
    const seen = going.filter((one) => !one.deleted);
    const touched = [...new Map(seen.map((one) => [one.conversationId, one])).values()];
    const before = new Map(touched.map((one) => [one.conversationId, JSON.stringify(this.#summaryOf(one))]));
    work();
    const ids = new Map<string, string[]>();
    for (const { conversationId, id } of seen) {
      const list = ids.get(conversationId);
      if (list) list.push(id);
      else ids.set(conversationId, [id]);
    }
    const summaries = touched
      .map((one) => this.#summaryOf(one))
      .filter((after) => JSON.stringify(after) !== before.get(after.conversationId));
    return { ids, summaries };
  }

  #summaryOf({ conversationId, accountId, peer: address }: Candidate): ConversationSummary {
    const nothing = { conversationId, accountId, address, unread: 0, firstUnread: undefined, last: undefined };
    return this.#summary(conversationId) ?? nothing;
  }

  /**
   * Adapts the size of steps so that the next one takes as long as wanted; one that had little to do tells nothing
   * about more.
   */
  #paced<T>(step: () => T): T {
    this.#handled = 0;
    const began = performance.now();
    const result = step();
    const took = Math.max(0.1, performance.now() - began);
    const factor = Math.max(
      0.25,
      this.#handled < this.#size / 2 ? Math.min(1, wanted / took) : Math.min(2, wanted / took),
    );
    this.#size = Math.round(Math.min(most, Math.max(fewest, this.#size * factor)));
    return result;
  }
}

/** Policy for what is not in the record. */
function unrecorded(policy: RetentionPolicy): RetentionPolicy {
  return { ...policy, minimumDays: 0, deleteEnabled: true, holds: [] };
}

function hideFrom(layer: number): HideCursor {
  return { layer, conversation: 0, ...start, upTo: 0 };
}

function purgeFrom(layer: number): PurgeCursor {
  return { layer, pass: "age", ...start };
}

const nothingRemoved = { ids: new Map(), summaries: [], next: undefined } as const;
const nothingHidden: Hidden = { ...nothingRemoved, erased: 0, kept: 0, held: false, until: undefined, withdrawn: [] };
