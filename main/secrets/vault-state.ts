import type { ErrorInfo } from "../../shared/errors.ts";
import type { PassphraseReason } from "./vault-file.ts";

/** State for the app record (shared/model/app.ts): `error` becomes vaultError, `reason` vaultReason. */
export type VaultState =
  | { readonly state: "opening" }
  | { readonly state: "new"; readonly reason: PassphraseReason }
  | { readonly state: "locked"; readonly reason: PassphraseReason }
  /** Files get another key. `progress`: 0 to 1. */
  | { readonly state: "changing"; readonly progress: number }
  | { readonly state: "ready" }
  | { readonly state: "failed"; readonly error: ErrorInfo; readonly reason?: PassphraseReason };
