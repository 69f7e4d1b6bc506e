import type { MessageNotice } from "../../../../shared/model/notice.ts";
import type { IsComposing } from "../payloads/rfc-3994-is-composing.ts";
import type { Imdn } from "../payloads/rfc-5438-imdn.ts";
import { BodyError, type BodyPart } from "../wire/body.ts";

/** Reports that a sender wants about a message. */
export interface Asked {
  /** Of the message, as written there. */
  readonly dateTime: string | undefined;
  readonly delivered: boolean;
  readonly read: boolean;
}

/** Facts about a message beside its content. */
export interface About {
  readonly id: string | undefined;
  /** The stamp that it came with, milliseconds since the epoch. */
  readonly at: number | undefined;
  readonly subject?: string | undefined;
  /** Undefined outside of an envelope. */
  readonly asked?: Asked;
}

/** One thing that a body says. */
export type MessageItem =
  /** `beside`: what stands beside the text and cannot be shown. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly about: About;
      readonly beside: readonly MessageNotice[];
    }
  | { readonly kind: "composing"; readonly status: IsComposing; readonly about: About }
  | { readonly kind: "disposition"; readonly imdn: Imdn };

/** A content type that a MESSAGE may bring, as its feature declares it: it says what the bytes of a body are. */
export interface MessagePayload {
  /** In lower case. */
  readonly type: string;
  /** Reads a body of that type. Errors: BodyError, CpimError, XmlError. */
  read(part: BodyPart, about: About, reader: PayloadReader): readonly MessageItem[];
}

/** Reader of the parts inside a body. */
export interface PayloadReader {
  /** Reads a part by its type. Errors: as MessagePayload.read. */
  read(part: BodyPart, about: About): readonly MessageItem[];
  /** Shows the texts in a part that has no reader of its own. Error: Unshown where there are none. */
  show(part: BodyPart, about: About): readonly MessageItem[];
  /** When something was said, by the stamp inside an envelope and the one beside it. */
  stampOf(inside: number | undefined, outside: number | undefined): number | undefined;
}

/** A body of which nothing can be shown but what it is. */
export class Unshown extends BodyError {
  readonly about: About;

  constructor(notices: readonly MessageNotice[], about: About) {
    super(415, "type that is not taken", { notices });
    this.about = about;
  }
}
