import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { type SettingKey, settingGroups, settingKeys, settings } from "./declaration.ts";
import type { SettingDeclaration } from "./declare.ts";

const all = settingKeys.map((key): readonly [SettingKey, SettingDeclaration] => [key, settings[key]]);

/** Where in a value of this setting the schema finds the first thing wrong; undefined: nothing. */
function wrongAt(key: SettingKey, value: unknown): string | undefined {
  const parsed = v.safeParse(settings[key].schema, value);
  return parsed.success ? undefined : (v.getDotPath(parsed.issues[0]) ?? "");
}

describe("every setting", () => {
  it("is declared in one group, under the name that its words and templates take", () => {
    expect(
      Object.values(settingGroups)
        .flatMap((group) => Object.keys(group))
        .sort(),
    ).toEqual([...settingKeys].sort());
    for (const key of settingKeys) expect(key).toMatch(/^[A-Z][A-Za-z0-9]{2,40}$/);
  });

  it("has a default, a restricted value and an example that its own schema accepts as they are", () => {
    for (const [key, { schema, default: standard, restricted, example }] of all) {
      for (const value of [standard, restricted, example])
        expect(v.safeParse(schema, value), key).toMatchObject({ success: true, output: value });
    }
  });

  it("survives JSON, the registry and a property list: no value in it that these do not have", () => {
    for (const [key, { default: standard, restricted, example }] of all) {
      for (const value of [standard, restricted, example])
        expect(JSON.parse(JSON.stringify(value)), key).toEqual(value);
    }
  });

  it("says its kind as its schema has it", () => {
    for (const [key, { kind, schema }] of all) {
      const takes = (value: unknown): boolean => v.is(schema, value);
      if (kind.type === "boolean") expect([true, false, 1, "true"].map(takes), key).toEqual([true, true, false, false]);
      if (kind.type === "choice")
        expect([...kind.options, "other"].map(takes), key).toEqual([...kind.options.map(() => true), false]);
      if (kind.type === "integer")
        expect([kind.min - 1, kind.min, kind.max, kind.max + 1, kind.min + 0.5].map(takes), key).toEqual([
          false,
          true,
          true,
          false,
          false,
        ]);
      if (kind.type === "text") expect(takes("x".repeat(kind.maxLength + 1)), key).toBe(false);
      if (kind.type === "list" && kind.options)
        expect([[...kind.options], ["other"]].map(takes), key).toEqual([true, false]);
      if (kind.type === "structure")
        expect([1, true, "text", undefined].map(takes), key).toEqual([false, false, false, false]);
    }
  });

  it("is bounded", () => {
    for (const [key, { kind, schema, example }] of all) {
      if (Array.isArray(example)) expect(v.is(schema, Array(10_001).fill(example[0])), key).toBe(false);
      if (kind.type === "list") expect(v.is(schema, ["x".repeat(30_000)]), key).toBe(false);
    }
  });

  it("may only be tightened where a tighter end is known", () => {
    for (const [key, { kind, tighten, group, restricted }] of all.filter(([, declaration]) => declaration.tighten)) {
      expect(tighten, key).toBe(true);
      expect(["boolean", "choice"], key).toContain(kind.type);
      if (kind.type === "choice") expect(restricted, key).toBe(kind.options.at(-1));
      expect(group, key).toBeUndefined();
    }
  });

  it("is decided by the person or by policy; a recommendation is for what the person may choose", () => {
    for (const [key, { user, policy }] of all) {
      if (policy === "none" || policy === "mandatory-and-recommended") expect(user, key).toBe(true);
    }
  });
});

