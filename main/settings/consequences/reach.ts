import { settingKeys } from "../../../shared/settings/declaration.ts";
import { namedByAny } from "../../addressing/domains.ts";
import { certificatesOf } from "../certificate-check.ts";
import { nearest } from "../nearest.ts";
import { type Consequence, type ConsequenceRule, error, type PolicyInForce, warning } from "./consequence.ts";

/** People that can be reached, over what, and what the person may set. */
export const reach: ConsequenceRule = (inForce, now) => [
  ...peopleOf(inForce),
  ...connectionsOf(inForce, now),
  ...restOf(inForce),
];

function peopleOf(inForce: PolicyInForce): readonly Consequence[] {
  const [allowed, blocked, mode] = [
    inForce.get("AllowedDomains"),
    inForce.get("BlockedDomains"),
    inForce.get("FederationMode"),
  ];
  const found: Consequence[] = allowed
    .filter((domain) => namedByAny(blocked, domain.replace(/^\*\./, "any.")))
    .slice(0, 20)
    .map((domain) => error("AllowedDomains", "allowed-and-blocked", { domain }));
  if (mode === "list" && allowed.length === 0) found.push(warning("FederationMode", "list-empty"));
  if (mode === "list" && allowed.includes("*")) found.push(warning("AllowedDomains", "list-everyone"));
  if (mode === "open" && allowed.length > 0 && !needsInside(inForce))
    found.push(warning("AllowedDomains", "allowed-open"));
  if (inForce.get("E2eeMode") === "required") found.push(error("E2eeMode", "end-to-end"));
  return found;
}

/** Whether any other setting asks who is inside, which AllowedDomains says too. */
function needsInside(inForce: PolicyInForce): boolean {
  const scopes = [
    inForce.get("HistoryScope"),
    inForce.get("ArchiveScope"),
    ...inForce.get("ContentRules").map(({ audience }) => audience),
  ];
  return (
    inForce.get("HistoryRetentionExternalDays") > 0 ||
    scopes.some((scope) => scope === "internal" || scope === "external")
  );
}

function connectionsOf(inForce: PolicyInForce, now: number): readonly Consequence[] {
  const found: Consequence[] = [];
  const proxy = inForce.get("ProxySettings");
  if (proxy.mode === "fixed" && proxy.bypass?.includes("*")) found.push(error("ProxySettings", "bypass-all"));
  for (const key of [
    "AdditionalTrustAnchors",
    "KeyEscrowCertificate",
    "ArchiveDestination",
    "AuditSyslogServer",
    "ProvisionedAccounts",
  ] as const) {
    const all = certificatesOf(key, inForce.get(key));
    for (const { path, certificate } of all) {
      if (!certificate) continue;
      const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
      if (to < now) found.push(error(key, "certificate-expired", { path, date: new Date(to).toISOString() }));
      if (from > now) found.push(error(key, "certificate-early", { path, date: new Date(from).toISOString() }));
      // A chain has to end in a certificate that issued itself; the recipient of an escrow ends none.
      const issued = !all.some((other) => other.certificate?.subject === certificate.issuer);
      if (issued && key !== "KeyEscrowCertificate")
        found.push(warning(key, "certificate-issued", { path, issuer: certificate.issuer.replaceAll("\n", ", ") }));
    }
  }
  for (const { host } of inForce.get("CertificatePins"))
    if (
      host !== "*" &&
      !namedByAny(inForce.get("AllowedServers"), host.replace(/^\*\./, "any.")) &&
      !isAccountDomain(inForce, host)
    )
      found.push(warning("CertificatePins", "pin-unused", { host }));
  return found;
}

/** A pin may also name the domain of an account. */
function isAccountDomain(inForce: PolicyInForce, host: string): boolean {
  return (
    inForce.names("AllowedAccountDomains") &&
    namedByAny(inForce.get("AllowedAccountDomains"), host.replace(/^\*\./, "any."))
  );
}

function restOf(inForce: PolicyInForce): readonly Consequence[] {
  const found: Consequence[] = [];
  for (const name of inForce.get("LockedPreferences")) {
    if (name === "*" || settingKeys.some((key) => key === name)) continue;
    const suggestion = nearest(name, settingKeys);
    found.push(
      error("LockedPreferences", "unknown-setting", { name, ...(suggestion === undefined ? {} : { suggestion }) }),
    );
  }
  if (inForce.get("FileScannerRequired") && inForce.get("FileScanner") === null)
    found.push(error("FileScannerRequired", "no-scanner"));
  return found;
}
