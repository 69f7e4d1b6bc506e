import type { Statements } from "./statements.ts";
import { conversationWord, words } from "./words.ts";

/** Pages of the index that are written anew at a time. */
const pagesAtOnce = 16;

interface Indexed {
  readonly seq: number;
  /** Its number. */
  readonly conversation: number;
  readonly body: string;
}

/** The index of words, which holds every message that the person can see under what it says now, and nothing else. */
export class WordIndex {
  readonly #sql: Statements;
  readonly #enabled: boolean;

  /** `enabled` false: nothing can be searched. */
  constructor(sql: Statements, enabled: boolean) {
    this.#sql = sql;
    this.#enabled = enabled;
  }

  add(message: Indexed): void {
    if (this.#enabled) this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (?, ?)", [message.seq, indexWords(message)]);
  }

  /**
   * Takes many messages out, in `work`, at a tenth of the cost: their words are not overwritten at once, but with all of the index
   * when it is written anew, which whoever does this sees to.
   */
  lazily<T>(work: () => T): T {
    if (!this.#enabled) return work();
    const overwrite = (now: 0 | 1): void => void this.#sql.run(`INSERT INTO message_words(message_words, rank) VALUES ('secure-delete', ${now})`, []);
    overwrite(0);
    const result = work();
    overwrite(1);
    return result;
  }

  /**
   * Words that are gone still part the pages of the index. Writes all of it anew, some pages at a time; true while there is more
   * (https://www.sqlite.org/fts5.html#the_merge_command). `begin`: from the start.
   */
  rewriteSome(begin: boolean): boolean {
    if (!this.#enabled) return false;
    // An index of one piece would be left as it is: this makes it two. No message has this number, so that nobody finds it.
    if (begin) this.#sql.run("INSERT INTO message_words(rowid, words) VALUES (0, 'hallway')", []);
    const changes = (): number => this.#sql.number("SELECT total_changes()", []) ?? 0;
    const before = changes();
    this.#sql.run(`INSERT INTO message_words(message_words, rank) VALUES ('merge', ${begin ? -pagesAtOnce : pagesAtOnce})`, []);
    return changes() - before >= 2;
  }

  /** The index keeps no texts: it must be told which words go. */
  remove(message: Indexed): void {
    if (this.#enabled) this.#sql.run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [message.seq, indexWords(message)]);
  }
}

function indexWords({ conversation, body }: Indexed): string {
  return `${conversationWord(conversation)} ${[...words(body)].join(" ")}`;
}
