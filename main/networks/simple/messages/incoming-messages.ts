import { isUtf8 } from "node:buffer";
import type { ErrorInfo } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { Author } from "../../../../shared/model/author.ts";
import { maxNameLength } from "../../../../shared/model/contact.ts";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { CpimError, cpimType, parseCpim } from "../../../cpim/message.ts";
import { detached } from "../../detached-text.ts";
import type { Emit, NetworkEvent } from "../../events.ts";
import type { IncomingMessage } from "../../facets/messages.ts";
import { isOtr } from "../../otr.ts";
import type { ContactStore } from "../contact-store.ts";
import type { BodyPart } from "../payloads/rfc-2046-multipart.ts";
import { isComposingType, parseIsComposing } from "../payloads/rfc-3994-is-composing.ts";
import { type Imdn, imdnType, parseImdn } from "../payloads/rfc-5438-imdn.ts";
import { XmlError } from "../payloads/xml.ts";
import { Recent } from "../recent.ts";
import { MergedRequests } from "../transactions/merged-requests.ts";
import { BodyError, checkCharset, decompressed, readBody, type TextBody } from "../wire/body.ts";
import { parseNameAddress, parseParameters, type SipRequest } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { type About, readTypes, takesCpim, Unshown } from "./accepted-types.ts";
import { type Asked, readEnvelope, wireId } from "./envelope-content.ts";
import { MessageStamps } from "./message-stamps.ts";
import { storedType } from "./stored-type.ts";
import type { Typing } from "./typing.ts";
import { readContent } from "./unshowable.ts";

/** What reading messages needs of their account. */
export interface IncomingMessagesOptions {
  readonly own: Address;
  readonly store: ContactStore;
  readonly typing: Typing;
  readonly emit: Emit;
  readonly now: () => number;
  /** Accept header line: what we take. */
  readonly accept: string;
}

/**
 * Kamailio's store writes the time into the text unless it is told not to (msilo, `add_date`); it stands in the Date
 * header, too.
 */
