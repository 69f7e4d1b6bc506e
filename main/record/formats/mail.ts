import type { Address } from "../../../shared/model/address.ts";
import { isolate } from "../../../shared/text/isolate.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { createKept } from "./kept.ts";
import { addressHeader, filePart, header, messageId, textPart } from "./mime.ts";
import { instantOf, mailDateOf } from "./moments.ts";
import { hashOf, uriOf } from "./parties.ts";

/** No base64 and no quoted-printable text holds `=_` (RFC 2045 section 6.7), so none holds the boundary. */
const boundary = "=_hallway-record";
/** More participants than this are in the JSON part only. */
const maxParticipants = 500;

/**
 * Draft of one mail of the record: texts and numbers only, so that it can go to another thread. Moments are in
 * milliseconds since the epoch.
 */
export interface MailDraft {
  /**
   * Its Message-ID, or what kind of id is made from the hash of its file: what was said does not change under an id.
   */
  readonly id: string | { readonly kind: "day" };
  readonly inReplyTo: string | undefined;
  readonly subject: string;
  readonly date: number;
  readonly network: RecordedMessage["network"];
  /** Address of the account, or its id where that is not known. */
  readonly account: string;
  readonly conversation: Address;
  readonly conversationId: string;
  /** Senders and recipients; the first author is the sender of the mail. */
  readonly participants: readonly Address[];
  readonly count: number;
  /** When the first and the last of it was said. */
  readonly first: number;
  readonly last: number;
  readonly extra: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly file: { readonly type: string; readonly name: string; readonly text: string };
}

const kept = createKept();

/**
 * RFC 5322 with MIME (RFC 2045, 2046): the text for people, and what it was made from, whole, as JSON. Lines end in
 * CRLF and are ASCII.
 */
export function renderMail(draft: MailDraft): string {
  const { network, account, conversation, conversationId, file, participants } = draft;
  const [from, ...to] = participants;
  const sha256 = hashOf(file.text);
  const named = participants.slice(0, maxParticipants).map(isolate).join(", ");
  const thread = kept(`thread ${conversationId}`, () => messageId("conversation", conversationId));
  return [
    `Date: ${mailDateOf(draft.date)}\r\n`,
    kept(
      `from ${network} ${conversation} ${participants.join(" ")}`,
      () =>
        addressHeader("From", [from ?? conversation], network) +
        addressHeader("To", to.slice(0, maxParticipants), network),
    ),
    header("Subject", draft.subject),
    `Message-ID: ${typeof draft.id === "string" ? draft.id : messageId(draft.id.kind, sha256)}\r\n`,
    draft.inReplyTo === undefined ? "" : `In-Reply-To: ${draft.inReplyTo}\r\n`,
    `References: ${thread}${draft.inReplyTo === undefined ? "" : `\r\n ${draft.inReplyTo}`}\r\n`,
    "MIME-Version: 1.0\r\n",
    kept(`about ${network} ${account} ${conversationId} ${participants.length} ${named}`, () =>
      [
        header("X-Hallway-Record", "1"),
        header("X-Hallway-Network", network ?? "unknown"),
        header("X-Hallway-Account", account),
        header("X-Hallway-Conversation", uriOf(conversation, network)),
        header("X-Hallway-Conversation-ID", conversationId),
        header("X-Hallway-Participants", named),
        header("X-Hallway-Participant-Count", String(participants.length)),
      ].join(""),
    ),
    `X-Hallway-Message-Count: ${draft.count}\r\n`,
    `X-Hallway-First: ${instantOf(draft.first)}\r\n`,
    `X-Hallway-Last: ${instantOf(draft.last)}\r\n`,
    ...draft.extra.map(([name, value]) => header(name, value)),
    `X-Hallway-Record-SHA256: ${sha256}\r\n`,
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`,
    `--${boundary}\r\n`,
    textPart(draft.text),
    `--${boundary}\r\n`,
    filePart(file.type, file.name, file.text),
    `--${boundary}--\r\n`,
  ].join("");
}
