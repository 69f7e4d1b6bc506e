import type { AccountId, Protocol } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import { directAuthor } from "../../../shared/model/author.ts";
import type { Correction, NewMessage, Retraction } from "../../history/history.ts";
import type { HistoryFeed } from "../../history/open-history.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { ComplianceFeed, FeedItem, OwnWords } from "./compliance-feed.ts";
import { itemId } from "./item-id.ts";

interface Account {
  readonly network: Protocol | undefined;
  readonly own: Address | undefined;
}

/** Hands all that the history is about to write, and that policy has archived, to the archive. */
export function historyFeed(
  archive: Pick<ComplianceFeed, "add" | "covers">,
  account: (accountId: AccountId) => Account,
): HistoryFeed {
  const accountOf = ({ place }: Retraction): Account => account(place.accountId);
  // Items are costly (each id is a hash), and most computers archive nothing.
  function add<Written extends Pick<Retraction, "place">>(
    written: readonly Written[],
    itemOf: (written: Written) => FeedItem,
  ): void {
    const covered = written.filter(({ place }) => archive.covers(place));
    if (covered.length > 0) void archive.add(covered.map(itemOf));
  }

  return {
    covers: (place) => archive.covers(place),
    appending: (messages) => add(messages, newItem),
    correcting: (correction) => add([correction], (change) => correctionItem(change, accountOf(change))),
    retracting: (retraction) => add([retraction], (change) => retractionItem(change, accountOf(change))),
  };
}

/** A message that is about to be stored, as an item of the archive. Its `seq` is 0: it has none yet. */
function newItem(message: NewMessage): FeedItem {
  const {
    id,
    conversationId,
    place: { accountId, kind, address },
    network,
    own,
    direction,
    author,
    at,
    receivedAt,
    body,
    state,
    wireId,
    archiveId,
    delayed,
    otherDevice,
  } = message;
  const recorded: RecordedMessage = {
    id,
    seq: 0,
    conversationId,
    accountId,
    network,
    own,
    kind,
    peer: address,
    direction,
    author,
    sentAt: at,
    saidAt: message.saidAt,
    receivedAt,
    storedAt: receivedAt,
    body,
    notice: message.notice,
    versions: [],
    correctedAt: undefined,
    retractedAt: undefined,
    deletedAt: undefined,
    state,
    error: undefined,
    states: [],
    encryption: message.encryption,
    label: message.label,
    members: message.members ?? [{ address, name: undefined }],
    files: message.files ?? [],
    wireId,
    archiveId,
    delayed,
    otherDevice,
  };
  // A correction whose message is not here is stored as a message; it is the same correction.
  if (message.replaces !== undefined)
    return changeItem("correction", { ...recorded, wireId: message.replaces, correctedAt: at }, wireId);
  return { id: itemId("message", recorded), what: "message", message: recorded };
}

/** Item of a message that waits to be sent, the same as when it was stored. */
export function ownItem(words: OwnWords, account: Account): FeedItem {
  const { id, conversationId, place, body, at, kind, targetId } = words;
  const author = directAuthor("out", { own: account.own, peer: place.address });
  if (kind !== undefined && targetId !== undefined) {
    const change = { conversationId, place, direction: "out", author, wireId: targetId, at } as const;
    return kind === "correction"
      ? correctionItem({ ...change, body, newWireId: id }, account)
      : retractionItem(change, account);
  }
  const stored = {
    id,
    conversationId,
    place,
    direction: "out",
    author,
    wireId: id,
    archiveId: undefined,
    body,
    at,
    receivedAt: at,
    state: "waiting",
  } as const;
  return newItem({ ...stored, delayed: false, otherDevice: false, unread: false, wantsRead: false, ...account });
}

function correctionItem(correction: Correction, account: Account): FeedItem {
  return changeItem(
    "correction",
    { ...changed(correction, account), body: correction.body, correctedAt: correction.at },
    correction.newWireId,
  );
}

function retractionItem(retraction: Retraction, account: Account): FeedItem {
  return changeItem("retraction", { ...changed(retraction, account), retractedAt: retraction.at }, undefined);
}

/** Parts of a changed message that are known: `wireId` says which one it is. */
function changed(
  { conversationId, place, direction, author, wireId, at }: Retraction,
  account: Account,
): RecordedMessage {
  const state = direction === "in" ? "received" : "sent";
  const { message } = newItem({
    id: wireId,
    conversationId,
    place,
    direction,
    author,
    wireId,
    archiveId: undefined,
    body: "",
    at,
    receivedAt: at,
    state,
    delayed: false,
    otherDevice: false,
    unread: false,
    wantsRead: false,
    ...account,
  });
  return message;
}

/** `ownId`: the wire id of the change itself, so that saying the same again later is another item. */
export function changeItem(
  what: "correction" | "retraction",
  message: RecordedMessage,
  ownId: string | undefined,
): FeedItem {
  const named = ownId === undefined ? message.wireId : `${message.wireId} ${ownId}`;
  return { id: itemId(what, { ...message, wireId: named }), what, message };
}
