import { type ErrorCode, HallwayError } from "../../../shared/errors.ts";
import { certificateError } from "../server-trust.ts";

/** `code` of a Node error, "" when it has none. */
export function nodeCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

const byNodeCode: Readonly<Record<string, ErrorCode>> = {
  ECONNREFUSED: "connection-refused",
  ECONNRESET: "connection-lost",
  EPIPE: "connection-lost",
  ETIMEDOUT: "timed-out",
  ENOTFOUND: "unknown-host",
  ENODATA: "unknown-host",
  EAI_NONAME: "unknown-host",
  EAI_NODATA: "unknown-host",
  EAI_AGAIN: "no-network",
  ENETUNREACH: "no-network",
  ENETDOWN: "no-network",
  EHOSTUNREACH: "connection-refused",
  EHOSTDOWN: "connection-refused",
  EADDRNOTAVAIL: "no-network",
  EACCES: "connection-refused",
};

/** Error while reaching a server, in our codes. `host` fills the sentence. */
export function connectError(error: unknown, host: string): HallwayError {
  if (error instanceof HallwayError) return error;
  const code = nodeCode(error);
  const ours =
    byNodeCode[code] ??
    certificateError(code) ??
    (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code) ? "tls-failed" : "connection-refused");
  return new HallwayError(ours, { host }, error);
}

/** RFC 3261 section 21, RFC 3428 section 8: what a final response to a MESSAGE means. Undefined for 2xx. */
export function messageError(status: number): ErrorCode | undefined {
  if (status < 300) return undefined;
  switch (status) {
    case 404:
    case 410:
    case 416:
    case 484:
    case 485:
    case 604:
      return "recipient-unknown";
    case 408:
    case 430:
    case 477:
    case 480:
    case 486:
    case 600:
      return "recipient-unreachable";
    case 401:
    case 403:
    case 407:
      return "not-allowed";
    case 413:
    case 513:
      return "too-large";
    case 415:
    case 488:
      return "unsupported";
    case 433:
    case 603:
    case 606:
    case 607:
      return "rejected-by-recipient";
    case 429:
      return "rate-limited";
    default:
      return "server-error";
  }
}
