import type { Element } from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import type { Author } from "../../../../shared/model/author.ts";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import type { Presence } from "../../../../shared/model/presence.ts";
import type { NetworkEvent } from "../../events.ts";
import type { IncomingMessage, MessageChange } from "../../facets/messages.ts";
import type { Sender } from "../senders.ts";

/** A message while it is read. Extensions fill in what they know. */
export interface MessageDraft {
  readonly stanza: Element;
  /** Whose conversation it belongs to: not who sent it, where that is a room. */
  peer: Address;
  /** Whom it came from or went to on the wire, whatever `peer` becomes. */
  readonly wirePeer: Address;
  readonly sender: Sender;
  readonly direction: "in" | "out";
  /** As `IncomingMessage.author`. */
  author: Author;
  readonly via: IncomingMessage["via"];
  /** Undefined: no text; without a notice then only `events` come of it. */
  body: string | undefined;
  /** Kind of a message that cannot be shown; `body` then holds the words that came with it. */
  notice: MessageNotice | undefined;
  /** The method that it is encrypted with end to end; `keys`: there is nothing in it but keys. */
  encrypted: { readonly method: string | undefined } | "keys" | undefined;
  /** The namespace that all of the body is for programs without (XEP-0428). */
  fallbackFor: string | undefined;
  id: string | undefined;
  /** As `IncomingMessage.otherId`. */
  otherId: string | undefined;
  archiveId: string | undefined;
  at: number | undefined;
  delayed: boolean;
  wantsDelivered: boolean;
  wantsRead: boolean;
  /** It is no message of its own but says this of an earlier one. */
  change: Pick<MessageChange, "kind" | "targetId"> | undefined;
  /** Emitted after the message. */
  readonly events: NetworkEvent[];
}

/** A presence while it is read. */
export interface PresenceDraft {
  readonly stanza: Element;
  readonly sender: Sender;
  presence: Presence;
  /** A name that a stranger gives with a request. */
  nickname: string | undefined;
}
