import { HallwayError } from "../../../../shared/errors.ts";
import type { Log } from "../../log.ts";
import type { Endpoint } from "../../network.ts";
import { isFinal } from "../errors.ts";
import { BindingRefused, type Negotiated, type NegotiationOptions, negotiate } from "./negotiate.ts";
import { followed } from "./see-other.ts";
import type { Transport } from "./transport.ts";

/** One endpoint's part of signing in. */
const endpointMs = 10_000;
const maxEndpoints = 32;
/** After so long a WebSocket is tried before more of what a firewall may have shut. */
const firewallMs = 12_000;

export interface SignInOptions {
  readonly endpoints: (signal: AbortSignal) => AsyncIterable<Endpoint>;
  /** `origin`: the endpoint that sent us there, or the same. */
  readonly reach: (endpoint: Endpoint, origin: Endpoint, signal: AbortSignal) => Promise<Transport>;
  /** For the sentence when there is no endpoint at all. */
  readonly domain: string;
  readonly log: Log;
}

export interface Reached {
  readonly transport: Transport;
  readonly result: Negotiated;
}

/**
 * Tries one endpoint after another, until one signs in or one says what all would say (a wrong password). Rejects with
 * the most telling failure of all.
 */
export async function signIn(
  options: SignInOptions,
  negotiation: NegotiationOptions,
  signal: AbortSignal,
): Promise<Reached> {
  const began = performance.now();
  const ways = options.endpoints(signal)[Symbol.asyncIterator]();
  const postponed: Endpoint[] = [];
  let worst: HallwayError | undefined;
  for (let tried = 0; tried < maxEndpoints; ) {
    const next = await orAborted(ways.next(), signal);
    const endpoint = next.done ? postponed.shift() : next.value;
    if (!endpoint) break;
    if (!next.done && endpoint.transport !== "websocket" && performance.now() - began > firewallMs) {
      postponed.push(endpoint);
      continue;
    }
    tried += 1;
    const own = AbortSignal.any([signal, AbortSignal.timeout(endpointMs)]);
    try {
      return await followed(endpoint, (at) =>
        attempt(options, negotiation, { endpoint: at, origin: endpoint, signal: own }),
      );
    } catch (error) {
      if (signal.aborted) throw error;
      const mapped = error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
      const { host, port } = endpoint;
      options.log.info("an endpoint did not work", { host, port, transport: endpoint.transport, code: mapped.code });
      if (isFinal(mapped)) throw mapped;
      worst = worst && weight(worst) >= weight(mapped) ? worst : mapped;
    }
  }
  throw worst ?? new HallwayError("unknown-host", { host: options.domain });
}

/** One endpoint, and once more without channel binding where it was refused and may be what the server cannot do. */
async function attempt(
  options: SignInOptions,
  negotiation: NegotiationOptions,
  way: { readonly endpoint: Endpoint; readonly origin: Endpoint; readonly signal: AbortSignal },
): Promise<Reached> {
  const transport = await options.reach(way.endpoint, way.origin, way.signal);
  try {
    return { transport, result: await orAborted(negotiate(transport, negotiation), way.signal) };
  } catch (error) {
    transport.destroy();
    if (!(error instanceof BindingRefused) || negotiation.unbound) throw error;
    options.log.info("Channel binding was refused; signing in without", { host: way.endpoint.host });
    return attempt(options, { ...negotiation, unbound: true }, way);
  }
}

/** How much a failure tells the person: who the server is before whether it is there. */
function weight({ code }: HallwayError): number {
  if (code === "weaker-sign-in") return 7;
  if (code.startsWith("certificate-")) return 6;
  if (code === "blocked-by-policy") return 5;
  if (code.startsWith("tls-")) return 4;
  if (code === "unknown-host" || code === "no-network") return 0;
  return code === "timed-out" || code === "connection-refused" || code === "connection-lost" ? 1 : 3;
}

/** Rejects with `timed-out` at an abort, even if the work goes on. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new HallwayError("timed-out"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
