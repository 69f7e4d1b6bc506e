import { createHash, X509Certificate } from "node:crypto";
import type { ErrorCode, ErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { SignedIn } from "../networks/network.ts";
import type { Audit, AuditEvent } from "../record/audit/audit.ts";

/** Nobody said no: there was nobody to ask, or the person gave up. */
const notRefused: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "no-network",
  "unknown-host",
  "connection-refused",
  "connection-lost",
  "timed-out",
  "cancelled",
  "offline",
]);

/** Writes down what becomes of one account. */
export class AccountAudit {
  readonly #audit: Audit;
  readonly #config: () => AccountConfig;
  /** The refusal that was written down last: an account that is tried again and again says it once. */
  #lastRefusal: string | undefined;

  constructor(audit: Audit, config: () => AccountConfig) {
    this.#audit = audit;
    this.#config = config;
  }

  added(): void {
    this.#write("sign-in", "account-added", {});
    const authority = ownAuthority(this.#config());
    if (authority !== undefined) this.#write("certificate-exception", "added", { authority });
  }

  removed(): void {
    this.#write("sign-in", "account-removed", {});
  }

  /** The account is another now: an authority of the person's own may have come or gone. */
  changed(before: AccountConfig): void {
    const [was, is] = [ownAuthority(before), ownAuthority(this.#config())];
    if (was === is) return;
    if (was !== undefined) this.#write("certificate-exception", "removed", { authority: was });
    if (is !== undefined) this.#write("certificate-exception", "added", { authority: is });
  }

  /** The person consented to a way of signing in that is weaker than those before. */
  weakerAllowed(method: string): void {
    this.#write("sign-in", "weaker-allowed", { method });
  }

  signedIn({ endpoint, security, resumed, proof }: SignedIn): void {
    this.#lastRefusal = undefined;
    const { host, port, transport } = endpoint;
    this.#write("sign-in", "signed-in", {
      host,
      port,
      transport,
      tls: security ?? null,
      method: proof?.method ?? null,
      resumed,
    });
    const authority = ownAuthority(this.#config());
    if (authority !== undefined) this.#write("certificate-exception", "used", { authority, host });
  }

  /** It was not let in, or may not stay. That no server could be reached is no refusal. */
  refused({ code, params }: ErrorInfo): void {
    const { setting, host } = params ?? {};
    const text = JSON.stringify([code, setting, host]);
    if (notRefused.has(code) || text === this.#lastRefusal) return;
    this.#lastRefusal = text;
    this.#write("sign-in", "refused", { code, setting: setting ?? null, host: host ?? null });
  }

  /** `error`: why, when the person did not ask for it. */
  signedOut(error: ErrorInfo | undefined): void {
    this.#write("sign-in", "signed-out", { code: error?.code ?? null, setting: error?.params?.["setting"] ?? null });
  }

  #write(kind: AuditEvent["kind"], action: string, details: AuditEvent["details"]): void {
    const { id, address, protocol, provisioned } = this.#config();
    // None of these may be held up; what becomes of them when they cannot be written is the audit log's to say.
    void this.#audit.record({
      kind,
      action,
      details: { account: id, address, network: protocol, provisioned: provisioned ?? null, ...details },
    });
  }
}

/**
 * SHA-256 of the certificate authority that the person added; one that IT wrote into a provisioned account is no
 * exception.
 */
function ownAuthority({ server, provisioned }: AccountConfig): string | undefined {
  const { caPem } = server;
  if (caPem === undefined || provisioned !== undefined) return undefined;
  try {
    return new X509Certificate(caPem).fingerprint256.replaceAll(":", "").toLowerCase();
  } catch {
    return createHash("sha256").update(caPem).digest("hex");
  }
}