describe("values with structure", () => {
  it("name the place of a bad entry", () => {
    const rule = settings.ContentRules.example[0];
    expect(wrongAt("ContentRules", [rule, rule, { name: "x", action: "block", pattern: 7 }])).toBe("2.pattern");
    expect(wrongAt("ContentRules", [{ ...rule, action: "shout" }])).toBe("0.action");
    expect(wrongAt("ContentRules", [rule, { name: "none of the three", action: "block" }])).toBe("1");
    expect(wrongAt("ContentRules", [{ ...rule, keywords: ["two of the three"] }])).toBe("0");
    expect(wrongAt("ProvisionedAccounts", [{ name: "a", protocol: "xmpp", address: "no address" }])).toBe("0.address");
    expect(
      wrongAt("ProvisionedAccounts", [
        { name: "a", protocol: "xmpp", address: "${user}@x.example", server: { port: 0 } },
      ]),
    ).toBe("0.server.port");
    expect(
      wrongAt("ProvisionedAccounts", [{ name: "a", protocol: "xmpp", address: "a@x.example", password: "p" }]),
    ).toBe("0.password");
    expect(wrongAt("CertificatePins", [{ host: "a.example", keys: ["short"] }])).toBe("0.keys.0");
    expect(wrongAt("AdditionalTrustAnchors", ["not a certificate"])).toBe("0");
    expect(wrongAt("LegalHoldSubjects", [{ type: "domain", matter: "m", domain: "a b" }])).toBe("0.domain");
    expect(wrongAt("LegalHoldSubjects", [{ type: "everything", matter: "m", from: "2026-13-41" }])).toBe("0.from");
    expect(wrongAt("ArchiveDestination", { type: "fax", number: 1 })).toBe("type");
    expect(wrongAt("FileScanner", { type: "command", path: "scan.sh" })).toBe("path");
    expect(wrongAt("DirectoryServers", [{ name: "n", url: "ldap://plain.example", base: "" }])).toBe("0.url");
    expect(wrongAt("ProxySettings", { mode: "fixed", url: "http://name:password@proxy.example" })).toBe("url");
  });

  it("do not take two accounts of one name, or a word twice", () => {
    const account = { name: "work", protocol: "xmpp", address: "${email}" };
    expect(wrongAt("ProvisionedAccounts", [account])).toBeUndefined();
    expect(wrongAt("ProvisionedAccounts", [account, account])).toBe("1");
    expect(wrongAt("AllowedProtocols", ["xmpp", "xmpp"])).toBe("1");
  });

  const addresses = [
    "192.0.2.1",
    "::1",
    "[::1]",
    "2001:DB8::1",
    "[2001:db8:0:0:0:0:0:1]",
    "::ffff:192.0.2.1",
    "fe80::1%eth0",
  ];
  it.each(addresses)("take the host %j", (host) => {
    expect(wrongAt("AllowedServers", [host])).toBeUndefined();
    expect(wrongAt("CertificatePins", [{ ...settings.CertificatePins.example[0], host }])).toBeUndefined();
    expect(wrongAt("ProxySettings", { mode: "fixed", url: "http://[::1]:3128", bypass: [host] })).toBeUndefined();
    expect(
      wrongAt("ProvisionedAccounts", [{ name: "a", protocol: "xmpp", address: "a@x.example", server: { host } }]),
    ).toBeUndefined();
  });

  it.each(["*", "example.com", "*.example.com", "bücher.example", "xn--bcher-kva.example", "localhost"])(
    "take the domain %j",
    (domain) => {
      expect(wrongAt("AllowedDomains", [domain])).toBeUndefined();
    },
  );

  it.each([
    "",
    "*.",
    "a*.example",
    "*.*.example",
    ".example",
    "a..b",
    "-a.example",
    "a.example.",
    "a@b",
    "http://a",
    "a b",
    "a.example:5222",
    "abc:5222",
    "192.0.2.1:5222",
    "*.::1",
    `${"a".repeat(64)}.example`,
  ])("do not take the domain %j", (domain) => {
    expect(wrongAt("AllowedDomains", [domain])).toBe("0");
  });

  it("restrict to the safe end: what cannot be read lets nothing through and deletes nothing", () => {
    expect(settings.ContentRules.restricted).toMatchObject([
      { detector: "everything", action: "block", direction: "both", audience: "all" },
    ]);
    expect(settings.LegalHoldSubjects.restricted).toMatchObject([{ type: "everything" }]);
    expect(settings.BlockedDomains.restricted).toEqual(["*"]);
    expect(settings.CertificatePins.restricted.map((pin) => pin.host)).toEqual(["*"]);
    expect([
      settings.AllowedServers.restricted,
      settings.AllowedProtocols.restricted,
      settings.AuthMethods.restricted,
    ]).toEqual([[], [], []]);
    expect([
      settings.HistoryRetentionDays.restricted,
      settings.FileMaxKb.restricted,
      settings.PolicyRequired.restricted,
    ]).toEqual([0, 0, true]);
  });
});
