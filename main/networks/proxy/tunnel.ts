import type { Socket } from "node:net";
import { HallwayError } from "../../../shared/errors.ts";
import { open } from "../dial.ts";
import { dialHost } from "../dial-host.ts";
import type { DnsResolver } from "../dns.ts";
import type { Tunnel } from "../environment.ts";
import { trustAnchors } from "../server-trust.ts";
import { askHttp, askSocks, type Target } from "./handshake.ts";
import { type Proxy, parseProxy, type Route } from "./proxy.ts";

/** Choice for one host: no proxy, the system's ways, one fixed proxy, a script's ways, or no connection at all. */
export type ProxyChoice =
  | { readonly mode: "direct" | "system" | "blocked" }
  | { readonly mode: "fixed"; readonly url: string }
  | { readonly mode: "script"; readonly url: string };

export interface TunnelOptions {
  readonly choose: (host: string) => ProxyChoice;
  /** The ways that the system, or a script at this URL, has for a host; undefined: that cannot be found out here. */
  readonly find: (target: Target, script: string | undefined) => Promise<readonly Route[] | undefined>;
  /** For proxies that are spoken to over TLS. */
  readonly trust: () => ProxyTrust;
}

interface ProxyTrust {
  /** Beside the system's, PEM. */
  readonly anchors: readonly string[];
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
  /** May the proxy have this key? Base64 SHA-256 of SPKI. */
  readonly mayHave: (host: string, key: string) => boolean;
}

/** To a proxy and through it. */
const timeoutMs = 8_000;

/**
 * Ways out through proxies. A host whose way cannot be found out is not connected to: settings that ask for a proxy are
 * never answered by going without one.
 */
export function createTunnel({ choose, find, trust }: TunnelOptions): Tunnel {
  const refused = () => new HallwayError("blocked-by-policy", { setting: "ProxySettings" });

  async function routes(target: Target): Promise<readonly Route[]> {
    const choice = choose(target.host);
    switch (choice.mode) {
      case "direct":
        return ["direct"];
      case "fixed": {
        const proxy = parseProxy(choice.url);
        return proxy ? [proxy] : [];
      }
      case "system":
        return (await find(target, undefined)) ?? [];
      case "script":
        return (await find(target, choice.url)) ?? [];
      default:
        return [];
    }
  }

  return async (target, signal) => {
    let failure: unknown;
    const ways = await routes(target).catch((error: unknown) => {
      throw new HallwayError("proxy-failed", undefined, error);
    });
    for (const route of ways) {
      if (route === "direct") return undefined;
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        return await askProxy(await dialProxy(route, limit, trust()), { proxy: route, target, signal: limit });
      } catch (error) {
        if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
        failure ??= error;
      }
    }
    throw failure ?? refused();
  };
}

interface Asking {
  readonly proxy: Proxy;
  readonly target: Target;
  readonly signal: AbortSignal;
}

/** Has a proxy connect to the target. Errors: `proxy-failed` when it does not answer, `proxy-refused`. */
async function askProxy(socket: Socket, { proxy, target, signal }: Asking): Promise<Socket> {
  const abort = () => socket.destroy(failed(proxy, signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  try {
    await (proxy.kind === "socks5" ? askSocks(socket, proxy, target) : askHttp(socket, proxy, target));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Error: `proxy-failed`. */
async function dialProxy(proxy: Proxy, signal: AbortSignal, trust: ProxyTrust): Promise<Socket> {
  const { host, port, kind } = proxy;
  try {
    if (kind !== "https") return await open({ host, port }, signal);
    const { anchors, minVersion, mayHave } = trust;
    const ca = trustAnchors(anchors);
    // Whether it was revoked is not asked: who could be asked is behind the proxy.
    return await dialHost({ host, port, ca, minVersion, mayHave, alpn: ["http/1.1"] }, signal);
  } catch (error) {
    throw failed(proxy, error);
  }
}

function failed({ host }: Proxy, cause: unknown): HallwayError {
  return new HallwayError("proxy-failed", { proxy: host }, cause);
}

/**
 * Names as they are asked about where a fixed proxy resolves them: not at all, so that nobody but the proxy learns of
 * them. Nothing is known of their services then, and whether they exist is found out by connecting (code `EPROXIED`).
 */
export function createRoutedDns(dns: DnsResolver, choose: TunnelOptions["choose"]): DnsResolver {
  const isProxied = (name: string): boolean => choose(name.replace(/^(?:_[^.]+\.)+/, "")).mode === "fixed";
  const none = (code: string) => Promise.reject(Object.assign(new Error("a proxy resolves this name"), { code }));
  return {
    resolveSrv: (name) => (isProxied(name) ? none("ENODATA") : dns.resolveSrv(name)),
    resolveNaptr: (name) => (isProxied(name) ? none("ENODATA") : dns.resolveNaptr(name)),
    lookup: (host) => (isProxied(host) ? none("EPROXIED") : dns.lookup(host)),
  };
}
