import type { TLSSocket } from "node:tls";
import { escapeXML } from "@xmpp/xml";
import type { RawData, WebSocket } from "ws";
import { HallwayError } from "../../../../shared/errors.ts";
import { urlHost } from "../../../addressing/host-port.ts";
import { dial, webSocketOver } from "../../dial.ts";
import type { Revocation } from "../../environment.ts";
import { serverKey } from "../../server-trust.ts";
import { nsStreams, SeeOther } from "../errors.ts";
import { maxAnswer, type Transport, type TransportListener, type TransportOptions } from "../transport.ts";
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
    const frames = await webSocketOver(socket, url, "xmpp", { maxPayload: maxAnswer * 3 });
    await opened(frames, host, signal);
    return framesOver(frames, socket, options, revocation);
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

function framesOver(
  socket: WebSocket,
  tls: TLSSocket,
  { endpoint, to }: TransportOptions,
  revocation: Revocation,
): Transport {
  let listener: TransportListener | undefined;
  let over = false;
  let ending = false;
  let language: string | undefined;
  let endTimer: NodeJS.Timeout | undefined;

  function close(error: HallwayError | undefined): void {
    if (over) return;
    over = true;
    clearTimeout(endTimer);
    socket.terminate();
    listener?.closed(error);
  }

  function end(): void {
    if (ending || over) return;
    ending = true;
    socket.send(`<close xmlns='${nsFraming}'/>`);
    endTimer = setTimeout(() => close(undefined), 2000);
  }

  /** RFC 7395 section 3.3.3: one frame is one whole element, with no declaration and nothing around it. */
  function frame(text: string): void {
    if (!text.startsWith("<")) {
      if (/^[ \t\r\n]*$/.test(text)) return;
      throw new HallwayError("protocol-error");
    }
    let count = 0;
    const parser = createXmlParser({
      opened: () => undefined,
      element: (element) => {
        count += 1;
        if (count > 1 || over) throw new HallwayError("protocol-error");
        element.parent = null;
        if (element.is("open", nsFraming)) {
          language = element.attrs["xml:lang"];
          listener?.opened(element);
        } else if (element.is("close", nsFraming)) {
          const asked = ending;
          const other = element.attrs["see-other-uri"];
          end();
          close(
            asked
              ? undefined
              : other
                ? new SeeOther(other)
                : new HallwayError("connection-lost", { host: endpoint.host }),
          );
        } else {
          // What the header says of the language holds for all that follows (RFC 6120 section 4.7.4).
          if (language !== undefined) element.attrs["xml:lang"] ??= language;
          listener?.element(element);
        }
      },
      ended: () => undefined,
      allowance: (start) => listener?.allowance?.(start),
    });
    // The element is read inside a root of our own, so that it is reported, and limited, like one of a stream.
    parser.write(`<frame xmlns='jabber:client' xmlns:stream='${nsStreams}'>`);
    parser.write(text);
    if (!over && (!parser.idle || count !== 1)) throw new HallwayError("protocol-error");
  }

  // A frame is told of when the whole of it is here, which may take a while.
  tls.on("data", () => listener?.heard?.());
  socket.on("message", (data, isBinary) => {
    if (over) return;
    try {
      // RFC 7395 section 3.1 has text only. Bytes that are UTF-8 say the same, and an end here would cost everything
      // behind them.
      frame(isBinary ? utf8.decode(bytesOf(data)) : data.toString());
    } catch (error) {
      close(error instanceof HallwayError ? error : new HallwayError("protocol-error", undefined, error));
    }
  });
  socket.on("error", (error) => close(frameError(error, endpoint.host)));
  socket.on("close", (code) =>
    close(
      ending
        ? undefined
        : new HallwayError(code === tooLargeCode ? "too-large" : "connection-lost", { host: endpoint.host }),
    ),
  );

  return {
    endpoint,
    security: tls.getProtocol() ?? "TLS",
    key: serverKey(tls),
    revocation,
    channelBinding: (type) => channelBinding(tls, type),
    listen: (next) => {
      listener = next;
    },
    open: () => socket.send(`<open xmlns='${nsFraming}' version='1.0' to='${escapeXML(to)}'/>`),
    send: (xml, written) => {
      if (over || ending) {
        written?.(new HallwayError("offline"));
        return;
      }
      // RFC 7395 section 3.3.3: a stanza carries its own namespace, since no stream header declares it.
      socket.send(
        xml.replace(/^<(message|presence|iq)(?=[ />])(?![^>]* xmlns=)/, '<$1 xmlns="jabber:client"'),
        (error) => written?.(error ?? undefined),
      );
    },
    end,
    destroy: () => {
      listener = undefined;
      clearTimeout(endTimer);
      if (!ending && !over) socket.send(`<close xmlns='${nsFraming}'/>`, () => undefined);
      over = true;
      socket.close();
      const timer = setTimeout(() => socket.terminate(), 1000);
      socket.once("close", () => clearTimeout(timer));
    },
  };
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
