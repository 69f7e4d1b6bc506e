import { mix } from "./keys.ts";

/**
 * Bits for each number and how many of them a number sets: one of 1,700 numbers that were never added is taken for one
 * that was (one of 300 in the filters of earlier versions, which have 12 bits each).
 */
const bitsEach = 16;
export const probes = 8;

/** Where the bits of a number begin, for every filter alike. */
export interface Probe {
  readonly at: number;
  readonly step: number;
}

/** A set of numbers that may say yes to one that is not in it, and never no to one that is (a Bloom filter). */
export class IdFilter {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  /** An empty one for so many numbers. */
  static for(count: number): IdFilter {
    return new IdFilter(new Uint8Array(Math.max(8, Math.ceil((count * bitsEach) / 8))));
  }

  /** `value`: not negative, below 2^53. */
  add(value: number): void {
    const bits = this.bytes.length * 8;
    let { at, step } = probeOf(value);
    for (let n = 0; n < probes; n++) {
      const bit = at % bits;
      this.bytes[bit >>> 3] = (this.bytes[bit >>> 3] ?? 0) | (1 << (bit & 7));
      at = (at + step) >>> 0;
      step = (step + n) >>> 0;
    }
  }

  has(probe: Probe): boolean {
    const { bytes } = this;
    const bits = bytes.length * 8;
    let { at, step } = probe;
    for (let n = 0; n < probes; n++) {
      const bit = at % bits;
      if (((bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      at = (at + step) >>> 0;
      step = (step + n) >>> 0;
    }
    return true;
  }
}

/** `value`: not negative, below 2^53. */
export function probeOf(value: number): Probe {
  const at = mix(value ^ Math.imul(Math.floor(value / 2 ** 32) + 1, 0x9e3779b1));
  return { at, step: mix(at ^ 0x85ebca6b) | 1 };
}
