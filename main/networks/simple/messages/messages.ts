import { randomUUID } from "node:crypto";
import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { type ErrorCode, type ErrorInfo, HallwayError, toErrorInfo } from "../../../../shared/errors.ts";
import { KeyedQueue } from "../../../../shared/keyed-queue.ts";
import { type Address, isUnanswerable } from "../../../../shared/model/address.ts";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { cpimType } from "../../../cpim/message.ts";
import type { Emit } from "../../events.ts";
import type { OutgoingMessage, Receipt } from "../../facets/messages.ts";
import type { Log } from "../../log.ts";
import type { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import { messageError } from "../errors.ts";
import { type SipBody, textBody } from "../outgoing-request.ts";
import { formatIsComposing, isComposingType } from "../payloads/rfc-3994-is-composing.ts";
import { formatImdn, type Imdn, imdnType } from "../payloads/rfc-5438-imdn.ts";
import type { RedirectRules } from "../redirect.ts";
import type { UserAgent } from "../user-agent.ts";
import type { SipRequest, SipResponse } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { retryAfter } from "../wire/timing-headers.ts";
import { uriOfAddress } from "../wire/uri.ts";
import { envelope } from "./envelope.ts";
import { takesCpim } from "./envelope-devices.ts";
import { IncomingMessages } from "./incoming-messages.ts";
import { Flights, type MessageRequest, type Outcome, sendMessageRequest } from "./message-request.ts";
import { Typing, typingRefresh } from "./typing.ts";

/** Options of an account's messages. */
export interface MessagesOptions {
  readonly own: Address;
  readonly store: ContactStore;
  readonly emit: Emit;
  readonly now: () => number;
  readonly log: Log;
  /** Asked where a message would go on to. */
  readonly redirects: RedirectRules;
  readonly capabilities: Capabilities;
}

/** Age from which a message is sent with the time it was said, in ms. */
const delayThreshold = 30_000;
/** Messages waiting for an earlier one to the same person, at most. */
const maxQueued = 500;
/** Messages, receipts and typing under way or waiting, at most, of all people. */
const maxUnderway = 20_000;

/**
 * 430 (RFC 5626 section 5.3.1) and 477 (OpenSER family): the wire to their device broke before it was sent there. 503:
 * the server can neither send nor keep it just now (a locked database is enough). It will pass, so it is tried again
 * after these times, in ms, or after the server's Retry-After; it cannot arrive twice.
 */
const passing: readonly number[] = [430, 477, 503];
const retries: readonly number[] = [700, 2_000, 5_000];
/** The longest Retry-After that a message is held back for, in ms: others to the same person wait behind it. */
const longestRetry = 30_000;

/**
 * Messages of one account: text, receipts and typing. It outlives connections; `attach` and `detach` say when there is
 * one. One MESSAGE at a time to each person (RFC 3428 section 8), which also keeps them in order.
 */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #typing: Typing;
  readonly #queue = new KeyedQueue<Address>({ maxLength: maxUnderway, maxPerKey: maxQueued });
  /** Own messages handed over and not settled: id -> peer. */
  readonly #open = new Map<string, Address>();
  readonly #flights = new Flights();
  readonly #incoming: IncomingMessages;
  #agent: UserAgent | undefined;

  constructor(options: MessagesOptions) {
    this.#options = options;
    this.#typing = new Typing((peer, active) => void options.emit({ type: "typing", peer, active }), options.now);
    this.#incoming = new IncomingMessages({ ...options, typing: this.#typing });
  }

  attach(agent: UserAgent): void {
    this.#agent = agent;
  }

  /** A REGISTER goes out over a new connection, which messages can come over from here on. */
  registering(): void {
    this.#incoming.registering();
  }

  /** The connection was lost, which a message that is too large may have caused. To be told before `detach`. */
  lost(): void {
    const cause = this.#flights.lost();
    const peer = cause === undefined ? undefined : this.#open.get(cause);
    if (cause === undefined || peer === undefined) return;
    this.#open.delete(cause);
    this.#options.log.warn("SIP message failed because the connection ended each time that it was sent");
    this.#options.emit({ type: "delivery", id: cause, peer, state: "failed", error: { code: "too-large" } });
  }

  /** The connection ended: what is not settled is `waiting` at once. */
  detach(): void {
    this.#agent = undefined;
    this.#flights.clear();
    this.#queue.clear();
    for (const [id, peer] of [...this.#open]) {
      this.#open.delete(id);
      this.#options.emit({ type: "delivery", id, peer, state: "waiting" });
    }
    this.#typing.reset();
  }

  /**
   * Takes a message over; what becomes of it follows as events. Errors: `offline`, `unanswerable`, `message-empty`,
   * `message-too-long`, `rate-limited`.
   */
  send(message: OutgoingMessage): Promise<void> {
    const agent = this.#agent;
    if (!agent) return Promise.reject(new HallwayError("offline"));
    if (!/^[\x21-\x7e]{1,128}$/.test(message.id) || /[<>]/.test(message.id))
      return Promise.reject(new HallwayError("invalid-argument"));
    if (isUnanswerable(message.to)) return Promise.reject(new HallwayError("unanswerable"));
    if (message.body === "") return Promise.reject(new HallwayError("message-empty"));
    if (message.body.length > maxBodyLength) return Promise.reject(new HallwayError("message-too-long"));
    if (this.#queue.isFull(message.to)) return Promise.reject(new HallwayError("rate-limited"));
    this.#open.set(message.id, message.to);
    this.#typing.messageSent(message.to);
    return new Promise((resolve) => {
      // Behind another message to the same person it is taken over at once: whoever hands over messages must not be
      // held up by one person whose device does not answer. Else when written; also when the connection went first,
      // since the event `waiting` tells then.
      if (this.#queue.lengthOf(message.to) > 0) resolve();
      this.#enqueue(message.to, () => this.#deliver(agent, message, resolve)).then(resolve, resolve);
    });
  }

  sendTyping(to: Address, active: boolean): void {
    const agent = this.#agent;
    if (!agent || isUnanswerable(to) || this.#queue.isFull(to) || !this.#typing.shouldTell(to, active)) return;
    const content = formatIsComposing({ state: active ? "active" : "idle", refresh: typingRefresh });
    void this.#enqueue(to, async () => {
      // Expires: nobody wants to hear of it later (RFC 3428 section 4).
      const headers = [`Expires: ${typingRefresh}`, this.#options.capabilities.accept];
      const { response } = await this.#request(agent, to, { body: textBody(isComposingType, content), headers });
      if (response.status >= 300) this.#typing.notTaken(to);
    });
  }

  sendReceipt({ to, messageId, kind }: Receipt): void {
    const agent = this.#agent;
    const asked = this.#incoming.asked(to, messageId);
    if (!agent || isUnanswerable(to) || (asked && !(kind === "delivered" ? asked.delivered : asked.read))) return;
    if (!asked && this.#options.store.takesCpim(to) !== true) return;
    // A person whose device answers nothing gets no receipts: messages go first.
    if (this.#queue.isFull(to)) return;
    const imdn: Imdn = {
      messageId,
      dateTime: asked?.dateTime,
      kind: kind === "delivered" ? "delivery" : "display",
      status: kind === "delivered" ? "delivered" : "displayed",
    };
    const content = envelope(
      { from: this.#options.own, to, at: this.#options.now(), id: randomUUID() },
      imdnType,
      Buffer.from(formatImdn(imdn, uriOfAddress(this.#options.own))),
    );
    void this.#enqueue(to, async () => {
      const headers = [this.#options.capabilities.accept];
      await this.#request(agent, to, { body: { type: cpimType, content }, headers });
    });
  }

  /** Presence changed: they may have another program now, or be there again. */
  heardFrom(peer: Address): void {
    this.#typing.heardFrom(peer);
  }

  /** The person is told of what somebody asked for and this version cannot do. */
  invited(request: SipRequest, sender: Address, notice: MessageNotice): void {
    this.#incoming.invited(request, sender, notice);
  }

  /** Answers a MESSAGE. `sender`: as the session has verified it; undefined: it is nobody's. */
  receive(request: SipRequest, sender: Address | undefined): Promise<Reply> {
    return this.#incoming.receive(request, sender);
  }

  /** Runs tasks for one person one after the other; a task whose connection is gone by then is not run. */
  #enqueue(peer: Address, task: () => Promise<void>): Promise<void> {
    const agent = this.#agent;
    return this.#queue.run(peer, async () => {
      try {
        if (agent === this.#agent) await task();
      } catch (error) {
        this.#options.log.debug("SIP message request ended", { error: toErrorInfo(error).code });
      }
    });
  }

  async #deliver(agent: UserAgent, message: OutgoingMessage, onWritten: () => void): Promise<void> {
    const { id, to } = message;
    let outcome: { state: "sent" | "failed" | "waiting"; error?: ErrorInfo };
    try {
      let { response, redirected } = await this.#sendText(agent, message, onWritten);
      for (const delay of retries) {
        if (!passing.includes(response.status)) break;
        const wait = Math.max(delay, 1_000 * (retryAfter(response) ?? 0));
        if (wait > longestRetry || agent !== this.#agent) break;
        await setTimeoutPromise(wait, undefined, { ref: false });
        ({ response, redirected } = await this.#sendText(agent, message, onWritten));
      }
      const code = this.#failure(response, to);
      if (code !== undefined) outcome = { state: "failed", error: { code } };
      else
        outcome = {
          state: "sent",
          ...(redirected === undefined ? {} : { error: { code: "redirected", params: { address: redirected } } }),
        };
      if (response.status === 202) this.#typing.notTaken(to);
    } catch (error) {
      const info = toErrorInfo(error);
      outcome = info.code === "connection-lost" ? { state: "waiting" } : { state: "failed", error: info };
    }
    this.#flights.end(id);
    // Not there any more: detach has said `waiting`.
    if (this.#open.delete(id)) this.#options.emit({ type: "delivery", id, peer: to, ...outcome });
  }

  /**
   * In an envelope where that brings receipts and is understood, else plain; what they refuse is sent the other way.
   */
  async #sendText(agent: UserAgent, message: OutgoingMessage, onWritten: () => void): Promise<Outcome> {
    const { store, now, own, capabilities } = this.#options;
    const { id, to, body: text, at } = message;
    const headers = [
      `Message-ID: ${id}`,
      capabilities.accept,
      ...(Math.abs(now() - at) > delayThreshold ? [`Date: ${new Date(at).toUTCString()}`] : []),
    ];
    const send = (body: SipBody): Promise<Outcome> => {
      const written = (): void => {
        if (agent === this.#agent && this.#open.has(id)) this.#flights.begin(id, body.content.byteLength);
        onWritten();
      };
      return this.#request(agent, to, { body, headers, id, onWritten: written });
    };
    const type = "text/plain;charset=utf-8";
    if (message.wantReceipts && store.takesCpim(to) === true) {
      const head = { from: own, to, at, id, disposition: "positive-delivery, display" };
      const outcome = await send({ type: cpimType, content: envelope(head, type, Buffer.from(text)) });
      if (outcome.response.status !== 415 && outcome.response.status !== 488) return outcome;
      store.setTakesCpim(to, false, outcome.response.headers.get("user-agent"));
    }
    return send(textBody(type, text));
  }

  /**
   * Why a message failed; undefined: it did not. A plain registrar says 404 of whoever is not signed in, and people on
   * the contact list are known to be somebody.
   */
  #failure(response: SipResponse, to: Address): ErrorCode | undefined {
    if (response.status < 300) return undefined;
    const code = messageError(response.status);
    return response.status === 404 && this.#options.store.knows(to) ? "recipient-unreachable" : code;
  }

  /** Notes what the device that answered understands. A 202 is of a server that keeps the message. */
  #noteDevice(to: Address, response: SipResponse): void {
    const { store } = this.#options;
    const device = response.headers.get("user-agent");
    const takes = takesCpim(response);
    if (response.status >= 300) return;
    if (takes !== undefined) store.setTakesCpim(to, takes, device);
    else if (device !== undefined && response.status === 200) store.heardDevice(to, device);
  }

  #request(
    agent: UserAgent,
    to: Address,
    request: Pick<MessageRequest, "body" | "headers" | "id" | "onWritten">,
  ): Promise<Outcome> {
    const { redirects } = this.#options;
    return sendMessageRequest({
      ...request,
      agent,
      to,
      redirects,
      onResponse: (response) => this.#noteDevice(to, response),
    });
  }
}
