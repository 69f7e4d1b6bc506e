import { isUtf8 } from "node:buffer";
import type tls from "node:tls";
import WebSocket from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { urlHost } from "../../../addressing/host-port.ts";
import { connectTls } from "../../client-tls.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { collectStaple } from "../../stapled.ts";
import { connectError } from "../errors.ts";
import { maxMessageBytes } from "../wire/message.ts";
import { receiveMessage } from "./receive.ts";
import type { StreamOptions } from "./stream.ts";
import type { SipTransport, TransportHandlers } from "./transport.ts";
import { checkCertificate, type Trust, tlsOptions } from "./trust.ts";

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
export function connectWebSocket(options: WebSocketOptions, handlers: TransportHandlers): Promise<SipTransport> {
  const { address, port, tunnelled, path, trust, timeout, signal } = options;
  const domain = trust.names[0] ?? address;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new HallwayError("cancelled"));
      return;
    }
    const host = urlHost(address);
    // A host that the certificate may be for is asked for as one of many on its server; of any other it must be the
    // domain's.
    const asked = trust.names.includes(options.host) ? options.host : domain;
    const raw = connectTls({
      ...tlsOptions(trust, asked),
      ...(tunnelled ? { socket: tunnelled } : { host: address, port }),
      ALPNProtocols: ["http/1.1"],
    });
    const staple = collectStaple(raw);
    raw.setNoDelay(true);
    raw.once("secureConnect", () => {
      try {
        checkCertificate(raw, trust);
      } catch (error) {
        raw.destroy(error instanceof Error ? error : undefined);
      }
    });
    const socket = new WebSocket(`wss://${host}:${port}${path.startsWith("/") ? path : `/${path}`}`, ["sip"], {
      createConnection: () => raw,
      headers: { Host: port === 443 ? urlHost(asked) : `${urlHost(asked)}:${port}` },
      followRedirects: false,
      perMessageDeflate: false,
      maxPayload: maxFrame,
      // A proxy passes on what a PBX wrote, Latin-1 in a text frame, too; that costs no more than the field that has
      // it.
      skipUTF8Validation: true,
    });
    const timer = setTimeout(() => fail(new HallwayError("timed-out", { host: domain })), timeout);
    const onAbort = (): void => fail(new HallwayError("cancelled"));
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.off("error", fail);
    };
    const fail = (error: unknown): void => {
      settle();
      socket.on("error", () => undefined);
      socket.terminate();
      raw.destroy();
      // What ws itself finds wrong with the server's answer has no code.
      const plain = error instanceof Error && !("code" in error);
      reject(
        plain && !(error instanceof HallwayError)
          ? new HallwayError("protocol-error", { host: domain }, error)
          : connectError(error, domain),
      );
    };
    socket.on("error", fail);
    socket.once("open", () => {
      if (socket.protocol !== "sip") {
        fail(new HallwayError("protocol-error", { host: domain }));
        return;
      }
      const checked = trust.revocation?.(raw, staple(), domain, signal) ?? Promise.resolve("unchecked" as const);
      checked
        .then((revocation) => {
          if (socket.readyState !== WebSocket.OPEN) throw new HallwayError("connection-lost", { host: domain });
          settle();
          resolve(webSocketTransport(socket, raw, handlers, revocation));
        }, fail)
        .catch(fail);
    });
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
