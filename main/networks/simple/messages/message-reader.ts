import type { Address } from "../../../../shared/model/address.ts";
import { type BodyPart, bodyOf, textOf } from "../wire/body.ts";
import type { SipRequest } from "../wire/message.ts";
import { wireId } from "./envelope-content.ts";
import { type About, type MessageItem, type MessagePayload, type PayloadReader, Unshown } from "./message-item.ts";
import type { MessageStamps } from "./message-stamps.ts";
import { storedType, withoutStoreStamp } from "./stored-type.ts";
import { readContent } from "./unshowable.ts";

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
