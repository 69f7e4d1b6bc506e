import { HallwayError } from "../../shared/errors.ts";
import { passphraseStrength } from "../../shared/passphrase/strength.ts";

/**
 * Refuses a new passphrase that is easy to guess; the window says so earlier, by the same estimate. Passphrases that
 * are in use stay in use. `known`: what others know of the person. Error: `passphrase-weak` {reason}.
 */
export function requireStrength(passphrase: string, known: readonly string[]): void {
  const { weakness } = passphraseStrength(passphrase, known);
  if (weakness !== undefined) throw new HallwayError("passphrase-weak", { reason: weakness });
}
