import type { Address } from "../../../../shared/model/address.ts";
import { type CpimMessage, cpimHeader } from "../../../cpim/message.ts";
import { detached } from "../../detached-text.ts";
import { decodeTransfer } from "../payloads/rfc-2046-multipart.ts";
import { imdnCpimNamespace } from "../payloads/rfc-5438-imdn.ts";
import { type BodyPart, bodyOf, textOf } from "../wire/body.ts";
import { parseParameters, type SipRequest } from "../wire/message.ts";
import {
  type About,
  type Asked,
  type MessageItem,
  type MessagePayload,
  type PayloadReader,
  Unshown,
} from "./message-item.ts";
import { storedType, withoutStoreStamp } from "./stored-type.ts";
import { readContent } from "./unshowable.ts";

/**
 * A stamp that is further back than this says more than the way of the wire, in ms; later ones, also of the future, say
 * nothing.
 */
const delayThreshold = 30_000;
/** For so long from registering, what was said before that counts as kept by the server, in ms. */
const storeDelivery = 20_000;

/** Stamps of messages, which anybody can write. */
export class MessageStamps {
  readonly #now: () => number;
  #registeredAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A REGISTER goes out over a new connection; what the server kept comes over it first, also before its answer. */
  registering(): void {
    this.#registeredAt = this.#now();
  }

  /**
   * The stamp inside an envelope is its sender's; of what a store hands over, the Date beside it is the store's, which
   * got it later.
   */
  ofEnvelope(inside: number | undefined, outside: number | undefined): number | undefined {
    if (inside === undefined || outside === undefined || !this.#isHandingOver()) return inside ?? outside;
    return inside > this.#now() ? outside : Math.max(inside, outside);
  }

  /** As IncomingMessage has it. */
  of(said: number | undefined): { readonly at: number | undefined; readonly delayed: boolean } {
    const kept = said !== undefined && this.#isHandingOver() && said + 1_000 < this.#registeredAt;
    const stamped = said !== undefined && (kept || this.#now() - said > delayThreshold);
    return { at: stamped ? said : undefined, delayed: kept };
  }

  /**
   * Only right after a registration does a server hand over what it kept; at any other time a stamp is its sender's
   * word.
   */
  #isHandingOver(): boolean {
    return this.#now() - this.#registeredAt < storeDelivery;
  }
}

/** Options of reading bodies. */
export interface MessageReaderOptions {
  readonly own: Address;
  /** Content types that are read as what they are, by their name. */
  readonly payloads: ReadonlyMap<string, MessagePayload>;
  readonly stamps: MessageStamps;
}

/** Turns the bytes of a MESSAGE into what they say, by the payloads that are registered. It knows no conversation. */
export class MessageReader implements PayloadReader {
  readonly #options: MessageReaderOptions;

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  /**
   * The body of a request. What came straight from its sender is what it says it is; what has a date may come from a
   * store that makes text of everything. Error: BodyError.
   */
  async open(request: SipRequest, peer: Address, { at }: About): Promise<BodyPart> {
    const part = await bodyOf(request);
    if (part.type !== "text/plain" || at === undefined) return part;
    const text = withoutStoreStamp(textOf(part));
    const type = storedType(text, { peer, own: this.#options.own });
    return type === part.type ? part : { ...part, type, params: new Map(), content: Buffer.from(text) };
  }

  read(part: BodyPart, about: About): readonly MessageItem[] {
    return this.#options.payloads.get(part.type)?.read(part, about, this) ?? this.show(part, about);
  }

  show(part: BodyPart, about: About): readonly MessageItem[] {
    const { texts, notices } = readContent(part);
    if (texts.length === 0) throw new Unshown(notices, about);
    return [{ kind: "text", text: texts.join("\n"), about, beside: notices }];
  }

  stampOf(inside: number | undefined, outside: number | undefined): number | undefined {
    return this.#options.stamps.ofEnvelope(inside, outside);
  }
}

/** Facts about a MESSAGE from its headers. */
export function aboutRequest({ headers }: SipRequest): About {
  const date = Date.parse(headers.get("date") ?? "");
  return {
    // Hallway puts the id of a message without envelope into a header that stores and gateways can keep.
    id: wireId(headers.get("message-id")),
    at: Number.isFinite(date) ? date : undefined,
    subject: headers.get("subject"),
  };
}

/** Headers of an envelope (RFC 3862 section 2.4, RFC 5438 section 6.3). */
export interface EnvelopeContent {
  readonly inner: BodyPart;
  /** The content is text as it stands. */
  readonly isPlain: boolean;
  readonly id: string | undefined;
  /** Milliseconds since the epoch, as the sender says. */
  readonly said: number | undefined;
  readonly subject: string | undefined;
  readonly asked: Asked;
  /** Every header that has to be understood is one that is. */
  readonly isUnderstood: boolean;
}

/** RFC 3862 section 4, and RFC 5438 section 6.3: headers that are read, or say nothing that could be missed. */
const known: readonly string[] = ["From", "To", "cc", "DateTime", "Subject", "NS", "Require"];
const knownOfImdn: readonly string[] = ["Message-ID", "Disposition-Notification"];

export function readEnvelope(envelope: CpimMessage): EnvelopeContent {
  const { value, params } = parseParameters(envelope.contentType);
  const transfer = envelope.contentHeaders.get("content-transfer-encoding")?.toLowerCase() ?? "8bit";
  const isPlain = ["7bit", "8bit", "binary"].includes(transfer);
  const content = decodeTransfer(envelope.content, transfer);
  const dateTime = dateTimeOf(envelope);
  const said = Date.parse(dateTime ?? "");
  const wanted = (cpimHeader(envelope, "Disposition-Notification", imdnCpimNamespace) ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim());
  return {
    inner: { type: value.toLowerCase(), params, headers: envelope.contentHeaders, content },
    isPlain,
    id: wireId(cpimHeader(envelope, "Message-ID", imdnCpimNamespace)),
    said: Number.isFinite(said) ? said : undefined,
    subject: cpimHeader(envelope, "Subject"),
    asked: {
      dateTime: dateTime === undefined ? undefined : detached(dateTime),
      delivered: wanted.includes("positive-delivery"),
      read: wanted.includes("display"),
    },
    isUnderstood: envelope.required.every(({ namespace, name }) =>
      (namespace === "" ? known : namespace === imdnCpimNamespace ? knownOfImdn : []).includes(name),
    ),
  };
}

/**
 * DateTime of an envelope, as a receipt repeats it; a text of its own, so that it does not keep the envelope in memory.
 */
function dateTimeOf(envelope: CpimMessage): string | undefined {
  const text = cpimHeader(envelope, "DateTime")?.trim() ?? "";
  return /^[0-9TZ:.+-]{1,40}$/i.test(text) ? Buffer.from(text).toString() : undefined;
}

/** An id as the model takes it: without control characters, at most 128 long. */
export function wireId(text: string | undefined): string | undefined {
  const id = text?.trim().replace(/^<|>$/g, "");
  return id !== undefined && id !== "" && id.length <= 128 && !/\p{C}/u.test(id) ? detached(id) : undefined;
}
