import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { escapeXML } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { open, secure } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import type { Endpoint } from "../../network.ts";
import { serverKey } from "../../server-trust.ts";
import { nsStreamErrors, nsStreams, streamError } from "../errors.ts";
import type { ChannelBinding, Transport, TransportListener, TransportOptions } from "../stream/transport.ts";
import { childOf } from "../xml/element.ts";
import { createXmlParser, type XmlParser } from "../xml/parser.ts";
import { channelBinding, serverProof, socketError } from "./tls.ts";

const nsTls = "urn:ietf:params:xml:ns:xmpp-tls";
const streamEnd = "</stream:stream>";

/** The stream header of RFC 6120 section 4.2. `from` is left out, since it may be sent before the stream is secured. */
function header(to: string): string {
  const namespaces = `xmlns='jabber:client' xmlns:stream='${nsStreams}'`;
  return `<?xml version='1.0'?><stream:stream ${namespaces} version='1.0' xml:lang='en' to='${escapeXML(to)}'>`;
}

/**
 * Connects over TCP and secures it: at once (XEP-0368) or with STARTTLS (RFC 6120 section 5). Nothing but the header
 * and `<starttls/>` ever goes in clear. Errors: `tls-required` where STARTTLS is not offered, `tls-failed`, the
 * `certificate-*` codes, and those of reaching a server.
 */
export async function connectTcpTransport(options: TransportOptions): Promise<Transport> {
  const { endpoint, domain, lookup, tunnel, signal } = options;
  const { host, port } = endpoint;
  signal.throwIfAborted();
  try {
    const plain = await open({ host, port, lookup, tunnel }, signal).catch((error: unknown) => {
      throw socketError(error, host, "connection-refused");
    });
    if (endpoint.transport !== "direct-tls") await startTls(plain, options);
    const { socket, revocation } = await secure(plain, serverProof(options), signal).catch((error: unknown) => {
      throw handshakeError(error, domain);
    });
    return new TcpTransport(socket, options, revocation);
  } catch (error) {
    throw signal.aborted ? new HallwayError("timed-out", { host }, error) : error;
  }
}

/** A connection that is cut during the handshake was cut because of it. */
function handshakeError(error: unknown, domain: string): HallwayError {
  const mapped = socketError(error, domain, "tls-failed");
  const cut = mapped.code === "connection-lost" && !(error instanceof HallwayError);
  return cut ? new HallwayError("tls-failed", { host: domain }, error) : mapped;
}

/**
 * The negotiation in clear. It ends with exactly `<proceed/>`: one byte more would be text that an attacker put before
 * the handshake.
 */
function startTls(socket: Socket, options: TransportOptions): Promise<void> {
  const { signal } = options;
  const params = { host: options.endpoint.host };
  return new Promise((resolve, reject) => {
    let proceed = false;
    let asked = false;
    const finish = (error?: HallwayError) => {
      socket.off("data", read);
      socket.off("close", closed);
      socket.off("error", failed);
      signal.removeEventListener("abort", stop);
      if (!error) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    };
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const parser = createXmlParser({
      opened: (root) => {
        if (!root.is("stream", nsStreams)) throw new HallwayError("protocol-error", params);
      },
      element: (element) => {
        if (proceed) throw new HallwayError("tls-failed", params);
        if (element.is("error", nsStreams)) throw streamError(element);
        if (!asked && element.is("features", nsStreams)) {
          if (!childOf(element, "starttls", nsTls)) throw new HallwayError("tls-required", params);
          asked = true;
          socket.write(`<starttls xmlns='${nsTls}'/>`);
        } else if (asked && element.is("proceed", nsTls)) {
          proceed = true;
        } else {
          throw new HallwayError("tls-failed", params);
        }
      },
      ended: () => {
        throw new HallwayError(asked ? "tls-failed" : "connection-lost", params);
      },
    });
    const read = (chunk: Buffer) => {
      try {
        parser.write(decoder.decode(chunk, { stream: true }));
        if (!proceed) return;
        if (!parser.idle || chunk.at(-1) !== 62 /* > */) throw new HallwayError("tls-failed", params);
        socket.pause();
        finish();
      } catch (error) {
        finish(
          error instanceof HallwayError
            ? new HallwayError(error.code, params, error)
            : new HallwayError("protocol-error", params, error),
        );
      }
    };
    const closed = () => finish(new HallwayError("connection-lost", params));
    const stop = () => finish(new HallwayError("timed-out", params));
    const failed = (error: Error) => finish(socketError(error, params.host, "connection-lost"));
    socket.on("data", read);
    socket.on("close", closed);
    socket.on("error", failed);
    signal.addEventListener("abort", stop, { once: true });
    socket.write(header(options.to));
  });
}

