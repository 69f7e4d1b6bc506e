import type { Address } from "../../../shared/model/address.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { FeedItem } from "../feed/compliance-feed.ts";
import type { Format } from "./format.ts";
import { instantOf, secondsOf } from "./moments.ts";
import { isInternal, partiesOf } from "./parties.ts";
import { plain } from "./plain.ts";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Most values: nothing in them is escaped anywhere. */
const harmless = /^[\x20\x21\x23-\x25\x27-\x3b\x3d\x3f-\x7e]*$/;

/** Text for an element. `>` is escaped so that no `]]>` remains; a carriage return so that it is read back as one. */
function text(value: string): string {
  return harmless.test(value) ? value : plain(value).replace(/[&<>\r]/g, (character) => escapes[character] ?? "");
}

/** The same for the value of an attribute, where line ends and tabs would be read back as spaces. */
function attribute(name: string, value: string | undefined): string {
  if (value === undefined) return "";
  return ` ${name}="${harmless.test(value) ? value : plain(value).replace(/[&<>"\r\n\t]/g, (character) => escapes[character] ?? "")}"`;
}

const head = '<?xml version="1.0" encoding="UTF-8"?>\n<FileDump xmlns:h="urn:hallway:record:1">\n';
const tail = "</FileDump>\n";

const nobody = "unknown@unknown.invalid";

/** A person who enters or leaves a conversation. */
interface Attendance {
  readonly address: Address;
  /** Address of the account. */
  readonly own: Address | undefined;
  readonly at: number;
  /** Id of the conversation, as text of an element. */
  readonly id: string;
}

/** A participant. LoginName and CorporateEmailID are the address. */
function participant(element: "ParticipantEntered" | "ParticipantLeft", { address, own, at, id }: Attendance): string {
  const name = text(address);
  const type = isInternal(address, own) ? "internal" : "external";
  return `<${element}><LoginName>${name}</LoginName><UserType>${type}</UserType><InternalFlag>${type === "internal"}</InternalFlag><DateTimeUTC>${secondsOf(at)}</DateTimeUTC><ConversationID>${id}</ConversationID><CorporateEmailID>${name}</CorporateEmailID></${element}>\n`;
}

/** Everything that the format has no element for, in Hallway's own namespace. */
function details(message: RecordedMessage): string {
  const { from, to } = partiesOf(message);
  const moment = (name: string, at: number | undefined): string =>
    at === undefined ? "" : ` ${name}="${instantOf(at)}"`;
  const { author } = message;
  let inner = `<h:Author${attribute("address", author.address)}${attribute("name", author.name)}${attribute("occupant", author.occupant)} self="${author.isSelf}"/>`;
  if (message.notice)
    inner += `<h:Notice kind="${message.notice.kind}"${attribute("who", message.notice.who)}>${text(message.notice.what ?? "")}</h:Notice>`;
  for (const { body, since, until } of message.versions)
    inner += `<h:Version${moment("from", since)}${moment("until", until)}>${text(body)}</h:Version>`;
  for (const { state, at, error } of message.states)
    inner += `<h:State${moment("at", at)}${attribute("error", error?.code)}${attribute("address", error?.params?.["address"]?.toString())}>${state}</h:State>`;
  for (const address of to) inner += `<h:To>${text(address)}</h:To>`;
  for (const { address, name } of message.members)
    inner += `<h:Member${attribute("name", name)}>${text(address)}</h:Member>`;
  for (const { name, sha256, size, type } of message.files)
    inner += `<h:File${attribute("sha256", sha256)} size="${size}"${attribute("type", type)}>${text(name)}</h:File>`;
  return `<h:Record seq="${message.seq}" direction="${message.direction}"${attribute("network", message.network)}${attribute("account", message.own)}${attribute("from", from)}${moment("sent", message.sentAt)}${moment("stamped", message.saidAt)}${moment("received", message.receivedAt)}${moment("stored", message.storedAt)} state="${message.state}"${attribute("error", message.error?.code)}${moment("corrected", message.correctedAt)}${moment("retracted", message.retractedAt)}${moment("deleted", message.deletedAt)}${attribute("encryption", message.encryption)}${attribute("label", message.label)}${attribute("wireId", message.wireId)}${attribute("archiveId", message.archiveId)} delayed="${message.delayed}" otherDevice="${message.otherDevice}">${inner}</h:Record>`;
}

