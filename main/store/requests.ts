import type { AccountId, Protocol } from "../../shared/model/account.ts";
import { type Address, domainOf, isService } from "../../shared/model/address.ts";
import { type ContactId, contactId, type RequestRecord } from "../../shared/model/contact.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { visibleName } from "../../shared/text/visible-name.ts";
import type { BurstOrigin } from "../enforcement/stranger-bursts.ts";
import { detached } from "../networks/detached-text.ts";
import type { Profile } from "../profile/profile.ts";
import type { Blocklist } from "./blocklist.ts";
import { StrangerQuota } from "./stranger-quota.ts";
import type { TablesWriter } from "./tables.ts";
import { type RequestChoices, WaitingRequests } from "./waiting-requests.ts";

/** Choices about strangers, read whenever they matter. */
export interface StrangerChoices extends RequestChoices {
  readonly mode: () => SettingValue<"StrangerMode">;
  /** The burst of strangers that a new one belongs to; undefined: none, they are let in. */
  readonly burst: (accountId: AccountId, address: Address) => BurstOrigin | undefined;
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
  readonly #waiting: WaitingRequests;
  readonly #quota = new StrangerQuota();

  constructor(parts: RequestsParts) {
    this.#parts = parts;
    this.#waiting = new WaitingRequests(parts);
  }

  async restore(): Promise<void> {
    for (const { id, kept } of await this.#waiting.restore()) this.#quota.restore(id, kept ?? 0);
  }

  applyPolicy(): void {
    this.#waiting.applyPolicy();
  }

  purge(): Promise<void> {
    return this.#waiting.purge();
  }

  file(request: Omit<RequestRecord, "id">): void {
    const id = contactId(request.accountId, request.address);
    const old = this.#waiting.get(id);
    if (!old) this.#makeRoom(request.accountId, request.protocol);
    const text = excerpt(request.text ?? old?.text);
    const name = excerpt(visibleName(request.name, maxText) ?? old?.name);
    // It goes with the text.
    const notice = request.text === undefined ? old?.notice : request.notice;
    const kept = this.#quota.usedBy(id);
    this.#waiting.put({
      id,
      accountId: request.accountId,
      protocol: request.protocol,
      address: request.address,
      kind: old?.kind === "presence" ? "presence" : request.kind,
      at: old?.at ?? request.at,
      ...(text === undefined ? {} : { text }),
      ...(name === undefined ? {} : { name }),
      ...(notice === undefined ? {} : { notice }),
      ...(kept === undefined ? {} : { kept }),
      ...(old?.more || this.#quota.isExceededBy(id) ? { more: true } : {}),
    });
  }

  settle(accountId: AccountId, address: Address): void {
    const id = contactId(accountId, address);
    if (this.#waiting.get(id)) this.#forget([id]).catch(this.#parts.onFailed);
  }

  written(accountId: AccountId, address: Address): void {
    const request = this.#parts.tables.get("requests", contactId(accountId, address));
    if (request?.kind === "message") this.settle(accountId, address);
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
    return reception === "ask" && !this.#waiting.get(id) && this.#parts.choices.burst(accountId, address) !== undefined
      ? "fold"
      : reception;
  }

  admits(accountId: AccountId, address: Address, length: number): boolean {
    const id = contactId(accountId, address);
    if (this.#quota.take(id, length)) return true;
    const record = this.#waiting.get(id);
    if (record && !record.more) this.#waiting.put({ ...record, more: true });
    return false;
  }

  unkept(accountId: AccountId, address: Address, length: number): void {
    const id = contactId(accountId, address);
    this.#quota.giveBack(id, length, this.#waiting.get(id) !== undefined);
  }

  fold(accountId: AccountId, protocol: Protocol, address: Address): void {
    const origin = this.#parts.choices.burst(accountId, address);
    if (origin === undefined) return;
    if (!this.#waiting.get(burstId(accountId, origin))) this.#makeRoom(accountId, protocol);
    this.#countIn({ accountId, protocol }, origin);
  }

  async dismiss(id: ContactId): Promise<void> {
    await this.#forget([id]);
  }

  async blockDomain(accountId: AccountId, domain: string): Promise<void> {
    await this.#parts.blocklist.blockStrangers(accountId, domain);
    await this.#forget(
      this.#waiting
        .of(accountId)
        .filter(({ address }) => domainOf(address) === domain)
        .map(({ id }) => id),
    );
  }

  async block(accountId: AccountId, address: Address): Promise<void> {
    await this.#parts.blocklist.block(accountId, address);
    this.settle(accountId, address);
  }

  async forgetAccount(accountId: AccountId): Promise<void> {
    await this.#forget(this.#waiting.of(accountId).map(({ id }) => id));
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

  async #forget(ids: readonly ContactId[]): Promise<void> {
    for (const id of ids) this.#quota.forget(id);
    await this.#waiting.forget(ids);
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
    // A flood must not keep the disk busy.
    if (Number.isInteger(Math.log2(count))) this.#waiting.put(record);
    else this.#waiting.set(record);
  }

  /**
   * Where the list of an account is full, the oldest from the domain that most are from goes into the count of all
   * strangers.
   */
  #makeRoom(accountId: AccountId, protocol: Protocol): void {
    const everybody = burstId(accountId, "*");
    const all = this.#waiting.of(accountId).filter(({ id }) => id !== everybody);
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
