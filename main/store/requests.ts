import * as v from "valibot";
import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type Address, domainOf, isService } from "../../shared/model/address.ts";
import { type ContactId, contactId, type RequestRecord, RequestRecordSchema } from "../../shared/model/contact.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { BurstOrigin } from "../enforcement/stranger-bursts.ts";
import { detached } from "../networks/detached-text.ts";
import type { Profile } from "../profile/profile.ts";
import type { Blocklist } from "./blocklist.ts";
import type { TablesWriter } from "./tables.ts";

/** Choices about strangers, read whenever they matter. */
export interface StrangerChoices {
  readonly mode: () => SettingValue<"StrangerMode">;
  /** Part of their messages that is shown. */
  readonly content: () => SettingValue<"StrangerContentMode">;
  /** The burst of strangers that a new one belongs to; undefined: none, they are let in. */
  readonly burst: (accountId: AccountId, address: Address) => BurstOrigin | undefined;
  /** Whether what is said in a conversation is kept on the disk (HistoryMode, HistoryScope). */
  readonly keeps: (id: ContactId) => boolean;
}

/**
 * Strangers who wait for an answer; they survive a restart. What they said does where a conversation with them is kept,
 * and is in memory elsewhere; the table, and with it the window, has only as much of it as may be shown.
 */
export interface Requests {
  restore(): Promise<void>;
  /** Applies a change of what may be shown. */
  applyPolicy(): void;
  /** Applies a change of what may be kept: messages leave the disk where they may not be there. */
  purge(): Promise<void>;
  /**
   * Files a request; a repeated one refreshes the text, a presence request outranks a message. One that makes room is
   * only counted from then on.
   */
  file(request: Omit<RequestRecord, "id">): void;
  settle(accountId: AccountId, address: Address): void;
  /** The person writes to them, which answers what they said (not their wish to see us). */
  written(accountId: AccountId, address: Address): void;
  /** With all that they said. */
  get(id: ContactId): RequestRecord | undefined;
  /** As `Blocklist.covers`. */
  isBlocked(accountId: AccountId, address: Address): boolean;
  /**
   * Reception of what this address says or asks: `refuse` tells it nothing, `ask` files a request, `open` makes it
   * known, `fold` only counts it.
   */
  reception(accountId: AccountId, address: Address): "refuse" | "ask" | "open" | "fold";
  /**
   * May one more message of this length be kept of a stranger? If so it counts; if not, their request says that there
   * was more.
   */
  admits(accountId: AccountId, address: Address, length: number): boolean;
  /** A message that counted was here already. */
  unkept(accountId: AccountId, address: Address, length: number): void;
  /** One more of a burst of strangers; nothing of what they say is kept. */
  fold(accountId: AccountId, protocol: Protocol, address: Address): void;
  block(accountId: AccountId, address: Address): Promise<void>;
  /** The line of a burst has been seen and goes. */
  dismiss(id: ContactId): Promise<void>;
  /** Nobody of this domain is heard any more, unless they are on the list. */
  blockDomain(accountId: AccountId, domain: string): Promise<void>;
  forgetAccount(accountId: AccountId): Promise<void>;
}

/**
 * Strangers that may wait at once for an account; of those who came first from where most come, one makes room for
 * another.
 */
const maxWaiting = 200;
/** Room for what a stranger says before there is an answer, in UTF-16 units; one message more may begin within it. */
const maxKept = 65_536;
/** Room that a message takes up beside its text. */
const perMessage = 256;
const maxText = 500;

export interface RequestsParts {
  readonly tables: TablesWriter;
  readonly profile: Profile;
  readonly blocklist: Blocklist;
  readonly choices: StrangerChoices;
  readonly onFailed: (error: unknown) => void;
  readonly now: () => number;
}

export function createRequests(parts: RequestsParts): Requests {
  return new LiveRequests(parts);
}

