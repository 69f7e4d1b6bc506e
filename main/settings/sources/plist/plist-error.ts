/** Error of a property list that is not what it should be. `line` counts from 1, where there are lines. */
export class PlistError extends Error {
  readonly line: number | undefined;

  constructor(detail: string, line?: number) {
    super(detail);
    this.name = "PlistError";
    this.line = line;
  }
}

/** Bounds that both forms share: how deep values may lie in each other, and how many there may be. */
export const maxPlistDepth = 32;
export const maxPlistValues = 100_000;
