import type { ErrorInfo } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import { maxNameLength } from "../../../shared/model/contact.ts";
import { maxBodyLength } from "../../../shared/model/message.ts";
import { CpimError, type CpimMessage, cpimHeader, cpimType, parseCpim } from "../../cpim/message.ts";
import { detached } from "../detached-text.ts";
import type { Emit, IncomingMessage, NetworkEvent } from "../network.ts";
import { BodyError, checkCharset, readBody, type TextBody } from "./body.ts";
import type { ContactStore } from "./contact-store.ts";
import { MergedRequests } from "./merged-requests.ts";
import { parseNameAddress, parseParameters, type SipMessage, type SipRequest } from "./message.ts";
import { isComposingType, parseIsComposing } from "./payloads/rfc-3994-is-composing.ts";
import { type Imdn, imdnCpimNamespace, imdnType, parseImdn } from "./payloads/rfc-5438-imdn.ts";
import { XmlError } from "./payloads/xml.ts";
import { Recent } from "./recent.ts";
import type { Reply } from "./reply.ts";
import { storedType } from "./stored-type.ts";
import type { Typing } from "./typing.ts";

/** What reading messages needs of their account. */
export interface IncomingMessagesOptions {
  readonly own: Address;
  readonly store: ContactStore;
  readonly typing: Typing;
  readonly emit: Emit;
  readonly now: () => number;
}

/** Says what we take; other programs learn from it that they may send envelopes. */
export const acceptHeader = `Accept: text/plain, ${cpimType}, ${imdnType}, ${isComposingType}`;
/** A stamp that is further back than this says more than the way of the wire, in ms; later ones, also of the future, say nothing. */
const delayThreshold = 30_000;
/** For so long after signing in, what was said before signing in counts as kept by the server, in ms. */
const storeDelivery = 20_000;

