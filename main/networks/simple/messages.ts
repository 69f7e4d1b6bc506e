import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import { maxBodyLength } from "../../../shared/model/message.ts";
import { CpimError, cpimHeader, cpimType, formatCpim, parseCpim } from "../../cpim/message.ts";
import type { IncomingMessage, Log, NetworkEvent, OutgoingMessage } from "../network.ts";
import { BodyError, checkCharset, readBody } from "./body.ts";
import type { ContactStore } from "./contact-store.ts";
import { messageError } from "./errors.ts";
import { parseNameAddress, parseParameters, type SipRequest, type SipResponse } from "./message.ts";
import { formatIsComposing, isComposingType, parseIsComposing } from "./payloads/rfc-3994-is-composing.ts";
import { formatImdn, type Imdn, imdnCpimNamespace, imdnType, parseImdn } from "./payloads/rfc-5438-imdn.ts";
import { XmlError } from "./payloads/xml.ts";
import { Recent } from "./recent.ts";
import { Typing, typingRefresh } from "./typing.ts";
import { addressOfUri, parseSipUri, uriOfAddress } from "./uri.ts";
import { type Reply, type RequestOptions, type SipBody, token, type UserAgent } from "./user-agent.ts";

/** What messages need of their account. */
export interface MessagesOptions {
  readonly own: Address;
  readonly store: ContactStore;
  readonly emit: (event: NetworkEvent) => void;
  readonly now: () => number;
  readonly log: Log;
}

const acceptedTypes = `text/plain, ${cpimType}, ${imdnType}, ${isComposingType}`;
const acceptHeader = `Accept: ${acceptedTypes}`;
/** A message that says it was said longer ago than this did not come straight from its sender, in ms. */
const delayThreshold = 30_000;
/** For so long after signing in, what was said before signing in counts as kept by the server, in ms. */
const storeDelivery = 20_000;
/** Messages waiting for an earlier one to the same person, at most. */
const maxQueued = 500;

/**
 * 430 (RFC 5626 section 5.3.1) and 477 (OpenSER family): the wire to their device broke before it was sent there. They
 * are most likely connecting anew, so it is tried again after these times, in ms; it cannot arrive twice.
 */
const brokenFlow: readonly number[] = [430, 477];
const brokenFlowRetries: readonly number[] = [700, 2_000];

interface Asked {
  readonly dateTime: string | undefined;
  readonly delivered: boolean;
  readonly read: boolean;
}

