import * as v from "valibot";
import type { AccountId } from "../../shared/model/account.ts";
import { type ContactId, type RequestRecord, RequestRecordSchema } from "../../shared/model/contact.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import type { Profile } from "../profile/profile.ts";
import type { TablesWriter } from "./tables.ts";

/** Choices about how much of what strangers said is where, read whenever they matter. */
export interface RequestChoices {
  /** Part of their messages that is shown. */
  readonly content: () => SettingValue<"StrangerContentMode">;
  /** Whether what is said in a conversation is kept on the disk (HistoryMode, HistoryScope). */
  readonly keeps: (id: ContactId) => boolean;
}

export interface WaitingRequestsOptions {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly choices: RequestChoices;
  readonly onFailed: (error: unknown) => void;
}

/**
 * Requests without an answer: whole in memory, and in the table and on the disk with as much of what the strangers said
 * as may be there.
 */
export class WaitingRequests {
  readonly #options: WaitingRequestsOptions;
  readonly #records = new Map<ContactId, RequestRecord>();

  constructor(options: WaitingRequestsOptions) {
    this.#options = options;
  }

  /** Brings back what is on the disk, and answers it. */
  async restore(): Promise<readonly RequestRecord[]> {
    const restored = [...(await this.#options.profile.all("request")).values()].flatMap((text) => {
      const parsed = v.safeParse(RequestRecordSchema, parseJson(text));
      return parsed.success ? [parsed.output] : [];
    });
    for (const record of restored) this.set(record);
    return restored;
  }

  get(id: ContactId): RequestRecord | undefined {
    return this.#records.get(id);
  }

  /** Requests to an account, the oldest first. */
  of(accountId: AccountId): readonly RequestRecord[] {
    return [...this.#records.values()].filter((record) => record.accountId === accountId);
  }

  /** In memory and in the table. */
  set(record: RequestRecord): void {
    this.#records.set(record.id, record);
    this.#show(record);
  }

  /** On the disk, too. */
  put(record: RequestRecord): void {
    this.set(record);
    this.#options.profile.put([this.#entry(record)]).catch(this.#options.onFailed);
  }

  /** Applies a change of what may be shown. */
  applyPolicy(): void {
    for (const record of this.#records.values()) this.#show(record);
  }

  /** Applies a change of what may be kept: messages leave the disk where they may not be there. */
  async purge(): Promise<void> {
    const entries = [...this.#records.values()]
      .filter(({ id, text }) => text !== undefined && !this.#options.choices.keeps(id))
      .map((record) => this.#entry(record));
    if (entries.length > 0) await this.#options.profile.put(entries);
  }

  async forget(ids: readonly ContactId[]): Promise<void> {
    for (const id of ids) {
      this.#records.delete(id);
      this.#options.tables.remove("requests", id);
    }
    await this.#options.profile.put(ids.map((key) => ({ namespace: "request", key, value: undefined })));
  }

  #show(record: RequestRecord): void {
    const { text: _text, name: _name, notice: _notice, ...who } = record;
    // A name is words of theirs, too, and so is what stands in a notice.
    this.#options.tables.put("requests", this.#options.choices.content() === "hidden" ? who : record);
  }

  #entry(record: RequestRecord): Parameters<Profile["put"]>[0][number] {
    const { text: _text, notice: _notice, ...silent } = record;
    const kept = this.#options.choices.keeps(record.id) ? record : silent;
    return { namespace: "request", key: record.id, value: JSON.stringify(kept) };
  }
}