/** Kamailio's store writes the time into the text unless it is told not to (msilo, `add_date`); it stands in the Date header, too. */
const storeStamp = /^\[Offline message - [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /;

/** Whether whoever wrote this takes message/cpim, by its Accept header; undefined: there is none. */
export function takesCpim(message: SipMessage): boolean | undefined {
  const accepts = message.headers.list("accept").map((accept) => parseParameters(accept).value.toLowerCase());
  return accepts.length === 0 ? undefined : accepts.includes(cpimType);
}

/** What a sender wants to be told of a message. */
export interface Asked {
  /** Of the message, as written there. */
  readonly dateTime: string | undefined;
  readonly delivered: boolean;
  readonly read: boolean;
}

/** Reads MESSAGE requests: text, receipts and typing, in an envelope or without, each id once. Source: RFC 3428, RFC 3862, RFC 3994, RFC 5438. */
export class IncomingMessages {
  readonly #options: IncomingMessagesOptions;
  readonly #seen = new Recent<true>(2_000);
  readonly #asked = new Recent<Asked>(1_000);
  /** What was taken, also over an earlier connection: a server that did not hear our 200 sends it again. */
  readonly #taken = new MergedRequests();
  #reading: Promise<unknown> = Promise.resolve();
  /** What the message that is being read brought, while it is being stored. */
  #storing: Promise<boolean> | undefined;
  /** Its key in `#seen`. */
  #newKey: string | undefined;
  /** Of the message that is being read. */
  #senderName: string | undefined;
  #signedInAt = 0;

  constructor(options: IncomingMessagesOptions) {
    this.#options = options;
  }

  /** A new connection is there; what the server kept will come over it first. */
  signedIn(): void {
    this.#signedInAt = this.#options.now();
  }

  /** What the sender of a message wanted to be told; undefined when it is not remembered. */
  asked(peer: Address, id: string): Asked | undefined {
    return this.#asked.get(`${peer} ${id}`);
  }

  /** Answers a MESSAGE; one after the other, so that one that has to be decompressed is not overtaken. */
  receive(request: SipRequest, sender: Address | undefined): Promise<Reply> {
    let storing: Promise<boolean> | undefined;
    let key: string | undefined;
    const reply = this.#reading.then(async () => {
      this.#storing = undefined;
      this.#newKey = undefined;
      const read = await this.#receive(request, sender);
      storing = this.#storing;
      key = this.#newKey;
      return read;
    });
    this.#reading = reply.catch(() => undefined);
    // A 200 says that we have it; what waits for the disk holds up nothing behind it.
    return reply.then(async (read) => {
      if ((await storing) !== false) return read;
      this.#taken.delete(request);
      if (key !== undefined) this.#seen.delete(key);
      return this.#refuse(500, "SIP message that could not be stored");
    });
  }

  #emit(event: NetworkEvent): void {
    this.#storing = this.#options.emit(event) ?? undefined;
  }

  async #receive(request: SipRequest, peer: Address | undefined): Promise<Reply> {
    this.#senderName = displayName(request);
    if (peer === undefined) return this.#refuse(400, "SIP message from nobody");
    if (this.#taken.has(request)) return { status: 200, headers: [acceptHeader] };
    try {
      const body = await readBody(request.headers, request.body);
      this.#options.typing.heardFrom(peer);
      const date = Date.parse(request.headers.get("date") ?? "");
      const at = Number.isFinite(date) ? date : undefined;
      const { type, text } = this.#asSent(peer, body, at);
      this.#noteDevice(peer, request, type, at === undefined);
      this.#take(peer, type, text, { id: headerId(request), at });
      this.#taken.add(request);
      return { status: 200, headers: [acceptHeader] };
    } catch (error) {
      if (error instanceof BodyError) return this.#refuse(error.status, `SIP message: ${error.message}`, error.headers);
      if (error instanceof CpimError || error instanceof XmlError) return this.#refuse(400, `SIP message: ${error.message}`);
      throw error;
    }
  }

  /** What the sender's device understands. A store that hands a message out later calls itself User-Agent, and is no device. */
  #noteDevice(peer: Address, request: SipRequest, type: string, isDirect: boolean): void {
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

  /** What came straight from its sender is what it says it is. What has a date may come from a store that makes text of everything. */
  #asSent(peer: Address, body: TextBody, at: number | undefined): TextBody {
    if (body.type !== "text/plain" || at === undefined) return body;
    const text = body.text.replace(storeStamp, "");
    const type = storedType(text, { peer, own: this.#options.own });
    return type === "text/plain" ? body : { type, text };
  }

  /** Content of a message, wrapped or not. Errors: BodyError, CpimError, XmlError. */
  #take(peer: Address, type: string, text: string, about: { readonly id: string | undefined; readonly at: number | undefined; readonly asked?: Asked }): void {
    switch (type) {
      case "text/plain":
        this.#text(peer, text, about.id, about.at, about.asked);
        return;
      case isComposingType: {
        const { state, refresh } = parseIsComposing(text);
        if (about.at === undefined || this.#options.now() - about.at < 120_000) this.#options.typing.hear(peer, state === "active", refresh);
        return;
      }
      case imdnType:
        this.#receipt(peer, parseImdn(text));
        return;
      case cpimType: {
        if (about.asked) throw new BodyError(400, "envelope in an envelope");
        const envelope = parseCpim(text);
        const inner = parseParameters(envelope.contentType);
        checkCharset(inner.value, inner.params);
        const encoding = envelope.contentHeaders.get("content-transfer-encoding")?.toLowerCase();
        if (encoding !== undefined && !["7bit", "8bit", "binary"].includes(encoding)) throw new BodyError(415, "envelope with an encoded body", [acceptHeader]);
        const dateTime = dateTimeOf(envelope);
        const wanted = (cpimHeader(envelope, "Disposition-Notification", imdnCpimNamespace) ?? "")
          .toLowerCase()
          .split(",")
          .map((w) => w.trim());
        const said = Date.parse(dateTime ?? "");
        this.#take(peer, inner.value.toLowerCase(), envelope.content, {
          id: wireId(cpimHeader(envelope, "Message-ID", imdnCpimNamespace)) ?? about.id,
          at: this.#stampOf(Number.isFinite(said) ? said : undefined, about.at),
          asked: {
            dateTime: dateTime === undefined ? undefined : detached(dateTime),
            delivered: wanted.includes("positive-delivery"),
            read: wanted.includes("display"),
          },
        });
        return;
      }
      default:
        throw new BodyError(415, "type that is not taken", [acceptHeader]);
    }
  }

  /** Only right after signing in does a server hand over what it kept; at any other time a stamp is its sender's word. */
  #isHandingOver(): boolean {
    return this.#options.now() - this.#signedInAt < storeDelivery;
  }

  /** The stamp inside an envelope is its sender's; of what a store hands over, the Date beside it is the store's, which got it later. */
  #stampOf(inside: number | undefined, outside: number | undefined): number | undefined {
    if (inside === undefined || outside === undefined || !this.#isHandingOver()) return inside ?? outside;
    return inside > this.#options.now() ? outside : Math.max(inside, outside);
  }

  #text(peer: Address, body: string, id: string | undefined, said: number | undefined, asked: Asked | undefined): void {
    if (body === "") return;
    if (body.length > maxBodyLength) throw new BodyError(413, "text too long");
    const key = `${peer} ${id ?? ""}`;
    if (id !== undefined) {
      if (this.#seen.has(key)) return;
      this.#seen.set(key, true);
      this.#newKey = key;
      if (asked) this.#asked.set(key, asked);
    }
    this.#options.typing.hear(peer, false, 0);
    const now = this.#options.now();
    const kept = said !== undefined && this.#isHandingOver() && said + 1_000 < this.#signedInAt;
    const stamped = said !== undefined && (kept || now - said > delayThreshold);
    const message: IncomingMessage = {
      peer,
      direction: "in",
      id,
      archiveId: undefined,
      body: stamped && !asked ? body.replace(storeStamp, "") : body,
      ...(this.#senderName === undefined ? {} : { senderName: this.#senderName }),
      at: stamped ? said : undefined,
      delayed: kept,
      via: "live",
      wantsDelivered: id !== undefined && (asked?.delivered ?? false),
      wantsRead: id !== undefined && (asked?.read ?? false),
    };
    this.#emit({ type: "message", message });
  }

  /** RFC 5438 section 3: a notification is about the message that it names, whatever else was said before it. */
  #receipt(peer: Address, imdn: Imdn): void {
    const id = wireId(imdn.messageId);
    if (id === undefined) return;
    const delivery = (state: "delivered" | "read" | "failed", error?: ErrorInfo): void =>
      this.#emit({ type: "delivery", id, peer, state, ...(error ? { error } : {}) });
    if (imdn.kind === "delivery" && imdn.status === "delivered") delivery("delivered");
    else if (imdn.kind === "delivery" && imdn.status === "failed") delivery("failed", { code: "recipient-unreachable" });
    else if (imdn.kind === "display" && imdn.status === "displayed") delivery("read");
  }
}

/** DateTime of an envelope, as a receipt repeats it; a text of its own, so that it does not keep the envelope in memory. */
function dateTimeOf(envelope: CpimMessage): string | undefined {
  const text = cpimHeader(envelope, "DateTime")?.trim() ?? "";
  return /^[0-9TZ:.+-]{1,40}$/i.test(text) ? Buffer.from(text).toString() : undefined;
}

/** An id as the model takes it: without control characters, at most 128 long. */
function wireId(text: string | undefined): string | undefined {
  const id = text?.trim().replace(/^<|>$/g, "");
  return id !== undefined && id !== "" && id.length <= 128 && !/\p{C}/u.test(id) ? detached(id) : undefined;
}

/** The name beside the address of a From (RFC 3261 section 20.10). */
function displayName(request: SipRequest): string | undefined {
  const { display } = parseNameAddress(request.headers.get("from") ?? "");
  return display === undefined || display.length > maxNameLength ? undefined : detached(display);
}

/** The sender's id of a message without envelope: Hallway puts it into a header that stores and gateways can keep. */
function headerId(request: SipRequest): string | undefined {
  return wireId(request.headers.get("message-id"));
}
