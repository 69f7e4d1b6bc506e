import type { ErrorInfo } from "../../../shared/errors.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import type { Log } from "../../networks/log.ts";
import type { AuditEvent } from "../audit/audit.ts";
import type { FeedPolicy } from "./feed-policy.ts";

/**
 * Why the archive cannot be reached, for the log and the audit: each reason once, and in the audit once for each time
 * of trouble; only where something is archived.
 */
export class Reachability {
  readonly #policy: FeedPolicy;
  readonly #audit: (event: AuditEvent) => void;
  readonly #log: Log;
  #trouble: ErrorInfo | undefined;
  /** Reason that the log was told last. */
  #told: string | undefined;

  constructor(options: {
    readonly policy: FeedPolicy;
    readonly audit: (event: AuditEvent) => void;
    readonly log: Log;
  }) {
    this.#policy = options.policy;
    this.#audit = options.audit;
    this.#log = options.log;
  }

  /** Undefined: it can be reached. */
  get trouble(): ErrorInfo | undefined {
    return this.#trouble;
  }

  become(trouble: ErrorInfo | undefined): void {
    this.#trouble = trouble;
    this.tell();
  }

  /** News that is not told yet and now concerns somebody: policy has changed. */
  tell(): void {
    const reason = this.#trouble && reasonOf(this.#trouble);
    if (this.#policy.scope() === "none" || this.#told === reason) return;
    const isNew = this.#told === undefined;
    this.#told = reason;
    const where = placeWords(this.#policy.destination());
    if (reason !== undefined) {
      this.#log.warn("The archive cannot be reached", { ...where, reason });
      if (isNew) this.#audit({ kind: "archive", action: "stopped", details: { ...where, reason } });
    } else {
      this.#log.info("The archive can be reached again", where);
      this.#audit({ kind: "archive", action: "resumed", details: where });
    }
  }
}

export function reasonOf({ code, params }: ErrorInfo): string {
  return String(params?.["reason"] ?? code);
}

/** A destination for logs and the audit: its kind and where it is. */
export function placeWords(destination: SettingValue<"ArchiveDestination">): {
  readonly type: string;
  readonly place: string;
} {
  if (destination === null) return { type: "none", place: "" };
  if (destination.type === "folder") return { type: "folder", place: destination.path };
  if (destination.type === "syslog") return { type: "syslog", place: `${destination.host}:${destination.port}` };
  // Not the path: it may hold a token.
  return { type: "https", place: new URL(destination.url).host };
}
