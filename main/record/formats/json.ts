import type { ErrorInfo } from "../../../shared/errors.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { FeedItem } from "../feed/compliance-feed.ts";
import type { Format } from "./format.ts";
import { instantOf } from "./moments.ts";
import { partiesOf } from "./parties.ts";

/**
 * The canonical form of a message: every member is always there and in this order, what is not known is null, times are
 * RFC 3339 in UTC with milliseconds. docs/record.md describes it; `record` counts its versions.
 */
function canonical(message: RecordedMessage) {
  const { from, to, conversation, isRoom } = partiesOf(message);
  return {
    record: 1,
    id: message.id,
    seq: message.seq,
    conversation: { id: message.conversationId, with: conversation, room: isRoom },
    network: message.network ?? null,
    account: { id: message.accountId, address: message.own ?? null },
    direction: message.direction,
    author: {
      address: message.author.address ?? null,
      name: message.author.name ?? null,
      occupant: message.author.occupant ?? null,
      self: message.author.isSelf,
    },
    from: from ?? null,
    to,
    sent: instantOf(message.sentAt),
    stamped: moment(message.saidAt),
    received: instantOf(message.receivedAt),
    stored: instantOf(message.storedAt),
    text: message.body,
    notice:
      message.notice === undefined
        ? null
        : { kind: message.notice.kind, what: message.notice.what ?? null, who: message.notice.who ?? null },
    versions: message.versions.map(({ body, since, until }) => ({
      text: body,
      from: instantOf(since),
      until: instantOf(until),
    })),
    corrected: moment(message.correctedAt),
    retracted: moment(message.retractedAt),
    deleted: moment(message.deletedAt),
    state: message.state,
    error: failure(message.error),
    states: message.states.map(({ state, at, error }) => ({ state, at: instantOf(at), error: failure(error) })),
    encryption: message.encryption ?? null,
    label: message.label ?? null,
    members: message.members.map(({ address, name }) => ({ address, name: name ?? null })),
    files: message.files.map(({ name, sha256, size, type }) => ({ name, sha256, size, type: type ?? null })),
    wireId: message.wireId ?? null,
    archiveId: message.archiveId ?? null,
    delayed: message.delayed,
    otherDevice: message.otherDevice,
  };
}

function moment(at: number | undefined): string | null {
  return at === undefined ? null : instantOf(at);
}

function failure(error: ErrorInfo | undefined): { code: string; params: ErrorInfo["params"] | null } | null {
  return error === undefined ? null : { code: error.code, params: error.params ?? null };
}

/**
 * A message as one line of JSON, without a line end. Lone surrogates and control characters are escaped: nothing of the
 * text is lost.
 */
export function messageJson(message: RecordedMessage): string {
  return JSON.stringify(canonical(message));
}

/** An item of the archive feed as one line of JSON: `item` and `what`, then the members of the message. */
export function itemJson({ id, what, message }: FeedItem): string {
  return JSON.stringify({ item: id, what, ...canonical(message) });
}

/** JSON Lines: `messages.jsonl`, one message a line. */
export const json: Format = {
  order: "stored",
  start(sink) {
    sink.file("messages.jsonl");
    return { add: (message) => sink.write(`${messageJson(message)}\n`), end: () => undefined };
  },
};
