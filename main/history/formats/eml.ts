import type { Address } from "../../../shared/model/address.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { ArchiveItem } from "../archive/archive.ts";
import type { RecordedMessage } from "../recorded-message.ts";
import type { Format } from "./format.ts";
import { itemJson, messageJson } from "./json.ts";
import { createKept } from "./kept.ts";
import { addressHeader, filePart, header, messageId, parameter, textPart } from "./mime.ts";
import { clockOf, dateOf, instantOf, mailDateOf } from "./moments.ts";
import { createNotes, type Notes } from "./notes.ts";
import { fileNameOf, hashOf, partiesOf, uriOf } from "./parties.ts";
import { plain } from "./plain.ts";

/** No base64 and no quoted-printable text holds `=_` (RFC 2045 section 6.7), so none holds the boundary. */
const boundary = "=_hallway-record";
/** A day that is longer than this is cut into parts: what is held in memory. */
const maxMessages = 2000;
const maxLength = 2 * 1024 * 1024;
/** More participants than this are in the JSON part only. */
const maxParticipants = 500;

const utc = (): number => 0;

const kept = createKept();

/** A message as lines of text: who and when, then what; further lines are set in, so that no text looks like another message. */
function transcript(message: RecordedMessage, notes: Notes, nobody: string): string {
  const { from } = partiesOf(message);
  const body = indented(plain(message.body));
  let result = `[${clockOf(message.sentAt)}] ${plain(from ?? nobody)}: ${body}\n`;
  for (const note of notes.of(message)) result += `    (${indented(plain(note))})\n`;
  return result;
}

function indented(text: string): string {
  return text.replace(/\r\n?|[\n\u2028\u2029]/g, "\n    ");
}

/** What the headers of one mail are made from. */
interface MailFacts {
  readonly id: string;
  readonly inReplyTo: string | undefined;
  readonly subject: string;
  readonly date: number;
  readonly first: RecordedMessage;
  readonly last: RecordedMessage;
  readonly participants: readonly Address[];
  readonly count: number;
  readonly extra: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly file: { readonly type: string; readonly name: string; readonly text: string; readonly sha256: string };
}

/** RFC 5322 with MIME (RFC 2045, 2046): the text for people, and what it was made from, whole, as JSON. */
function mail(facts: MailFacts): string {
  const { first, last, file, participants } = facts;
  const { conversation } = partiesOf(first);
  const [from, ...to] = participants;
  const account = first.own ?? first.accountId;
  const named = participants.slice(0, maxParticipants).join(", ");
  const thread = kept(`thread ${first.conversationId}`, () => messageId("conversation", first.conversationId));
  return [
    `Date: ${mailDateOf(facts.date)}\r\n`,
    kept(
      `from ${first.network} ${conversation} ${participants.join(" ")}`,
      () => addressHeader("From", [from ?? conversation], first.network) + addressHeader("To", to.slice(0, maxParticipants), first.network),
    ),
    header("Subject", facts.subject),
    `Message-ID: ${facts.id}\r\n`,
    facts.inReplyTo === undefined ? "" : `In-Reply-To: ${facts.inReplyTo}\r\n`,
    `References: ${thread}${facts.inReplyTo === undefined ? "" : `\r\n ${facts.inReplyTo}`}\r\n`,
    "MIME-Version: 1.0\r\n",
    kept(`about ${first.network} ${account} ${first.conversationId} ${participants.length} ${named}`, () =>
      [
        header("X-Hallway-Record", "1"),
        header("X-Hallway-Network", first.network ?? "unknown"),
        header("X-Hallway-Account", account),
        header("X-Hallway-Conversation", uriOf(conversation, first.network)),
        header("X-Hallway-Conversation-ID", first.conversationId),
        header("X-Hallway-Participants", named),
        header("X-Hallway-Participant-Count", String(participants.length)),
      ].join(""),
    ),
    `X-Hallway-Message-Count: ${facts.count}\r\n`,
    `X-Hallway-First: ${instantOf(first.sentAt)}\r\n`,
    `X-Hallway-Last: ${instantOf(last.sentAt)}\r\n`,
    ...facts.extra.map(([name, value]) => header(name, value)),
    `X-Hallway-Record-SHA256: ${file.sha256}\r\n`,
    `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`,
    `--${boundary}\r\n`,
    textPart(facts.text),
    `--${boundary}\r\n`,
    filePart(file.type, file.name, file.text),
    `--${boundary}--\r\n`,
  ].join("");
}

