import type { Statements } from "./statements.ts";
import { conversationWord, words } from "./words.ts";

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

  /** The index keeps no texts: it must be told which words go. */
  remove(message: Indexed): void {
    if (this.#enabled) this.#sql.run("INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', ?, ?)", [message.seq, indexWords(message)]);
  }
}

function indexWords({ conversation, body }: Indexed): string {
  return `${conversationWord(conversation)} ${[...words(body)].join(" ")}`;
}
