import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { HallwayError } from "../../../shared/errors.ts";
import { boundedBody } from "../bounded-body.ts";
import { open, requestOver } from "../dial.ts";
import type { DnsResolver } from "../dns.ts";
import type { Handshake, RevocationCheck, Tunnel } from "../environment.ts";
import type { OcspAnswer } from "./ocsp.ts";

export interface RevocationOptions {
  /** Policy RevocationMode, at each connection anew. */
  readonly mode: () => "off" | "soft" | "hard";
  readonly dns: Pick<DnsResolver, "lookup">;
  readonly tunnel: Tunnel | undefined;
  readonly now: () => number;
}

/** Reader and writer of ASN.1; it is large, and is not loaded before a certificate first gives it something to do. */
const ocsp = () => import("./ocsp.ts");
const fetchMs = 4_000;
const maxAnswer = 65_536;
/** How long a responder that knows nothing, or does not answer, is left alone. */
const silentMs = 60_000;
const maxCached = 200;

/**
 * Whether a server's certificate was revoked: by what the server itself brings of it (RFC 6066 section 8), else by
 * asking the responder that the certificate names (RFC 6960). The server's own certificate is asked about, not those of
 * the authorities above it. One that is an anchor itself cannot be revoked by anybody.
 */
export function createRevocationCheck(options: RevocationOptions): RevocationCheck {
  const answers = new OcspAnswers(options);
  return async (handshake, signal) => {
    const wanted = options.mode();
    if (wanted === "off") return "unchecked";
    const state = await answers.of(handshake, signal);
    const { host } = handshake;
    if (state === "revoked") throw new HallwayError("certificate-revoked", { host });
    if (state === "unknown" && wanted === "hard") throw new HallwayError("certificate-unchecked", { host });
    return state;
  };
}

/** Answers about certificates, kept for as long as they hold. */
class OcspAnswers {
  readonly #options: Omit<RevocationOptions, "mode">;
  readonly #cached = new Map<string, OcspAnswer>();

  constructor(options: Omit<RevocationOptions, "mode">) {
    this.#options = options;
  }

  async of({ socket, staple }: Handshake, signal: AbortSignal): Promise<OcspAnswer["state"]> {
    const { now } = this.#options;
    const chain = chainOf(socket);
    if (!chain) return "unknown";
    const { certificate, issuer } = chain;
    if (certificate.equals(issuer)) return "good";
    const { fingerprint256, infoAccess } = new X509Certificate(certificate);
    const known = this.#cached.get(fingerprint256);
    const current = known && known.until > now() ? known.state : undefined;
    // What a server brings may be older.
    if (current === "revoked") return current;
    if (staple && staple.length <= maxAnswer) {
      const { readAnswer } = await ocsp();
      const brought = await readAnswer(staple, { certificate, issuer, nonce: undefined, now: now() });
      if (brought && brought.state !== "unknown") return brought.state;
    }
    if (current) return current;
    const responder = responderOf(infoAccess);
    const asked = responder && (await this.#ask(responder, chain, signal));
    if (this.#cached.size >= maxCached) this.#cached.clear();
    const settled = asked && asked.state !== "unknown" ? asked : { state: "unknown" as const, until: now() + silentMs };
    this.#cached.set(fingerprint256, settled);
    return settled.state;
  }

  async #ask(responder: URL, chain: Chain, signal: AbortSignal): Promise<OcspAnswer | undefined> {
    try {
      const { readAnswer, writeRequest } = await ocsp();
      const { request: body, nonce } = await writeRequest(chain.certificate, chain.issuer);
      const der = await this.#post(responder, body, AbortSignal.any([signal, AbortSignal.timeout(fetchMs)]));
      return await readAnswer(der, { ...chain, nonce, now: this.#options.now() });
    } catch (error) {
      if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
      return undefined;
    }
  }

  /** RFC 6960 appendix A.1. In clear, since what comes is signed; redirects are not followed. */
  async #post(url: URL, body: Buffer, signal: AbortSignal): Promise<Buffer> {
    const { dns, tunnel } = this.#options;
    const socket = await open(
      { host: url.hostname, port: Number(url.port) || 80, lookup: (name) => dns.lookup(name), tunnel },
      signal,
    );
    return new Promise((resolve, reject) => {
      const headers = { "Content-Type": "application/ocsp-request", "Content-Length": body.length };
      const path = url.pathname + url.search;
      const call = requestOver(socket, url.host, { method: "POST", path, signal, headers });
      call.on("response", (response) => {
        if (response.statusCode === 200) boundedBody(response, maxAnswer).then(resolve, reject);
        else {
          response.destroy();
          reject(new Error("no answer"));
        }
      });
      call.on("error", reject);
      call.end(body);
    });
  }
}

/** The server's certificate and that of who issued it, DER. */
interface Chain {
  readonly certificate: Buffer;
  readonly issuer: Buffer;
}

/** Not from Node's X509Certificate: see peerCertificate. */
function chainOf(socket: TLSSocket): Chain | undefined {
  const found: { readonly raw?: Buffer; readonly issuerCertificate?: { readonly raw?: Buffer } } | null =
    socket.getPeerCertificate(true);
  const [certificate, issuer] = [found?.raw, found?.issuerCertificate?.raw];
  return certificate && issuer && { certificate, issuer };
}

/** The responder that a certificate names (RFC 5280 section 4.2.2.1), over clear HTTP as they are. */
function responderOf(infoAccess: string | undefined): URL | undefined {
  const url = /^OCSP - URI:(http:\/\/\S+)$/m.exec(infoAccess ?? "")?.[1];
  return url !== undefined && URL.canParse(url) ? new URL(url) : undefined;
}
