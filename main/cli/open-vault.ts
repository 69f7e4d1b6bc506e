import { HallwayError } from "../../shared/errors.ts";
import type { Vault } from "../secrets/vault.ts";

/**
 * Opens a vault that is there, on the command line, and answers its key; asks for the passphrase where the secret store
 * does not hold it. Errors: `cancelled` (none was given), `vault-wrong-passphrase`, `vault-locked`,
 * `vault-unavailable`.
 */
export async function openVault(vault: Vault, askPassphrase: () => Promise<string | undefined>): Promise<Uint8Array> {
  await vault.open();
  if (vault.state.state === "locked") {
    const passphrase = await askPassphrase();
    if (passphrase === undefined) throw new HallwayError("cancelled");
    await vault.unlock(passphrase);
  }
  if (vault.state.state === "failed") throw new HallwayError(vault.state.error.code, vault.state.error.params);
  if (!vault.key) throw new HallwayError("vault-locked");
  return vault.key;
}