function messageElement(message: RecordedMessage, from: Address, id: string): string {
  const login = text(from);
  const at = secondsOf(message.sentAt);
  const type = isInternal(from, message.own) ? "internal" : "external";
  let result = `<Message><MessageId>${text(message.id)}</MessageId><LoginName>${login}</LoginName><UserType>${type}</UserType><DateTimeUTC>${at}</DateTimeUTC><ConversationID>${id}</ConversationID><Content>${text(message.body)}</Content>${details(message)}</Message>\n`;
  for (const { name } of message.files) {
    const file = `<LoginName>${login}</LoginName><DateTimeUTC>${at}</DateTimeUTC><ConversationID>${id}</ConversationID><UserFileName>${text(name)}</UserFileName><FileName>${text(name)}</FileName>`;
    result += `<FileTransferStarted>${file}</FileTransferStarted>\n<FileTransferEnded>${file}<Status>Completed</Status></FileTransferEnded>\n`;
  }
  return result;
}

/** Conversation that is being written. */
interface OpenConversation {
  readonly id: string;
  readonly key: string;
  readonly own: Address | undefined;
  readonly entered: Set<Address>;
  lastAt: number;
}

/** Writes one conversation after the other; of one it holds the addresses that took part. */
class ConversationWriter {
  readonly #write: (text: string) => void;
  #current: OpenConversation | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(message: RecordedMessage, item = ""): void {
    const { from = nobody, to, conversation, isRoom } = partiesOf(message);
    if (this.#current?.key !== message.conversationId) {
      this.leave();
      const id = text(message.conversationId);
      this.#current = { id, key: message.conversationId, own: message.own, entered: new Set(), lastAt: message.sentAt };
      this.#write(
        `<Conversation Perspective="${isRoom ? "Group" : "IM"}"${item}>\n<RoomID>${text(conversation)}</RoomID>\n<StartTime>${instantOf(message.sentAt)}</StartTime>\n<StartTimeUTC>${secondsOf(message.sentAt)}</StartTimeUTC>\n<ConversationID>${id}</ConversationID>\n`,
      );
    }
    const now = this.#current;
    for (const address of [from, ...to]) {
      if (now.entered.has(address)) continue;
      now.entered.add(address);
      this.#write(participant("ParticipantEntered", { address, own: message.own, at: message.sentAt, id: now.id }));
    }
    now.lastAt = message.sentAt;
    this.#write(messageElement(message, from, now.id));
  }

  leave(): void {
    if (!this.#current) return;
    const { id, own, entered, lastAt: at } = this.#current;
    for (const address of entered) this.#write(participant("ParticipantLeft", { address, own, at, id }));
    this.#write(`<EndTime>${instantOf(at)}</EndTime>\n<EndTimeUTC>${secondsOf(at)}</EndTimeUTC>\n</Conversation>\n`);
    this.#current = undefined;
  }
}

/** An item of the archive feed as a document of its own. */
export function itemXml({ id, what, message }: FeedItem): string {
  let document = head;
  const conversations = new ConversationWriter((part) => {
    document += part;
  });
  conversations.add(message, `${attribute("h:item", id)}${attribute("h:what", what)}`);
  conversations.leave();
  return document + tail;
}

/**
 * `record.xml`, in the manner of the XML that Actiance Vantage takes: FileDump holds Conversation elements, each with
 * who entered, what was said, which files were sent and who left; everything else is in elements of the namespace
 * `urn:hallway:record:1`, which other readers pass over. Characters that XML cannot hold become U+FFFD.
 */
export const xml: Format = {
  order: "conversation",
  start(sink) {
    sink.file("record.xml");
    sink.write(head);
    const conversations = new ConversationWriter((part) => sink.write(part));
    return {
      add: (message) => conversations.add(message),
      end() {
        conversations.leave();
        sink.write(tail);
      },
    };
  },
};
