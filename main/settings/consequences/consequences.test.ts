import { describe, expect, it, onTestFinished } from "vitest";
import { settings as declarations } from "../../../shared/settings/declaration.ts";
import { policyTransports } from "../../../shared/settings/protocols.ts";
import { createTestAuthority } from "../../networks/revocation/testing/authority.ts";
import { simpleDescription } from "../../networks/simple/description.ts";
import { xmppDescription } from "../../networks/xmpp/description.ts";
import { resolveAll } from "../resolve.ts";
import type { PolicyValue } from "../sources/source.ts";
import { consequencesOf } from "./consequences.ts";

const account = { name: "a", protocol: "xmpp", address: "a@a.example" };
const hold = { type: "everything", matter: "m" };
const rule = { name: "x", action: "block" };
const folder = { type: "folder", path: "/a" };
const pin = `${"A".repeat(43)}=`;

function inForce(mandatory: object, recommended: object = {}): Parameters<typeof consequencesOf>[0] {
  const level = (values: object): Map<string, PolicyValue> =>
    new Map(Object.entries(values).map(([key, value]) => [key, { value, source: "/p.json" }]));
  return resolveAll(declarations, { mandatory: level(mandatory), recommended: level(recommended) }, new Map());
}

function said(mandatory: object, recommended: object = {}): readonly string[] {
  return consequencesOf(inForce(mandatory, recommended), Date.UTC(2026, 10, 29)).map(
    ({ key, id, severity }) => `${severity} ${key} ${id}`,
  );
}

