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
        return await through(route, target, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), trust());
      } catch (error) {
        if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
        failure ??= error;
      }
    }
    throw failure ?? refused();
  };
}

/** Errors: `proxy-failed` when it cannot be reached or does not answer, `proxy-refused`. */
async function through(proxy: Proxy, target: Target, signal: AbortSignal, trust: ProxyTrust): Promise<Socket> {
  const { host, kind } = proxy;
  const failed = (cause: unknown) => new HallwayError("proxy-failed", { proxy: host }, cause);
  const socket = await dialProxy(proxy, signal, trust).catch((error: unknown) => {
    throw failed(error);
  });
  const abort = () => socket.destroy(failed(signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  try {
    await (kind === "socks5" ? askSocks(socket, proxy, target) : askHttp(socket, proxy, target));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function dialProxy({ host, port, kind }: Proxy, signal: AbortSignal, trust: ProxyTrust): Promise<Socket> {
  if (kind !== "https") return open({ host, port }, signal);
  const { anchors, minVersion, mayHave } = trust;
  // Whether it was revoked is not asked: who could be asked is behind the proxy.
  return dialHost({ host, port, ca: trustAnchors(anchors), minVersion, mayHave, alpn: ["http/1.1"] }, signal);
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
