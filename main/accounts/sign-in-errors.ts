import type { ErrorCode } from "../../shared/errors.ts";

/** Trying again by itself cannot help with these: a person has to act first. */
export const needsPerson: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "wrong-password",
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "account-refused",
  "weaker-sign-in",
  "account-disabled",
  "no-common-authentication",
  "server-not-authentic",
  "certificate-untrusted",
  "certificate-wrong-name",
  "certificate-expired",
  "certificate-pin-mismatch",
  "certificate-revoked",
  "tls-required",
  "replaced-by-other-session",
  "vault-locked",
  "blocked-by-policy",
  "unsupported",
  "invalid-address",
]);

/** Errors after which a stored password is no proof of who the person is: the server refused it, or may have. */
export const passwordDoubts: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["wrong-password", "account-refused"]);

/** Errors that a change of the rules may resolve. */
export const governed: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "blocked-by-policy",
  "certificate-untrusted",
  "certificate-pin-mismatch",
  "certificate-revoked",
]);
