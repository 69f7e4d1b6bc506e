import type net from "node:net";
import tls from "node:tls";
import { HallwayError } from "../../../../shared/errors.ts";
import { dial, open } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { connectError } from "../errors.ts";
import { FramingError, SipFramer } from "./framer.ts";
import { receiveMessage } from "./receive.ts";
import type { SipTransport, TransportHandlers } from "./transport.ts";
import { serverProof, type Trust } from "./trust.ts";

/** Where to and how. `trust` undefined: clear text, for which the caller has permission. */
export interface StreamOptions {
  /** IP address. */
  readonly address: string;
  readonly port: number;
  /** As ConnectOptions.tunnelled. */
  readonly tunnelled: net.Socket | undefined;
  readonly trust: Trust | undefined;
  /** Milliseconds until connected and checked. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** To be told of what is wrong behind the last frames. */
const nothing = new Uint8Array();
/** How long the server may take to say where the next message begins, in milliseconds. */
const landmarkTimeout = 10_000;
/** What may wait in memory to be written; a server that takes nothing is as good as gone (RFC 3261 section 18.4). */
const maxUnwritten = 8 << 20;

/**
 * Connects over TCP or TLS. Errors: `connection-refused`, `timed-out`, `no-network`, `cancelled`, `certificate-*`,
 * `tls-failed`. Source: RFC 3261 section 18, RFC 5922.
 */
export async function connectStream(options: StreamOptions, handlers: TransportHandlers): Promise<SipTransport> {
  const { address, port, tunnelled, trust, timeout, signal } = options;
  const limit = AbortSignal.timeout(timeout);
  const either = AbortSignal.any([signal, limit]);
  const destination = { host: address, port, ...(tunnelled ? { tunnel: async () => tunnelled } : {}) };
  try {
    if (!trust) return streamTransport(await open(destination, either), handlers, "unchecked");
    const { socket, revocation } = await dial(destination, serverProof(trust), either);
    return streamTransport(socket, handlers, revocation);
  } catch (error) {
    if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
    throw limit.aborted
      ? new HallwayError("timed-out", { host: address }, error)
      : connectError(error, trust?.names[0] ?? address);
  }
}

function streamTransport(socket: net.Socket, handlers: TransportHandlers, revocation: Revocation): SipTransport {
  const framer = new SipFramer();
  const secured = socket instanceof tls.TLSSocket;
  let open = true;
  const waiting = new Set<(answered: boolean) => void>();
  const pong = (answered: boolean): void => {
    for (const settle of [...waiting]) settle(answered);
  };
  let astray: NodeJS.Timeout | undefined;
  const end = (): void => {
    open = false;
    clearTimeout(astray);
    pong(false);
    socket.destroy();
  };
  const lose = (error: HallwayError): void => {
    if (!open) return;
    end();
    handlers.lost(error.info);
  };
  // Anybody can send what two readers take for different messages. That must cost no more than what is on its way just
  // then.
  const findBack = (what: string): void => {
    handlers.refused(what);
    const branch = handlers.astray?.();
    if (branch === undefined) {
      lose(new HallwayError("protocol-error"));
      return;
    }
    framer.resumeAt(branch);
    astray ??= setTimeout(() => lose(new HallwayError("protocol-error")), landmarkTimeout);
  };
  socket.on("data", (chunk: Buffer) => {
    if (!open) return;
    try {
      for (const frame of framer.feed(chunk)) {
        clearTimeout(astray);
        astray = undefined;
        if (!open) return;
        if (frame.type === "ping") socket.write("\r\n");
        else if (frame.type === "pong") pong(true);
        else receiveMessage(frame, handlers);
      }
      framer.feed(nothing);
    } catch (error) {
      findBack(error instanceof FramingError ? `SIP stream: ${error.message}` : "SIP stream: cannot be read");
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => lose(new HallwayError("connection-lost")));
  socket.on("end", () => lose(new HallwayError("connection-lost")));
  return {
    protocol: secured ? "TLS" : "TCP",
    security: socket instanceof tls.TLSSocket ? (socket.getProtocol() ?? undefined) : undefined,
    key: socket instanceof tls.TLSSocket ? serverKey(socket) : undefined,
    revocation,
    local: { address: socket.localAddress ?? "127.0.0.1", port: socket.localPort ?? 0 },
    send(message) {
      if (!open) return Promise.reject(new HallwayError("connection-lost"));
      if (socket.writableLength > maxUnwritten) {
        lose(new HallwayError("connection-lost"));
        return Promise.reject(new HallwayError("connection-lost"));
      }
      return new Promise((resolve, reject) => {
        socket.write(message, (error) =>
          error ? reject(new HallwayError("connection-lost", undefined, error)) : resolve(),
        );
      });
    },
    ping(timeout) {
      if (!open) return Promise.resolve(false);
      // The answer would be passed over; the stream's own question says whether the server lives.
      if (framer.isAstray) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (answered: boolean): void => {
          waiting.delete(settle);
          clearTimeout(timer);
          resolve(answered);
        };
        const timer = setTimeout(() => settle(false), timeout);
        waiting.add(settle);
        socket.write("\r\n\r\n");
      });
    },
    close() {
      if (!open) return;
      open = false;
      clearTimeout(astray);
      pong(false);
      // What was written goes out before the end; a server that does not answer it is not waited for.
      const timer = setTimeout(() => socket.destroy(), 500);
      socket.once("close", () => clearTimeout(timer));
      socket.end();
    },
  };
}
