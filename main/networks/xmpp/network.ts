import { HallwayError } from "../../../shared/errors.ts";
import type { AccountConfig, ServerSettings } from "../../../shared/model/account.ts";
import { type Address, domainOf } from "../../../shared/model/address.ts";
import { accountEnvironment } from "../account-environment.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { ConnectionOptions, Endpoint, Network } from "../network.ts";
import { trustAnchors } from "../server-trust.ts";
import { createConnection } from "./connection.ts";
import { xmppDescription } from "./description.ts";
import type { Extension } from "./extension.ts";
import { extensions } from "./extensions.ts";
import { addressOf } from "./jid.ts";
import { findWebSockets } from "./stream/host-meta.ts";
import { asciiDomain, type Locator, locate, waysTo } from "./stream/locate.ts";
import { orAborted } from "./stream/sign-in.ts";
import type { TlsOptions } from "./stream/transport.ts";
import { connectTcpTransport } from "./transports/tcp.ts";

/** Brings a library and Node's HTTP with it, which most accounts never need. */
const webSockets = () => import("./transports/websocket.ts");
/** How long a domain's web server may take to say where its WebSocket is. */
const hostMetaMs = 5000;

/**
 * XMPP (RFC 6120, RFC 6121 and the extensions of extensions.ts). `discover` answers an empty list where a domain
 * publishes nothing about XMPP, although `connect` would still try the domain itself at port 5222.
 */
export function createXmppNetwork(
  environment: NetworkEnvironment,
  protocolExtensions: readonly Extension[] = extensions,
): Network {
  const lookup = (host: string) => environment.dns.lookup(host);

  /** `host`: the server's, which pins may name beside the domain. */
  function tlsOf(settings: ServerSettings, host?: string): TlsOptions {
    return {
      ca: trustAnchors([...environment.extraTrust, ...(settings.caPem === undefined ? [] : [settings.caPem])]),
      minVersion: environment.minTlsVersion,
      pins: settings.pins ?? [],
      mayHave: (names, key) => environment.rules.key(host === undefined ? names : [host, ...names], key),
    };
  }

  function locator(domain: string, tls: TlsOptions): Locator {
    return {
      dns: environment.dns,
      random: Math.random,
      webSockets: async (signal) =>
        environment.rules.host(domain)
          ? []
          : findWebSockets(
              domain,
              {
                tls,
                lookup,
                tunnel: environment.tunnel,
                revocation: environment.revocation,
                mayReach: (host) => environment.rules.host(host) === undefined,
              },
              AbortSignal.any([signal, AbortSignal.timeout(hostMetaMs)]),
            ),
    };
  }

  return {
    description: xmppDescription,
    async discover(address: Address, settings: ServerSettings, signal: AbortSignal): Promise<readonly Endpoint[]> {
      if (addressOf(address) === undefined) throw new HallwayError("invalid-address", { address });
      const domain = asciiDomain(domainOf(address));
      try {
        const search = { settings, locator: locator(domain, tlsOf(settings)), guess: false };
        return await orAborted(locate(domain, search, signal), signal);
      } catch (error) {
        if (signal.aborted) throw new HallwayError("cancelled", undefined, error);
        throw error instanceof HallwayError ? error : new HallwayError("no-network", { host: domain }, error);
      }
    },
    open(account: AccountConfig, { credentials, emit }: ConnectionOptions) {
      const address = addressOf(account.address);
      if (address === undefined) throw new HallwayError("invalid-address", { address: account.address });
      const domain = asciiDomain(domainOf(address));
      // Made anew for each connection: what may be trusted can change while the account lives.
      const tls = (host?: string) => tlsOf(account.server, host);
      return createConnection({
        account: { ...account, address },
        credentials,
        environment: accountEnvironment(environment, account.id),
        domain,
        extensions: protocolExtensions,
        emit,
        endpoints: (signal) =>
          waysTo(domain, { settings: account.server, locator: locator(domain, tls()), guess: true }, signal),
        reach: async (endpoint, origin, signal) => {
          const refusal = environment.rules.host(endpoint.host);
          if (refusal) throw new HallwayError(refusal.code, refusal.params);
          const options = {
            endpoint,
            webHost: origin.host,
            domain,
            to: domainOf(address),
            tls: tls(endpoint.host),
            lookup,
            tunnel: environment.tunnel,
            revocation: environment.revocation,
            signal,
          };
          return endpoint.transport === "websocket"
            ? (await webSockets()).connectWebSocketTransport(options)
            : connectTcpTransport(options);
        },
      });
    },
  };
}
