import type { Statements } from "../../database/statements.ts";
import { FilterStack, maxStacked } from "./filter-stack.ts";
import { IdFilter, probeOf } from "./id-filter.ts";
import { hash, salts } from "./keys.ts";

/** Messages of a block; the next one begins another. */
const blockOfMessages = 32_768;
const localBits = 40;
const localSize = 2 ** localBits;
/** The last block goes on for good: it would take 268 million messages to reach it. */
const lastBlock = 2 ** 13 - 2;
/** Hashes of a file of before blocks that are read at a time. */
const readAtOnce = 20_000;

/** The columns of `message` that hold hashes of ids; each has a unique index. */
export type HashColumn = "id_hash" | "wire_hash" | "archive_hash";
const columns: readonly HashColumn[] = ["id_hash", "wire_hash", "archive_hash"];

/** A part of the indexes that is full. */
interface Block {
  readonly n: number;
  readonly filter: IdFilter | undefined;
}

/** Full blocks whose filters are of one size and asked together. */
interface Stacked {
  /** The first has bit 0 of an answer. */
  readonly blocks: number[];
  readonly filters: FilterStack;
  /** Of each filter, in bytes. */
  readonly size: number;
}

interface State {
  /** Rows that versions before blocks stored, if any are left. */
  readonly former: Block | undefined;
  readonly stacks: Stacked[];
  /** Full blocks without a filter: anything may be in them. */
  readonly unfiltered: readonly number[];
  /** Blocks in which a text may stand under another salt than the first. */
  readonly salted: Set<number>;
  current: number;
  /** How many messages the current block still takes. */
  room: number;
}

/** A full block in which a text may stand, and under which salts. */
interface Perhaps {
  readonly n: number;
  readonly under: readonly number[];
}

const none: readonly Perhaps[] = [];
const firstSalt: readonly number[] = salts.slice(0, 1);

interface Row {
  readonly n: number;
  readonly filter: Uint8Array<ArrayBuffer> | null;
  readonly salted: number;
}

/**
 * Where the hashes of ids stand. Ids are random: were their hashes too, each message would rewrite a page of each
 * index, and with a million messages hardly two of a batch would meet in one page. So hashes are in blocks in the order
 * of storing: a new one stands in the current block (below zero: block times 2^40 plus 40 bits of the hash), whose
 * pages stay in memory. Of each full block a filter tells nearly always that an id is not in it. Block 0 is what
 * versions before this one stored: hashes of 53 bits, not below zero.
 */
export class IdIndex {
  readonly #sql: Statements;
  #state: State | undefined;
  /** How far the filter of block 0 has come. */
  #filling: { readonly filter: IdFilter; column: number; from: number } | undefined;

  readonly #size: number;

  /** `size`: messages of a block. */
  constructor(sql: Statements, size = blockOfMessages) {
    this.#sql = sql;
    this.#size = size;
  }

  /** The hash that a text gets now. */
  fresh(text: string, salt: number): number {
    return placed(this.#open().current, hash(text, salt));
  }

  /** All hashes under which a text may stand, those of a block together, the newest block first. */
  places(text: string): number[][] {
    const { current } = this.#open();
    const hashes = salts.map((salt) => hash(text, salt));
    return [current, ...this.#perhapsIn(text).map(({ n }) => n)].map((n) => hashes.map((value) => placed(n, value)));
  }

  /**
   * Whether a text may stand in another block than the current one. Filters that say perhaps are mostly wrong: the index
   * tells whether the hash that a filter knows is taken there. Each look reads a page that nobody needs otherwise, so
   * that other hashes of the text are not looked for.
   */
  isPerhapsElsewhere(column: HashColumn, text: string): boolean {
    const sql = `SELECT 1 FROM message WHERE ${column} = ?`;
    return this.#perhapsIn(text).some(
      ({ n, under }) =>
        n === 0 || under.some((salt) => this.#sql.number(sql, [placed(n, hash(text, salt))]) !== undefined),
    );
  }

  /**
   * Full blocks in which a text may stand, the newest first. Nearly always none: each new message asks three times.
   * In a block where texts had the same hash, every salt is asked for: the text that took the first one may be gone.
   */
  #perhapsIn(text: string): readonly Perhaps[] {
    const { former, stacks, unfiltered, salted } = this.#open();
    if (former === undefined && stacks.length === 0 && unfiltered.length === 0) return none;
    const found = new Map<number, readonly number[]>(unfiltered.map((n) => [n, salts]));
    const asked = stacks.length === 0 ? [] : salted.size === 0 ? firstSalt : salts;
    for (const salt of asked) {
      const probe = probeOf(hash(text, salt) % localSize);
      for (const { blocks, filters } of stacks)
        for (let left = filters.ask(probe); left !== 0; left &= left - 1) {
          const n = blocks[31 - Math.clz32(left & -left)] ?? 0;
          if (salt === 0 || salted.has(n)) found.set(n, [...(found.get(n) ?? []), salt]);
        }
    }
    if (former !== undefined && mayStandInBlock0(former, text)) found.set(0, salts);
    if (found.size === 0) return none;
    return [...found].map(([n, under]) => ({ n, under })).sort((a, b) => b.n - a.n);
  }

  /**
   * Hashes under which others may stand in the same block as `value`, now gone, which stood first under its text: one
   * of them has to take its place, by which the text is looked for. None where `value` was not the first.
   */
  heirs(value: number, text: string): number[] {
    const block = value < 0 ? Math.floor((-value - 1) / localSize) : 0;
    const [first, ...others] = salts.map((salt) => placed(block, hash(text, salt)));
    return value === first ? others : [];
  }

  /** A message was stored in the current block. */
  count(): void {
    const state = this.#open();
    state.room -= 1;
    if (state.room <= 0 && state.current < lastBlock) this.#close(state.current);
  }

  /** A hash in the current block is under another salt than the first. */
  markSalted(): void {
    const { current, salted } = this.#open();
    if (salted.has(current)) return;
    this.#sql.run(
      "INSERT INTO id_block(n, salted) VALUES (?, 1) ON CONFLICT (n) DO UPDATE SET salted = excluded.salted",
      [current],
    );
    salted.add(current);
  }

