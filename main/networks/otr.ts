const shape = /^\?OTR(?:[?:,|v]| Error:)/;

/**
 * Text of an Off-the-Record conversation (XEP-0364 section 3; on SIP alike): encrypted, or between programs, and no
 * word of a person's.
 */
export function isOtr(text: string): boolean {
  return shape.test(text);
}
