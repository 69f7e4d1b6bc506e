import { randomUUID } from "node:crypto";
import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { stanzaErrorCode } from "./errors.ts";
import { parseJid } from "./jid.ts";
import type { SendRefusal } from "./stream/managed-stream.ts";
import { lossOf } from "./xml/element.ts";

const timeoutMs = 30_000;
/**
 * A long answer may take longer: over a slow line, and from a server that has other things to do first. The stream's
 * own watch over silence goes on.
 */
const largeTimeoutMs = 10 * 60_000;
/** So many requests may wait for their reply at once. */
const maxPending = 2000;

export interface IqRequestsOptions {
  readonly address: string;
  readonly domain: string;
  /** Sends a request; answers why not. */
  readonly send: (stanza: Element) => SendRefusal | undefined;
  readonly refuse: (what: string) => void;
  /** Own full JID. */
  readonly jid: () => string;
}

export interface RequestOptions {
  /** Undefined: the own account. */
  readonly to?: string;
  /** The answer may be longer than other stanzas. */
  readonly large?: boolean;
}

interface Pending {
  readonly to: string | undefined;
  readonly large: boolean;
  resolve(reply: Element): void;
  reject(error: HallwayError): void;
  timer: NodeJS.Timeout | undefined;
}

/** Own requests and the replies to them, which count from whoever was asked only (RFC 6120 section 8.2.3). */
export class IqRequests {
  readonly #options: IqRequestsOptions;
  readonly #pending = new Map<string, Pending>();
  /** The long answer that is coming in: what was answered after it waits behind it. */
  #arriving: string | undefined;

  constructor(options: IqRequestsOptions) {
    this.#options = options;
  }

  /** Errors: of the reply, `timed-out`; with `abort`, whatever it was given. */
  request(type: "get" | "set", payload: Element, { to, large = false }: RequestOptions = {}): Promise<Element> {
    return new Promise((resolve, reject) => {
      if (this.#pending.size >= maxPending) {
        reject(new HallwayError("rate-limited"));
        return;
      }
      const id = randomUUID();
      const waiting: Pending = { to, large, resolve, reject, timer: undefined };
      this.#giveTime(id, waiting);
      // The handler stands before anything is written, so that no reply can be too early for it.
      this.#pending.set(id, waiting);
      const refusal = this.#options.send(xml("iq", { type, id, to }, payload));
      // Where there is no stream, whoever ends the session says so.
      if (refusal === undefined || refusal === "offline") return;
      this.#remove(id, waiting);
      reject(new HallwayError(refusal));
    });
  }

  /**
   * Is this the start of an `<iq/>` that answers a request that was made as `large`? Until the whole of it is here, others have
   * more time.
   */
  isLarge(start: Element): boolean {
    if (start.name !== "iq" || start.attrs["type"] !== "result") return false;
    const id = start.attrs["id"] ?? "";
    const waiting = this.#pending.get(id);
    if (waiting?.large !== true || !this.#isFrom(start.attrs["from"], waiting.to)) return false;
    this.#arriving = id;
    return true;
  }

  /** Takes a reply. */
  settle(stanza: Element): void {
    const { id = "", from } = stanza.attrs;
    const waiting = this.#pending.get(id);
    if (!waiting) return;
    if (!this.#isFrom(from, waiting.to)) {
      this.#options.refuse("a reply from somebody who was not asked");
      return;
    }
    this.#remove(id, waiting);
    // Half an answer is none: what is missing from a contact list would be taken for removed.
    if (lossOf(stanza) === "cut") waiting.reject(new HallwayError("too-large"));
    else if (stanza.attrs["type"] === "result") waiting.resolve(stanza);
    else waiting.reject(new HallwayError(stanzaErrorCode(stanza)));
  }

  /** Fails all that wait. */
  abort(error: HallwayError): void {
    for (const [id, waiting] of [...this.#pending]) {
      this.#remove(id, waiting);
      waiting.reject(error);
    }
  }

  /**
   * RFC 6120 section 8.1.2.1: a reply without `from`, or from the own bare or full JID or server, is the server's for a
   * request to the account.
   */
  #isFrom(from: string | undefined, asked: string | undefined): boolean {
    const { address, domain, jid } = this.#options;
    const sender = from === undefined ? undefined : parseJid(from)?.full;
    if (from !== undefined && sender === undefined) return false;
    if (asked === undefined || asked === address) {
      return (
        sender === undefined || sender === address || sender === jid() || (asked === undefined && sender === domain)
      );
    }
    if (asked === domain) return sender === undefined || sender === domain;
    return sender !== undefined && sender === parseJid(asked)?.full;
  }

  #remove(id: string, { timer }: Pending): void {
    this.#pending.delete(id);
    clearTimeout(timer);
    if (this.#arriving === id) this.#arriving = undefined;
  }

  #giveTime(id: string, waiting: Pending): void {
    waiting.timer = setTimeout(
      () => {
        if (this.#arriving !== undefined && this.#arriving !== id) return this.#giveTime(id, waiting);
        this.#remove(id, waiting);
        waiting.reject(new HallwayError("timed-out"));
      },
      waiting.large ? largeTimeoutMs : timeoutMs,
    );
  }
}
