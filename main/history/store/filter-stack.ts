import { type IdFilter, type Probe, probes } from "./id-filter.ts";

/** Filters that one stack takes: a bit of a word for each. */
export const maxStacked = 32;

/**
 * Filters of one size that are asked all at once. Their bits at a place stand side by side in one word, so that a number
 * costs about as many reads of memory as in one filter, however many there are: each read leaves out half of the filters
 * that are left.
 */
export class FilterStack {
  #words: Uint8Array | Uint16Array | Uint32Array;
  #all = 0;
  #count = 0;

  /** `filters`: of one size, at least one and at most `maxStacked`. */
  constructor(filters: readonly IdFilter[]) {
    this.#words = makeWords(filters.length, (filters[0]?.bytes.length ?? 0) * 8);
    for (const filter of filters) this.add(filter);
  }

  /** One more of the same size, where there is room. */
  add({ bytes }: IdFilter): void {
    if (this.#count === this.#words.BYTES_PER_ELEMENT * 8) this.#words = makeWords(this.#count + 1, this.#words);
    const words = this.#words;
    const mark = 1 << this.#count;
    this.#count += 1;
    this.#all |= mark;
    for (let at = 0; at < bytes.length; at++)
      for (let byte = bytes[at] ?? 0; byte !== 0; byte &= byte - 1) {
        const place = at * 8 + 31 - Math.clz32(byte & -byte);
        words[place] = (words[place] ?? 0) | mark;
      }
  }

  /** The filters that may have a number: bit 0 for the first. */
  ask(probe: Probe): number {
    const words = this.#words;
    let { at, step } = probe;
    let left = this.#all;
    for (let n = 0; n < probes && left !== 0; n++) {
      left &= words[at % words.length] ?? 0;
      at = (at + step) >>> 0;
      step = (step + n) >>> 0;
    }
    return left;
  }
}

/** Words with a bit for each of so many filters. `from`: how many words, or those of fewer filters. */
function makeWords(filters: number, from: number | Uint8Array | Uint16Array | Uint32Array) {
  const size = typeof from === "number" ? new Uint8Array(from) : from;
  return filters <= 8 ? new Uint8Array(size) : filters <= 16 ? new Uint16Array(size) : new Uint32Array(size);
}
