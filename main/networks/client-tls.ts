import { constants, createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type ConnectionOptions, connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import { trustAnchors } from "./server-trust.ts";

/** What a server has to prove. */
export interface ServerProof {
  /** All trust anchors, PEM; undefined: those of `trustAnchors` without any extra. */
  readonly ca: readonly string[] | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** The name that the server is asked for. */
  readonly name: string;
  /** Why the certificate will not do, after its chain was checked: wrong names, or a wrong key. */
  readonly check: (certificate: X509Certificate) => Error | undefined;
}

/**
 * The options of every TLS connection that we make. All that Node would otherwise take from the environment or the
 * command line is said here: whether certificates are checked (NODE_TLS_REJECT_UNAUTHORIZED), by which anchors
 * (NODE_EXTRA_CA_CERTS, --use-system-ca, --use-openssl-ca), versions (--tls-min-v1.0) and ciphers (--tls-cipher-list).
 */
export function clientTls({ ca, minVersion, name, check }: ServerProof): ConnectionOptions {
  const host = name.replace(/^\[|\]$/g, "");
  return {
    // RFC 6066 section 3: no address literals in SNI.
    ...(isIP(host) ? {} : { servername: host }),
    secureContext: contextFor(ca ?? trustAnchors([]), minVersion),
    requestOCSP: true,
    rejectUnauthorized: true,
    checkServerIdentity: (_, certificate) => check(new X509Certificate(certificate.raw)),
  };
}

/**
 * `tls.connect`, which writes no keys to a file either (--tls-keylog), and ends with every error: for a record that
 * cannot be decrypted, or an alert, Node emits `error` and leaves the socket open, on which nothing is heard any more.
 */
export function connectTls(options: ConnectionOptions): TLSSocket {
  const socket = connect(options);
  socket.removeAllListeners("keylog");
  socket.on("error", () => socket.destroy());
  return socket;
}

/** Reading a hundred and more anchors takes some milliseconds, and they rarely change. */
const contexts = new Map<string, SecureContext>();
const maxContexts = 8;

function contextFor(ca: readonly string[], minVersion: ServerProof["minVersion"]): SecureContext {
  const hash = createHash("sha256").update(minVersion);
  for (const anchor of ca) hash.update(`\n${anchor}`);
  const key = hash.digest("base64");
  const known = contexts.get(key);
  if (known) return known;
  const made = createSecureContext({
    ca: [...ca],
    minVersion,
    maxVersion: "TLSv1.3",
    ciphers: constants.defaultCoreCipherList,
  });
  if (contexts.size >= maxContexts) contexts.clear();
  contexts.set(key, made);
  return made;
}

/** As Node says it of a certificate that is somebody else's. */
export function wrongName(host: string): Error {
  return Object.assign(new Error(`the certificate is not for ${host}`), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
}
