import { type ErrorCode, HallwayError } from "../../../../shared/errors.ts";
import { certificateError } from "../../../networks/server-trust.ts";

/**
 * Parcel handed to a destination: an item of the archive, or of the audit log, in the form in which it is to be kept.
 */
export interface Parcel {
  /** 64 hexadecimal digits; the same thing has the same id. */
  readonly id: string;
  readonly what: "message" | "correction" | "retraction" | "audit-head" | "audit-entry";
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly mediaType: string;
  /** Of a file's name, without the dot. */
  readonly extension: string;
  /** Details that indexes want to know without reading the text. Names are ASCII letters. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Where parcels go. */
export interface Destination {
  /**
   * Resolves when the destination has all of them. Rejects with `Refused` when it will never take these, with `NotNow`
   * in every other case; some of them may be there all the same, and come again.
   */
  deliver(parcels: readonly Parcel[], signal: AbortSignal): Promise<void>;
  /** Whether it could be delivered to now. Rejects with `NotNow`. */
  probe(signal: AbortSignal): Promise<void>;
}

/** The destination will take these parcels at no time. */
export class Refused extends Error {}

/** The destination cannot be used now. `reason`: for IT, in a few words of ASCII; it holds no secret. */
export class NotNow extends HallwayError {
  /** The destination asks not to come again before so many milliseconds have passed. */
  readonly retryAfter: number | undefined;

  constructor(
    reason: string,
    options: { readonly cause?: unknown; readonly retryAfter?: number; readonly code?: ErrorCode } = {},
  ) {
    super(options.code ?? "archive-unreachable", { reason }, options.cause);
    this.retryAfter = options.retryAfter;
  }
}

/**
 * Whatever was thrown, as `NotNow`, with our code or that of the system or of TLS as its reason: `archive-not-trusted`
 * where the server could not prove who it is.
 */
export function notNow(error: unknown): NotNow {
  if (error instanceof NotNow) return error;
  if (error instanceof HallwayError) {
    const { code, params } = error;
    const reason = code === "blocked-by-policy" ? String(params?.["setting"] ?? code) : code;
    return new NotNow(reason, {
      cause: error,
      ...(code.startsWith("certificate-") ? { code: "archive-not-trusted" } : {}),
    });
  }
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first && typeof first.code === "string" ? first.code : "";
  const distrust = certificateError(code) === undefined ? {} : { code: "archive-not-trusted" as const };
  return new NotNow(/^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : "failed", { cause: error, ...distrust });
}