class LiveRequests implements Requests {
  readonly #parts: RequestsParts;
  readonly #waiting = new Map<ContactId, RequestRecord>();
  /** Room that what strangers said takes up, also of those whose request is about to be filed. */
  readonly #kept = new Map<ContactId, number>();
  /** Strangers who said more than that. */
  readonly #exceeded = new Set<ContactId>();

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  async restore(): Promise<void> {
    for (const text of (await this.#parts.profile.all("request")).values()) {
      const parsed = v.safeParse(RequestRecordSchema, parseJson(text));
      if (!parsed.success) continue;
      this.#waiting.set(parsed.output.id, parsed.output);
      this.#kept.set(parsed.output.id, parsed.output.kept ?? 0);
      this.#show(parsed.output);
    }
  }

  applyPolicy(): void {
    for (const record of this.#waiting.values()) this.#show(record);
  }

  async purge(): Promise<void> {
    const entries = [...this.#waiting.values()]
      .filter(({ id, text }) => text !== undefined && !this.#parts.choices.keeps(id))
      .map((record) => this.#entry(record));
    if (entries.length > 0) await this.#parts.profile.put(entries);
  }

  file(request: Omit<RequestRecord, "id">): void {
    const id = contactId(request.accountId, request.address);
    const old = this.#waiting.get(id);
    if (!old) this.#makeRoom(request.accountId, request.protocol);
    const text = excerpt(request.text ?? old?.text);
    const name = excerpt(visibleName(request.name, maxText) ?? old?.name);
    // It goes with the text.
    const notice = request.text === undefined ? old?.notice : request.notice;
    const record: RequestRecord = {
      id,
      accountId: request.accountId,
      protocol: request.protocol,
      address: request.address,
      kind: old?.kind === "presence" ? "presence" : request.kind,
      at: old?.at ?? request.at,
      ...(text === undefined ? {} : { text }),
      ...(name === undefined ? {} : { name }),
      ...(notice === undefined ? {} : { notice }),
      ...(this.#kept.has(id) ? { kept: this.#kept.get(id) } : {}),
      ...(old?.more || this.#exceeded.has(id) ? { more: true } : {}),
    };
    this.#waiting.set(id, record);
    this.#show(record);
    this.#parts.profile.put([this.#entry(record)]).catch(this.#parts.onFailed);
  }

  settle(accountId: AccountId, address: Address): void {
    const id = contactId(accountId, address);
    if (this.#waiting.has(id)) this.#forget([id]).catch(this.#parts.onFailed);
  }

  written(accountId: AccountId, address: Address): void {
    if (this.#waiting.get(contactId(accountId, address))?.kind === "message") this.settle(accountId, address);
  }

  get(id: ContactId): RequestRecord | undefined {
    return this.#waiting.get(id);
  }

  isBlocked(accountId: AccountId, address: Address): boolean {
    return this.#parts.blocklist.covers(accountId, address);
  }

  reception(accountId: AccountId, address: Address): "refuse" | "ask" | "open" | "fold" {
    const id = contactId(accountId, address);
    if (this.isBlocked(accountId, address)) return "refuse";
    if (this.#parts.tables.get("contacts", id) || this.#isOwnService(accountId, address)) return "open";
    const reception = ({ open: "open", requests: "ask", "contacts-only": "refuse" } as const)[
      this.#parts.choices.mode()
    ];
    return reception === "ask" && !this.#waiting.has(id) && this.#parts.choices.burst(accountId, address) !== undefined
      ? "fold"
      : reception;
  }

  admits(accountId: AccountId, address: Address, length: number): boolean {
    const id = contactId(accountId, address);
    const before = this.#kept.get(id) ?? 0;
    if (before < maxKept) {
      this.#kept.set(id, before + length + perMessage);
      return true;
    }
    this.#exceeded.add(id);
    const record = this.#waiting.get(id);
    if (record && !record.more) {
      const full = { ...record, more: true };
      this.#waiting.set(id, full);
      this.#show(full);
      this.#parts.profile.put([this.#entry(full)]).catch(this.#parts.onFailed);
    }
    return false;
  }

  unkept(accountId: AccountId, address: Address, length: number): void {
    const id = contactId(accountId, address);
    const left = Math.max(0, (this.#kept.get(id) ?? 0) - length - perMessage);
    if (left > 0 || this.#waiting.has(id)) this.#kept.set(id, left);
    else this.#kept.delete(id);
  }

  fold(accountId: AccountId, protocol: Protocol, address: Address): void {
    const origin = this.#parts.choices.burst(accountId, address);
    if (origin === undefined) return;
    if (!this.#waiting.has(burstId(accountId, origin))) this.#makeRoom(accountId, protocol);
    this.#countIn({ accountId, protocol }, origin);
  }

  async dismiss(id: ContactId): Promise<void> {
    await this.#forget([id]);
  }

  async blockDomain(accountId: AccountId, domain: string): Promise<void> {
    await this.#parts.blocklist.blockStrangers(accountId, domain);
    await this.#forget(
      [...this.#waiting.values()]
        .filter((one) => one.accountId === accountId && domainOf(one.address) === domain)
        .map(({ id }) => id),
    );
  }

  async block(accountId: AccountId, address: Address): Promise<void> {
    await this.#parts.blocklist.block(accountId, address);
    this.settle(accountId, address);
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    await this.#forget([...this.#waiting.values()].filter((r) => r.accountId === accountId).map((r) => r.id));
    await this.#parts.blocklist.forgetAccount(accountId);
  }

  /**
   * The own XMPP server and what belongs to it, whose name nobody else can use (RFC 6120 section 8.1.2.1); a From of
   * SIP is anybody's word.
   */
  #isOwnService(accountId: AccountId, address: Address): boolean {
    const { tables } = this.#parts;
    const account = tables.get("accounts", accountId);
    if (!account || !isService(address) || !tables.get("networks", account.protocol)?.services) return false;
    const domain = domainOf(account.address);
    return address === domain || address.endsWith(`.${domain}`);
  }

  #show(record: RequestRecord): void {
    const { text: _text, name: _name, notice: _notice, ...who } = record;
    // A name is words of theirs, too, and so is what stands in a notice.
    this.#parts.tables.put("requests", this.#parts.choices.content() === "hidden" ? who : record);
  }

  #entry(record: RequestRecord): {
    readonly namespace: "request";
    readonly key: string;
    readonly value: string;
  } {
    const { text: _text, notice: _notice, ...silent } = record;
    return {
      namespace: "request",
      key: record.id,
      value: JSON.stringify(this.#parts.choices.keeps(record.id) ? record : silent),
    };
  }

  async #forget(ids: readonly ContactId[]): Promise<void> {
    for (const id of ids) {
      this.#waiting.delete(id);
      this.#kept.delete(id);
      this.#exceeded.delete(id);
      this.#parts.tables.remove("requests", id);
    }
    await this.#parts.profile.put(ids.map((key) => ({ namespace: "request", key, value: undefined })));
  }

  /** Counts strangers whom nothing is kept of. */
  #countIn({ accountId, protocol }: Receiver, origin: BurstOrigin, more = 1): void {
    const id = burstId(accountId, origin);
    const count = (this.#waiting.get(id)?.count ?? 0) + more;
    const record: RequestRecord = {
      id,
      accountId,
      protocol,
      address: `*@${origin}`,
      kind: "burst",
      at: this.#parts.now(),
      count,
    };
    this.#waiting.set(id, record);
    this.#show(record);
    // A flood must not keep the disk busy.
    if (Number.isInteger(Math.log2(count)))
      this.#parts.profile
        .put([{ namespace: "request", key: id, value: JSON.stringify(record) }])
        .catch(this.#parts.onFailed);
  }

  /**
   * Where the list of an account is full, the oldest from the domain that most are from goes into the count of all
   * strangers.
   */
  #makeRoom(accountId: AccountId, protocol: Protocol): void {
    const everybody = burstId(accountId, "*");
    const all = [...this.#waiting.values()].filter(
      (record) => record.accountId === accountId && record.id !== everybody,
    );
    if (all.length < maxWaiting) return;
    const domains = new Map<string, number>();
    for (const { address } of all) domains.set(domainOf(address), (domains.get(domainOf(address)) ?? 0) + 1);
    const most = Math.max(...domains.values());
    const goes = all.find(({ address }) => domains.get(domainOf(address)) === most);
    if (!goes) return;
    this.#forget([goes.id]).catch(this.#parts.onFailed);
    this.#countIn({ accountId, protocol }, "*", goes.count);
  }
}

/** The account that somebody turns to. */
interface Receiver {
  readonly accountId: AccountId;
  readonly protocol: Protocol;
}

/** The beginning of what they said, without the rest of it in memory. */
function excerpt(text: string | undefined): string | undefined {
  return text === undefined ? undefined : detached(truncate(text, maxText));
}

/** No address begins with `@`, so nobody can be taken for a burst. */
function burstId(accountId: AccountId, origin: BurstOrigin): ContactId {
  return `${accountId}|@${origin}`;
}