describe("what follows from a policy", () => {
  it.each<readonly [string, object, readonly string[]]>([
    ["a minimum", { HistoryMode: "memory", HistoryMinimumDays: 1 }, ["error HistoryMode kept-nowhere"]],
    ["a hold by choice", { LegalHoldSubjects: [hold] }, ["warning LegalHoldSubjects kept-by-choice"]],
    [
      "a minimum and a hold by choice",
      { HistoryMinimumDays: 1, LegalHoldSubjects: [hold] },
      ["warning HistoryMinimumDays kept-by-choice"],
    ],
    [
      "a shorter retention",
      { HistoryMode: "encrypted", HistoryMinimumDays: 31, HistoryRetentionDays: 30 },
      ["error HistoryRetentionDays minimum-over-retention"],
    ],
    ["a required archive", { ArchiveRequired: true, ArchiveScope: "all" }, ["error ArchiveRequired archive-nowhere"]],
    ["a scope alone", { ArchiveScope: "external" }, ["error ArchiveScope archive-nowhere"]],
    ["a destination alone", { ArchiveDestination: folder }, ["error ArchiveDestination archive-nothing"]],
    [
      "two accounts",
      { ProvisionedAccounts: [account, { ...account, name: "b" }] },
      ["error ProvisionedAccounts account-twice"],
    ],
    [
      "the own domain",
      { BlockedDomains: ["a.example"], ProvisionedAccounts: [account] },
      ["warning BlockedDomains own-domain-blocked"],
    ],
    [
      "no method for SIP",
      { AuthMethods: ["PLAIN"], ProvisionedAccounts: [{ ...account, protocol: "simple" }] },
      ["error AuthMethods no-method"],
    ],
    [
      "an expression for all",
      { ContentRules: [{ ...rule, pattern: "a*" }] },
      ["error ContentRules pattern-everything"],
    ],
    [
      "a word of nothing",
      { ContentRules: [{ ...rule, keywords: ["a", "\u00AD"] }] },
      ["error ContentRules keyword-nothing"],
    ],
    ["no protocol", { AllowedProtocols: [], ServerArchiveMode: "require" }, ["error AllowedProtocols nothing-allowed"]],
    ["no server", { AllowedServers: [] }, ["error AllowedServers nothing-allowed"]],
    ["no domain of accounts", { AllowedAccountDomains: [] }, ["error AllowedAccountDomains nothing-allowed"]],
    ["no accounts", { AccountManagementEnabled: false }, ["warning AccountManagementEnabled no-accounts"]],
    [
      "a server's archive over SIP alone",
      { AllowedProtocols: ["simple"], ServerArchiveMode: "require" },
      ["error ServerArchiveMode archive-simple"],
    ],
    [
      "a server's archive for an account over SIP",
      { ServerArchiveMode: "require", ProvisionedAccounts: [account, { ...account, name: "b", protocol: "simple" }] },
      ["error ServerArchiveMode archive-simple"],
    ],
    [
      "a proxy that every host bypasses",
      { ProxySettings: { mode: "fixed", url: "http://p.example:1", bypass: ["a.example", "*"] } },
      ["error ProxySettings bypass-all"],
    ],
    ["a caret inside", { ContentRules: [{ ...rule, pattern: "a^b" }] }, ["warning ContentRules pattern-nothing"]],
  ])("is told of %s, and nothing else", (_, policy, expected) => {
    expect(said(policy)).toEqual(expected);
  });

  it.each<readonly [string, object]>([
    ["nothing at all", {}],
    ["a minimum in an encrypted history", { HistoryMode: "encrypted", HistoryMinimumDays: 30 }],
    ["a hold in an encrypted history", { HistoryMode: "encrypted", LegalHoldSubjects: [hold] }],
    ["no history where none is demanded", { HistoryMode: "off" }],
    [
      "a retention of the minimum",
      { HistoryMode: "encrypted", HistoryMinimumDays: 30, HistoryRetentionDays: 30, HistoryRetentionExternalDays: 30 },
    ],
    ["a retention for ever", { HistoryMode: "encrypted", HistoryMinimumDays: 30, HistoryRetentionDays: 0 }],
    ["a whole archive", { ArchiveRequired: true, ArchiveScope: "all", ArchiveDestination: folder }],
    ["an audit log that is sent", { AuditSyslogServer: { host: "a.example" } }],
    ["an audit log that nobody wants", { AuditHashChainEnabled: false }],
    ["a list of domains", { FederationMode: "list", AllowedDomains: ["a.example"] }],
    ["no federation", { FederationMode: "none", AllowedDomains: ["a.example"] }],
    ["domains that say who is inside", { AllowedDomains: ["a.example"], HistoryScope: "external" }],
    ["domains for an archive", { AllowedDomains: ["a.example"], ArchiveScope: "internal", ArchiveDestination: folder }],
    [
      "domains for a rule",
      { AllowedDomains: ["a.example"], ContentRules: [{ ...rule, pattern: "a", audience: "external" }] },
    ],
    ["domains for a retention", { AllowedDomains: ["a.example"], HistoryRetentionExternalDays: 30 }],
    [
      "a domain beside a blocked one",
      { FederationMode: "list", AllowedDomains: ["a.example"], BlockedDomains: ["*.a.example", "b.example"] },
    ],
    ["SIP alone", { AllowedProtocols: ["simple"] }],
    ["a server's archive where XMPP is allowed", { ServerArchiveMode: "require" }],
    ["a proxy of the system", { ProxySettings: { mode: "system" } }],
    ["encryption that may be", { E2eeMode: "preferred" }],
    [
      "a proxy with exceptions",
      { ProxySettings: { mode: "fixed", url: "http://p.example:1", bypass: ["*.a.example"] } },
    ],
    ["pins for every host", { AllowedServers: ["a.example"], CertificatePins: [{ host: "*", keys: [pin] }] }],
    ["a pin for a server", { AllowedServers: ["a.example"], CertificatePins: [{ host: "a.example", keys: [pin] }] }],
    [
      "a pin for an account's domain",
      {
        AllowedServers: ["a.example"],
        AllowedAccountDomains: ["b.example"],
        CertificatePins: [{ host: "b.example", keys: [pin] }],
      },
    ],
    ["locks on settings", { LockedPreferences: ["HistoryMode", "ReceiptsEnabled"] }],
    ["locks on all", { LockedPreferences: ["*"] }],
    ["one method for one protocol", { AuthMethods: ["SCRAM-SHA-256"], ProvisionedAccounts: [account] }],
    ["one method where another protocol has none", { AuthMethods: ["DIGEST-SHA-256"] }],
    ["no accounts but those of policy", { AccountManagementEnabled: false, ProvisionedAccounts: [account] }],
    [
      "two accounts at one address over two networks",
      { ProvisionedAccounts: [account, { ...account, name: "b", protocol: "simple" }] },
    ],
    ["two addresses", { ProvisionedAccounts: [account, { ...account, name: "b", address: "b@a.example" }] }],
    [
      "an account where all is allowed by name",
      {
        AllowedProtocols: ["xmpp"],
        AllowedAccountDomains: ["a.example"],
        AllowedServers: ["s.example"],
        BlockedDomains: ["b.example"],
        ProvisionedAccounts: [{ ...account, server: { host: "s.example" } }],
      },
    ],
    [
      "an address of which nobody knows the domain",
      { AllowedAccountDomains: ["a.example"], ProvisionedAccounts: [{ ...account, address: "${email}" }] },
    ],
    ["anchors at the ends", { ContentRules: [{ ...rule, pattern: "^a$|^(b)$" }] }],
    ["anchors of lines", { ContentRules: [{ ...rule, pattern: "(?m)a$b" }] }],
    ["what only looks like an anchor", { ContentRules: [{ ...rule, pattern: "a[$^]b\\$c\\^d[]$]e" }] }],
    ["words", { ContentRules: [{ ...rule, keywords: ["a b", "c"] }] }],
  ])("is nothing where there is %s", (_, policy) => {
    // Of a value that cannot be used nothing would be said either.
    expect([...inForce(policy).values()].flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(said(policy)).toEqual([]);
  });

  it("is told of recommendations too, which name a key as well", () => {
    expect(said({}, { HistoryMode: "encrypted" })).toEqual([]);
    expect(said({ HistoryMinimumDays: 30 }, { HistoryMode: "encrypted" })).toEqual([]);
    expect(said({ HistoryMinimumDays: 30 }, { HistoryMode: "memory" })).toEqual(["error HistoryMode kept-nowhere"]);
  });

  it("is not told of a key whose error has said it, nor while nobody knows what a part of the policy says", () => {
    expect(said({ ArchiveRequired: true, E2eeMode: "sometimes" })).toEqual(["error ArchiveRequired archive-nowhere"]);
    const mandatory = new Map<string, PolicyValue>([["ArchiveRequired", { value: true, source: "/p.json" }]]);
    const unread = resolveAll(declarations, { mandatory, recommended: new Map(), unread: "/q.json" }, new Map());
    expect(consequencesOf(unread, 0)).toEqual([]);
  });

  it("tells of a certificate before its time and after it, and of none within it", () => {
    const cert =
      "MIIBKjCB0AIUOJNhmW8t80N3zlorTdCeTpA4zjQwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRXhhbXBsZSByb290MCAXDTI2MTEyOTIwMTIxNloYDzIxMjUwNjIzMjAxMjE2WjAWMRQwEgYDVQQDDAtFeGFtcGxlIHN1YjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD8a2taP4C76zdbDwKx/AY/hOyNLW0AVtmn8M0PFpAdgNUSzZjWdpkcIfgi9YSskpXJBez14BRPuc0drNkiXuoowCgYIKoZIzj0EAwIDSQAwRgIhAO+Id/u37d4eLn2/Nb6BjoVOba2ToXRAb1s0SM9bv4cmAiEAmnHIwXhp6+iPMpZXXo/gKgsdRF/TlT7RQQIwOh9KuMo=";
    const [from, to] = [Date.UTC(2026, 10, 29, 20, 12, 16), Date.UTC(2125, 5, 23, 20, 12, 16)];
    const at = (now: number) =>
      consequencesOf(inForce({ AdditionalTrustAnchors: [cert] }), now).map(({ id, params }) => [id, params["date"]]);
    const issued = ["certificate-issued", undefined];
    expect([at(from), at(to)]).toEqual([[issued], [issued]]);
    expect(at(from - 1)).toEqual([["certificate-early", new Date(from).toISOString()], issued]);
    expect(at(to + 1)).toEqual([["certificate-expired", new Date(to).toISOString()], issued]);
  });

  it("asks of a certificate for the one that issued it, and of one that issued itself for nothing", () => {
    const authority = createTestAuthority();
    onTestFinished(() => authority.remove());
    const { root } = authority;
    const issued = authority.issue("a.example");
    const anchors = (...pems: readonly string[]) =>
      consequencesOf(inForce({ AdditionalTrustAnchors: pems }), Date.now()).map(({ id }) => id);
    expect([anchors(root.pem), anchors(issued.pem, root.pem)]).toEqual([[], []]);
    expect(anchors(issued.pem)).toEqual(["certificate-issued"]);
    // The recipient of an escrow ends no chain.
    expect(consequencesOf(inForce({ KeyEscrowCertificate: issued.pem }), Date.now())).toEqual([]);
  });

  it("fills the gaps of the sentence", () => {
    const params = (policy: object) => consequencesOf(inForce(policy), 0).map((one) => one.params);
    const path = "ProvisionedAccounts[0]";
    expect(params({ AllowedAccountDomains: ["b.example", "c.example"], ProvisionedAccounts: [account] })).toEqual([
      { path, domain: "a.example", valid: "b.example, c.example" },
    ]);
    expect(params({ AllowedProtocols: ["simple"], ProvisionedAccounts: [account] })).toEqual([
      { path, protocol: "xmpp", valid: "simple" },
    ]);
    expect(
      params({ AllowedServers: ["s.example"], ProvisionedAccounts: [{ ...account, server: { host: "t.example" } }] }),
    ).toEqual([{ path, host: "t.example", valid: "s.example" }]);
    expect(params({ HistoryMode: "off", HistoryMinimumDays: 1, LegalHoldSubjects: [hold] })).toEqual([
      { other: "HistoryMinimumDays, LegalHoldSubjects" },
    ]);
    expect(params({ AllowedProtocols: [] })).toEqual([{ valid: "xmpp, simple" }]);
    expect(params({ AllowedServers: [] })).toEqual([{ valid: "*" }]);
    expect(params({ AllowedProtocols: ["simple"], ServerArchiveMode: "require" })).toEqual([{ address: "SIMPLE" }]);
    expect(params({ ServerArchiveMode: "require", ProvisionedAccounts: [{ ...account, protocol: "simple" }] })).toEqual(
      [{ address: "a@a.example" }],
    );
    expect(params({ LockedPreferences: ["HistoryMod", "Nothing"] })).toEqual([
      { name: "HistoryMod", suggestion: "HistoryMode" },
      { name: "Nothing" },
    ]);
  });

  it("names twenty allowed domains that are blocked, and no more", () => {
    const domains = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `d${n}.example`);
    const listed = (count: number): number =>
      said({ FederationMode: "list", AllowedDomains: domains(count), BlockedDomains: ["*.example"] }).length;
    expect([listed(20), listed(21)]).toEqual([20, 20]);
  });

  it("knows the transports that the networks have", () => {
    expect(policyTransports).toEqual({
      xmpp: xmppDescription.transports,
      simple: simpleDescription.transports,
    });
  });
});
