import type { Protocol } from "../../../shared/model/account.ts";
import { domainOf } from "../../../shared/model/address.ts";
import { settings } from "../../../shared/settings/declaration.ts";
import { namedByAny } from "../../addressing/domains.ts";
import { knownGaps, unknownGaps } from "../provisioning.ts";
import { type Consequence, type ConsequenceRule, error, type PolicyInForce, warning } from "./consequence.ts";

/** SASL EXTERNAL, which this version does not have (no client certificates). */
const missing = "EXTERNAL";

/** Whether any account can sign in, and those that policy sets up. */
export const signingIn: ConsequenceRule = (inForce) => [...waysIn(inForce), ...accountsOf(inForce)];

function waysIn(inForce: PolicyInForce): readonly Consequence[] {
  const found: Consequence[] = [];
  for (const key of ["AllowedProtocols", "AllowedServers", "AllowedAccountDomains"] as const) {
    const valid = key === "AllowedProtocols" ? settings.AllowedProtocols.default.join(", ") : "*";
    if (inForce.get(key).length === 0) found.push(error(key, "nothing-allowed", { valid }));
  }
  const protocols = inForce.get("AllowedProtocols");
  // A policy that names accounts is about their protocols; else some allowed protocol must be left.
  const wanted = new Set(inForce.get("ProvisionedAccounts").map(({ protocol }) => protocol));
  const stuck = protocols.filter((protocol) => methodsFor(protocol, inForce.get("AuthMethods")).length === 0);
  for (const protocol of stuck)
    if (wanted.has(protocol) || stuck.length === protocols.length)
      found.push(
        error("AuthMethods", "no-method", {
          protocol,
          valid: methodsFor(protocol, settings.AuthMethods.default).join(", "),
        }),
      );
  if (inForce.names("AuthMethods") && inForce.get("AuthMethods").includes(missing))
    found.push(warning("AuthMethods", "method-missing", { value: missing }));
  if (!inForce.get("AccountManagementEnabled") && inForce.get("ProvisionedAccounts").length === 0)
    found.push(warning("AccountManagementEnabled", "no-accounts"));
  return found;
}

/** Digest algorithms are for SIP, the others for XMPP. */
function methodsFor(protocol: Protocol, methods: readonly string[]): readonly string[] {
  return methods.filter((method) => method !== missing && method.startsWith("DIGEST-") === (protocol === "simple"));
}

function accountsOf(inForce: PolicyInForce): readonly Consequence[] {
  return inForce.get("ProvisionedAccounts").flatMap((account, index, all) => {
    const { address, protocol, server } = account;
    const path = `ProvisionedAccounts[${index}]`;
    const found: Consequence[] = unknownGaps(account).map((gap) =>
      error("ProvisionedAccounts", "account-gap", { path, gap, valid: knownGaps.join(", ") }),
    );
    if (all.findIndex((other) => other.protocol === protocol && other.address === address) < index)
      found.push(error("ProvisionedAccounts", "account-twice", { path, address }));
    const domain = domainOf(address);
    const isKnown = address.includes("@") && !/[$%{}]/.test(domain);
    if (isKnown && !namedByAny(inForce.get("AllowedAccountDomains"), domain))
      found.push(
        error("ProvisionedAccounts", "account-domain", {
          path,
          domain,
          valid: inForce.get("AllowedAccountDomains").join(", "),
        }),
      );
    if (!inForce.get("AllowedProtocols").includes(protocol))
      found.push(
        error("ProvisionedAccounts", "account-protocol", {
          path,
          protocol,
          valid: inForce.get("AllowedProtocols").join(", "),
        }),
      );
    if (server?.host !== undefined && !namedByAny(inForce.get("AllowedServers"), server.host))
      found.push(
        error("ProvisionedAccounts", "account-server", {
          path,
          host: server.host,
          valid: inForce.get("AllowedServers").join(", "),
        }),
      );
    if (isKnown && inForce.names("BlockedDomains") && namedByAny(inForce.get("BlockedDomains"), domain))
      found.push(warning("BlockedDomains", "own-domain-blocked", { domain }));
    return found;
  });
}
