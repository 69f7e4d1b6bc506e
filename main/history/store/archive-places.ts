import type { ArchivedPlace } from "../history.ts";
import type { MessageReader } from "./message-reader.ts";
import { copyWithin, type MessageRow } from "./message-row.ts";

/**
 * Places of messages out of a server's archive, which keeps the order in which it archived them: within a batch, from
 * page to page, and after what this device had heard before. The archive's stamps are of another clock and may have
 * whole seconds only, so that a message that is moved back to where it belongs keeps its stamp beside its place.
 */
export class ArchivePlaces {
  readonly #read: MessageReader;
  /** Where the last archived message of each conversation of this batch stands, by its number. */
  readonly #last = new Map<number, number>();
  /** Of each conversation, where its last typed message from some time on stands. */
  readonly #typed = new Map<number, { readonly from: number; readonly last: number | undefined }>();

  constructor(read: MessageReader) {
    this.#read = read;
  }

  /** The message in its place. */
  put(row: MessageRow, archived: ArchivedPlace, conversation: number): MessageRow {
    const before = this.#last.get(conversation) ?? archived.after ?? this.#heardBefore(row, archived, conversation);
    const at = Math.max(row.at, before ?? row.at, this.#typedInSameSecond(row, conversation) ?? row.at);
    return at === row.at ? row : { ...row, at, said_at: row.said_at ?? row.at };
  }

  /** Where a message of the archive stands: what comes after it in the archive stands after it here. */
  stands(conversation: number, at: number): void {
    this.#last.set(conversation, at);
  }

  /**
   * Some servers stamp whole seconds: what the person typed in that second, which the archive does not place, came
   * first.
   */
  #typedInSameSecond({ at }: MessageRow, conversation: number): number | undefined {
    if (at % 1000 !== 0) return undefined;
    const last = this.#lastTypedFrom(at, conversation);
    if (last === undefined || last < at + 1000) return last;
    return this.#read.lastTyped(conversation, at, at + 1000);
  }

  /**
   * Where the last typed message from this time on stands. Read once for a batch, of which the oldest comes first and
   * most have none.
   */
  #lastTypedFrom(at: number, conversation: number): number | undefined {
    let known = this.#typed.get(conversation);
    if (!known || at < known.from) {
      known = { from: at, last: this.#read.lastTyped(conversation, at, Number.MAX_SAFE_INTEGER) };
      this.#typed.set(conversation, known);
    }
    return known.last !== undefined && known.last >= at ? known.last : undefined;
  }

  #heardBefore(row: MessageRow, { heardUntil, exact }: ArchivedPlace, conversation: number): number | undefined {
    if (heardUntil === undefined) return undefined;
    const at = this.#read.lastArchived(conversation, heardUntil);
    // A reading that began at a time may bring what was said long before: only the difference of two clocks is evened
    // out.
    return at !== undefined && (exact || at - row.at <= copyWithin) ? at : undefined;
  }
}
