import type { TLSSocket } from "node:tls";
import { altNames, isForHost } from "./alt-names.ts";
import type { ConnectionRules } from "./connection-rules.ts";
import { type Destination, dial, type ServerProof } from "./dial.ts";
import type { NetworkEnvironment } from "./environment.ts";
import { trustAnchors } from "./server-trust.ts";

/** A server that is known by the name of its host, and what is asked of it. */
type HostTarget = Destination &
  Pick<ServerProof, "ca" | "minVersion" | "revocation" | "alpn"> & {
    /** May it have this key? Base64 SHA-256 of SPKI. */
    readonly mayHave: (host: string, key: string) => boolean;
  };

/** Connects to a server whose certificate is for its host (RFC 9525, RFC 9110 section 4.3.4). Errors: as `dial`. */
export async function dialHost(target: HostTarget, signal: AbortSignal): Promise<TLSSocket> {
  return (await dial(target, hostProof(target), signal)).socket;
}

function hostProof({ mayHave, ...target }: HostTarget): ServerProof {
  const host = target.host.replace(/^\[|\]$/g, "");
  return {
    ...target,
    host,
    asked: host,
    isNamed: (subjectAltName) => isForHost(altNames(subjectAltName), host),
    mayHave: (key) => mayHave(host, key),
  };
}

/** Means of reaching the organization's own servers under the rules for every connection. */
export type ServerReach = Pick<NetworkEnvironment, "dns" | "tunnel" | "revocation" | "extraTrust" | "minTlsVersion"> & {
  readonly rules: Pick<ConnectionRules, "key">;
};

/**
 * As `dialHost`, under the rules that are in force now (AdditionalTrustAnchors, CertificatePins, RevocationMode,
 * TlsMinVersion, ProxySettings). `authority`: PEM that is trusted there besides.
 */
export function reachServer(
  { host, port, authority }: { readonly host: string; readonly port: number; readonly authority: string | undefined },
  reach: ServerReach,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return dialHost(
    {
      host,
      port,
      ca: trustAnchors([...reach.extraTrust, ...(authority === undefined ? [] : [authority])]),
      minVersion: reach.minTlsVersion,
      mayHave: (name, key) => reach.rules.key([name], key),
      lookup: (name) => reach.dns.lookup(name),
      tunnel: reach.tunnel,
      revocation: reach.revocation,
    },
    signal,
  );
}
