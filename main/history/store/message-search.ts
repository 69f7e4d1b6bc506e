import type { SearchHit } from "../../../shared/model/message.ts";
import { isSought } from "../../../shared/model/search-author.ts";
import type { SearchFilter } from "../../../shared/model/search-filter.ts";
import type { Statements } from "../../database/statements.ts";
import type { SearchQuery } from "../history.ts";
import { parseFormerQuery } from "./former-words.ts";
import { type MessageRow, selectMessage, toRecord } from "./message-row.ts";
import { conversationsOf, directionsOf } from "./sought-authors.ts";
import { blockSize } from "./time-blocks.ts";
import { conversationWord, formerCut } from "./word-index.ts";
import { beginning, hasPhrases, matches, parseQuery, snippet, type WordQuery } from "./words.ts";

/** Hits of one database, newest stored first. `below`: what is older was not looked at; undefined: all was. */
export interface Found {
  readonly hits: SearchHit[];
  readonly below: number | undefined;
}

/**
 * A search looks at so many messages that its index names, and then answers with what it has, so that a rare thing does
 * not hold the thread.
 */
const longestLook = 20_000;
const mostAtOnce = 2_000;
const all = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** A stretch of `seq`; `to` is not in it. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Everything that a message has to meet. */
interface Sought {
  readonly filter: SearchFilter;
  readonly words: WordQuery | undefined;
  /** Numbers of the conversations that it may be of; undefined: any. */
  readonly conversations: ReadonlySet<number> | undefined;
}

/** Each walks down an index or the table itself; `plans` in the test says so. */
export const walks = {
  words:
    "SELECT rowid AS seq FROM message_words WHERE message_words MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?",
  files: "SELECT DISTINCT message AS seq FROM file WHERE message < ? AND message >= ? ORDER BY message DESC LIMIT ?",
  table: "SELECT seq FROM message WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?",
  /** Blocks of messages in which something was said in a stretch of time. */
  blocks: "SELECT n FROM time_block WHERE max_at >= ? AND min_at < ? ORDER BY n DESC",
} as const;
const one = `${selectMessage} WHERE m.seq = ? AND m.deleted_at IS NULL AND m.retracted_at IS NULL AND m.at >= ? AND m.at < ? AND (m.author IS NOT NULL OR m.direction BETWEEN ? AND ?)`;

/**
 * Searches the messages of one database. Words, conversations and files lead to messages by their indexes, newest
 * stored first; who said it and when is then asked of each. Times are known for blocks of 4096 messages as they were
 * stored (table `time_block`), so that a day of long ago is found without walking through all that came later.
 */
export class MessageSearch {
  readonly #sql: Statements;

  constructor(sql: Statements) {
    this.#sql = sql;
  }

