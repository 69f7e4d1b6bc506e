import type { ErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig, Protocol } from "../../shared/model/account.ts";
import { domainOf } from "../../shared/model/address.ts";
import { type SettingKey, type SettingValue, settings } from "../../shared/settings/declaration.ts";
import { policyProtocols } from "../../shared/settings/protocols.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { namedByAny } from "../addressing/domains.ts";
import type { ConnectionRules } from "../networks/connection-rules.ts";
import type { Proof, SignedIn } from "../networks/network.ts";

/**
 * Rules about what may be connected to, by which account, and how: asked before every connection and again of every one
 * that is open.
 */
export interface AccountRules {
  /**
   * Why this account may not be connected, or may not stay so; undefined: it may. `standing`: the connection that it
   * has. The error is always `blocked-by-policy` with the setting that says so.
   */
  refusal(
    account: Pick<AccountConfig, "protocol" | "address" | "server" | "provisioned">,
    current: SignedIn | undefined,
  ): ErrorInfo | undefined;
  /** Rules that the networks ask while they connect. */
  readonly connecting: ConnectionRules;
}

/** The refusal that a setting makes; `params` fill the gaps of its sentence. */
export function blocked(setting: SettingKey, params: Readonly<Record<string, string | number>> = {}): ErrorInfo {
  return { code: "blocked-by-policy", params: { setting, ...params } };
}

/** `required`: why nothing may connect at all; asked first. */
export function createAccountRules(get: ReadSetting, required: () => ErrorInfo | undefined): AccountRules {
  const connecting: ConnectionRules = {
    host: (host) => (namedByAny(get("AllowedServers"), host) ? undefined : blocked("AllowedServers", { host })),
    // Every entry that names the server has its say, so that a broad rule is not undone by a narrow one.
    key: (hosts, key) =>
      get("CertificatePins").every(
        (entry) =>
          !hosts.some((host) => namedByAny([entry.host], host)) || (key !== undefined && entry.keys.includes(key)),
      ),
    method: (method) => get("AuthMethods").some((allowed) => allowed === method),
    archive: () => get("ServerArchiveMode"),
    proxy: () => JSON.stringify(get("ProxySettings")),
    gateways: () => get("GatewaysEnabled"),
    audience: () => get("PresenceSharing"),
    hiding: () => get("HarvestDefenseEnabled"),
  };

  /** The tests that only a connection that stands can be put to. What it cannot say does not count in its favour. */
  function currentRefusal(
    { address }: Pick<AccountConfig, "address">,
    { endpoint, security, proof, archiving, audience }: SignedIn,
  ): ErrorInfo | undefined {
    const host = connecting.host(endpoint.host);
    if (host) return host;
    if (get("TlsMinVersion") === "1.3" && security !== "TLSv1.3")
      return blocked("TlsMinVersion", { host: endpoint.host });
    // Where nobody asked who we are, nothing was shown in a forbidden way; where the network cannot say, only "all may"
    // is met.
    const methods = settings.AuthMethods.default;
    if (proof ? proof.method !== undefined && !connecting.method(proof.method) : !methods.every(connecting.method))
      return blocked("AuthMethods", { host: endpoint.host });
    if (!connecting.key([endpoint.host, domainOf(address)], proof?.key))
      return blocked("CertificatePins", { host: endpoint.host });
    // A way out cannot be told from a connection; the settings that it was made under can.
    if (proof ? proof.proxy !== connecting.proxy() : !isDefault(get("ProxySettings")))
      return blocked("ProxySettings", { host: endpoint.host });
    if (!isAskedAbout(get("RevocationMode"), proof, security))
      return blocked("RevocationMode", { host: endpoint.host });
    const archive = connecting.archive();
    if ((archive === "require" && archiving !== "always") || (archive === "forbid" && archiving !== "never"))
      return blocked("ServerArchiveMode", { host: endpoint.host });
    if (connecting.audience() !== "contacts" || audience !== undefined) {
      if (audience !== connecting.audience()) return blocked("PresenceSharing", { host: endpoint.host });
    }
    const anchors = get("AdditionalTrustAnchors");
    if (proof?.anchors.some((anchor) => !anchors.includes(anchor)))
      return blocked("AdditionalTrustAnchors", { host: endpoint.host });
    return undefined;
  }

  return {
    connecting,
    refusal(account, current) {
      const { protocol, address, server, provisioned } = account;
      const domain = domainOf(address);
      const none = required();
      if (none) return none;
      if (get("ProxySettings").mode === "blocked") return blocked("ProxySettings");
      if (!isAllowed(protocol, get("AllowedProtocols"))) return blocked("AllowedProtocols");
      if (!namedByAny(get("AllowedAccountDomains"), domain)) return blocked("AllowedAccountDomains", { domain });
      // An authority that a person added is an exception to what the system trusts; one that IT wrote into a
      // provisioned account is not.
      if (server.caPem !== undefined && provisioned === undefined && !get("CertificateExceptionsEnabled"))
        return blocked("CertificateExceptionsEnabled");
      return current && currentRefusal(account, current);
    },
  };
}

function isDefault(proxy: SettingValue<"ProxySettings">): boolean {
  return proxy.mode === settings.ProxySettings.default.mode;
}

/**
 * Whether what is known of a connection's certificate is enough; in clear text there is none that could have been
 * revoked.
 */
function isAskedAbout(mode: "off" | "soft" | "hard", proof: Proof | undefined, security: string | undefined): boolean {
  if (mode === "hard") return proof?.revocation === "good";
  return mode === "off" || proof === undefined || security === undefined || proof.revocation !== "unchecked";
}

/** AllowedProtocols names the networks of the product; any other is allowed only where none of them is left out. */
function isAllowed(protocol: Protocol, allowed: readonly string[]): boolean {
  return allowed.includes(protocol) || policyProtocols.every((one) => one !== protocol && allowed.includes(one));
}
