import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Tokens that say: the person was warned of these very things in this very text, and goes on. Good until the program
 * ends.
 */
export interface Confirmations {
  /** `parts`: everything that the confirmation is for; a change in any of it needs a new one. */
  token(parts: readonly string[]): string;
  isGood(token: string, parts: readonly string[]): boolean;
}

export function createConfirmations(key: Uint8Array = randomBytes(32)): Confirmations {
  const token = (parts: readonly string[]): string =>
    createHmac("sha256", key).update(JSON.stringify(parts)).digest("base64url");
  return {
    token,
    isGood(given, parts) {
      const wanted = Buffer.from(token(parts));
      const got = Buffer.from(given);
      return got.length === wanted.length && timingSafeEqual(got, wanted);
    },
  };
}
