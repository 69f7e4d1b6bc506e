import { type AddressInfo, createServer, type Socket } from "node:net";
import { createSecureContext, type SecureContextOptions, TLSSocket } from "node:tls";

/** A TLS server on loopback that offers XMPP's STARTTLS to whoever speaks in clear first. */
export interface TlsServer {
  readonly port: number;
  /** Text that it was told inside TLS. */
  readonly told: string;
  stop(): Promise<void>;
}

const nsStreams = "http://etherx.jabber.org/streams";
const offer = `<stream:stream xmlns='jabber:client' xmlns:stream='${nsStreams}' version='1.0'><stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>`;
const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
/** First byte of a TLS record with a handshake (RFC 8446 section 5.1). */
const handshake = 22;

export async function startTlsServer(options: SecureContextOptions): Promise<TlsServer> {
  const secureContext = createSecureContext(options);
  const sockets = new Set<Socket>();
  let told = "";

  const secure = (raw: Socket): void => {
    const tls = new TLSSocket(raw, { isServer: true, secureContext });
    tls.on("error", () => raw.destroy());
    tls.on("data", (chunk: Buffer) => {
      told += chunk.toString("latin1");
    });
  };

  const listener = createServer((raw) => {
    sockets.add(raw);
    raw.on("error", () => undefined);
    raw.once("data", (first) => {
      if (first[0] === handshake) {
        raw.pause();
        raw.unshift(first);
        secure(raw);
        return;
      }
      raw.write(offer);
      raw.once("data", () => {
        raw.write(proceed);
        secure(raw);
      });
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    get told() {
      return told;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
