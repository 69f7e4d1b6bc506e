import type { ErrorInfo } from "../../shared/errors.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";

/** Everybody on the contact list, those of them who are in a group of it, or nobody (setting PresenceSharing). */
export type Audience = SettingValue<"PresenceSharing">;

/** Rules of the organization, and for `audience` of the person, about connections; asked at each one. */
export interface ConnectionRules {
  /** Why nothing may be connected to on this host (policy AllowedServers). */
  host(host: string): ErrorInfo | undefined;
  /** May the server that goes by these names have this key (policy CertificatePins)? As `Proof.key`. */
  key(hosts: readonly string[], key: string | undefined): boolean;
  /** May we show who we are in this way (policy AuthMethods)? As `Proof.method`. */
  method(method: string): boolean;
  /** Must the server archive conversations, must it not, or is that as it is (policy ServerArchiveMode)? */
  archive(): "allow" | "require" | "forbid";
  /** The proxy settings in force (policy ProxySettings), as a text that is the same while they are. */
  proxy(): string;
  /** May we talk with people behind a gateway (policy GatewaysEnabled)? */
  gateways(): boolean;
  /** People who may see that we are here (setting PresenceSharing). */
  audience(): Audience;
  /** Is what strangers ask about our device answered as if nobody were here (policy HarvestDefenseEnabled)? */
  hiding(): boolean;
}

/** For whoever is under no policy: tests, peers, measurements. */
export const noRules: ConnectionRules = {
  host: () => undefined,
  key: () => true,
  method: () => true,
  archive: () => "allow",
  proxy: () => "",
  gateways: () => true,
  audience: () => "contacts",
  hiding: () => true,
};
