import type { ErrorInfo } from "../../../../shared/errors.ts";
import { KeyedQueue } from "../../../../shared/keyed-queue.ts";
import type { Address } from "../../../../shared/model/address.ts";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { CpimError, cpimType } from "../../../cpim/message.ts";
import type { Emit } from "../../events.ts";
import type { IncomingMessage } from "../../facets/messages.ts";
import { isOtr } from "../../otr.ts";
import type { Capabilities } from "../capabilities.ts";
import type { ContactStore } from "../contact-store.ts";
import type { Imdn } from "../payloads/rfc-5438-imdn.ts";
import { XmlError } from "../payloads/xml.ts";
import { Recent } from "../recent.ts";
import { MergedRequests } from "../request-dispatch.ts";
import { BodyError } from "../wire/body.ts";
import type { SipRequest } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { Arrival } from "./arrival.ts";
import { takesCpim } from "./envelope-devices.ts";
import { type About, type Asked, type MessageItem, Unshown } from "./message-item.ts";
import { aboutRequest, MessageReader, MessageStamps, wireId } from "./message-reader.ts";
import { withoutStoreStamp } from "./stored-type.ts";
import type { Typing } from "./typing.ts";

/** Options of taking an account's messages. */
export interface IncomingMessagesOptions {
  readonly own: Address;
  readonly store: ContactStore;
  readonly typing: Typing;
  readonly emit: Emit;
  readonly now: () => number;
  readonly capabilities: Capabilities;
}

/** Lines that one message makes of what cannot be shown, at most. */
const maxNotices = 5;
/** Messages that may wait for earlier ones of the same person to be read, of all people. */
const maxUnread = 5_000;
/** For how long the stamp of an is-composing document may be past, in ms. */
const maxComposingAge = 120_000;

/**
 * Takes MESSAGE requests: each once, those of one person in their order, and answers when what they brought is stored.
 * Source: RFC 3428, RFC 5438.
 */
export class IncomingMessages {
  readonly #options: IncomingMessagesOptions;
  readonly #reader: MessageReader;
  readonly #stamps: MessageStamps;
  readonly #queue = new KeyedQueue<Address>({ maxLength: maxUnread });
  /** Messages and invitations that were here before, each with whether it is stored. */
  readonly #seen = new Recent<Promise<boolean>>(2_000);
  readonly #asked = new Recent<Asked>(1_000);
  /** Requests that were taken, also over an earlier connection: a server that did not hear our 200 sends them again. */
  readonly #taken = new MergedRequests<Promise<boolean>>();
  /** Requests that were refused with a word to the person, for copies of the same request. */
  readonly #refused = new MergedRequests();

  constructor(options: IncomingMessagesOptions) {
    this.#options = options;
    this.#stamps = new MessageStamps(options.now);
    const { own, capabilities } = options;
    this.#reader = new MessageReader({ own, payloads: capabilities.payloads, stamps: this.#stamps });
  }

  /** A REGISTER goes out over a new connection; what the server kept comes over it first, also before its answer. */
  registering(): void {
    this.#stamps.registering();
  }

  /** Reports that the sender of a message asked for; undefined when it is not remembered. */
  asked(peer: Address, id: string): Asked | undefined {
    return this.#asked.get(`${peer} ${id}`);
  }

