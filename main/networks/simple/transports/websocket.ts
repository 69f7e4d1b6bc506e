import { isUtf8 } from "node:buffer";
import type tls from "node:tls";
import type { WebSocket } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { urlHost } from "../../../addressing/host-port.ts";
import { dial, webSocketOver } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { connectError } from "../errors.ts";
import { maxMessageBytes } from "../wire/message.ts";
import { receiveMessage } from "./receive.ts";
import type { StreamOptions } from "./stream.ts";
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
    const frames = await webSocketOver(socket, new URL(`wss://${urlHost(address)}:${port}${path}`), "sip", {
      headers: { Host: port === 443 ? urlHost(asked) : `${urlHost(asked)}:${port}` },
      maxPayload: maxFrame,
      // A proxy passes on what a PBX wrote, Latin-1 in a text frame, too; that costs no more than the field that has
      // it.
      skipUTF8Validation: true,
    });
    await opened(frames, domain, either);
    return webSocketTransport(frames, socket, handlers, revocation);
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
      socket.off("error", failed).off("close", closed);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.on("error", () => undefined);
      socket.terminate();
      reject(error);
    };
    const stop = (): void => settle(signal.reason);
    const closed = (): void => settle(new HallwayError("connection-lost", { host: domain }));
    // What ws itself finds wrong with the server's answer has no code.
    const failed = (error: Error): void =>
      settle("code" in error ? error : new HallwayError("protocol-error", { host: domain }, error));
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", failed).on("close", closed);
    socket.once("open", () =>
      settle(socket.protocol === "sip" ? undefined : new HallwayError("protocol-error", { host: domain })),
    );
    if (signal.aborted) stop();
  });
}

function webSocketTransport(
  socket: WebSocket,
  raw: tls.TLSSocket,
  handlers: TransportHandlers,
  revocation: Revocation,
): SipTransport {
  let open = true;
  const waiting = new Set<(answered: boolean) => void>();
  const pong = (answered: boolean): void => {
    for (const settle of [...waiting]) settle(answered);
  };
  const lose = (error: HallwayError): void => {
    if (!open) return;
    open = false;
    pong(false);
    socket.terminate();
    handlers.lost(error.info);
  };
  socket.on("message", (data, isBinary) => {
    if (!open) return;
    const bytes = Array.isArray(data)
      ? Buffer.concat(data)
      : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
    // RFC 7118 section 6: keep-alives may come as CRLF, too.
    if (bytes.byteLength <= 4 && /^[\r\n]*$/.test(bytes.toString("latin1"))) {
      if (bytes.byteLength === 4) socket.send("\r\n", { binary: isBinary });
      else pong(true);
      return;
    }
    const end = bytes.indexOf(separator);
    if (end < 0) handlers.refused("SIP message: message without end of headers");
    else receiveMessage({ head: bytes.subarray(0, end), body: bytes.subarray(end + separator.length) }, handlers);
  });
  socket.on("pong", () => pong(true));
  // 1009: larger than maxPayload (RFC 6455 section 7.4.1).
  socket.on("error", (error) =>
    lose(
      new HallwayError(
        "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" ? "too-large" : "connection-lost",
      ),
    ),
  );
  socket.on("close", () => lose(new HallwayError("connection-lost")));
  return {
    protocol: "WSS",
    security: raw.getProtocol() ?? undefined,
    key: serverKey(raw),
    revocation,
    local: { address: raw.localAddress ?? "127.0.0.1", port: raw.localPort ?? 0 },
    send(message) {
      if (open && socket.bufferedAmount > maxUnwritten) lose(new HallwayError("connection-lost"));
      if (!open) return Promise.reject(new HallwayError("connection-lost"));
      return new Promise((resolve, reject) => {
        socket.send(message, { binary: !isUtf8(message) }, (error) =>
          error ? reject(new HallwayError("connection-lost", undefined, error)) : resolve(),
        );
      });
    },
    ping(timeout) {
      if (!open) return Promise.resolve(false);
      return new Promise((resolve) => {
        const settle = (answered: boolean): void => {
          waiting.delete(settle);
          clearTimeout(timer);
          resolve(answered);
        };
        const timer = setTimeout(() => settle(false), timeout);
        waiting.add(settle);
        socket.ping();
      });
    },
    close() {
      if (!open) return;
      open = false;
      pong(false);
      const timer = setTimeout(() => socket.terminate(), 500);
      socket.once("close", () => clearTimeout(timer));
      socket.close(1000);
    },
  };
}
