import { words } from "../../../shared/search/words.ts";
import type { Statements } from "../../database/statements.ts";
import { formerWords } from "./former-words.ts";

/** Pages of the index that are written anew at a time. */
const pagesAtOnce = 16;
/** A row of the index's data that FTS5 never uses: it stands between its averages (1) and its structure (10). */
const freeId = 2;
/** More than a page has, in bytes: a power of two. */
const largestGap = 4096;
/** Entries of an earlier version that are looked at in one step, at most. */
const renewedAtOnce = 50;

interface Indexed {
  readonly seq: number;
  /** Its number. */
  readonly conversation: number;
  readonly body: string;
}

/** The word that names a conversation in the index; no text has this character once it is cut into words. */
export function conversationWord(conversation: number): string {
  return `\uE002${conversation}`;
}

/** Below which `seq` the entries of messages are still cut as before (table `former_cut`); undefined: none is. */
export function formerCut(sql: Statements): number | undefined {
  return sql.number("SELECT below FROM former_cut", []);
}

/**
 * The index of words, which holds every message that the person can see under what it says now, and nothing else.
 * Entries of an earlier version, which cut texts in another way, are taken out as they were put in, until `renewSome`
 * has reached them.
 */
export class WordIndex {
  readonly #sql: Statements;
  readonly #enabled: boolean;
  #formerBelow: number;

  /** `enabled` false: nothing can be searched. */
  constructor(sql: Statements, enabled: boolean) {
    this.#sql = sql;
    this.#enabled = enabled;
    this.#formerBelow = formerCut(sql) ?? 0;
  }

  add(message: Indexed): void {
    if (this.#enabled)
      this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (?, ?)", [message.seq, this.#entry(message)]);
  }

  /**
   * Takes many messages out, in `work`, at a tenth of the cost: their words are not overwritten at once, but with all
   * of the index when it is written anew, which whoever does this sees to.
   */
  lazily<T>(work: () => T): T {
    if (!this.#enabled) return work();
    const overwrite = (now: 0 | 1): void =>
      void this.#sql.run(`INSERT INTO message_words(message_words, rank) VALUES ('secure-delete', ${now})`, []);
    overwrite(0);
    const result = work();
    overwrite(1);
    return result;
  }

  /**
   * Words that are gone still part the pages of the index. Writes all of it anew, some pages at a time; true while
   * there is more (https://www.sqlite.org/fts5.html#the_merge_command). `begin`: from the start.
   */
  rewriteSome(begin: boolean): boolean {
    if (!this.#enabled) return false;
    // An index of one piece would be left as it is: this makes it two. No message has this number, so that nobody finds
    // it.
    if (begin) this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (0, 'hallway')", []);
    const changes = (): number => this.#sql.number("SELECT total_changes()", []) ?? 0;
    const before = changes();
    this.#sql.run(
      `INSERT INTO message_words(message_words, rank) VALUES ('merge', ${begin ? -pagesAtOnce : pagesAtOnce})`,
      [],
    );
    const more = changes() - before >= 2;
    if (!more) this.#fillGaps();
    return more;
  }

  /**
   * SQLite overwrites what is deleted (`secure_delete`), but not what stood in the gap of a page whose cells it has
   * moved to another. Such gaps are where the index's small rows stand, at its beginning and at its end; a row of zeros
   * as large as the gap is put there and taken away.
   */
  #fillGaps(): void {
    const last = this.#sql.number("SELECT max(id) FROM message_words_data", []) ?? 0;
    for (const id of [freeId, last + 1]) {
      let fits = 0;
      for (let step = largestGap / 2; step >= 1; step /= 2) if (this.#isWithinItsPage(id, fits + step)) fits += step;
      if (fits === 0) continue;
      this.#sql.run("INSERT INTO message_words_data(id, block) VALUES (?, zeroblob(?))", [id, fits]);
      this.#sql.run("DELETE FROM message_words_data WHERE id = ?", [id]);
    }
  }

  /** Whether a row of this size would take no other page; nothing of it stays. */
  #isWithinItsPage(id: number, size: number): boolean {
    const pages = (): number =>
      this.#sql.number("SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count", []) ?? 0;
    const before = pages();
    this.#sql.run("SAVEPOINT gap", []);
    this.#sql.run("INSERT INTO message_words_data(id, block) VALUES (?, zeroblob(?))", [id, size]);
    const isWithin = pages() === before;
    this.#sql.run("ROLLBACK TO gap", []);
    this.#sql.run("RELEASE gap", []);
    return isWithin;
  }

  /** The index keeps no texts: it must be told which words go. */
  remove(message: Indexed): void {
    if (this.#enabled)
      this.#sql.run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [
        message.seq,
        this.#entry(message),
      ]);
  }

  /** Whether there are entries of an earlier version. */
  get hasFormer(): boolean {
    return this.#enabled && this.#formerBelow > 0;
  }

  /**
   * Cuts some entries of an earlier version anew, from the newest to the oldest, until `enough` says so; true while
   * there are more. Belongs into a transaction: whenever the program ends, entries below `former_cut` are former ones
   * and the others are not.
   */
  renewSome(enough: () => boolean): boolean {
    if (!this.hasFormer) return false;
    const rows = this.#sql.all<Indexed & { readonly deleted: number }>(
      "SELECT seq, conversation, body, deleted_at IS NOT NULL AS deleted FROM message WHERE seq < ? ORDER BY seq DESC LIMIT ?",
      [this.#formerBelow, renewedAtOnce],
    );
    let below = rows.length < renewedAtOnce ? 0 : (rows.at(-1)?.seq ?? 0);
    for (const row of rows) {
      if (row.seq < this.#formerBelow - 1 && enough()) {
        below = row.seq + 1;
        break;
      }
      const [former, entry] = [entryOf(row, formerWords), entryOf(row, words)];
      if (row.deleted === 1 || former === entry) continue;
      this.#sql.run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [
        row.seq,
        former,
      ]);
      this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (?, ?)", [row.seq, entry]);
    }
    if (below === 0) this.#sql.run("DELETE FROM former_cut", []);
    else this.#sql.run("UPDATE former_cut SET below = ?", [below]);
    this.#formerBelow = below;
    return below > 0;
  }

  /** After a transaction that failed. */
  forget(): void {
    this.#formerBelow = formerCut(this.#sql) ?? 0;
  }

  #entry(message: Indexed): string {
    return entryOf(message, message.seq < this.#formerBelow ? formerWords : words);
  }
}

function entryOf({ conversation, body }: Indexed, cut: (text: string) => ReadonlySet<string>): string {
  return `${conversationWord(conversation)} ${[...cut(body)].join(" ")}`;
}
