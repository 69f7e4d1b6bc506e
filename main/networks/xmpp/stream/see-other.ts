import { HallwayError } from "../../../../shared/errors.ts";
import { parseHostPort } from "../../../addressing/host-port.ts";
import type { Endpoint } from "../../network.ts";
import { seeOtherOf } from "../errors.ts";

/** A cluster sends a client on once, perhaps twice; more is no cluster. */
const maxHops = 4;

/**
 * Where a server sends us, seen from where it said so: by the same transport. Undefined: nowhere that can be gone to,
 * or in another way than an encrypted one.
 */
export function redirected(from: Endpoint, target: string): Endpoint | undefined {
  if (from.transport !== "websocket") {
    const to = parseHostPort(target);
    return (
      to && {
        host: to.host,
        port: to.port ?? (from.transport === "direct-tls" ? from.port : 5222),
        transport: from.transport,
      }
    );
  }
  return webSocketAt(target);
}

/** A WebSocket by its URL; undefined: not one that is encrypted. */
export function webSocketAt(url: string): Endpoint | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, username, hostname, port, pathname, search } = new URL(url);
  const host = parseHostPort(hostname)?.host;
  if (protocol !== "wss:" || username !== "" || host === undefined) return undefined;
  return { host, port: port === "" ? 443 : Number(port), transport: "websocket", url: pathname + search };
}

/**
 * Tries an endpoint, and those that it sends us to, each once and not many (RFC 6120 section 4.9.3.19). `attempt` asks
 * the same of each: TLS, a certificate of the same names, and the organization's leave. Errors: those of `attempt`;
 * `server-error` for a circle.
 */
export async function followed<T>(first: Endpoint, attempt: (endpoint: Endpoint) => Promise<T>): Promise<T> {
  const seen = new Set<string>();
  let at = first;
  for (;;) {
    seen.add(keyOf(at));
    try {
      return await attempt(at);
    } catch (error) {
      const target = seeOtherOf(error);
      const next = target === undefined ? undefined : redirected(at, target);
      if (!next) throw error;
      if (seen.has(keyOf(next)) || seen.size > maxHops)
        throw new HallwayError("server-error", { host: at.host }, error);
      at = next;
    }
  }
}

function keyOf({ host, port, url }: Endpoint): string {
  return JSON.stringify([host, port, url]);
}