  find({ text, filter = {}, limit, beforeSeq = Number.MAX_SAFE_INTEGER }: SearchQuery): Found {
    const nothing: Found = { hits: [], below: undefined };
    const words = parseQuery(text);
    if (!words && (text.trim() !== "" || Object.keys(filter).length === 0)) return nothing;
    const conversations = this.#conversations(filter);
    if (conversations?.size === 0) return nothing;
    const former = formerCut(this.#sql) ?? 0;
    const sought: Sought = { filter, words, conversations };
    const walk = this.#walk(filter, termsOf(words), conversations);
    const formerWalk = former > 0 ? this.#walk(filter, formerTermsOf(text), conversations) : walk;
    const hits: SearchHit[] = [];
    let looked = 0;
    for (const { from, to, isFormer } of parted(this.#stretches(filter), former)) {
      let below = Math.min(to, beforeSeq);
      // Few at first, for most searches are met by most of what their words lead to.
      for (let size = limit; below > from; size = Math.min(size * 4, mostAtOnce)) {
        const seqs = (isFormer ? formerWalk : walk)(below, from, size);
        for (const { seq } of seqs) {
          looked += 1;
          below = seq;
          const hit = this.#look(seq, sought);
          if (hit) hits.push(hit);
          if (hits.length >= limit || looked >= longestLook) return { hits, below };
        }
        if (seqs.length < size) break;
      }
    }
    return { hits, below: undefined };
  }

  /** Names messages below a place, newest first. */
  #walk(filter: SearchFilter, words: readonly string[] | undefined, conversations: ReadonlySet<number> | undefined) {
    type Named = readonly { readonly seq: number }[];
    if (filter.hasFile === true)
      return (below: number, from: number, limit: number): Named => this.#sql.all(walks.files, [below, from, limit]);
    // Nothing but punctuation once, and an emoji now: entries of then do not have it.
    if (words === undefined) return (): Named => [];
    const terms = [...words];
    if (conversations)
      terms.push(`(${[...conversations].map((number) => `"${conversationWord(number)}"`).join(" OR ")})`);
    const match = terms.join(" AND ");
    if (match === "")
      return (below: number, from: number, limit: number): Named => this.#sql.all(walks.table, [below, from, limit]);
    return (below: number, from: number, limit: number): Named =>
      this.#sql.all(walks.words, [match, below, from, limit]);
  }

  /** The message, if it is what is looked for. */
  #look(seq: number, { filter, words, conversations }: Sought): SearchHit | undefined {
    const { authors, from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER, hasFile } = filter;
    const [row] = this.#sql.all<MessageRow>(one, [seq, Math.ceil(from), Math.ceil(to), ...directionsOf(authors)]);
    // The file leads to the message without asking its words, and the index does not know in which order they stand.
    if (!row || (hasFile === true ? !this.#fits(row, words, conversations) : words && !hasPhrases(row.body, words)))
      return undefined;
    const message = toRecord(row);
    if (authors && !isSought(message.author, message.conversationId, authors)) return undefined;
    return { message, snippet: words ? snippet(row.body, words) : beginning(row.body) };
  }

  #fits(row: MessageRow, words: WordQuery | undefined, conversations: ReadonlySet<number> | undefined): boolean {
    if (conversations) {
      const number = this.#sql.number("SELECT id FROM conversation WHERE key = ?", [row.conversation]);
      if (number === undefined || !conversations.has(number)) return false;
    }
    return !words || matches(row.body, words);
  }

  /** Conversations that a message has to be of; undefined: any. */
  #conversations({ conversationIds, authors }: SearchFilter): ReadonlySet<number> | undefined {
    const among = conversationIds && this.#numbers(conversationIds);
    const written = authors && conversationsOf(this.#sql, authors);
    return among && written ? new Set([...among].filter((number) => written.has(number))) : (among ?? written);
  }

  #numbers(conversationIds: readonly string[]): ReadonlySet<number> {
    return new Set(
      conversationIds.flatMap((key) => this.#sql.number("SELECT id FROM conversation WHERE key = ?", [key]) ?? []),
    );
  }

  /** Where messages of that time may be, newest stored first. */
  #stretches({ from, to }: SearchFilter): readonly Stretch[] {
    if (from === undefined && to === undefined) return [all];
    const blocks = this.#sql.all<{ n: number }>(walks.blocks, [
      Math.floor(from ?? Number.MIN_SAFE_INTEGER),
      Math.ceil(to ?? Number.MAX_SAFE_INTEGER),
    ]);
    const stretches: { from: number; to: number }[] = [];
    for (const { n } of blocks) {
      const last = stretches.at(-1);
      if (last && last.from === (n + 1) * blockSize) last.from = n * blockSize;
      else stretches.push({ from: n * blockSize, to: (n + 1) * blockSize });
    }
    return stretches;
  }
}

/** Words are letters, digits and signs only: nothing in the quotes can end them. */
function termsOf(words: WordQuery | undefined): readonly string[] {
  return words ? [...words.whole.map((word) => `"${word}"`), ...words.prefixes.map((prefix) => `"${prefix}"*`)] : [];
}

/** The same for entries of an earlier version. Undefined: they have nothing of it. */
function formerTermsOf(text: string): readonly string[] | undefined {
  const query = parseFormerQuery(text);
  if (query) return [...query.whole.map((word) => `"${word}"`), `"${query.prefix}"*`];
  return text.trim() === "" ? [] : undefined;
}

/** The same stretches, none of which has entries of an earlier version, which are below `former`, and others. */
function parted(stretches: readonly Stretch[], former: number): readonly (Stretch & { readonly isFormer: boolean })[] {
  return stretches.flatMap(({ from, to }) => [
    ...(to > former ? [{ from: Math.max(from, former), to, isFormer: false }] : []),
    ...(from < former ? [{ from, to: Math.min(to, former), isFormer: true }] : []),
  ]);
}
