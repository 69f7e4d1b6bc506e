import { randomBytes } from "node:crypto";

/** A random token for tags, branches and Call-IDs, which nobody can guess (RFC 3261 section 19.3). `bytes`: of randomness. */
export function token(bytes = 12): string {
  return randomBytes(bytes).toString("hex");
}
