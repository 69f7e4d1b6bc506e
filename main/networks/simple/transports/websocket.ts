import { isUtf8 } from "node:buffer";
import type tls from "node:tls";
import type { RawData, WebSocket } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { urlHost } from "../../../addressing/host-port.ts";
import { dial, webSocketOver } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { connectError } from "../errors.ts";
import { maxMessageBytes } from "../wire/message.ts";
import { Pings } from "./pings.ts";
import { receiveMessage, type StreamOptions } from "./stream.ts";
import type { SipTransport, TransportHandlers } from "./transport.ts";
import { serverProof, type Trust } from "./trust.ts";

/** Where to and how: always TLS. `host` and `path`: of the server's URL, the latter with query. */
export interface WebSocketOptions extends StreamOptions {
  readonly host: string;
  readonly trust: Trust;
  readonly path: string;
}

const separator = Buffer.from("\r\n\r\n");
/**
 * Longest frame that is read, in bytes: one over the limits of a message costs that message, one over this the
 * connection.
 */
const maxFrame = 16 * maxMessageBytes;
const maxUnwritten = 8 << 20;

/**
 * Connects over a secure WebSocket: one message in each frame. Errors: as connectStream, `protocol-error` when the
 * server does not speak SIP there. Source: RFC 7118.
 */
export async function connectWebSocket(options: WebSocketOptions, handlers: TransportHandlers): Promise<SipTransport> {
  const { address, port, tunnelled, trust, timeout, signal } = options;
  const domain = trust.names[0] ?? address;
  const limit = AbortSignal.timeout(timeout);
  const either = AbortSignal.any([signal, limit]);
  // A host that the certificate may be for is asked for as one of many on its server; of any other it must be the
  // domain's.
  const asked = trust.names.includes(options.host) ? options.host : domain;
  try {
    const { socket, revocation } = await dial(
      { host: address, port, ...(tunnelled ? { tunnel: async () => tunnelled } : {}) },
      { ...serverProof(trust, asked), alpn: ["http/1.1"] },
      either,
    );
    const path = options.path.startsWith("/") ? options.path : `/${options.path}`;
    const frames = await webSocketOver(socket, new URL(`wss://${urlHost(address)}:${port}${path}`), {
      protocol: "sip",
      headers: { Host: port === 443 ? urlHost(asked) : `${urlHost(asked)}:${port}` },
      maxPayload: maxFrame,
      // A proxy passes on what a PBX wrote, Latin-1 in a text frame, too; that costs no more than the field that has
      // it.
      skipUTF8Validation: true,
    });
    await opened(frames, domain, either);
    return new WebSocketTransport({ frames, socket, revocation }, handlers);
  } catch (error) {
    if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
    throw limit.aborted ? new HallwayError("timed-out", { host: domain }, error) : connectError(error, domain);
  }
}

/** Resolves when the server speaks SIP there; else the connection ends. */
function opened(socket: WebSocket, domain: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: unknown): void => {
      signal.removeEventListener("abort", stop);
      socket.off("error", failed);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.on("error", () => undefined);
      socket.terminate();
      reject(error);
    };
    const stop = (): void => settle(signal.reason);
    // What ws itself finds wrong with the server's answer has no code.
    const failed = (error: Error): void =>
      settle("code" in error ? error : new HallwayError("protocol-error", { host: domain }, error));
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", failed);
    socket.once("open", () =>
      settle(socket.protocol === "sip" ? undefined : new HallwayError("protocol-error", { host: domain })),
    );
    if (signal.aborted) stop();
  });
}

/** A WebSocket and what is below it. */
interface OpenedWebSocket {
  readonly frames: WebSocket;
  readonly socket: tls.TLSSocket;
  readonly revocation: Revocation;
}

/** SIP over one WebSocket. */
class WebSocketTransport implements SipTransport {
  readonly protocol = "WSS";
  readonly security: string | undefined;
  readonly key: string | undefined;
  readonly revocation: Revocation;
  readonly local: SipTransport["local"];
  readonly #frames: WebSocket;
  readonly #handlers: TransportHandlers;
  readonly #pings = new Pings();
  #isOpen = true;

  constructor({ frames, socket, revocation }: OpenedWebSocket, handlers: TransportHandlers) {
    this.security = socket.getProtocol() ?? undefined;
    this.key = serverKey(socket);
    this.revocation = revocation;
    this.local = { address: socket.localAddress ?? "127.0.0.1", port: socket.localPort ?? 0 };
    this.#frames = frames;
    this.#handlers = handlers;
    frames.on("message", (data, isBinary) => this.#read(data, isBinary));
    frames.on("pong", () => this.#pings.settle(true));
    // 1009: larger than maxPayload (RFC 6455 section 7.4.1).
    frames.on("error", (error) =>
      this.#lose(
        "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" ? "too-large" : "connection-lost",
      ),
    );
    frames.on("close", () => this.#lose("connection-lost"));
  }

  send(message: Uint8Array): Promise<void> {
    if (this.#isOpen && this.#frames.bufferedAmount > maxUnwritten) this.#lose("connection-lost");
    if (!this.#isOpen) return Promise.reject(new HallwayError("connection-lost"));
    return new Promise((resolve, reject) => {
      this.#frames.send(message, { binary: !isUtf8(message) }, (error) =>
        error ? reject(new HallwayError("connection-lost", undefined, error)) : resolve(),
      );
    });
  }

  ping(timeout: number): Promise<boolean> {
    return this.#isOpen ? this.#pings.send(() => this.#frames.ping(), timeout) : Promise.resolve(false);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#end();
    const timer = setTimeout(() => this.#frames.terminate(), 500);
    this.#frames.once("close", () => clearTimeout(timer));
    this.#frames.close(1000);
  }

  #read(data: RawData, isBinary: boolean): void {
    if (!this.#isOpen) return;
    const bytes = Array.isArray(data)
      ? Buffer.concat(data)
      : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    // RFC 7118 section 6: keep-alives may come as CRLF, too.
    if (bytes.byteLength <= 4 && /^[\r\n]*$/.test(bytes.toString("latin1"))) {
      if (bytes.byteLength === 4) this.#frames.send("\r\n", { binary: isBinary });
      else this.#pings.settle(true);
      return;
    }
    const end = bytes.indexOf(separator);
    if (end < 0) this.#handlers.refused("SIP message: message without end of headers");
    else receiveMessage({ head: bytes.subarray(0, end), body: bytes.subarray(end + separator.length) }, this.#handlers);
  }

  #lose(code: "connection-lost" | "too-large"): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#frames.terminate();
    this.#handlers.lost({ code });
  }

  #end(): void {
    this.#isOpen = false;
    this.#pings.settle(false);
  }
}
