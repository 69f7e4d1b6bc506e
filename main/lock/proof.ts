import type { LockedBy } from "../../shared/model/app.ts";
import type { Vault } from "../secrets/vault.ts";
import type { Proof } from "./app-lock.ts";

/** Check of a password by the accounts: main/accounts/password-check.ts. */
export interface PasswordCheck {
  /** Undefined: there is no account. */
  by(): Promise<Exclude<LockedBy, "passphrase"> | undefined>;
  check(password: string, address: string | undefined): Promise<boolean>;
}

/** Proof of identity: the passphrase where there is one, else the password of one of the accounts. */
export function createProof(parts: {
  readonly vault: Pick<Vault, "byPassphrase" | "verify">;
  readonly accounts: () => PasswordCheck;
}): Proof {
  const { vault, accounts } = parts;
  return {
    by: async () => (vault.byPassphrase ? "passphrase" : accounts().by()),
    check: (secret, address) => (vault.byPassphrase ? vault.verify(secret) : accounts().check(secret, address)),
  };
}
