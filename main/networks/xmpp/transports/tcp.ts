import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { escapeXML } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { open, secure } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { nsStreamErrors, nsStreams, streamError } from "../errors.ts";
import type { Transport, TransportListener, TransportOptions } from "../transport.ts";
import { childOf } from "../xml/element.ts";
import { createXmlParser, type XmlParser } from "../xml/parser.ts";
import { channelBinding, serverProof, socketError } from "./tls.ts";

const nsTls = "urn:ietf:params:xml:ns:xmpp-tls";

/** The stream header of RFC 6120 section 4.2. `from` is left out, since it may be sent before the stream is secured. */
function header(to: string): string {
  return `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${nsStreams}' version='1.0' xml:lang='en' to='${escapeXML(to)}'>`;
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
    return streamOver(socket, options, revocation);
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
function streamOver(socket: TLSSocket, { endpoint, to }: TransportOptions, revocation: Revocation): Transport {
  let listener: TransportListener | undefined;
  let parser: XmlParser | undefined;
  let decoder = new TextDecoder("utf-8", { fatal: true });
  let over = false;
  let ending = false;
  let endTimer: NodeJS.Timeout | undefined;

  function close(error: HallwayError | undefined): void {
    if (over) return;
    over = true;
    clearTimeout(endTimer);
    socket.destroySoon();
    listener?.closed(error);
  }

  function end(): void {
    if (ending || over) return;
    ending = true;
    socket.write("</stream:stream>");
    // RFC 6120 section 4.4: do not wait for ever for the other side's closing tag.
    endTimer = setTimeout(() => close(undefined), 2000);
  }

  function newParser(): XmlParser {
    decoder = new TextDecoder("utf-8", { fatal: true });
    const own: XmlParser = createXmlParser({
      opened: (root) => {
        if (over || parser !== own) return;
        if (!root.is("stream", nsStreams)) throw new HallwayError("protocol-error");
        listener?.opened(root);
      },
      element: (element) => {
        if (!over) listener?.element(element);
      },
      allowance: (start) => listener?.allowance?.(start),
      ended: () => {
        const asked = ending;
        end();
        close(asked ? undefined : new HallwayError("connection-lost", { host: endpoint.host }));
      },
    });
    return own;
  }

  let thisTurn = 0;
  function nextTurn(): void {
    thisTurn = 0;
    if (!over) socket.resume();
  }

  socket.on("data", (chunk: Buffer) => {
    if (over || !parser) return;
    listener?.heard?.();
    if (thisTurn === 0) setImmediate(nextTurn);
    thisTurn += chunk.length;
    if (thisTurn >= bytesPerTurn) socket.pause();
    try {
      parser.write(decoder.decode(chunk, { stream: true }));
    } catch (error) {
      // TypeError: the decoder met bytes that are no UTF-8.
      const mapped = error instanceof HallwayError ? error : new HallwayError("protocol-error", undefined, error);
      if (!over)
        socket.write(
          `<stream:error><${mapped.code === "too-large" ? "policy-violation" : "not-well-formed"} xmlns='${nsStreamErrors}'/></stream:error></stream:stream>`,
        );
      close(mapped);
    }
  });
  socket.on("error", (error) => close(socketError(error, endpoint.host, "connection-lost")));
  socket.on("close", () => close(ending ? undefined : new HallwayError("connection-lost", { host: endpoint.host })));

  return {
    endpoint,
    security: socket.getProtocol() ?? "TLS",
    key: serverKey(socket),
    revocation,
    channelBinding: (type) => channelBinding(socket, type),
    listen: (next) => {
      listener = next;
    },
    open: () => {
      parser = newParser();
      socket.write(header(to));
    },
    send: (xml, written) => {
      if (over || ending) {
        written?.(new HallwayError("offline"));
        return;
      }
      socket.write(xml, (error) => written?.(error ?? undefined));
    },
    end,
    destroy: () => {
      listener = undefined;
      if (!ending && !over) socket.write("</stream:stream>");
      over = true;
      clearTimeout(endTimer);
      socket.destroySoon();
      // What cannot be flushed (a dead peer) must not hold the socket open.
      const timer = setTimeout(() => socket.destroy(), 1000);
      socket.once("close", () => clearTimeout(timer));
    },
  };
}
