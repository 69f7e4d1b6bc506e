import { randomUUID } from "node:crypto";
import { HallwayError } from "../../../shared/errors.ts";
import type { Statements } from "../../database/statements.ts";
import type { NewMessage, Stored } from "../history.ts";
import type { ArchivePlaces } from "./archive-places.ts";
import type { Changes } from "./changes.ts";
import { type Details, moveState } from "./details.ts";
import type { GoneMessages } from "./gone-messages.ts";
import type { Insertion } from "./insertion.ts";
import type { Keys } from "./keys.ts";
import type { MessageReader } from "./message-reader.ts";
import { hasFilesFlag, type MessageRow, mayAdvance, toRecord, toRow } from "./message-row.ts";

/** Parts that an arrival is written with. */
interface ArrivalsParts {
  readonly sql: Statements;
  readonly read: MessageReader;
  readonly keys: Keys;
  readonly insertion: Insertion;
  readonly changes: Changes;
  /** Grows with every call. */
  readonly nextSeq: () => number;
  readonly now: () => number;
  /** Messages that must not come back. */
  readonly gone: GoneMessages | undefined;
}

/** Row of a message that arrives, with the number of its conversation; `keep`: policy demands a record. */
interface Arriving {
  readonly row: MessageRow;
  readonly conversation: number;
  readonly keep: boolean;
}

/**
 * Stores messages that were received or typed in one database, each once: a copy of one that is here adds to it, a
 * correction that came before takes its place, and a retraction that came before takes its text.
 */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  readonly #read: MessageReader;
  readonly #changes: Changes;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
    this.#read = parts.read;
    this.#changes = parts.changes;
  }

  /** Stores a message, or finds that it is here already. `keep`: policy demands a record. */
  add(message: NewMessage, keep: boolean, places: ArchivePlaces | undefined): Stored {
    const row = toRow(message, this.#parts.nextSeq(), this.#parts.now());
    const conversation = this.#parts.keys.conversation(row, this.#parts.keys.account(row.account));
    if (!message.archived || !places) return this.#put(message, { row, conversation, keep });
    const placed = places.put(row, message.archived, conversation);
    const stored = this.#put(message, { row: placed, conversation, keep });
    places.stands(conversation, stored.record.at);
    return stored;
  }

  /** Most are new, so it is tried first; the unique indexes say when one is not. */
  #put(message: NewMessage, { row: said, conversation, keep }: Arriving): Stored {
    // What is typed here is new; anything else may be brought again.
    const { gone } = this.#parts;
    if (message.state !== "waiting" && (gone?.has(said) || gone?.deletedTarget(said))) {
      const known = this.#read.find(message);
      return known ? this.#merge(known, message) : { record: toRecord(said), isNew: false, changed: false };
    }
    // Under its second name it may have been stored by a version that knew no other, or be our own with another id on
    // the way.
    const named = message.otherWireId === undefined ? undefined : this.#read.find(message);
    if (named) return this.#merge(named, message);
    const corrected = this.#changes.original(said, conversation, { keep, other: message.otherWireId });
    if (corrected) return { record: toRecord(corrected), isNew: false, changed: true };
    const retractedAt = this.#changes.takeAhead(said, conversation, message.otherWireId);
    const row = retractedAt === undefined ? said : retractedRow(said, retractedAt, keep);
    const details: Details = {
      versions:
        retractedAt === undefined || !keep
          ? []
          : [{ body: said.body, since: said.at, until: row.retracted_at ?? retractedAt }],
      states:
        row.direction === 1 ? [{ state: message.state, at: row.received_at ?? row.stored_at, error: undefined }] : [],
      files: retractedAt === undefined || keep ? (message.files ?? []) : [],
      aliases: message.otherWireId === undefined ? [] : [message.otherWireId],
    };
    const unread = message.unread && retractedAt === undefined;
    if (this.insert(row, details, unread)) return { record: toRecord(row), isNew: true, changed: true };
    const known = this.#read.find(message);
    if (known) return this.#merge(known, message);
    // The same id in another conversation, or for another text, is a coincidence or a trick, not the same message.
    const renamed = { ...row, id: randomUUID() };
    if (!this.insert(renamed, details, unread)) throw new HallwayError("internal");
    return { record: toRecord(renamed), isNew: true, changed: true };
  }

  /** False: a message with one of its ids is here already. */
  insert(row: MessageRow, details: Details, unread: boolean): boolean {
    if (row.replaces !== null) this.#changes.expectOriginal();
    return this.#parts.insertion.insert(row, details, unread);
  }

  #merge(row: MessageRow, message: NewMessage): Stored {
    const record = toRecord(row);
    const newArchiveId = row.archive_id === null && message.archiveId !== undefined;
    const advances = record.direction === "out" && mayAdvance(record.state, message.state);
    if (!newArchiveId && !advances) return { record, isNew: false, changed: false };
    if (advances)
      moveState(this.#parts.sql, row.seq, { state: message.state, at: this.#parts.now(), error: undefined });
    if (newArchiveId)
      this.#parts.insertion.setIds(row, this.#read.conversation(row.conversation) ?? 0, {
        wire_id: null,
        archive_id: message.archiveId ?? null,
      });
    const after = this.#read.byId(row.id);
    return { record: after ? toRecord(after) : record, isNew: false, changed: true };
  }
}

/** A message that was retracted before it came. */
function retractedRow(row: MessageRow, at: number, keep: boolean): MessageRow {
  return {
    ...row,
    body: "",
    notice: keep ? row.notice : null,
    retracted_at: Math.max(at, row.at),
    flags: keep ? row.flags : row.flags & ~hasFilesFlag,
  };
}