  /** The transaction failed. */
  forget(): void {
    this.#state = undefined;
  }

  /**
   * Reads some more of what an earlier version stored, so that it is known without looking what is not there; true
   * while there is more.
   */
  fillSome(): boolean {
    const { former } = this.#open();
    if (former === undefined || former.filter !== undefined) return false;
    this.#filling ??= {
      filter: IdFilter.for((this.#sql.number("SELECT count(*) FROM message", []) ?? 0) * columns.length),
      column: 0,
      from: 0,
    };
    const { filter, column: at, from } = this.#filling;
    const column = columns[at];
    if (column === undefined) {
      this.#sql.run("UPDATE id_block SET filter = ? WHERE n = 0", [filter.bytes]);
      this.#filling = undefined;
      this.#state = undefined;
      return false;
    }
    const found = this.#hashes(column, { from, to: Number.MAX_SAFE_INTEGER }, readAtOnce);
    for (const value of found) filter.add(value);
    if (found.length < readAtOnce) Object.assign(this.#filling, { column: at + 1, from: 0 });
    else this.#filling.from = (found.at(-1) ?? 0) + 1;
    return true;
  }

  /** Makes the filter of the current block, and begins the next. */
  #close(n: number): void {
    const all = { from: placed(n, localSize - 1), to: placed(n, 0) };
    const found = columns.flatMap((column) => this.#hashes(column, all, -1));
    // All of one size, whichever ids messages have, so that they are asked together.
    const filter = IdFilter.for(this.#size * columns.length);
    for (const value of found) filter.add(localOf(value));
    const keep = "INSERT INTO id_block(n, filter) VALUES (?, ?) ON CONFLICT (n) DO UPDATE SET filter = excluded.filter";
    this.#sql.run(keep, [n, filter.bytes]);
    this.#sql.run("INSERT INTO id_block(n) VALUES (?)", [n + 1]);
    // Not read anew: with a million messages that is 6 MB of filters for each block.
    const state = this.#open();
    stack(state.stacks, n, filter);
    state.current = n + 1;
    state.room = this.#size;
  }

  #hashes(column: HashColumn, { from, to }: { readonly from: number; readonly to: number }, limit: number): number[] {
    const sql = `SELECT ${column} AS hash FROM message WHERE ${column} BETWEEN ? AND ? ORDER BY ${column} LIMIT ?`;
    return this.#sql.all<{ hash: number }>(sql, [from, to, limit]).map((row) => row.hash);
  }

  #open(): State {
    this.#state ??= this.#read();
    return this.#state;
  }

  #read(): State {
    const rows = this.#sql.all<Row>("SELECT n, filter, salted FROM id_block ORDER BY n DESC", []);
    const current = Math.max(1, rows[0]?.n ?? 1);
    const full = rows
      .filter(({ n }) => n !== current)
      .map(({ n, filter }) => ({ n, filter: filter === null ? undefined : new IdFilter(filter) }));
    const stored =
      this.#sql.number("SELECT count(*) FROM message WHERE id_hash BETWEEN ? AND ?", [
        placed(current, localSize - 1),
        placed(current, 0),
      ]) ?? 0;
    const blocks = full.filter(({ n }) => n !== 0);
    return {
      former: full.find(({ n }) => n === 0),
      stacks: stacked(blocks),
      unfiltered: blocks.filter(({ filter }) => filter === undefined).map(({ n }) => n),
      salted: new Set(rows.filter(({ salted }) => salted === 1).map(({ n }) => n)),
      current,
      room: this.#size - stored,
    };
  }
}

/** Where a hash of 53 bits stands in a block. */
function placed(block: number, value: number): number {
  return block === 0 ? value : -(block * localSize + (value % localSize)) - 1;
}

/** The bits of the hash in its place. */
function localOf(value: number): number {
  return (-value - 1) % localSize;
}

/** Full blocks by the size of their filters, which is that of nearly all. */
function stacked(full: readonly Block[]): Stacked[] {
  const stacks: Stacked[] = [];
  for (const { n, filter } of full) if (filter !== undefined) stack(stacks, n, filter);
  return stacks;
}

/** Puts a filter where there is room among others of its size. */
function stack(stacks: Stacked[], n: number, filter: IdFilter): void {
  const size = filter.bytes.length;
  const roomy = stacks.find((one) => one.size === size && one.blocks.length < maxStacked);
  if (roomy === undefined) stacks.push({ blocks: [n], filters: new FilterStack([filter]), size });
  else {
    roomy.blocks.push(n);
    roomy.filters.add(filter);
  }
}

/** Versions of before blocks let the first of some texts go and left the others under their other hashes. */
function mayStandInBlock0({ filter }: Block, text: string): boolean {
  return filter === undefined || salts.some((salt) => filter.has(probeOf(hash(text, salt))));
}
