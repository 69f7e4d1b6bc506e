import type { TLSSocket } from "node:tls";
import { type Element, escapeXML } from "@xmpp/xml";
import type { RawData, WebSocket } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { urlHost } from "../../../addressing/host-port.ts";
import { dial, webSocketOver } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import type { Endpoint } from "../../network.ts";
import { serverKey } from "../../server-trust.ts";
import { nsStreams, SeeOther } from "../errors.ts";
import {
  type ChannelBinding,
  maxAnswer,
  type Transport,
  type TransportListener,
  type TransportOptions,
} from "../stream/transport.ts";
import { createXmlParser } from "../xml/parser.ts";
import { channelBinding, serverProof, socketError } from "./tls.ts";

/** Close code of RFC 6455 section 7.4.1 for a message that is too big. */
const tooLargeCode = 1009;
const nsFraming = "urn:ietf:params:xml:ns:xmpp-framing";

/**
 * XMPP over WebSocket (RFC 7395), over TLS only. The certificate must be for the XMPP domain or for the host of the
 * URL, which came from the domain over HTTPS (XEP-0156) or from the person. Errors: as for TCP.
 */
export async function connectWebSocketTransport(options: TransportOptions): Promise<Transport> {
  try {
    return await connectAs(options.endpoint.host, options);
  } catch (error) {
    // A server of XMPP alone may know no name but the domain's (RFC 6066 section 3: unrecognized_name).
    if (options.signal.aborted || !isUnknownName(error)) throw error;
    return connectAs(options.domain, options);
  }
}

function isUnknownName(error: unknown): boolean {
  return (
    error instanceof HallwayError && error.cause instanceof Error && /unrecognized[ _]name/i.test(error.cause.message)
  );
}

/** `name`: what the server is asked for in TLS. */
async function connectAs(name: string, options: TransportOptions): Promise<Transport> {
  const { endpoint, signal } = options;
  const host = endpoint.host;
  const url = new URL(endpoint.url ?? "/xmpp-websocket", `wss://${urlHost(host)}:${endpoint.port}`);
  if (url.protocol !== "wss:") throw new HallwayError("tls-required", { host });
  const { lookup, tunnel, webHost } = options;
  signal.throwIfAborted();
  try {
    const proof = serverProof(options, { host: name, hosts: [webHost ?? host] });
    const { socket, revocation } = await dial({ host, port: endpoint.port, lookup, tunnel }, proof, signal).catch(
      (error: unknown) => {
        throw socketError(error, host, "tls-failed");
      },
    );
    const frames = await webSocketOver(socket, url, { protocol: "xmpp", maxPayload: maxAnswer * 3 });
    await opened(frames, host, signal);
    return new WebSocketTransport(frames, { tls: socket, revocation }, options);
  } catch (error) {
    throw signal.aborted ? new HallwayError("timed-out", { host }, error) : error;
  }
}

/** Resolves when the server speaks XMPP there; else the connection ends. */
function opened(socket: WebSocket, host: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: HallwayError | undefined): void => {
      signal.removeEventListener("abort", stop);
      if (!error) {
        resolve();
        return;
      }
      socket.terminate();
      reject(error);
    };
    const stop = (): void => settle(new HallwayError("timed-out", { host }));
    signal.addEventListener("abort", stop, { once: true });
    socket.once("open", () =>
      settle(socket.protocol === "xmpp" ? undefined : new HallwayError("protocol-error", { host })),
    );
    socket.once("unexpected-response", () => settle(new HallwayError("server-error", { host })));
    socket.on("error", (error) => settle(socketError(error, host, "tls-failed")));
    socket.once("close", () => settle(new HallwayError("connection-lost", { host })));
    if (signal.aborted) stop();
  });
}

