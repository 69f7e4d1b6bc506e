import type { Protocol } from "../../../shared/model/account.ts";
import { domainOf } from "../../../shared/model/address.ts";
import { settings } from "../../../shared/settings/declaration.ts";
import { policyTransports } from "../../../shared/settings/protocols.ts";
import { namedByAny } from "../../addressing/domains.ts";
import { fillProvisioned, knownGaps, type SystemPerson, unknownGaps } from "../provisioning.ts";
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
  if (
    inForce.get("ServerArchiveMode") === "require" &&
    protocols.every((protocol) => protocol === "simple") &&
    protocols.length > 0 &&
    wanted.size === 0
  )
    found.push(error("ServerArchiveMode", "archive-simple", { address: "SIMPLE" }));
  if (!inForce.get("AccountManagementEnabled") && inForce.get("ProvisionedAccounts").length === 0)
    found.push(warning("AccountManagementEnabled", "no-accounts"));
  return found;
}

/** Digest algorithms are for SIP, the others for XMPP. */
function methodsFor(protocol: Protocol, methods: readonly string[]): readonly string[] {
  return methods.filter((method) => method !== missing && method.startsWith("DIGEST-") === (protocol === "simple"));
}

/** Somebody, to see whether an address becomes one once its gaps are filled. */
const anybody: SystemPerson = { user: "user", email: "user@example.com" };

function accountsOf(inForce: PolicyInForce): readonly Consequence[] {
  const accounts = inForce.get("ProvisionedAccounts");
  // Addresses are the same however they are written: in capitals, with A-labels.
  const filled = accounts.map((account) => fillProvisioned([account], anybody).accounts[0]?.address);
  return accounts.flatMap((account, index, all) => {
    const { address, protocol, server } = account;
    const path = `ProvisionedAccounts[${index}]`;
    const found: Consequence[] = unknownGaps(account).map((gap) =>
      error("ProvisionedAccounts", "account-gap", { path, gap, valid: knownGaps.join(", ") }),
    );
    if (filled[index] === undefined && found.length === 0)
      found.push(
        error("ProvisionedAccounts", "account-address", { path, address, valid: "${user}@example.com, ${email}" }),
      );
    const usable = policyTransports[protocol];
    if (server?.transport !== undefined && !usable.includes(server.transport))
      found.push(
        error("ProvisionedAccounts", "account-transport", {
          path,
          protocol,
          transport: server.transport,
          valid: usable.join(", "),
        }),
      );
    if (protocol === "simple" && inForce.get("ServerArchiveMode") === "require")
      found.push(error("ServerArchiveMode", "archive-simple", { address }));
    const same = (other: typeof account, at: number): boolean =>
      other.protocol === protocol && (filled[at] ?? other.address) === (filled[index] ?? address);
    if (all.findIndex(same) < index) found.push(error("ProvisionedAccounts", "account-twice", { path, address }));
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
