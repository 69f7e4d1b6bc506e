import { connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { Certificate } from "./certificates.ts";

/** A TLS listener on loopback with any certificate, good or bad. */
export interface TlsListener {
  readonly port: number;
  /** Bytes that clients have written to it inside TLS. */
  readonly received: number;
  stop(): Promise<void>;
}

/** Starts one on a free port. `serve` is told each client whose handshake is done. */
export async function startTlsListener(
  { certPem, keyPem }: Certificate,
  serve: (client: TLSSocket) => void,
): Promise<TlsListener> {
  const clients = new Set<TLSSocket>();
  let received = 0;
  const server = createServer({ cert: certPem, key: keyPem }, (client) => {
    clients.add(client);
    client.on("close", () => clients.delete(client)).on("error", () => undefined);
    client.on("data", (bytes) => {
      received += bytes.length;
    });
    serve(client);
  });
  // A client that refuses the certificate ends the handshake.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    get received() {
      return received;
    },
    async stop() {
      for (const client of clients) client.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Passes a client on to a port of 127.0.0.1: whoever took a bad certificate would be served there. */
export function passTo(port: number): (client: TLSSocket) => void {
  return (client) => {
    const upstream = connect(port, "127.0.0.1");
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.pipe(upstream).pipe(client);
  };
}
