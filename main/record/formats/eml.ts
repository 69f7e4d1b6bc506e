import type { Address } from "../../../shared/model/address.ts";
import { isolate } from "../../../shared/text/isolate.ts";
import type { Words } from "../../../shared/words/words.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { FeedItem } from "../feed/compliance-feed.ts";
import type { Format, FormatSink, FormatWriter } from "./format.ts";
import { itemJson, messageJson } from "./json.ts";
import { createKept } from "./kept.ts";
import { type MailDraft, renderMail } from "./mail.ts";
import { messageId, parameter } from "./mime.ts";
import { clockOf, dateOf } from "./moments.ts";
import { createNotes, type Notes } from "./notes.ts";
import { authorLine, fileNameOf, partiesOf } from "./parties.ts";
import { plain } from "./plain.ts";

/** A day that is longer than this is cut into parts: what is held in memory. */
const maxMessages = 2000;
const maxLength = 2 * 1024 * 1024;

const utc = (): number => 0;

const kept = createKept();

/**
 * A message as lines of text: who and when, then what; further lines are set in, so that no text looks like another
 * message.
 */
function transcript(message: RecordedMessage, notes: Notes, nobody: string): string {
  const body = indented(plain(message.body));
  let result = `[${clockOf(message.sentAt)}] ${isolate(plain(authorLine(message, nobody)))}: ${body}\n`;
  for (const note of notes.of(message)) result += `    (${indented(plain(note))})\n`;
  return result;
}

function indented(text: string): string {
  return text.replace(/\r\n?|[\n\u2028\u2029]/g, "\n    ");
}

/** Description in a mail of the conversation that its first message is in. */
function about(first: RecordedMessage): Pick<MailDraft, "network" | "account" | "conversation" | "conversationId"> {
  return {
    network: first.network,
    account: first.own ?? first.accountId,
    conversation: partiesOf(first).conversation,
    conversationId: first.conversationId,
  };
}

/**
 * An item of the archive feed as a mail. Its Message-ID is made from the id of the item: the same item, the same mail.
 * A correction or retraction answers the mail of the message. Lines end in CRLF and are ASCII.
 */
export function itemEml(item: FeedItem, words: Words): string {
  const { message } = item;
  const { from, to, conversation } = partiesOf(message);
  const extra: [string, string][] = [
    ["X-Hallway-Item", item.id],
    ["X-Hallway-What", item.what],
    ["X-Hallway-Message", message.id],
    ["X-Hallway-Direction", message.direction],
    ["X-Hallway-Author", authorLine(message, words.t("export.unknown"))],
    ["X-Hallway-State", message.state],
  ];
  if (message.encryption !== undefined) extra.push(["X-Hallway-Encryption", message.encryption]);
  if (message.label !== undefined) extra.push(["X-Hallway-Label", message.label]);
  for (const { name, sha256, size } of message.files.slice(0, 50))
    extra.push(["X-Hallway-File", `sha256=${sha256}; size=${size}; ${parameter("name", name)}`]);
  return renderMail({
    ...about(message),
    id: messageId("item", item.id),
    inReplyTo: item.what === "message" ? undefined : messageId("item", message.id),
    subject: words.t(`export.subject.${item.what}`, { who: conversation }),
    date: message.retractedAt ?? message.correctedAt ?? message.sentAt,
    first: message.sentAt,
    last: message.sentAt,
    participants: [...new Set([from ?? conversation, ...to])],
    count: 1,
    extra,
    text: `${words.t("export.utc", { date: dateOf(message.sentAt) })}\n\n${transcript(message, createNotes(words, utc), words.t("export.unknown"))}`,
    file: { type: "application/json", name: "message.json", text: `${itemJson(item)}\n` },
  });
}

/** Messages gathered of one day (UTC) of one conversation. */
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

/** Gathers a conversation's messages into one mail for each day (UTC), a long day in parts. */
class DayMails implements FormatWriter {
  readonly #sink: FormatSink;
  readonly #words: Words;
  readonly #notes: Notes;
  readonly #nobody: string;
  #day: Day | undefined;

  constructor(sink: FormatSink, words: Words) {
    this.#sink = sink;
    this.#words = words;
    this.#notes = createNotes(words, utc);
    this.#nobody = words.t("export.unknown");
  }

  add(message: RecordedMessage): void {
    const day = this.#dayOf(message);
    const { from, to, conversation } = partiesOf(message);
    for (const address of [from ?? conversation, ...to]) day.participants.add(address);
    const text = transcript(message, this.#notes, this.#nobody);
    const line = `${messageJson(message)}\n`;
    day.text.push(text);
    day.lines.push(line);
    day.length += text.length + line.length;
    day.last = message;
  }

  end(): void {
    this.#finish();
    this.#day = undefined;
  }

  /** The day, or the part of it, that a message goes to; where it is another than that of the last, that one ends. */
  #dayOf(message: RecordedMessage): Day {
    const date = dateOf(message.sentAt);
    const key = `${date} ${message.conversationId}`;
    const current = this.#day;
    const isSame = current?.key === key;
    if (current && isSame && current.lines.length < maxMessages && current.length <= maxLength) return current;
    const part = current && isSame ? current.part + 1 : 1;
    this.#finish();
    const participants = new Set<Address>();
    this.#day = { key, date, first: message, last: message, part, participants, text: [], lines: [], length: 0 };
    return this.#day;
  }

  #finish(): void {
    if (!this.#day) return;
    const { t } = this.#words;
    const { first, last, date, part, participants, text, lines } = this.#day;
    const { conversation } = partiesOf(first);
    const folder = kept(`name ${first.conversationId}`, () => fileNameOf(first));
    this.#sink.mail(`${folder}/${date}${part === 1 ? "" : `-${part}`}.eml`, {
      ...about(first),
      // A later export that holds more of the day is another mail.
      id: { kind: "day" },
      inReplyTo: undefined,
      subject: t("export.subject.day", { who: conversation, date, part: part === 1 ? undefined : String(part) }),
      date: last.sentAt,
      first: first.sentAt,
      last: last.sentAt,
      participants: [...participants],
      count: lines.length,
      extra: [
        ["X-Hallway-Day", date],
        ["X-Hallway-Part", String(part)],
      ],
      text: `${t("export.utc", { date })}\n\n${text.join("")}`,
      file: { type: "application/x-ndjson", name: "messages.jsonl", text: lines.join("") },
    });
  }
}

/**
 * A folder for each conversation, in it one mail for each day (UTC) on which something was said; a long day in parts.
 */
export const eml: Format = {
  order: "conversation",
  start: (sink, { words }) => new DayMails(sink, words),
};
