import { connect as connectTcp, type Socket } from "node:net";
import { HallwayError } from "../../../shared/errors.ts";
import { altNames, isForHost } from "../alt-names.ts";
import { clientTls, connectTls, wrongName } from "../client-tls.ts";
import type { DnsResolver } from "../dns.ts";
import type { Tunnel } from "../environment.ts";
import { keyOf, trustAnchors } from "../server-trust.ts";
import { askHttp, askSocks, type Target } from "./handshake.ts";
import { type Proxy, parseProxy, type Route } from "./proxy.ts";

/**
 * What is decided about one host: no proxy, the system's ways, one fixed proxy, a script's ways, or no connection at
 * all.
 */
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
  const { host, port, kind } = proxy;
  const failed = (cause: unknown) => new HallwayError("proxy-failed", { proxy: host }, cause);
  if (signal.aborted) throw failed(signal.reason);
  const socket =
    kind === "https"
      ? connectTls({
          host,
          port,
          // Whether it was revoked is not asked: who could be asked is behind the proxy.
          ...clientTls({
            ca: trustAnchors(trust.anchors),
            minVersion: trust.minVersion,
            name: host,
            check: (certificate) => {
              if (!isForHost(altNames(certificate.subjectAltName), host)) return wrongName(host);
              return trust.mayHave(host, keyOf(certificate))
                ? undefined
                : new HallwayError("certificate-pin-mismatch", { host });
            },
          }),
          ALPNProtocols: ["http/1.1"],
        })
      : connectTcp({ host, port });
  const abort = () => socket.destroy(failed(signal.reason));
  signal.addEventListener("abort", abort, { once: true });
  // An error must have a listener at every moment, or it ends the program.
  socket.on("error", () => undefined);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once(kind === "https" ? "secureConnect" : "connect", resolve);
      socket.once("error", (error) => reject(failed(error)));
      socket.once("close", () => reject(failed(undefined)));
    });
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    await (kind === "socks5" ? askSocks(socket, proxy, target) : askHttp(socket, proxy, target));
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
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
