import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { createLinuxFiles } from "../settings/sources/linux-files.ts";
import { policyCommand } from "./policy.ts";
import { usePolicyFolder } from "./policy-folder.test-helper.ts";

/** Of an authority below "Example root", in base64 DER. */
const issuedCertificate =
  "MIIBKjCB0AIUOJNhmW8t80N3zlorTdCeTpA4zjQwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMRXhhbXBsZSByb290MCAXDTI2MTEyOTIwMTIxNloYDzIxMjUwNjIzMjAxMjE2WjAWMRQwEgYDVQQDDAtFeGFtcGxlIHN1YjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD8a2taP4C76zdbDwKx/AY/hOyNLW0AVtmn8M0PFpAdgNUSzZjWdpkcIfgi9YSskpXJBez14BRPuc0drNkiXuoowCgYIKoZIzj0EAwIDSQAwRgIhAO+Id/u37d4eLn2/Nb6BjoVOba2ToXRAb1s0SM9bv4cmAiEAmnHIwXhp6+iPMpZXXo/gKgsdRF/TlT7RQQIwOh9KuMo=";

const policies = usePolicyFolder();
const { run, put } = policies;

describe("what a policy says and does not do", () => {
  const old = "2000-01-01";
  it.each<readonly [string, object, string]>([
    ["no way to sign in", { AuthMethods: ["EXTERNAL"] }, "Valid: at least one of SCRAM-SHA-"],
    [
      "a provisioned account without a way",
      {
        AuthMethods: ["DIGEST-SHA-256"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "a@b.example" }],
      },
      "for xmpp",
    ],
    ["no protocol", { AllowedProtocols: [] }, "such as xmpp, simple"],
    ["no server", { AllowedServers: [] }, "no account can connect"],
    ["no domain", { AllowedAccountDomains: [] }, "no account can connect"],
    ["an archive that is required and nowhere", { ArchiveRequired: true }, "ArchiveDestination is not set"],
    ["an archive that is nowhere", { ArchiveScope: "all" }, "ArchiveDestination is not set"],
    ["an archive of nothing", { ArchiveDestination: { type: "folder", path: "/a" } }, "ArchiveScope covers no chats"],
    [
      "days of keeping where nothing is kept",
      { HistoryMode: "off", HistoryMinimumDays: 30 },
      "does not keep what HistoryMinimumDays requires",
    ],
    ["days of keeping in memory", { HistoryMode: "memory", HistoryMinimumDays: 30 }, "Valid: encrypted"],
    [
      "a hold where nothing is kept",
      { HistoryMode: "off", LegalHoldSubjects: [{ type: "everything", matter: "m" }] },
      "LegalHoldSubjects requires",
    ],
    [
      "a minimum over the retention",
      { HistoryRetentionDays: 30, HistoryMinimumDays: 90 },
      "HistoryMinimumDays keeps messages for 90",
    ],
    [
      "a minimum over the retention outside",
      { HistoryRetentionExternalDays: 30, HistoryMinimumDays: 90 },
      "HistoryRetentionExternalDays",
    ],
    [
      "an account of another domain",
      {
        AllowedAccountDomains: ["a.example"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "${user}@b.example" }],
      },
      "a domain among: a.example",
    ],
    [
      "an account of another protocol",
      {
        AllowedProtocols: ["simple"],
        ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "${user}@b.example" }],
      },
      "AllowedProtocols does not allow xmpp",
    ],
    [
      "an account on another server",
      {
        AllowedServers: ["a.example"],
        ProvisionedAccounts: [
          { name: "a", protocol: "xmpp", address: "${user}@b.example", server: { host: "b.example" } },
        ],
      },
      "AllowedServers does not allow b.example",
    ],
    [
      "an account with an unknown gap",
      { ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address: "%USERNAME%@b.example" }] },
      "%USERNAME% is not known, so this account cannot be created. Valid: ${user}, ${email}",
    ],
    [
      "an account that is set up twice",
      { ProvisionedAccounts: ["a", "b"].map((name) => ({ name, protocol: "xmpp", address: "${user}@b.example" })) },
      "another entry sets up ${user}@b.example too",
    ],
    [
      "an account that is set up twice, in other letters",
      {
        ProvisionedAccounts: ["A@bücher.example", "a@xn--bcher-kva.Example"].map((address, n) => ({
          name: `n${n}`,
          protocol: "xmpp",
          address,
        })),
      },
      "another entry sets up a@xn--bcher-kva.Example too",
    ],
    ...["a:b@c.example", "alice@example..com", "«user»@c.example"].map((address): readonly [string, object, string] => [
      `an account at ${address}, which nobody can have`,
      { ProvisionedAccounts: [{ name: "a", protocol: "xmpp", address }] },
      `${address} is no address`,
    ]),
    [
      "an account over a transport of the other network",
      {
        ProvisionedAccounts: [
          { name: "a", protocol: "simple", address: "a@b.example", server: { host: "b.example", transport: "udp" } },
        ],
      },
      "simple does not use udp. Valid: one of: tls, websocket",
    ],
    [
      "an archive on servers that have none",
      {
        ServerArchiveMode: "require",
        ProvisionedAccounts: [{ name: "a", protocol: "simple", address: "a@b.example" }],
      },
      "so a@b.example never signs in",
    ],
    [
      "an archive on servers that have none, where no others are allowed",
      { ServerArchiveMode: "require", AllowedProtocols: ["simple"] },
      "so SIMPLE never signs in",
    ],
    ...[
      "xmpp:a@b.example",
      "SIP:a@b.example",
      "*@b.example",
      "a@*.b.example",
      "${user}@b.example",
      "a@b.example/phone",
    ].map((address): readonly [string, object, string] => [
      `a hold of ${address}, which is nobody`,
      { LegalHoldSubjects: [{ type: "address", matter: "m", address }] },
      "an entry of type domain",
    ]),
    [
      "an audit log that is sent and not written",
      { AuditHashChainEnabled: false, AuditSyslogServer: { host: "a.example" } },
      "No audit log is written",
    ],
    ["an audit log of nothing", { AuditEvents: [], AuditSyslogServer: { host: "a.example" } }, "at least one event"],
    ["encryption that is not there", { E2eeMode: "required" }, "nothing at all is sent"],
    [
      "a domain in both lists",
      { AllowedDomains: ["x.bad.example"], BlockedDomains: ["*.bad.example"] },
      "BlockedDomains blocks x.bad.example",
    ],
    [
      "a proxy for nobody",
      { ProxySettings: { mode: "fixed", url: "http://p.example:1", bypass: ["*"] } },
      "Every host bypasses the proxy",
    ],
    ["a lock on no setting", { LockedPreferences: ["HistoryMod"] }, "Did you mean HistoryMode?"],
    ["no scanner", { FileScannerRequired: true }, "FileScanner is not set"],
    [
      "an expression that is found everywhere",
      { ContentRules: [{ name: "x", pattern: "a*", action: "block" }] },
      "matches every message",
    ],
    [
      "an expression that nothing can run",
      { ContentRules: [{ name: "x", pattern: "(?=a)", action: "block" }] },
      "Valid: an RE2 expression",
    ],
    [
      "a word of nothing",
      { ContentRules: [{ name: "x", keywords: ["Kestrel", " \u200b "], action: "block" }] },
      "ContentRules[0].keywords[1]",
    ],
    [
      "a hold that ends before it begins",
      { LegalHoldSubjects: [{ type: "everything", matter: "m", from: "2026-06-30", to: old }] },
      '"type":"everything"',
    ],
    [
      "a day that is in no calendar",
      { LegalHoldSubjects: [{ type: "everything", matter: "m", from: "2026-02-30" }] },
      "a date such as",
    ],
    ["a domain with a scheme", { AllowedDomains: ["https://a.example"] }, "without a scheme, port, path or final dot"],
    ["a domain with a port", { AllowedServers: ["a.example:5222"] }, "without a scheme, port, path or final dot"],
    ["a domain with a dot at its end", { BlockedDomains: ["a.example."] }, "without a scheme, port, path or final dot"],
    ["a number that is out of range", { HistoryMinimumDays: 40_000 }, "a whole number from 0 to 36500"],
    ["a word that is not there", { HistoryMode: "sometimes" }, '"encrypted", "memory", "off"'],
    ["a certificate that is none", { AdditionalTrustAnchors: ["MAMCAQE="] }, "Valid: certificates in PEM"],
  ])("is an error of check and of show: %s", async (_, policy, words) => {
    const path = await put("managed/a.json", JSON.stringify(policy));
    const checked = await run(["check", path]);
    expect(checked.status, checked.out).toBe(1);
    expect(checked.out).toContain(words);
    expect(checked.out.split("\n").filter((line) => line.includes(" error: "))).not.toEqual([]);
    // Every error says what would be valid.
    for (const line of checked.out.split("\n").filter((one) => one.includes(" error: ")))
      expect(line).toContain("Valid: ");
    expect((await run(["show"])).status).toBe(1);
    expect((await run(["check", path], "fr")).out).toMatch(/Valable\s:/);
  });

  it.each<readonly [string, object, string]>([
    ["nobody can have an account", { AccountManagementEnabled: false }, "ProvisionedAccounts sets up none"],
    [
      "a way that is not there among others",
      { AuthMethods: ["EXTERNAL", "PLAIN", "DIGEST-MD5"] },
      "This version does not support EXTERNAL",
    ],
    ["a list of nobody", { FederationMode: "list" }, "AllowedDomains is empty"],
    ["a list of everyone", { FederationMode: "list", AllowedDomains: ["a.example", "*"] }, "the same as open"],
    ["domains that are allowed where all are", { AllowedDomains: ["a.example"] }, "set FederationMode to list"],
    [
      "an authority that another one vouches for",
      { AdditionalTrustAnchors: [issuedCertificate] },
      "CN=Example root issued this certificate",
    ],
    [
      "a pin that is never used",
      { AllowedServers: ["a.example"], CertificatePins: [{ host: "b.example", keys: [`${"A".repeat(43)}=`] }] },
      "never used",
    ],
    ["days of keeping that the person may avoid", { HistoryMinimumDays: 30 }, "set HistoryMode to encrypted"],
    [
      "a hold of more than is kept",
      { HistoryMode: "encrypted", HistoryScope: "internal", LegalHoldSubjects: [{ type: "everything", matter: "m" }] },
      "Other chats are not held",
    ],
    [
      "an anchor in the middle",
      { ContentRules: [{ name: "x", pattern: "a$b", action: "block" }] },
      "an anchor in the middle",
    ],
  ])("may be meant, so that it is a warning: %s", async (_, policy, words) => {
    const path = await put("managed/a.json", JSON.stringify(policy));
    const { status, out } = await run(["check", path]);
    expect([status, out]).toEqual([0, expect.stringContaining(words)]);
    expect(out).toContain(" warning: ");
    const shown = await run(["show"]);
    expect([shown.status, shown.out]).toEqual([0, expect.stringContaining(words)]);
  });

  it("is nothing in the sample that comes with Hallway", async () => {
    const path = fileURLToPath(new URL("../../build/policy/linux/hallway.json", import.meta.url));
    const { status, out } = await run(["check", path]);
    expect(out).not.toContain(" warning: ");
    expect(status, out).toBe(0);
  });

  it("is told of accounts that cannot be made for this person", async () => {
    await put("managed/a.json", '{"ProvisionedAccounts": [{"name": "a", "protocol": "xmpp", "address": "${email}"}]}');
    const source = createLinuxFiles({
      folder: join(policies.path, "policies"),
      declarations: settings,
      owner: process.getuid?.() ?? 0,
    });
    const show = (args: readonly string[], email?: string) =>
      policyCommand(["show", ...args], { source, locale: "en", person: { user: "alice", email } });
    expect(await show([])).toMatchObject({
      status: 1,
      out: expect.stringContaining("the value of ${email} is not known"),
    });
    expect(JSON.parse((await show(["--json"])).out)).toMatchObject({
      incompleteAccounts: [{ name: "a", gap: "${email}" }],
    });
    expect(await show([], "alice@example.com")).toMatchObject({ status: 0 });
  });
});
