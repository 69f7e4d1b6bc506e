import type { Element } from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import { directAuthor } from "../../../../shared/model/author.ts";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import { ellipsized } from "../../../../shared/text/truncate.ts";
import type { NetworkEvent } from "../../events.ts";
import type { IncomingMessage, MessageChange } from "../../facets/messages.ts";
import { stanzaErrorCode } from "../errors.ts";
import { parseJid } from "../jid.ts";
import type { Senders } from "../senders.ts";
import { localizedText } from "../xml/element.ts";
import type { MessageDraft } from "./drafts.ts";

/** RFC 6120 section 8.1.3 sets no limit; a message with a longer id is taken, and has no name. */
export const maxIdLength = 256;

/** An id off the wire, where it is one that can be kept. */
export function usableId(id: string | undefined): string | undefined {
  return id !== undefined && id !== "" && id.length <= maxIdLength ? id : undefined;
}

export interface ReadingOptions {
  readonly via: IncomingMessage["via"];
  readonly own: Address;
  readonly server: string;
  readonly senders: Senders;
  /** The stamp of the envelope that it came in. */
  readonly delay: number | undefined;
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
}

/**
 * Reads the parts of a message that RFC 6121 section 5 has: whose it is, which way it goes, id, type, body. What
 * extensions know comes on top. Undefined: it belongs to no one-to-one conversation.
 */
export function readMessage(
  stanza: Element,
  { via, own, server, senders, delay, language }: ReadingOptions,
): MessageDraft | undefined {
  const type = stanza.attrs["type"];
  // What is said in a room is said to nobody in particular.
  if (type === "groupchat") return undefined;
  // RFC 6120 section 8.1.2.1: what comes from nobody comes from the server.
  const from = parseJid(stanza.attrs["from"] ?? (via === "live" ? server : own));
  const to = parseJid(stanza.attrs["to"] ?? own);
  if (!from || !to) return undefined;
  const direction = from.bare === own ? "out" : "in";
  const peer = direction === "out" ? to.bare : from.bare;
  // A copy or an archive holds what concerns the own account, or it is forged; live ones have been routed to us.
  if (via !== "live" && direction === "in" && to.bare !== own) return undefined;
  const draft: MessageDraft = {
    stanza,
    peer,
    wirePeer: peer,
    sender: { kind: senders.kindOf(from), jid: from },
    direction,
    author: directAuthor(direction, { own, peer }),
    via,
    body: undefined,
    notice: undefined,
    encrypted: undefined,
    fallbackFor: undefined,
    id: usableId(stanza.attrs["id"]),
    otherId: undefined,
    archiveId: undefined,
    at: delay,
    delayed: delay !== undefined,
    wantsDelivered: false,
    wantsRead: false,
    change: undefined,
    events: [],
  };
  if (type === "error") {
    // RFC 6121 section 5.2.2, RFC 6120 section 8.3: it comes back to us with our id; what it quotes is not said by
    // them.
    if (direction === "in" && draft.id !== undefined) {
      draft.events.push({
        type: "delivery",
        id: draft.id,
        peer,
        state: "failed",
        error: { code: stanzaErrorCode(stanza) },
      });
    }
    return draft;
  }
  draft.body = textOf(stanza, language);
  return draft;
}

/** Text of a message: its subject, which is no part of the body (RFC 6121 section 5.2.4), above that. */
function textOf(stanza: Element, language: () => string): string | undefined {
  const body = localizedText(stanza, "body", language) ?? "";
  const subject = localizedText(stanza, "subject", language)?.trim() ?? "";
  const text = subject === "" || subject === body.trim() ? body : body === "" ? subject : `${subject}\n${body}`;
  return text === "" ? undefined : ellipsized(text, maxBodyLength);
}

function throughOf({ peer, wirePeer }: MessageDraft): Pick<IncomingMessage, "through"> {
  return peer === wirePeer ? {} : { through: wirePeer };
}

/** The message, where the draft has text or a notice and is not about another. */
export function toIncoming(draft: MessageDraft): IncomingMessage | undefined {
  const { body = "", notice, change } = draft;
  if (change !== undefined || (body === "" && notice === undefined)) return undefined;
  const { peer, direction, author, id, otherId, archiveId, at, delayed, via, wantsDelivered, wantsRead } = draft;
  const message = {
    peer,
    ...throughOf(draft),
    direction,
    author,
    id,
    ...(otherId === undefined ? {} : { otherId }),
    archiveId,
    body,
    at,
    delayed,
    via,
    wantsDelivered,
    wantsRead,
  };
  // What cannot be shown has neither reached the person nor was it read.
  return notice === undefined ? message : { ...message, notice, wantsDelivered: false, wantsRead: false };
}

/** The change that the draft makes to an earlier message. A correction without text makes none. */
export function toChange(draft: MessageDraft): MessageChange | undefined {
  if (draft.change === undefined) return undefined;
  const { peer, direction, author, id, archiveId, body, at, delayed, via, change } = draft;
  const about = {
    peer,
    ...throughOf(draft),
    direction,
    author,
    id,
    archiveId,
    at,
    delayed,
    via,
    targetId: change.targetId,
  };
  if (change.kind === "retraction") return { kind: "retraction", ...about };
  return body === undefined ? undefined : { kind: "correction", ...about, body };
}

/** All that a draft says, in order. */
export function toEvents(draft: MessageDraft): readonly NetworkEvent[] {
  const message = toIncoming(draft);
  const change = toChange(draft);
  if (change) return [{ type: "change", change }, ...draft.events];
  return message ? [{ type: "message", message }, ...draft.events] : draft.events;
}