const storeStamp = /^\[Offline message - [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /;

/** Lines that one message makes of what cannot be shown, at most. */
const maxNotices = 5;

/**
 * Reads MESSAGE requests: text, receipts and typing, in an envelope or without, each id once. Source: RFC 3428, RFC
 * 3862, RFC 3994, RFC 5438.
 */
export class IncomingMessages {
  readonly #options: IncomingMessagesOptions;
  readonly #seen = new Recent<true>(2_000);
  readonly #asked = new Recent<Asked>(1_000);
  /** What was taken, also over an earlier connection: a server that did not hear our 200 sends it again. */
  readonly #taken = new MergedRequests();
  /** What was refused with a word to the person, for copies of the same request. */
  readonly #refused = new MergedRequests();
  readonly #stamps: MessageStamps;
  #reading: Promise<unknown> = Promise.resolve();
  /** What the message that is being read brought, while it is being stored. */
  #storing: Promise<boolean> | undefined;
  /** Its key in `#seen`. */
  #newKey: string | undefined;
  /** Of the message that is being read. */
  #senderName: string | undefined;

  constructor(options: IncomingMessagesOptions) {
    this.#options = options;
    this.#stamps = new MessageStamps(options.now);
  }

  /** A new connection is there; what the server kept will come over it first. */
  signedIn(): void {
    this.#stamps.signedIn();
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
      this.#refused.delete(request);
      if (key !== undefined) this.#seen.delete(key);
      return this.#refuse(500, "SIP message that could not be stored");
    });
  }

  #emit(event: NetworkEvent): void {
    const stored = this.#options.emit(event) ?? undefined;
    this.#storing =
      this.#storing && stored
        ? Promise.all([this.#storing, stored]).then((all) => all.every(Boolean))
        : (stored ?? this.#storing);
  }

  /**
   * Somebody asks for what this version cannot do: the person is told once, however often and on however many ways the
   * request comes.
   */
  invited(request: SipRequest, peer: Address, notice: MessageNotice): void {
    const id = wireId(request.callId);
    const key = `${peer} ${request.method} ${id ?? ""}`;
    if (peer === this.#options.own || this.#seen.has(key)) return;
    this.#seen.set(key, true);
    const author = authorOf(peer, displayName(request));
    const message = { ...this.#message(peer, { id, at: undefined }), author, notice };
    void this.#options.emit({ type: "message", message });
  }

  async #receive(request: SipRequest, peer: Address | undefined): Promise<Reply> {
    this.#senderName = displayName(request);
    if (peer === undefined) return this.#refuse(400, "SIP message from nobody");
    if (this.#taken.has(request)) return { status: 200, headers: [this.#options.accept] };
    if (this.#refused.has(request)) return { status: 415, headers: [this.#options.accept] };
    const date = Date.parse(request.headers.get("date") ?? "");
    const about: About = {
      id: headerId(request),
      at: Number.isFinite(date) ? date : undefined,
      subject: request.headers.get("subject"),
    };
    try {
      const body = await this.#read(peer, request, about);
      this.#options.typing.heardFrom(peer);
      const { type, text } = this.#asSent(peer, body, about.at);
      this.#noteDevice(peer, request, type, about.at === undefined);
      this.#take(peer, type, text, { ...about, beside: body.beside });
      this.#taken.add(request);
      return { status: 200, headers: [this.#options.accept] };
    } catch (error) {
      if (error instanceof BodyError) return this.#unshown(request, peer, about, error);
      if (error instanceof CpimError || error instanceof XmlError)
        return this.#refuse(400, `SIP message: ${error.message}`);
      throw error;
    }
  }

  /** The body as text; of one in parts its texts, and the person is told of the others. Error: BodyError. */
  async #read(
    peer: Address,
    request: SipRequest,
    about: About,
  ): Promise<TextBody & { readonly beside?: readonly MessageNotice[] }> {
    const { headers } = request;
    const { value, params } = parseParameters(headers.get("content-type") ?? "text/plain");
    const type = value.toLowerCase();
    if (readTypes.includes(type) && type !== cpimType) return readBody(headers, request.body);
    const content = Buffer.from(await decompressed(headers, request.body));
    if (type === cpimType)
      return { type, text: isUtf8(content) ? content.toString("utf8") : this.#binaryEnvelope(peer, content, about) };
    const mime = ["content-disposition", "content-transfer-encoding"].map(
      (name) => [name, headers.get(name) ?? ""] as const,
    );
    return { type: "text/plain", ...textOf({ type, params, headers: new Map(mime), content }, about) };
  }

  /**
   * An envelope around bytes that are no text: nothing of it can be shown, but what it is. Error: BodyError, always.
   */
  #binaryEnvelope(peer: Address, content: Buffer, about: About): never {
    const envelope = readEnvelope(parseCpim(content.toString("latin1")), "latin1");
    if (readTypes.includes(envelope.part.type)) throw new BodyError(400, "body that is not UTF-8");
    this.#takeEnvelope(peer, content.toString("latin1"), about, "latin1");
    throw new Unshown([], about);
  }

  /** Refuses it, so that its sender knows, and tells the person what it was, once. */
  #unshown(request: SipRequest, peer: Address, outside: About, error: BodyError): Reply {
    const headers = error instanceof Unshown ? [this.#options.accept] : error.headers;
    const reply = this.#refuse(error.status, `SIP message: ${error.message}`, headers);
    if (error.notices.length === 0) return reply;
    this.#refused.add(request);
    const about = error instanceof Unshown ? error.about : outside;
    if (about.id !== undefined && this.#isKnown(peer, about.id)) return reply;
    for (const [index, notice] of error.notices.slice(0, maxNotices).entries())
      this.#notice(peer, notice, index === 0 ? about : { ...about, id: undefined });
    return reply;
  }

  #notice(peer: Address, notice: MessageNotice, about: About): void {
    this.#emit({ type: "message", message: { ...this.#message(peer, about), notice } });
  }

  /**
   * What the sender's device understands. A store that hands a message out later calls itself User-Agent, and is no
   * device.
   */
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

  /**
   * What came straight from its sender is what it says it is. What has a date may come from a store that makes text of
   * everything.
   */
  #asSent(peer: Address, body: TextBody, at: number | undefined): TextBody {
    if (body.type !== "text/plain" || at === undefined) return body;
    const text = body.text.replace(storeStamp, "");
    const type = storedType(text, { peer, own: this.#options.own });
    return type === "text/plain" ? body : { type, text };
  }

  /** Content of a message, wrapped or not. Errors: BodyError, CpimError, XmlError. */
  #take(peer: Address, type: string, text: string, about: About): void {
    switch (type) {
      case "text/plain":
        this.#text(peer, text, about);
        return;
      case isComposingType: {
        const { state, refresh } = parseIsComposing(text);
        if (about.at === undefined || this.#options.now() - about.at < 120_000)
          this.#options.typing.hear(peer, state === "active", refresh);
        return;
      }
      case imdnType:
        this.#receipt(peer, parseImdn(text));
        return;
      case cpimType:
        this.#takeEnvelope(peer, text, about);
        return;
      default:
        throw new Unshown([{ kind: "other", what: type }], about);
    }
  }

  /** Errors: BodyError, CpimError, XmlError. */
  #takeEnvelope(peer: Address, text: string, outside: About, encoding: "utf8" | "latin1" = "utf8"): void {
    if (outside.asked) throw new BodyError(400, "envelope in an envelope");
    const envelope = parseCpim(text);
    const { part, isPlain, id = outside.id, said, subject, asked } = readEnvelope(envelope, encoding);
    const about: About = { id, at: this.#stamps.ofEnvelope(said, outside.at), subject, asked };
    if (isPlain && encoding === "utf8" && readTypes.includes(part.type)) {
      checkCharset(part.type, part.params);
      this.#take(peer, part.type, envelope.content, about);
    } else {
      const { text: plain, beside } = textOf(part, about);
      this.#text(peer, plain, { ...about, beside });
    }
  }

  #text(peer: Address, body: string, about: About): void {
    const { id, subject = "", asked, beside = [] } = about;
    const text = body === "" ? subject.trim() : body;
    if (text === "" && beside.length === 0) return;
    if (text.length > maxBodyLength) throw new BodyError(413, "text too long");
    if (id !== undefined) {
      if (this.#isKnown(peer, id)) return;
      if (asked) this.#asked.set(`${peer} ${id}`, asked);
    }
    for (const notice of beside) this.#notice(peer, notice, { ...about, id: undefined });
    if (text === "") return;
    this.#options.typing.hear(peer, false, 0);
    if (isOtr(text)) {
      this.#notice(peer, { kind: "encrypted", what: "OTR" }, about);
      return;
    }
    const message = this.#message(peer, about);
    this.#emit({
      type: "message",
      message: {
        ...message,
        body: message.at !== undefined && !asked ? text.replace(storeStamp, "") : text,
        wantsDelivered: id !== undefined && (asked?.delivered ?? false),
        wantsRead: id !== undefined && (asked?.read ?? false),
      },
    });
  }

  /** Whether a message with this id was here before; it is known from then on. */
  #isKnown(peer: Address, id: string): boolean {
    const key = `${peer} ${id}`;
    if (this.#seen.has(key)) return true;
    this.#seen.set(key, true);
    this.#newKey = key;
    return false;
  }

  /** A message without its words, that nobody is told of. */
  #message(peer: Address, { id, at: said }: About): IncomingMessage {
    return {
      peer,
      direction: "in",
      author: authorOf(peer, this.#senderName),
      id,
      archiveId: undefined,
      body: "",
      ...this.#stamps.of(said),
      via: "live",
      wantsDelivered: false,
      wantsRead: false,
    };
  }

  /** RFC 5438 section 3: a notification is about the message that it names, whatever else was said before it. */
  #receipt(peer: Address, imdn: Imdn): void {
    const id = wireId(imdn.messageId);
    if (id === undefined) return;
    const delivery = (state: "delivered" | "read" | "failed", error?: ErrorInfo): void =>
      this.#emit({ type: "delivery", id, peer, state, ...(error ? { error } : {}) });
    if (imdn.kind === "delivery" && imdn.status === "delivered") delivery("delivered");
    else if (imdn.kind === "delivery" && imdn.status === "failed")
      delivery("failed", { code: "recipient-unreachable" });
    else if (imdn.kind === "display" && imdn.status === "displayed") delivery("read");
  }
}

function authorOf(address: Address, name: string | undefined): Author {
  return { address, ...(name === undefined ? {} : { name }), isSelf: false };
}

/** The name beside the address of a From (RFC 3261 section 20.10). */
function displayName(request: SipRequest): string | undefined {
  const { display } = parseNameAddress(request.headers.get("from") ?? "");
  const name =
    display === undefined || display.length > maxNameLength ? undefined : visibleName(display, maxNameLength);
  return name === undefined ? undefined : detached(name);
}

/** The sender's id of a message without envelope: Hallway puts it into a header that stores and gateways can keep. */
function headerId(request: SipRequest): string | undefined {
  return wireId(request.headers.get("message-id"));
}

/** The texts in a body that is none as a whole, and what stands beside them. Error: BodyError where there are none. */
function textOf(part: BodyPart, about: About): { readonly text: string; readonly beside: readonly MessageNotice[] } {
  const { texts, notices } = readContent(part);
  if (texts.length === 0) throw new Unshown(notices, about);
  return { text: texts.join("\n"), beside: notices.slice(0, maxNotices) };
}
