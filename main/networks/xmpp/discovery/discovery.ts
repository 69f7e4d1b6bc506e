import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { IqRequests } from "../iq.ts";
import { type Caps, capsKey, verifies } from "../xeps/xep-0115-caps-hash.ts";
import type { CapsCache } from "./caps-cache.ts";
import { type DiscoveryInfo, type DiscoveryItem, readInfo, readItems } from "./discovery-info.ts";

const nsInfo = "http://jabber.org/protocol/disco#info";
const nsItems = "http://jabber.org/protocol/disco#items";
/** Answers that are remembered in a session, and devices whose capabilities are; the oldest make room. */
const maxAnswers = 1_000;
const maxAnnounced = 20_000;

/** Errors that say nothing about who was asked: the question may be put again. */
const passing: ReadonlySet<string> = new Set(["timed-out", "connection-lost", "offline", "cancelled", "rate-limited"]);

export interface DiscoveryOptions {
  readonly address: Address;
  readonly domain: string;
  readonly requests: IqRequests;
  readonly cache: CapsCache;
}

/**
 * Service discovery (XEP-0030) and entity capabilities (XEP-0115) of others: the one place that asks, once for each
 * answer in a session, and once for each kind of program where its hash holds.
 */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #answers = new Map<string, Promise<Element>>();
  /** Capabilities that devices announced, by full JID. */
  readonly #announced = new Map<string, Caps>();
  readonly #offered = new Set<string>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** Does the server (or the own account) offer this feature? Known when `load` has resolved. */
  offers(feature: string): boolean {
    return this.#offered.has(feature);
  }

  /** Asks the server and the own account what they offer. Never rejects: what does not answer offers nothing. */
  async load(): Promise<void> {
    const { address, domain } = this.#options;
    const answers = await Promise.allSettled([this.info(domain), this.info(address)]);
    this.#offered.clear();
    for (const answer of answers)
      if (answer.status === "fulfilled") for (const feature of answer.value.features) this.#offered.add(feature);
  }

  /** Identities and features of an entity. Errors: those of requests. */
  async info(jid: string, node?: string): Promise<DiscoveryInfo> {
    return readInfo(await this.#ask(nsInfo, jid, node));
  }

  /** Entities that belong to another (XEP-0030 section 4). Errors: those of requests. */
  async items(jid: string, node?: string): Promise<readonly DiscoveryItem[]> {
    return readItems(await this.#ask(nsItems, jid, node));
  }

  /** A device has said what it can do, as a hash. */
  announced(jid: string, caps: Caps): void {
    this.#announced.delete(jid);
    for (const oldest of this.#announced.keys()) {
      if (this.#announced.size < maxAnnounced) break;
      this.#announced.delete(oldest);
    }
    this.#announced.set(jid, caps);
  }

  /**
   * Identities and features of a device. Programs of one kind have one answer, and are asked once; an answer that does
   * not have the hash it was announced with is that device's alone (XEP-0115 section 5.4). Errors: those of requests.
   */
  async capabilities(jid: string): Promise<DiscoveryInfo> {
    const caps = this.#announced.get(jid);
    if (!caps) return this.info(jid);
    const key = capsKey(caps);
    const known = await this.#options.cache.get(key);
    if (known) return known;
    const answer = await this.#ask(nsInfo, jid, `${caps.node}#${caps.ver}`);
    const info = readInfo(answer);
    if (verifies(answer, caps)) await this.#options.cache.set(key, info);
    return info;
  }

  /** The session is gone: others may be online in the next. */
  clear(): void {
    this.#answers.clear();
    this.#announced.clear();
  }

  #ask(xmlns: string, jid: string, node: string | undefined): Promise<Element> {
    const key = `${xmlns} ${jid} ${node ?? ""}`;
    const asked = this.#answers.get(key);
    if (asked) return asked;
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size < maxAnswers) break;
      this.#answers.delete(oldest);
    }
    const answer = this.#options.requests.request("get", xml("query", { xmlns, node }), { to: jid }).then((reply) => {
      const query = reply.getChild("query", xmlns);
      if (!query) throw new HallwayError("protocol-error");
      return query;
    });
    this.#answers.set(key, answer);
    answer.catch((error: unknown) => {
      const isPassing = !(error instanceof HallwayError) || passing.has(error.code);
      if (isPassing && this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return answer;
  }
}
