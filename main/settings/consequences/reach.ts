import { settingKeys } from "../../../shared/settings/declaration.ts";
import { namedByAny } from "../../enforcement/domains.ts";
import { certificatesOf } from "../certificate-check.ts";
import { nearest } from "../nearest.ts";
import { type Consequence, type ConsequenceRule, error, type PolicyFacts, warning } from "./consequence.ts";

/** Who can be reached, over what, and what the person may set. */
export const reach: ConsequenceRule = (facts, now) => [...peopleOf(facts), ...connectionsOf(facts, now), ...restOf(facts)];

function peopleOf(facts: PolicyFacts): readonly Consequence[] {
  const [allowed, blocked, mode] = [facts.get("AllowedDomains"), facts.get("BlockedDomains"), facts.get("FederationMode")];
  const found: Consequence[] = allowed
    .filter((domain) => namedByAny(blocked, domain.replace(/^\*\./, "any.")))
    .slice(0, 20)
    .map((domain) => error("AllowedDomains", "allowed-and-blocked", { domain }));
  if (mode === "list" && allowed.length === 0) found.push(warning("FederationMode", "list-empty"));
  if (facts.get("E2eeMode") === "required") found.push(error("E2eeMode", "end-to-end"));
  return found;
}

function connectionsOf(facts: PolicyFacts, now: number): readonly Consequence[] {
  const found: Consequence[] = [];
  const proxy = facts.get("ProxySettings");
  if (proxy.mode === "fixed" && proxy.bypass?.includes("*")) found.push(error("ProxySettings", "bypass-all"));
  for (const key of ["AdditionalTrustAnchors", "KeyEscrowCertificate", "ArchiveDestination", "AuditSyslogServer", "ProvisionedAccounts"] as const) {
    for (const { path, certificate } of certificatesOf(key, facts.get(key))) {
      if (!certificate) continue;
      const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
      if (to < now) found.push(error(key, "certificate-expired", { path, date: new Date(to).toISOString() }));
      if (from > now) found.push(error(key, "certificate-early", { path, date: new Date(from).toISOString() }));
    }
  }
  for (const { host } of facts.get("CertificatePins"))
    if (host !== "*" && !namedByAny(facts.get("AllowedServers"), host.replace(/^\*\./, "any.")) && !isAccountDomain(facts, host))
      found.push(warning("CertificatePins", "pin-unused", { host }));
  return found;
}

/** A pin may also name the domain of an account. */
function isAccountDomain(facts: PolicyFacts, host: string): boolean {
  return facts.names("AllowedAccountDomains") && namedByAny(facts.get("AllowedAccountDomains"), host.replace(/^\*\./, "any."));
}

function restOf(facts: PolicyFacts): readonly Consequence[] {
  const found: Consequence[] = [];
  for (const name of facts.get("LockedPreferences")) {
    if (name === "*" || settingKeys.some((key) => key === name)) continue;
    const suggestion = nearest(name, settingKeys);
    found.push(error("LockedPreferences", "unknown-setting", { name, ...(suggestion === undefined ? {} : { suggestion }) }));
  }
  if (facts.get("FileScannerRequired") && facts.get("FileScanner") === null) found.push(error("FileScannerRequired", "no-scanner"));
  return found;
}