/**
 * An item of the archive feed as a mail. Its Message-ID is made from the id of the item: the same item, the same mail. A
 * correction or retraction answers the mail of the message. Lines end in CRLF and are ASCII.
 */
export function itemEml(item: ArchiveItem, words: Words): string {
  const { message } = item;
  const { from, to, conversation } = partiesOf(message);
  const extra: [string, string][] = [
    ["X-Hallway-Item", item.id],
    ["X-Hallway-What", item.what],
    ["X-Hallway-Message", message.id],
    ["X-Hallway-Direction", message.direction],
    ["X-Hallway-State", message.state],
  ];
  if (message.encryption !== undefined) extra.push(["X-Hallway-Encryption", message.encryption]);
  if (message.label !== undefined) extra.push(["X-Hallway-Label", message.label]);
  for (const { name, sha256, size } of message.files.slice(0, 50)) extra.push(["X-Hallway-File", `sha256=${sha256}; size=${size}; ${parameter("name", name)}`]);
  const json = `${itemJson(item)}\n`;
  return mail({
    id: messageId("item", item.id),
    inReplyTo: item.what === "message" ? undefined : messageId("item", message.id),
    subject: words.t(`export.subject.${item.what}`, { who: conversation }),
    date: message.retractedAt ?? message.correctedAt ?? message.sentAt,
    first: message,
    last: message,
    participants: [...new Set([from ?? conversation, ...to])],
    count: 1,
    extra,
    text: `${words.t("export.utc", { date: dateOf(message.sentAt) })}\n\n${transcript(message, createNotes(words, utc), words.t("export.unknown"))}`,
    file: { type: "application/json", name: "message.json", text: json, sha256: hashOf(json) },
  });
}

/** What has been gathered of one day (UTC) of one conversation. */
interface Day {
  readonly key: string;
  readonly date: string;
  readonly first: RecordedMessage;
  readonly part: number;
  readonly participants: Set<Address>;
  readonly text: string[];
  readonly lines: string[];
  length: number;
  last: RecordedMessage;
}

/** A folder for each conversation, in it one mail for each day (UTC) on which something was said; a long day in parts. */
export const eml: Format = {
  order: "conversation",
  start(sink, { words }) {
    const notes = createNotes(words, utc);
    const nobody = words.t("export.unknown");
    let day: Day | undefined;

    function finish(): void {
      if (!day) return;
      const { first, last, date, part, participants, lines } = day;
      const { conversation } = partiesOf(first);
      const json = lines.join("");
      const sha256 = hashOf(json);
      sink.file(`${kept(`name ${first.conversationId}`, () => fileNameOf(first))}/${date}${part === 1 ? "" : `-${part}`}.eml`);
      sink.write(
        mail({
          // What was said does not change under an id: a later export that holds more of the day is another mail.
          id: messageId("day", sha256),
          inReplyTo: undefined,
          subject: words.t("export.subject.day", { who: conversation, date, part: part === 1 ? undefined : String(part) }),
          date: last.sentAt,
          first,
          last,
          participants: [...participants],
          count: lines.length,
          extra: [
            ["X-Hallway-Day", date],
            ["X-Hallway-Part", String(part)],
          ],
          text: `${words.t("export.utc", { date })}\n\n${day.text.join("")}`,
          file: { type: "application/x-ndjson", name: "messages.jsonl", text: json, sha256 },
        }),
      );
    }

    return {
      add(message) {
        const date = dateOf(message.sentAt);
        const key = `${date} ${message.conversationId}`;
        const isSame = day?.key === key;
        if (!day || !isSame || day.lines.length >= maxMessages || day.length > maxLength) {
          const part = day && isSame ? day.part + 1 : 1;
          finish();
          day = { key, date, first: message, last: message, part, participants: new Set(), text: [], lines: [], length: 0 };
        }
        const { from, to, conversation } = partiesOf(message);
        for (const address of [from ?? conversation, ...to]) day.participants.add(address);
        const text = transcript(message, notes, nobody);
        const line = `${messageJson(message)}\n`;
        day.text.push(text);
        day.lines.push(line);
        day.length += text.length + line.length;
        day.last = message;
      },
      end() {
        finish();
        day = undefined;
      },
    };
  },
};
