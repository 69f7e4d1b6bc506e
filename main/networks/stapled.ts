import type { TLSSocket } from "node:tls";

/**
 * What a server brings about the revocation of its certificate (RFC 6066 section 8), where `requestOCSP` asked for it.
 * To be called as soon as the socket is made: it comes during the handshake.
 */
export function collectStaple(socket: TLSSocket): () => Buffer | undefined {
  let staple: Buffer | undefined;
  socket.once("OCSPResponse", (response: Buffer) => {
    staple = response;
  });
  return () => staple;
}
