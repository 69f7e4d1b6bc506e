import type net from "node:net";
import tls from "node:tls";
import { HallwayError } from "../../../../shared/errors.ts";
import { dial, open } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { connectError } from "../errors.ts";
import { parseMessage, SipSyntaxError } from "../wire/message.ts";
import { FramingError, SipFramer } from "./framer.ts";
import { Pings } from "./pings.ts";
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
/**
 * Most bytes that may wait in memory to be written; a server that takes nothing is as good as gone (RFC 3261 section
 * 18.4).
 */
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
    if (!trust) return new StreamTransport(await open(destination, either), handlers, "unchecked");
    const { socket, revocation } = await dial(destination, serverProof(trust), either);
    return new StreamTransport(socket, handlers, revocation);
  } catch (error) {
    if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
    throw limit.aborted
      ? new HallwayError("timed-out", { host: address }, error)
      : connectError(error, trust?.names[0] ?? address);
  }
}

/** SIP over one TCP or TLS connection. */
class StreamTransport implements SipTransport {
  readonly protocol: "TLS" | "TCP";
  readonly security: string | undefined;
  readonly key: string | undefined;
  readonly revocation: Revocation;
  readonly local: SipTransport["local"];
  readonly #socket: net.Socket;
  readonly #handlers: TransportHandlers;
  readonly #framer = new SipFramer();
  readonly #pings = new Pings();
  #landmarkTimer: NodeJS.Timeout | undefined;
  #isOpen = true;

  constructor(socket: net.Socket, handlers: TransportHandlers, revocation: Revocation) {
    const secured = socket instanceof tls.TLSSocket ? socket : undefined;
    this.protocol = secured ? "TLS" : "TCP";
    this.security = secured?.getProtocol() ?? undefined;
    this.key = secured && serverKey(secured);
    this.revocation = revocation;
    this.local = { address: socket.localAddress ?? "127.0.0.1", port: socket.localPort ?? 0 };
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => this.#lose("connection-lost"));
    socket.on("end", () => this.#lose("connection-lost"));
  }

  send(message: Uint8Array): Promise<void> {
    if (this.#isOpen && this.#socket.writableLength > maxUnwritten) this.#lose("connection-lost");
    if (!this.#isOpen) return Promise.reject(new HallwayError("connection-lost"));
    return new Promise((resolve, reject) => {
      this.#socket.write(message, (error) =>
        error ? reject(new HallwayError("connection-lost", undefined, error)) : resolve(),
      );
    });
  }

  ping(timeout: number): Promise<boolean> {
    if (!this.#isOpen) return Promise.resolve(false);
    // The answer would be passed over; the stream's own question says whether the server lives.
    if (this.#framer.isAstray) return Promise.resolve(true);
    return this.#pings.send(() => this.#socket.write("\r\n\r\n"), timeout);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#end();
    // What was written goes out before the end; a server that does not answer it is not waited for.
    const timer = setTimeout(() => this.#socket.destroy(), 500);
    this.#socket.once("close", () => clearTimeout(timer));
    this.#socket.end();
  }

  #read(chunk: Buffer): void {
    if (!this.#isOpen) return;
    // The answer to a ping stands behind what is read past; whoever sends that lives.
    if (this.#framer.isSkipping) this.#pings.settle(true);
    try {
      for (const frame of this.#framer.feed(chunk)) {
        clearTimeout(this.#landmarkTimer);
        this.#landmarkTimer = undefined;
        if (!this.#isOpen) return;
        if (frame.type === "ping") this.#socket.write("\r\n");
        else if (frame.type === "pong") this.#pings.settle(true);
        else receiveMessage(frame, this.#handlers);
      }
      this.#framer.feed(nothing);
    } catch (error) {
      this.#findBack(error instanceof FramingError ? `SIP stream: ${error.message}` : "SIP stream: cannot be read");
    }
  }

  /**
   * Anybody can send what two readers take for different messages. That must cost no more than what is on its way just
   * then.
   */
  #findBack(what: string): void {
    this.#handlers.refused(what);
    const branch = this.#handlers.astray?.();
    if (branch === undefined) {
      this.#lose("protocol-error");
      return;
    }
    this.#framer.resumeAt(branch);
    this.#landmarkTimer ??= setTimeout(() => this.#lose("protocol-error"), landmarkTimeout);
  }

  #lose(code: "connection-lost" | "protocol-error"): void {
    if (!this.#isOpen) return;
    this.#end();
    this.#socket.destroy();
    this.#handlers.lost({ code });
  }

  #end(): void {
    this.#isOpen = false;
    clearTimeout(this.#landmarkTimer);
    this.#pings.settle(false);
  }
}

/** The parts of a message as a transport finds them. `bodyTooLong`: as `Frame.bodyTooLong`. */
export interface ReceivedParts {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly bodyTooLong?: boolean;
}

/**
 * Reads a message and hands it on, flawed or not; what cannot even be answered is reported as refused. Does not throw.
 */
export function receiveMessage(
  { head, body, bodyTooLong = false }: ReceivedParts,
  handlers: Pick<TransportHandlers, "message" | "refused">,
): void {
  try {
    const message = parseMessage(head, body, bodyTooLong);
    if (message.flaw) handlers.refused(`SIP message: ${message.flaw.what}`);
    handlers.message(message);
  } catch (error) {
    handlers.refused(
      error instanceof SipSyntaxError ? `SIP message: ${error.message}` : "SIP message: cannot be handled",
    );
  }
}
