import { HallwayError } from "../../shared/errors.ts";

/** How OpenSSL says that the server has no version of TLS that we take. */
const tooOld = /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/;

/**
 * Error of a handshake, with the reason where it is a rule: a server that has nothing newer than TLS 1.2 is reached
 * everywhere but where policy asks for 1.3 (TlsMinVersion).
 */
export function explainTls(error: unknown, minVersion: "TLSv1.2" | "TLSv1.3", host: string): unknown {
  const cause = error instanceof HallwayError ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return minVersion === "TLSv1.3" && tooOld.test(code)
    ? new HallwayError("blocked-by-policy", { setting: "TlsMinVersion", host }, error)
    : error;
}
