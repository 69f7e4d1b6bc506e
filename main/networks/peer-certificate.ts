import { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/**
 * The certificate of the server at the other end; undefined when the socket has none (any more). As often as it is
 * asked: Node's own `getPeerX509Certificate` takes the certificate out of the chain that it reads, so that from then on
 * the next in it, or none, is given.
 */
export function peerCertificate(socket: TLSSocket): X509Certificate | undefined {
  const found: { readonly raw?: Uint8Array } | null = socket.getPeerCertificate();
  return found?.raw && new X509Certificate(found.raw);
}