  /**
   * Answers a MESSAGE. Reading waits for earlier ones of the same person; storing holds up nothing behind it. A 200
   * says that we have it, to a copy too.
   */
  async receive(request: SipRequest, peer: Address | undefined): Promise<Reply> {
    if (peer === undefined) return this.#refuse(400, "SIP message from nobody");
    if (this.#queue.isFull(peer)) return this.#refuse(503, "SIP message while too many wait");
    const arrival = new Arrival(request, peer, this.#options.emit);
    let isStored = false;
    try {
      const reply = await this.#queue.run(peer, () => this.#take(arrival));
      isStored = await arrival.stored();
      return isStored ? reply : this.#refuse(500, "SIP message that could not be stored");
    } finally {
      if (!isStored) this.#forget(arrival);
      arrival.end(isStored);
    }
  }

  /**
   * Somebody asks for what this version cannot do: the person is told once, however often and on however many ways the
   * request comes.
   */
  invited(request: SipRequest, peer: Address, notice: MessageNotice): void {
    const id = wireId(request.callId);
    const key = `${peer} ${request.method} ${id ?? ""}`;
    if (peer === this.#options.own || this.#seen.has(key)) return;
    this.#seen.set(key, Promise.resolve(true));
    this.#notice(new Arrival(request, peer, this.#options.emit), notice, { id, at: undefined });
  }

  async #take(arrival: Arrival): Promise<Reply> {
    const { request, peer } = arrival;
    const { accept } = this.#options.capabilities;
    const taken = this.#taken.get(request);
    if (taken) {
      arrival.repeats(taken);
      return { status: 200, headers: [accept] };
    }
    if (this.#refused.has(request)) return { status: 415, headers: [accept] };
    const about = aboutRequest(request);
    try {
      const part = await this.#reader.open(request, peer, about);
      this.#options.typing.heardFrom(peer);
      this.#noteDevice(arrival, part.type, about.at === undefined);
      for (const item of this.#reader.read(part, about)) this.#item(arrival, item);
      this.#taken.add(request, arrival.ended);
      return { status: 200, headers: [accept] };
    } catch (error) {
      if (error instanceof BodyError) return this.#unshown(arrival, about, error);
      if (error instanceof CpimError || error instanceof XmlError)
        return this.#refuse(400, `SIP message: ${error.message}`);
      throw error;
    }
  }

  /** Error: BodyError. */
  #item(arrival: Arrival, item: MessageItem): void {
    const { typing, now } = this.#options;
    switch (item.kind) {
      case "text":
        this.#text(arrival, item);
        return;
      case "composing": {
        const { status, about } = item;
        if (about.at === undefined || now() - about.at < maxComposingAge)
          typing.hear(arrival.peer, status.state === "active", status.refresh);
        return;
      }
      case "disposition":
        this.#disposition(arrival, item.imdn);
    }
  }

  #text(arrival: Arrival, { text: body, about, beside }: Extract<MessageItem, { kind: "text" }>): void {
    const { id, subject = "", asked } = about;
    const { peer } = arrival;
    const text = body === "" ? subject.trim() : body;
    if (text === "") return;
    if (text.length > maxBodyLength) throw new BodyError(413, "text too long");
    if (id !== undefined) {
      if (this.#isKnown(arrival, id)) return;
      if (asked) this.#asked.set(`${peer} ${id}`, asked);
    }
    for (const notice of beside.slice(0, maxNotices)) this.#notice(arrival, notice, { ...about, id: undefined });
    this.#options.typing.hear(peer, false, 0);
    if (isOtr(text)) {
      this.#notice(arrival, { kind: "encrypted", what: "OTR" }, about);
      return;
    }
    const message = this.#message(arrival, about);
    arrival.emit({
      type: "message",
      message: {
        ...message,
        body: message.at !== undefined && !asked ? withoutStoreStamp(text) : text,
        wantsDelivered: id !== undefined && (asked?.delivered ?? false),
        wantsRead: id !== undefined && (asked?.read ?? false),
      },
    });
  }

  /** RFC 5438 section 3: a notification is about the message that it names, whatever else was said before it. */
  #disposition(arrival: Arrival, imdn: Imdn): void {
    const id = wireId(imdn.messageId);
    if (id === undefined) return;
    const delivery = (state: "delivered" | "read" | "failed", error?: ErrorInfo): void =>
      arrival.emit({ type: "delivery", id, peer: arrival.peer, state, ...(error ? { error } : {}) });
    if (imdn.kind === "delivery" && imdn.status === "delivered") delivery("delivered");
    else if (imdn.kind === "delivery" && imdn.status === "failed")
      delivery("failed", { code: "recipient-unreachable" });
    else if (imdn.kind === "display" && imdn.status === "displayed") delivery("read");
  }

  /** Refuses it, so that its sender knows, and tells the person what it was, once. */
  #unshown(arrival: Arrival, outside: About, error: BodyError): Reply {
    const headers = error instanceof Unshown ? [this.#options.capabilities.accept] : error.headers;
    const reply = this.#refuse(error.status, `SIP message: ${error.message}`, headers);
    if (error.notices.length === 0) return reply;
    this.#refused.add(arrival.request, true);
    const about = error instanceof Unshown ? error.about : outside;
    if (about.id !== undefined && this.#isKnown(arrival, about.id)) return reply;
    for (const [index, notice] of error.notices.slice(0, maxNotices).entries())
      this.#notice(arrival, notice, index === 0 ? about : { ...about, id: undefined });
    return reply;
  }

  #notice(arrival: Arrival, notice: MessageNotice, about: About): void {
    arrival.emit({ type: "message", message: { ...this.#message(arrival, about), notice } });
  }

  /**
   * Notes what the sender's device understands. A store that hands a message out later calls itself User-Agent, and is
   * no device.
   */
  #noteDevice({ request, peer }: Arrival, type: string, isDirect: boolean): void {
    const { store } = this.#options;
    const device = isDirect ? request.headers.get("user-agent") : undefined;
    const takes = takesCpim(request);
    if (type === cpimType || takes) store.setTakesCpim(peer, true, device);
    else if (takes === false) store.setTakesCpim(peer, false, device);
    else if (device !== undefined) store.heardDevice(peer, device);
  }

  #refuse(status: number, what: string, headers: readonly string[] = []): Reply {
    this.#options.emit({ type: "refused", what });
    return { status, headers };
  }

  /** Whether a message with this id was here before; it is known from then on. */
  #isKnown(arrival: Arrival, id: string): boolean {
    const key = `${arrival.peer} ${id}`;
    const known = this.#seen.get(key);
    if (known) arrival.repeats(known);
    else {
      this.#seen.set(key, arrival.ended);
      arrival.newKeys.push(key);
    }
    return known !== undefined;
  }

  /** It may come again, as if it had never been here. */
  #forget({ request, newKeys }: Arrival): void {
    this.#taken.delete(request);
    this.#refused.delete(request);
    for (const key of newKeys) this.#seen.delete(key);
  }

  /** A message without its words, that nobody is told of. */
  #message({ peer, author }: Arrival, { id, at: said }: About): IncomingMessage {
    return {
      peer,
      direction: "in",
      author,
      id,
      archiveId: undefined,
      body: "",
      ...this.#stamps.of(said),
      via: "live",
      wantsDelivered: false,
      wantsRead: false,
    };
  }
}
