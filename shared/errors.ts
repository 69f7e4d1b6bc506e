import * as v from "valibot";

/**
 * Every way in which something can go wrong, as a code. Errors cross every boundary as a code with parameters, never as
 * a raw message. Each code has, in every catalogue (shared/words), `error.<code>` - one sentence that says what is
 * wrong - and `error.<code>.next` - one sentence that says what to do.
 */
export const errorCodes = [
  // input
  "invalid-address",
  "invalid-argument",
  "message-too-long",
  "message-empty",
  "already-exists",
  "not-found",
  // reaching a server
  "no-network",
  "unknown-host",
  "connection-refused",
  "connection-lost",
  "timed-out",
  "proxy-failed",
  "proxy-refused",
  // who the server is
  "certificate-untrusted",
  "certificate-wrong-name",
  "certificate-expired",
  "certificate-pin-mismatch",
  "certificate-revoked",
  "certificate-unchecked",
  "tls-required",
  "tls-failed",
  // signing in
  "wrong-password",
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "account-refused",
  "weaker-sign-in",
  "account-disabled",
  "no-common-authentication",
  "server-not-authentic",
  "replaced-by-other-session",
  // talking
  "server-error",
  "protocol-error",
  "too-large",
  "not-allowed",
  "recipient-unknown",
  "recipient-unreachable",
  "unanswerable",
  "redirected",
  "rejected-by-recipient",
  "contact-blocked",
  "rate-limited",
  "offline",
  "unsupported",
  // own machine
  "vault-locked",
  "vault-wrong-passphrase",
  "vault-unavailable",
  "passphrase-weak",
  "app-locked",
  "unlock-refused",
  "unlock-later",
  "storage-full",
  "storage-corrupt",
  "storage-failed",
  "link-refused",
  "export-running",
  "export-busy",
  "export-not-authorized",
  "export-nothing",
  "export-no-room",
  "export-no-folder",
  // the organization's archive
  "archive-unreachable",
  "archive-not-trusted",
  "archive-refused",
  "archive-queue-damaged",
  // control
  "blocked-by-policy",
  "policy-invalid",
  "account-incomplete",
  "locked-by-policy",
  "content-blocked",
  "content-warning",
  // ourselves
  "cancelled",
  "internal",
] as const;
export const ErrorCodeSchema = v.picklist(errorCodes);
export type ErrorCode = v.InferOutput<typeof ErrorCodeSchema>;

/** A code with what fills the gaps of its sentence (`{host}`, `{setting}`...). */
export const ErrorInfoSchema = v.object({
  code: ErrorCodeSchema,
  params: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
});
export type ErrorInfo = v.InferOutput<typeof ErrorInfoSchema>;

/** The one error class that is thrown on purpose. `cause` stays in the process and goes to the log only. */
export class HallwayError extends Error {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>> | undefined;

  constructor(code: ErrorCode, params?: Record<string, string | number>, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = "HallwayError";
    this.code = code;
    this.params = params;
  }

  get info(): ErrorInfo {
    return this.params ? { code: this.code, params: { ...this.params } } : { code: this.code };
  }
}

/** Whatever was thrown, as a code: a HallwayError as it is, anything else as `internal`. */
export function toErrorInfo(error: unknown): ErrorInfo {
  return error instanceof HallwayError ? error.info : { code: "internal" };
}
