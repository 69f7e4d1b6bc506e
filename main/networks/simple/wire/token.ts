import { randomBytes } from "node:crypto";

/**
 * A random token for tags, branches and Call-IDs; sip.js makes its own with Math.random, which two requests of a burst
 * can share.
 */
export function token(bytes = 12): string {
  return randomBytes(bytes).toString("hex");
}
