import type { Element } from "@xmpp/xml";
import type { Address } from "../../../../shared/model/address.ts";
import { isOtr } from "../../otr.ts";
import { childOf, elementsOf, lossOf } from "../xml/element.ts";
import type { MessageDraft } from "./drafts.ts";

/**
 * The decision about a message when all its parts have been read: what of it is text, what of it cannot be shown and
 * becomes a notice, and what is only for programs and stays silent. What a person did is never silent; what programs
 * tell each other never is a line.
 */
export function concludeDraft(draft: MessageDraft, mayTell: (peer: Address, what: string) => boolean): void {
  if (draft.encrypted === "keys") return;
  // OTR stands in the body (XEP-0364 section 3), whatever the subject says.
  const encrypted = draft.encrypted ?? (isOtr(draft.stanza.getChildText("body") ?? "") ? { method: "OTR" } : undefined);
  if (encrypted) {
    conceal(draft, encrypted.method);
    return;
  }
  // Blanks are no words beside something.
  if (draft.notice && draft.body?.trim() === "") draft.body = undefined;
  // What says nothing in the place of a message is one of its own.
  if (draft.notice && draft.body === undefined && draft.change?.kind === "correction") draft.change = undefined;
  // What stands for a change, and for what is known to be no text, is another program's (XEP-0428 section 2).
  if (draft.fallbackFor !== undefined && draft.change?.kind !== "correction") {
    if (draft.notice) draft.body = undefined;
    else if (draft.change === undefined) draft.notice = { kind: "other", what: draft.fallbackFor };
  }
  if (draft.body !== undefined || draft.notice || draft.change || draft.events.length > 0) return;
  const what = isOverLimit(draft) ? overLimit : unnamed(draft);
  if (what !== undefined && mayTell(draft.peer, what))
    draft.notice = what === overLimit ? { kind: "too-large" } : { kind: "other", what };
}

/** Kind under which something that was too large is told of; no namespace. */
const overLimit = "over a limit";

/** Whether somebody sent a person something of which the limits left nothing that can be shown. */
function isOverLimit({ stanza, peer }: MessageDraft): boolean {
  return lossOf(stanza) === "cut" && peer.includes("@") && !isSilent(stanza) && !childOf(stanza, "event", nsEvent);
}

/**
 * Text beside what is encrypted is there to say that it is: no word of the person's. Nor is it one that it takes the
 * place of.
 */
function conceal(draft: MessageDraft, method: string | undefined): void {
  if (draft.change?.kind === "retraction") return;
  draft.change = undefined;
  draft.body = undefined;
  draft.notice = { kind: "encrypted", ...(method === undefined ? {} : { what: method }) };
}

/**
 * The namespace of something that nobody here knows and that is meant for a person; undefined: there is no such thing.
 */
function unnamed({ stanza, peer }: MessageDraft): string | undefined {
  if (isSilent(stanza)) return undefined;
  const all = elementsOf(stanza);
  const toPerson = all.find((child) => requests.has(child.getNS() ?? ""));
  // Services have much to tell programs.
  const found =
    toPerson ??
    (peer.includes("@") ? all.find(({ attrs, name }) => !isSignal(attrs["xmlns"] ?? nsClient, name)) : undefined);
  return found?.getNS()?.slice(0, 200);
}

/** Whether a message without a text is one between programs. */
function isSilent(stanza: Element): boolean {
  // RFC 6121 section 5.2.2: a headline wants no answer and is kept for nobody; without a text it is for programs.
  if (stanza.attrs["type"] === "headline") return true;
  return elementsOf(stanza).some(
    (child) =>
      // XEP-0334 section 4: what is not to be kept is gone for whoever was away, as no message to a person may be.
      (child.getNS() === nsHints && (child.name === "no-store" || child.name === "no-permanent-store")) ||
      // What goes with somebody's typing, a receipt or a read marker is said between programs, too.
      isNews(child),
  );
}

/**
 * Typing (XEP-0085), a receipt (XEP-0184) or a marker (XEP-0333), which are sent by themselves; not what stands in
 * every message.
 */
function isNews(child: Element): boolean {
  const xmlns = child.getNS();
  if (xmlns === "http://jabber.org/protocol/chatstates") return child.name !== "active";
  return (
    (xmlns === "urn:xmpp:receipts" && child.name === "received") ||
    (xmlns === "urn:xmpp:chat-markers:0" && child.name !== "markable")
  );
}

const nsEvent = "http://jabber.org/protocol/pubsub#event";
const nsHints = "urn:xmpp:hints";
const nsClient = "jabber:client";

/** Namespaces that ask something of a person: forms (XEP-0004), confirmations of sign-ins (XEP-0070), riddles (XEP-0158). */
const requests: ReadonlySet<string> = new Set([
  "jabber:x:data",
  "http://jabber.org/protocol/http-auth",
  "urn:xmpp:captcha",
]);

/** Namespaces, to their version, of what accompanies messages or is said between programs. */
const signals: readonly string[] = [
  nsClient,
  nsHints,
  "http://jabber.org/protocol/address",
  "http://jabber.org/protocol/amp",
  "http://jabber.org/protocol/caps",
  "http://jabber.org/protocol/chatstates",
  "http://jabber.org/protocol/commands",
  "http://jabber.org/protocol/disco",
  "http://jabber.org/protocol/feature-neg",
  "http://jabber.org/protocol/ibb",
  "http://jabber.org/protocol/muc",
  "http://jabber.org/protocol/nick",
  "http://jabber.org/protocol/pubsub",
  "http://jabber.org/protocol/shim",
  "google:",
  "http://www.google.com/",
  "jabber:iq:",
  "jabber:x:delay",
  "jabber:x:event",
  "jabber:x:signed",
  "urn:xmpp:archive:",
  "urn:xmpp:avatar:",
  "urn:xmpp:bob",
  "urn:xmpp:call-invites:",
  "urn:xmpp:carbons:",
  "urn:xmpp:chat-markers:",
  "urn:xmpp:csi:",
  "urn:xmpp:delay",
  "urn:xmpp:eme:",
  "urn:xmpp:fallback:",
  "urn:xmpp:fasten:",
  "urn:xmpp:idle:",
  "urn:xmpp:inbox:",
  "urn:xmpp:jingle",
  "urn:xmpp:mam:",
  "urn:xmpp:mds:",
  "urn:xmpp:message-correct:",
  "urn:xmpp:message-moderate:",
  "urn:xmpp:message-retract:",
  "urn:xmpp:occupant-id:",
  "urn:xmpp:ping",
  "urn:xmpp:privilege:",
  "urn:xmpp:push:",
  "urn:xmpp:receipts",
  "urn:xmpp:reference:",
  "urn:xmpp:reply:",
  "urn:xmpp:reporting:",
  "urn:xmpp:sid:",
  "urn:xmpp:sm:",
  "urn:xmpp:ssn",
  "urn:xmpp:tm:",
  "vcard-temp",
];

function isSignal(xmlns: string, name: string): boolean {
  return name === "thread" || signals.some((signal) => xmlns.startsWith(signal));
}
