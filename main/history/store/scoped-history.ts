import type { Page } from "../../../shared/ipc/contract.ts";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type {
  Changed,
  ConversationSummary,
  Correction,
  NamedMessage,
  NewMessage,
  PageQuery,
  ReadThere,
  Retraction,
  SearchAnswer,
  SearchQuery,
  StateUpdate,
  Stored,
  WaitingMessage,
} from "../history.ts";
import { createScope, type ScopedPlace, type ScopeRules } from "../scope.ts";
import type { HistoryService } from "./history-service.ts";
import type { Layer } from "./layer.ts";
import { compareMessages } from "./layers.ts";

/**
 * History as the person sees it, under policy HistoryScope: what is in scope is kept as the mode says; of what is not,
 * only what an open conversation shows, as in mode `off`. What the file has of a conversation from before it went out
 * of scope stays as it is, and is shown again once it is in scope again; what only memory had of it is forgotten. What
 * waits to be sent moves along; its copy below is kept true, so that nothing is sent twice.
 */
export class ScopedHistory {
  readonly #kept: HistoryService;
  readonly #makeLoose: () => HistoryService;
  #isKept: (place: ScopedPlace) => boolean;
  #keepsAll: boolean;
  /** Of conversations out of scope. */
  #unrecorded: HistoryService | undefined;

  /** Layer of what is shown and not kept, for deleting. */
  readonly unrecordedLayer: Layer = (work) => this.#unrecorded?.memoryLayer(work);

  /** `makeLoose` makes a history in mode `off` that has no file. */
  constructor(kept: HistoryService, makeLoose: () => HistoryService, rules: ScopeRules) {
    this.#kept = kept;
    this.#makeLoose = makeLoose;
    this.#isKept = createScope(rules);
    this.#keepsAll = rules.scope === "all";
    this.#carry();
  }

  setScope(rules: ScopeRules): void {
    this.#isKept = createScope(rules);
    this.#keepsAll = rules.scope === "all";
    const old = this.#unrecorded;
    this.#unrecorded = undefined;
    if (old) {
      // As after a switch from mode `off`: the lines of what is in scope now are forgotten as promised.
      this.#kept.takeOver(old.read.waitingWhole((place) => this.#isKept(place)));
      const still = old.read.whole((place) => !this.#isKept(place));
      if (still.length > 0) this.#looseHistory().takeOver(still);
      old.close();
    }
    this.#carry();
  }

  append(messages: readonly NewMessage[], demanded: readonly string[]): Stored[] {
    if (this.#keepsAll) return this.#kept.append(messages, demanded);
    const unrecorded = messages.filter(({ place }) => !this.#isKept(place));
    if (unrecorded.length === 0) return this.#kept.append(messages, demanded);
    const kept = messages.filter(({ place }) => this.#isKept(place));
    const inScope = kept.length === 0 ? [] : this.#kept.append(kept, demanded);
    // What was stored while it was in scope is no news.
    const outside = unrecorded.map(
      (message) => this.#kept.read.known(message) ?? this.#looseHistory().append([message], [])[0],
    );
    return messages.flatMap(({ place }) => (this.#isKept(place) ? inScope.shift() : outside.shift()) ?? []);
  }

  setState(update: StateUpdate): MessageRecord | undefined {
    const below = this.#kept.setState(update);
    return this.#isInScope(update.conversationId) ? below : (this.#unrecorded?.setState(update) ?? below);
  }

  readThere(conversationId: string, wireId: string): ReadThere {
    const below = this.#kept.readThere(conversationId, wireId);
    return this.#isInScope(conversationId) ? below : (this.#unrecorded?.readThere(conversationId, wireId) ?? below);
  }

  correct(correction: Correction, keep: boolean): Changed {
    return this.#isKept(correction.place)
      ? this.#kept.correct(correction, keep)
      : this.#looseHistory().correct(correction, false);
  }

  retract(retraction: Retraction, keep: boolean): Changed {
    return this.#isKept(retraction.place)
      ? this.#kept.retract(retraction, keep)
      : this.#looseHistory().retract(retraction, false);
  }

  get(id: string): MessageRecord | undefined {
    const unrecorded = this.#unrecorded?.read.get(id);
    if (unrecorded) return unrecorded;
    const record = this.#kept.read.get(id);
    return record && this.#isInScope(record.conversationId) ? record : undefined;
  }

  page(query: PageQuery): Page {
    return this.#of(query.conversationId).read.page(query);
  }

  search(query: SearchQuery): SearchAnswer {
    const found = this.#kept.read.search(query);
    return { ...found, hits: found.hits.filter(({ message }) => this.#isInScope(message.conversationId)) };
  }

  conversations(): ConversationSummary[] {
    return [
      ...this.#kept.read.conversations().filter((summary) => this.#isKept(summary)),
      ...(this.#unrecorded?.read.conversations() ?? []),
    ];
  }

  summary(conversationId: string): ConversationSummary | undefined {
    return this.#of(conversationId).read.summary(conversationId);
  }

  markRead(
    conversationId: string,
    messageId: string,
  ): { summary: ConversationSummary | undefined; readWireIds: string[] } {
    return this.#of(conversationId).markRead(conversationId, messageId);
  }

  markReadByWireId(message: NamedMessage): ConversationSummary | undefined {
    return this.#of(message.conversationId).markReadByWireId(message);
  }

  waiting(accountId: string): WaitingMessage[] {
    const unrecorded = this.#unrecorded?.read.waiting(accountId) ?? [];
    const ids = new Set(unrecorded.map(({ id }) => id));
    return [...unrecorded, ...this.#kept.read.waiting(accountId).filter(({ id }) => !ids.has(id))].sort(
      compareMessages,
    );
  }

  forgetOpen(conversationId: string): void {
    this.#of(conversationId).forgetOpen(conversationId);
  }

  close(): void {
    this.#unrecorded?.close();
    this.#unrecorded = undefined;
  }

  #of(conversationId: string): HistoryService {
    return this.#isInScope(conversationId) ? this.#kept : this.#looseHistory();
  }

  /** Whether a conversation is kept, by what is stored of it. One of which nothing is stored has nothing to hide. */
  #isInScope(conversationId: string): boolean {
    if (this.#keepsAll) return true;
    const place = this.#kept.read.place(conversationId) ?? this.#unrecorded?.read.place(conversationId);
    return place === undefined || this.#isKept(place);
  }

  #looseHistory(): HistoryService {
    this.#unrecorded ??= this.#makeLoose();
    return this.#unrecorded;
  }

  #carry(): void {
    const isOut = (place: ScopedPlace): boolean => !this.#isKept(place);
    const waiting = this.#kept.read.waitingWhole(isOut);
    if (waiting.length > 0) this.#looseHistory().takeOver(waiting);
    this.#kept.forget(isOut);
  }
}
