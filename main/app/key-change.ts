import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { Args } from "../../shared/ipc/contract.ts";
import { requireStrength } from "../secrets/passphrase-rule.ts";
import type { Vault } from "../secrets/vault.ts";

interface KeyChangeParts {
  readonly vault: Pick<Vault, "byPassphrase" | "verify" | "change">;
  /** Words about the person that others know, which a new passphrase must not be made of. */
  readonly known: () => readonly string[];
  /** Signs out and closes the databases. */
  readonly close: () => Promise<void>;
  /** It was changed, for the record. */
  readonly onChanged: () => void;
  /** It was not changed, when everything was closed already. */
  readonly onTrouble: (error: ErrorInfo) => void;
  /** Opens what the vault lets one open. */
  readonly reopen: () => void;
}

/**
 * Changes the key of everything on disk: closes what has the databases open, has the vault change them, and opens all
 * of it again, whatever came of the change.
 */
export class KeyChange {
  readonly #parts: KeyChangeParts;
  #isUnderWay = false;

  constructor(parts: KeyChangeParts) {
    this.#parts = parts;
  }

  /** Errors: `not-allowed`, also while one is under way; `vault-wrong-passphrase`; those of `requireStrength`. */
  async change({ current, passphrase, secretStore }: Args<"vault.change">): Promise<void> {
    const { vault, known, close, onChanged, onTrouble, reopen } = this.#parts;
    if (this.#isUnderWay) throw new HallwayError("not-allowed");
    const secret = passphrase ?? current;
    if (vault.byPassphrase && (current === undefined || !(await vault.verify(current))))
      throw new HallwayError("vault-wrong-passphrase");
    if (!vault.byPassphrase && secret !== undefined) throw new HallwayError("not-allowed");
    // The one of now may stay, however easy it is.
    if (passphrase !== undefined) requireStrength(passphrase, known());
    this.#isUnderWay = true;
    try {
      await close();
      await vault.change(secret === undefined || secretStore === true ? "secret-store" : { passphrase: secret });
      onChanged();
    } catch (error) {
      onTrouble(toErrorInfo(error));
      throw error;
    } finally {
      this.#isUnderWay = false;
      reopen();
    }
  }
}
