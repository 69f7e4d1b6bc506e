import { type IdFilter, type Probe, probes } from "./id-filter.ts";

/** Filters that one stack takes: a bit of a word for each. */
export const maxStacked = 32;

/**
 * Filters of one size that are asked all at once. Their bits at a place stand side by side in one word, so that a number
 * costs about as many reads of memory as in one filter, however many there are: each read leaves out half of the filters
 * that are left.
 */
export class FilterStack {
  readonly #words: Uint8Array | Uint16Array | Uint32Array;
  readonly #all: number;

  /** `filters`: of one size, at most `maxStacked`. */
  constructor(filters: readonly IdFilter[]) {
    const bits = (filters[0]?.bytes.length ?? 0) * 8;
    const words =
      filters.length <= 8 ? new Uint8Array(bits) : filters.length <= 16 ? new Uint16Array(bits) : new Uint32Array(bits);
    for (const [index, { bytes }] of filters.entries()) {
      const mark = 1 << index;
      for (let at = 0; at < bytes.length; at++)
        for (let byte = bytes[at] ?? 0; byte !== 0; byte &= byte - 1) {
          const place = at * 8 + 31 - Math.clz32(byte & -byte);
          words[place] = (words[place] ?? 0) | mark;
        }
    }
    this.#words = words;
    this.#all = filters.length === maxStacked ? -1 : (1 << filters.length) - 1;
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