/** Elements in the frames of a WebSocket. */
class WebSocketTransport implements Transport {
  readonly endpoint: Endpoint;
  readonly security: string;
  readonly key: string | undefined;
  readonly revocation: Revocation;
  readonly #socket: WebSocket;
  readonly #tls: TLSSocket;
  readonly #to: string;
  #listener: TransportListener | undefined;
  #over = false;
  #ending = false;
  #language: string | undefined;
  #endTimer: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, { tls, revocation }: Secured, { endpoint, to }: TransportOptions) {
    this.endpoint = endpoint;
    this.security = tls.getProtocol() ?? "TLS";
    this.key = serverKey(tls);
    this.revocation = revocation;
    this.#socket = socket;
    this.#tls = tls;
    this.#to = to;
    // A frame is told of when the whole of it is here, which may take a while.
    tls.on("data", () => this.#listener?.heard?.());
    socket.on("message", (data, isBinary) => this.#read(data, isBinary));
    socket.on("error", (error) => this.#close(frameError(error, endpoint.host)));
    socket.on("close", (code) => {
      const lost = code === tooLargeCode ? "too-large" : "connection-lost";
      this.#close(this.#ending ? undefined : new HallwayError(lost, { host: endpoint.host }));
    });
  }

  channelBinding(type: ChannelBinding): Buffer | undefined {
    return channelBinding(this.#tls, type);
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  open(): void {
    this.#socket.send(`<open xmlns='${nsFraming}' version='1.0' to='${escapeXML(this.#to)}'/>`);
  }

  send(xml: string, written?: (error: Error | undefined) => void): void {
    if (this.#over || this.#ending) {
      written?.(new HallwayError("offline"));
      return;
    }
    // RFC 7395 section 3.3.3: a stanza carries its own namespace, since no stream header declares it.
    const framed = xml.replace(/^<(message|presence|iq)(?=[ />])(?![^>]* xmlns=)/, '<$1 xmlns="jabber:client"');
    this.#socket.send(framed, (error) => written?.(error ?? undefined));
  }

  end(): void {
    if (this.#ending || this.#over) return;
    this.#ending = true;
    this.#socket.send(`<close xmlns='${nsFraming}'/>`);
    this.#endTimer = setTimeout(() => this.#close(undefined), 2000);
  }

  destroy(): void {
    this.#listener = undefined;
    clearTimeout(this.#endTimer);
    if (!this.#ending && !this.#over) this.#socket.send(`<close xmlns='${nsFraming}'/>`, () => undefined);
    this.#over = true;
    this.#socket.close();
    const timer = setTimeout(() => this.#socket.terminate(), 1000);
    this.#socket.once("close", () => clearTimeout(timer));
  }

  #close(error: HallwayError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#endTimer);
    this.#socket.terminate();
    this.#listener?.closed(error);
  }

  #read(data: RawData, isBinary: boolean): void {
    if (this.#over) return;
    try {
      // RFC 7395 section 3.1 has text only. Bytes that are UTF-8 say the same, and an end here would cost everything
      // behind them.
      this.#frame(isBinary ? utf8.decode(bytesOf(data)) : data.toString());
    } catch (error) {
      this.#close(error instanceof HallwayError ? error : new HallwayError("protocol-error", undefined, error));
    }
  }

  /** RFC 7395 section 3.3.3: one frame is one whole element, with no declaration and nothing around it. */
  #frame(text: string): void {
    if (!text.startsWith("<")) {
      if (/^[ \t\r\n]*$/.test(text)) return;
      throw new HallwayError("protocol-error");
    }
    let count = 0;
    const parser = createXmlParser({
      opened: () => undefined,
      element: (element) => {
        count += 1;
        if (count > 1 || this.#over) throw new HallwayError("protocol-error");
        element.parent = null;
        this.#take(element);
      },
      ended: () => undefined,
      allowance: (start) => this.#listener?.allowance?.(start),
    });
    // The element is read inside a root of our own, so that it is reported, and limited, like one of a stream.
    parser.write(`<frame xmlns='jabber:client' xmlns:stream='${nsStreams}'>`);
    parser.write(text);
    if (!this.#over && (!parser.idle || count !== 1)) throw new HallwayError("protocol-error");
  }

  #take(element: Element): void {
    if (element.is("open", nsFraming)) {
      this.#language = element.attrs["xml:lang"];
      this.#listener?.opened(element);
    } else if (element.is("close", nsFraming)) {
      const asked = this.#ending;
      const other = element.attrs["see-other-uri"];
      const lost = (): HallwayError =>
        other ? new SeeOther(other) : new HallwayError("connection-lost", { host: this.endpoint.host });
      this.end();
      this.#close(asked ? undefined : lost());
    } else {
      // What the header says of the language holds for all that follows (RFC 6120 section 4.7.4).
      if (this.#language !== undefined) element.attrs["xml:lang"] ??= this.#language;
      this.#listener?.element(element);
    }
  }
}

interface Secured {
  readonly tls: TLSSocket;
  readonly revocation: Revocation;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}

/** `ws` names a frame that is too long, and text that is no UTF-8, by code. */
function frameError(error: Error, host: string): HallwayError {
  const code = "code" in error ? error.code : "";
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") return new HallwayError("too-large", { host }, error);
  if (typeof code === "string" && code.startsWith("WS_ERR")) return new HallwayError("protocol-error", { host }, error);
  return socketError(error, host, "connection-lost");
}