/** Bytes read in one turn of the loop: a long contact list must not hold up the window, timers or another account. */
const bytesPerTurn = 131_072;

/** XML over a secured socket. */
class TcpTransport implements Transport {
  readonly endpoint: Endpoint;
  readonly security: string;
  readonly key: string | undefined;
  readonly revocation: Revocation;
  readonly #socket: TLSSocket;
  readonly #to: string;
  #listener: TransportListener | undefined;
  #parser: XmlParser | undefined;
  #decoder = utf8Decoder();
  #over = false;
  #ending = false;
  #endTimer: NodeJS.Timeout | undefined;
  /** Bytes read in this turn of the loop. */
  #thisTurn = 0;

  constructor(socket: TLSSocket, { endpoint, to }: TransportOptions, revocation: Revocation) {
    this.endpoint = endpoint;
    this.security = socket.getProtocol() ?? "TLS";
    this.key = serverKey(socket);
    this.revocation = revocation;
    this.#socket = socket;
    this.#to = to;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#close(socketError(error, endpoint.host, "connection-lost")));
    socket.on("close", () =>
      this.#close(this.#ending ? undefined : new HallwayError("connection-lost", { host: endpoint.host })),
    );
  }

  channelBinding(type: ChannelBinding): Buffer | undefined {
    return channelBinding(this.#socket, type);
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  open(): void {
    this.#parser = this.#newParser();
    this.#socket.write(header(this.#to));
  }

  send(xml: string, written?: (error: Error | undefined) => void): void {
    if (this.#over || this.#ending) {
      written?.(new HallwayError("offline"));
      return;
    }
    this.#socket.write(xml, (error) => written?.(error ?? undefined));
  }

  end(): void {
    if (this.#ending || this.#over) return;
    this.#ending = true;
    this.#socket.write(streamEnd);
    // RFC 6120 section 4.4: do not wait for ever for the other side's closing tag.
    this.#endTimer = setTimeout(() => this.#close(undefined), 2000);
  }

  destroy(): void {
    this.#listener = undefined;
    if (!this.#ending && !this.#over) this.#socket.write(streamEnd);
    this.#over = true;
    clearTimeout(this.#endTimer);
    this.#socket.destroySoon();
    // What cannot be flushed (a dead peer) must not hold the socket open.
    const timer = setTimeout(() => this.#socket.destroy(), 1000);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #close(error: HallwayError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#endTimer);
    this.#socket.destroySoon();
    this.#listener?.closed(error);
  }

  #newParser(): XmlParser {
    this.#decoder = utf8Decoder();
    const own: XmlParser = createXmlParser({
      opened: (root) => {
        if (this.#over || this.#parser !== own) return;
        if (!root.is("stream", nsStreams)) throw new HallwayError("protocol-error");
        this.#listener?.opened(root);
      },
      element: (element) => {
        if (!this.#over) this.#listener?.element(element);
      },
      allowance: (start) => this.#listener?.allowance?.(start),
      ended: () => {
        const asked = this.#ending;
        this.end();
        this.#close(asked ? undefined : new HallwayError("connection-lost", { host: this.endpoint.host }));
      },
    });
    return own;
  }

  #read(chunk: Buffer): void {
    if (this.#over || !this.#parser) return;
    this.#listener?.heard?.();
    if (this.#thisTurn === 0) setImmediate(() => this.#nextTurn());
    this.#thisTurn += chunk.length;
    if (this.#thisTurn >= bytesPerTurn) this.#socket.pause();
    try {
      this.#parser.write(this.#decoder.decode(chunk, { stream: true }));
    } catch (error) {
      // TypeError: the decoder met bytes that are no UTF-8.
      const mapped = error instanceof HallwayError ? error : new HallwayError("protocol-error", undefined, error);
      const condition = mapped.code === "too-large" ? "policy-violation" : "not-well-formed";
      if (!this.#over)
        this.#socket.write(`<stream:error><${condition} xmlns='${nsStreamErrors}'/></stream:error>${streamEnd}`);
      this.#close(mapped);
    }
  }

  #nextTurn(): void {
    this.#thisTurn = 0;
    if (!this.#over) this.#socket.resume();
  }
}

function utf8Decoder() {
  return new TextDecoder("utf-8", { fatal: true });
}