/**
 * Messages of one account: text, receipts and typing. It outlives connections; `attach` and `detach` say when there is one.
 * One MESSAGE at a time to each person (RFC 3428 section 8), which also keeps them in order.
 */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #typing: Typing;
  readonly #queues = new Map<Address, { tail: Promise<void>; length: number }>();
  /** Own messages handed over and not settled: id -> peer. */
  readonly #open = new Map<string, Address>();
  readonly #seen = new Recent<true>(2_000);
  readonly #asked = new Recent<Asked>(1_000);
  #reading: Promise<unknown> = Promise.resolve();
  #agent: UserAgent | undefined;
  #signedInAt = 0;

  constructor(options: MessagesOptions) {
    this.#options = options;
    this.#typing = new Typing((peer, active) => options.emit({ type: "typing", peer, active }), options.now);
  }

  attach(agent: UserAgent): void {
    this.#agent = agent;
    this.#signedInAt = this.#options.now();
  }

  /** The connection ended: what is not settled is `waiting` at once. */
  detach(): void {
    this.#agent = undefined;
    this.#queues.clear();
    for (const [id, peer] of [...this.#open]) {
      this.#open.delete(id);
      this.#options.emit({ type: "delivery", id, peer, state: "waiting" });
    }
    this.#typing.reset();
  }

  /** Takes a message over; what becomes of it follows as events. Errors: `offline`, `message-empty`, `message-too-long`, `rate-limited`. */
  send(message: OutgoingMessage): Promise<void> {
    const agent = this.#agent;
    if (!agent) return Promise.reject(new HallwayError("offline"));
    if (!/^[\x21-\x7e]{1,128}$/.test(message.id) || /[<>]/.test(message.id)) return Promise.reject(new HallwayError("invalid-argument"));
    if (message.body === "") return Promise.reject(new HallwayError("message-empty"));
    if (message.body.length > maxBodyLength) return Promise.reject(new HallwayError("message-too-long"));
    if ((this.#queues.get(message.to)?.length ?? 0) >= maxQueued) return Promise.reject(new HallwayError("rate-limited"));
    this.#open.set(message.id, message.to);
    this.#typing.messageSent(message.to);
    return new Promise((resolve) => {
      // Resolves when written; also when the connection went first, since the event `waiting` tells then.
      this.#enqueue(message.to, () => this.#deliver(agent, message, resolve)).then(resolve, resolve);
    });
  }

  sendTyping(to: Address, active: boolean): void {
    const agent = this.#agent;
    if (!agent || !this.#typing.shouldTell(to, active)) return;
    const content = formatIsComposing({ state: active ? "active" : "idle", refresh: typingRefresh });
    void this.#enqueue(to, async () => {
      // Expires: nobody wants to hear of it later (RFC 3428 section 4).
      const response = await this.#request(agent, to, { type: isComposingType, content }, [`Expires: ${typingRefresh}`, acceptHeader]);
      if (response.status >= 300) this.#typing.notTaken(to);
    });
  }

  sendReceipt({ to, messageId, kind }: { readonly to: Address; readonly messageId: string; readonly kind: "delivered" | "read" }): void {
    const agent = this.#agent;
    const asked = this.#asked.get(`${to} ${messageId}`);
    if (!agent || (asked && !(kind === "delivered" ? asked.delivered : asked.read))) return;
    if (!asked && this.#options.store.takesCpim(to) !== true) return;
    const imdn: Imdn = {
      messageId,
      dateTime: asked?.dateTime,
      kind: kind === "delivered" ? "delivery" : "display",
      status: kind === "delivered" ? "delivered" : "displayed",
    };
    const content = this.#envelope(to, this.#options.now(), crypto.randomUUID(), undefined, imdnType, formatImdn(imdn, uriOfAddress(this.#options.own)));
    void this.#enqueue(to, async () => {
      await this.#request(agent, to, { type: cpimType, content }, [acceptHeader]);
    });
  }

  /** Presence changed: they may have another program now, or be there again. */
  heardFrom(peer: Address): void {
    this.#typing.heardFrom(peer);
  }

  /** Answers a MESSAGE; one after the other, so that one that has to be decompressed is not overtaken. */
  receive(request: SipRequest): Promise<Reply> {
    const reply = this.#reading.then(() => this.#receive(request));
    this.#reading = reply.catch(() => undefined);
    return reply;
  }

  async #receive(request: SipRequest): Promise<Reply> {
    const peer = addressOfUri(parseNameAddress(request.headers.get("from") ?? "").uri);
    if (peer === undefined) return this.#refuse(400, "SIP message from nobody");
    try {
      const { type, text } = await readBody(request.headers, request.body);
      this.#typing.heardFrom(peer);
      if (request.headers.list("accept").some((a) => a.toLowerCase().startsWith(cpimType))) this.#options.store.setTakesCpim(peer, true);
      const at = Date.parse(request.headers.get("date") ?? "");
      this.#take(peer, type, text, { id: headerId(request), at: Number.isFinite(at) ? at : undefined });
      return { status: 200, headers: [acceptHeader] };
    } catch (error) {
      if (error instanceof BodyError) return this.#refuse(error.status, `SIP message: ${error.message}`, error.headers);
      if (error instanceof CpimError || error instanceof XmlError) return this.#refuse(400, `SIP message: ${error.message}`);
      throw error;
    }
  }

  #refuse(status: number, what: string, headers: readonly string[] = []): Reply {
    this.#options.emit({ type: "refused", what });
    return { status, headers };
  }

  /** Content of a message, wrapped or not. Errors: BodyError, CpimError, XmlError. */
  #take(peer: Address, type: string, text: string, about: { readonly id: string | undefined; readonly at: number | undefined; readonly asked?: Asked }): void {
    switch (type) {
      case "text/plain":
        this.#text(peer, text, about.id, about.at, about.asked);
        return;
      case isComposingType: {
        const { state, refresh } = parseIsComposing(text);
        if (about.at === undefined || this.#options.now() - about.at < 120_000) this.#typing.hear(peer, state === "active", refresh);
        return;
      }
      case imdnType:
        this.#receipt(peer, parseImdn(text));
        return;
      case cpimType: {
        if (about.asked) throw new BodyError(400, "envelope in an envelope");
        this.#options.store.setTakesCpim(peer, true);
        const envelope = parseCpim(text);
        const inner = parseParameters(envelope.contentType);
        checkCharset(inner.value, inner.params);
        const encoding = envelope.contentHeaders.get("content-transfer-encoding")?.toLowerCase();
        if (encoding !== undefined && !["7bit", "8bit", "binary"].includes(encoding)) throw new BodyError(415, "envelope with an encoded body", [acceptHeader]);
        const dateTime = cpimHeader(envelope, "DateTime")?.trim();
        const wanted = (cpimHeader(envelope, "Disposition-Notification", imdnCpimNamespace) ?? "")
          .toLowerCase()
          .split(",")
          .map((w) => w.trim());
        const said = Date.parse(dateTime ?? "");
        this.#take(peer, inner.value.toLowerCase(), envelope.content, {
          id: wireId(cpimHeader(envelope, "Message-ID", imdnCpimNamespace)) ?? about.id,
          at: Number.isFinite(said) ? said : about.at,
          asked: { dateTime, delivered: wanted.includes("positive-delivery"), read: wanted.includes("display") },
        });
        return;
      }
      default:
        throw new BodyError(415, "type that is not taken", [acceptHeader]);
    }
  }

  #text(peer: Address, body: string, id: string | undefined, said: number | undefined, asked: Asked | undefined): void {
    if (body === "") return;
    if (body.length > maxBodyLength) throw new BodyError(413, "text too long");
    const key = `${peer} ${id ?? ""}`;
    if (id !== undefined) {
      if (this.#seen.has(key)) return;
      this.#seen.set(key, true);
      if (asked) this.#asked.set(key, asked);
    }
    this.#typing.hear(peer, false, 0);
    const now = this.#options.now();
    const kept = said !== undefined && (now - said > delayThreshold || (now - this.#signedInAt < storeDelivery && said + 1_000 < this.#signedInAt));
    const message: IncomingMessage = {
      peer,
      direction: "in",
      id,
      archiveId: undefined,
      body,
      at: kept ? said : undefined,
      delayed: kept,
      via: "live",
      wantsDelivered: id !== undefined && (asked?.delivered ?? false),
      wantsRead: id !== undefined && (asked?.read ?? false),
    };
    this.#options.emit({ type: "message", message });
  }

  #receipt(peer: Address, imdn: Imdn): void {
    const id = wireId(imdn.messageId);
    if (id === undefined) return;
    const delivery = (state: "delivered" | "read" | "failed", error?: ErrorInfo): void =>
      this.#options.emit({ type: "delivery", id, peer, state, ...(error ? { error } : {}) });
    if (imdn.kind === "delivery" && imdn.status === "delivered") delivery("delivered");
    else if (imdn.kind === "delivery" && imdn.status === "failed") delivery("failed", { code: "recipient-unreachable" });
    else if (imdn.kind === "display" && imdn.status === "displayed") delivery("read");
  }

  /** Runs tasks for one person one after the other; a task whose connection is gone by then is not run. */
  #enqueue(peer: Address, task: () => Promise<void>): Promise<void> {
    const queue = this.#queues.get(peer) ?? { tail: Promise.resolve(), length: 0 };
    this.#queues.set(peer, queue);
    queue.length += 1;
    const agent = this.#agent;
    const done = queue.tail.then(async () => {
      try {
        if (agent === this.#agent) await task();
      } catch (error) {
        this.#options.log.debug("SIP message request ended", { error: toErrorInfo(error).code });
      } finally {
        queue.length -= 1;
        if (queue.length === 0 && this.#queues.get(peer) === queue) this.#queues.delete(peer);
      }
    });
    queue.tail = done;
    return done;
  }

  async #deliver(agent: UserAgent, message: OutgoingMessage, onWritten: () => void): Promise<void> {
    const { id, to } = message;
    let outcome: { state: "sent" | "failed" | "waiting"; error?: ErrorInfo };
    try {
      let response = await this.#sendText(agent, message, onWritten);
      for (const delay of brokenFlowRetries) {
        if (!brokenFlow.includes(response.status) || agent !== this.#agent) break;
        await setTimeoutPromise(delay, undefined, { ref: false });
        response = await this.#sendText(agent, message, onWritten);
      }
      const code = messageError(response.status);
      outcome = code === undefined ? { state: "sent" } : { state: "failed", error: { code } };
      if (response.status === 202) this.#typing.notTaken(to);
    } catch (error) {
      const info = toErrorInfo(error);
      outcome = info.code === "connection-lost" ? { state: "waiting" } : { state: "failed", error: info };
    }
    // Not there any more: detach has said `waiting`.
    if (this.#open.delete(id)) this.#options.emit({ type: "delivery", id, peer: to, ...outcome });
  }

  /** In an envelope where that brings receipts and is understood, else plain; what they refuse is sent the other way. */
  async #sendText(agent: UserAgent, message: OutgoingMessage, onWritten: () => void): Promise<SipResponse> {
    const { store, now } = this.#options;
    const { id, to, body, at } = message;
    const headers = [`Message-ID: ${id}`, acceptHeader, ...(Math.abs(now() - at) > delayThreshold ? [`Date: ${new Date(at).toUTCString()}`] : [])];
    if (message.wantReceipts && store.takesCpim(to) === true) {
      const content = this.#envelope(to, at, id, "positive-delivery, display", "text/plain;charset=utf-8", body);
      const response = await this.#request(agent, to, { type: cpimType, content }, headers, { id, onWritten });
      if (response.status !== 415 && response.status !== 488) return response;
      store.setTakesCpim(to, false);
    }
    return this.#request(agent, to, { type: "text/plain;charset=utf-8", content: body }, headers, { id, onWritten });
  }

  #envelope(to: Address, at: number, id: string, disposition: string | undefined, contentType: string, content: string): string {
    const imdn = (name: string, value: string): { namespace: string; name: string; value: string } => ({ namespace: imdnCpimNamespace, name, value });
    return formatCpim(
      {
        headers: [
          { namespace: "", name: "From", value: `<${uriOfAddress(this.#options.own)}>` },
          { namespace: "", name: "To", value: `<${uriOfAddress(to)}>` },
          { namespace: "", name: "DateTime", value: new Date(at).toISOString() },
          imdn("Message-ID", id),
          ...(disposition === undefined ? [] : [imdn("Disposition-Notification", disposition)]),
        ],
        contentType,
        content,
      },
      new Map([[imdnCpimNamespace, "imdn"]]),
    );
  }

  /**
   * Sends and follows redirects (RFC 3261 section 8.1.3.4) to other SIP URIs, a few times. The id of a text is its Call-ID
   * too: linphone confirms messages without an envelope under that.
   */
  async #request(
    agent: UserAgent,
    to: Address,
    body: SipBody,
    headers: readonly string[],
    text?: { readonly id: string; readonly onWritten: () => void },
  ): Promise<SipResponse> {
    const own = uriOfAddress(to);
    const dialog = text && { callId: text.id, fromTag: token(8), nextCseq: () => agent.nextCseq() };
    let uri = own;
    for (let hops = 0; ; hops += 1) {
      const options: RequestOptions = {
        method: "MESSAGE",
        uri,
        to: own,
        headers,
        body,
        ...(text ? { onWritten: text.onWritten } : {}),
        ...(dialog ? { dialog } : {}),
      };
      const response = await agent.request(options);
      const accepts = response.headers.list("accept").map((a) => a.toLowerCase());
      if (accepts.length > 0 && response.status < 300)
        this.#options.store.setTakesCpim(
          to,
          accepts.some((a) => a.startsWith(cpimType)),
        );
      const next =
        response.status >= 300 && response.status < 400
          ? response.headers
              .list("contact")
              .map((c) => parseNameAddress(c).uri)
              .find((c) => parseSipUri(c)?.scheme.startsWith("sip") === true)
          : undefined;
      if (next === undefined || hops >= 3) return response;
      uri = next;
    }
  }
}

/** An id as the model takes it: without control characters, at most 128 long. */
function wireId(text: string | undefined): string | undefined {
  const id = text?.trim().replace(/^<|>$/g, "");
  return id !== undefined && id !== "" && id.length <= 128 && !/\p{C}/u.test(id) ? id : undefined;
}

/** The sender's id of a message without envelope: Hallway puts it into a header that stores and gateways can keep. */
function headerId(request: SipRequest): string | undefined {
  return wireId(request.headers.get("message-id"));
}
