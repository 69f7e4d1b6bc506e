import type { Socket } from "node:net";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Endpoint } from "../../network.ts";
import { connectStream } from "./stream.ts";
import type { SipTransport, TransportHandlers } from "./transport.ts";
import type { Trust } from "./trust.ts";

/** Brings a library and Node's HTTP with it, which most accounts never need. */
const webSockets = () => import("./websocket.ts");

/** Endpoint to connect to. Clear text is only asked for where it is allowed: locate.ts checks it. */
export interface ConnectOptions {
  readonly endpoint: Endpoint;
  /** IP address of the endpoint's host, or its name where a proxy was asked for it. */
  readonly address: string;
  /** The connection through a proxy, where there is one. */
  readonly tunnelled: Socket | undefined;
  readonly trust: Trust;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Connects by the endpoint's transport. Errors: those of the transport; `unsupported` for one that SIP does not have
 * here.
 */
export async function connectTransport(
  { endpoint, address, tunnelled, trust, timeout, signal }: ConnectOptions,
  handlers: TransportHandlers,
): Promise<SipTransport> {
  const { port, transport } = endpoint;
  switch (transport) {
    case "tls":
      return connectStream({ address, port, tunnelled, trust, timeout, signal }, handlers);
    case "tcp":
      return connectStream({ address, port, tunnelled, trust: undefined, timeout, signal }, handlers);
    case "websocket":
      return (await webSockets()).connectWebSocket(
        { host: endpoint.host, address, port, tunnelled, path: endpoint.url ?? "/", trust, timeout, signal },
        handlers,
      );
    default:
      throw new HallwayError("unsupported");
  }
}
