import { createHash } from "node:crypto";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import { authorKeyOf, authorText } from "../../history/store/json-columns.ts";
import type { AuditPosition } from "../audit/entry.ts";
import type { FeedItem } from "./compliance-feed.ts";

type Identity = Pick<
  RecordedMessage,
  "id" | "accountId" | "network" | "own" | "peer" | "direction" | "author" | "wireId" | "archiveId" | "body" | "notice"
>;

/**
 * The id of an item, 64 hexadecimal digits: SHA-256 over what the message is - own address and network, peer,
 * direction, author where the direction does not say it, the id that it has on the wire (else in the server's archive, else here) and its text - so that it is the
 * same whether the message comes live, as a carbon copy or out of the server's archive, on whichever of a person's
 * devices.
 */
export function itemId(what: FeedItem["what"], message: Identity): string {
  const { id, accountId, network, own, peer, direction, author, wireId, archiveId, body, notice } = message;
  const named =
    wireId !== undefined ? ["wire", wireId] : archiveId !== undefined ? ["archive", archiveId] : ["local", id];
  const by = authorKeyOf({
    direction: direction === "out" ? 1 : 0,
    author: authorText(author, direction, peer),
  });
  return digest([
    "hallway-archive-1",
    what,
    network ?? "",
    own ?? accountId,
    peer,
    direction,
    ...named,
    body,
    ...(by === "" ? [] : ["author", by]),
    ...(notice ? [notice.kind, notice.what ?? "", notice.who ?? ""] : []),
  ]);
}

/** The id of another message that goes by the id of one said at another time: senders use ids again. */
export function secondId(id: string, at: number): string {
  return digest(["hallway-archive-1", "again", id, String(at)]);
}

/** One key for the same items in the same order. */
export function batchId(ids: readonly string[]): string {
  return digest(["hallway-archive-1", "batch", ...ids]);
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The id of an entry of the audit log, or of its head. `device`: its public key. */
export function auditId(what: "entry" | "head", device: string, { n, hash }: AuditPosition): string {
  return digest(["hallway-archive-1", "audit", what, device, String(n), hash]);
}
