import * as v from "valibot";
import { ErrorInfoSchema } from "../../shared/errors.ts";
import { Listeners } from "../../shared/listeners.ts";
import type { AccountId } from "../../shared/model/account.ts";
import { ConversationIdSchema, type ConversationPlace } from "../../shared/model/conversation-id.ts";
import { MessageIdSchema, type MessageRecord } from "../../shared/model/message.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { Log } from "../networks/log.ts";
import { formerPlace, KeptPlaceSchema } from "../profile/kept-place.ts";
import type { Profile } from "../profile/profile.ts";

const OwnChangeSchema = v.object({
  kind: v.picklist(["correction", "retraction"]),
  id: MessageIdSchema,
  conversationId: ConversationIdSchema,
  /** Absent where an earlier version kept the change. */
  place: v.optional(KeptPlaceSchema),
  /** The message that is meant, by the id that it was sent with. */
  targetId: MessageIdSchema,
  /** Current text; empty for a retraction. */
  body: v.string(),
  at: v.number(),
  /** Why it was not sent. */
  error: v.optional(ErrorInfoSchema),
});
/** A correction or retraction of an own message that the network has not taken yet. */
export type OwnChange = v.InferOutput<typeof OwnChangeSchema> & { readonly place: ConversationPlace };

/**
 * Own corrections and retractions on their way. The history shows them at once; here they wait for the network, on
 * disk, so that a restart loses none.
 *
 *   add -> waiting -> (the network has it) gone
 *             ^ \-> failed
 *             +------/  again
 */
export interface OwnChanges {
  /** Ids of messages of which the state of the latest change is another now. */
  readonly changes: Listeners<string>;
  restore(): Promise<void>;
  /** Resolves when it is kept. A retraction takes the place of corrections of the same message that wait. */
  add(change: Omit<OwnChange, "error">): Promise<void>;
  /** Changes that wait for an account, oldest first; failed ones do not. */
  waiting(accountId: AccountId): readonly OwnChange[];
  /** Something became of a message with this id. False: it is no change that is known here. */
  delivered(event: Pick<Extract<NetworkEvent, { type: "delivery" }>, "id" | "state" | "error">): boolean;
  /** The change of this message that failed waits again. Undefined: none has. */
  again(messageId: string): OwnChange | undefined;
  /** It is never sent. */
  drop(id: string): void;
  /** The message with what is the matter with its last change. */
  marked(record: MessageRecord): MessageRecord;
  forgetAccount(accountId: AccountId): Promise<void>;
}

/** Changes that the server has taken are remembered this far back, for one may still come back. */
const maxRecent = 200;

interface OwnChangesParts {
  readonly profile: Profile;
  /** Whether what is said there may be written to disk (HistoryMode, HistoryScope). */
  readonly keeps: (place: ConversationPlace) => boolean;
  readonly log: Log;
}

export function createOwnChanges(parts: OwnChangesParts): OwnChanges {
  return new LiveOwnChanges(parts);
}

/** `keeps`: whether what is said in a conversation may be written to disk (HistoryMode, HistoryScope). */
class LiveOwnChanges implements OwnChanges {
  readonly #parts: OwnChangesParts;
  readonly #changes = new Listeners<string>();
  readonly #waiting = new Map<string, OwnChange>();
  readonly #recent = new Map<string, OwnChange>();

  constructor(parts: OwnChangesParts) {
    this.#parts = parts;
  }

  get changes(): Listeners<string> {
    return this.#changes;
  }

  async restore(): Promise<void> {
    const kept = [...(await this.#parts.profile.all("own-change")).values()].flatMap((text) => {
      const parsed = v.safeParse(OwnChangeSchema, parseJson(text));
      if (!parsed.success) return [];
      const { place = formerPlace(parsed.output.conversationId), ...change } = parsed.output;
      return [{ ...change, place }];
    });
    for (const change of kept.sort((a, b) => a.at - b.at)) this.#waiting.set(change.id, change);
  }

  async add(change: Omit<OwnChange, "error">): Promise<void> {
    const replaced = [...this.#waiting.values()].filter(
      ({ targetId, error }) => targetId === change.targetId && (change.kind === "retraction" || error !== undefined),
    );
    for (const { id } of replaced) this.#waiting.delete(id);
    this.#waiting.set(change.id, change);
    await this.#write([
      ...replaced.map(({ id }) => ({ id, change: undefined })),
      ...(this.#parts.keeps(change.place) ? [{ id: change.id, change }] : []),
    ]);
  }

  waiting(accountId: AccountId): readonly OwnChange[] {
    return [...this.#waiting.values()].filter(
      ({ place, error }) => error === undefined && place.accountId === accountId,
    );
  }

  delivered({
    id,
    state,
    error,
  }: Pick<Extract<NetworkEvent, { type: "delivery" }>, "id" | "state" | "error">): boolean {
    const known = this.#waiting.get(id) ?? this.#recent.get(id);
    if (!known) return false;
    if (state === "waiting") return true;
    if (state === "failed") {
      this.#recent.delete(id);
      const failed = { ...known, error: error ?? { code: "internal" as const } };
      this.#waiting.set(id, failed);
      this.#writeLater(id, failed);
    } else {
      this.#take(id);
      this.#recent.set(id, known);
      for (const oldest of this.#recent.keys()) if (this.#recent.size > maxRecent) this.#recent.delete(oldest);
    }
    this.#changes.emit(known.targetId);
    return true;
  }

  again(messageId: string): OwnChange | undefined {
    const failed = [...this.#waiting.values()].find(
      ({ targetId, error }) => targetId === messageId && error !== undefined,
    );
    if (!failed) return undefined;
    const { error: _, ...change } = failed;
    this.#waiting.set(change.id, change);
    this.#writeLater(change.id, change);
    this.#changes.emit(messageId);
    return change;
  }

  drop(id: string): void {
    void this.#take(id);
  }

  marked(record: MessageRecord): MessageRecord {
    if (record.direction === "in" || this.#waiting.size === 0) return record;
    const last = [...this.#waiting.values()].findLast(
      ({ targetId, conversationId }) => targetId === record.id && conversationId === record.conversationId,
    );
    if (!last) return record;
    const { kind, error } = last;
    return { ...record, change: { kind, state: error ? "failed" : "waiting", ...(error ? { error } : {}) } };
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    const mine = [...this.#waiting.values()].filter(({ place }) => place.accountId === accountId);
    for (const { id } of mine) this.#waiting.delete(id);
    await this.#write(mine.map(({ id }) => ({ id, change: undefined })));
  }

  #write(entries: readonly { readonly id: string; readonly change: OwnChange | undefined }[]): Promise<void> {
    return this.#parts.profile.put(
      entries.map(({ id, change }) => ({ namespace: "own-change", key: id, value: change && JSON.stringify(change) })),
    );
  }
  /**
   * Writes a change without waiting. If it is lost, a change is sent again under its old id, or a failure is forgotten
   * at a restart.
   */
  #writeLater(id: string, change: OwnChange | undefined): void {
    if (change !== undefined && !this.#parts.keeps(change.place)) return;
    this.#write([{ id, change }]).catch((error: unknown) =>
      this.#parts.log.warn("A change on its way could not be written", { error }),
    );
  }
  #take(id: string): OwnChange | undefined {
    const change = this.#waiting.get(id);
    if (!change) return undefined;
    this.#waiting.delete(id);
    this.#writeLater(id, undefined);
    return change;
  }
}
