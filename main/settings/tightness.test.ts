import { describe, expect, it } from "vitest";
import { type SettingKey, settings } from "../../shared/settings/declaration.ts";
import { isLooser } from "./tightness.ts";

const proxy = { mode: "fixed", url: "http://proxy.example:3128" };
const pins = settings.CertificatePins.example;

/** Values of a second file that would loosen what the first asks for. */
const looser: readonly (readonly [SettingKey, first: unknown, second: unknown])[] = [
  ["HistoryMinimumDays", 2555, 0],
  ["HistoryMinimumDays", 2555, 365],
  ["HistoryRetentionDays", 365, 0],
  ["HistoryRetentionExternalDays", 2555, 0],
  ["IdleLockMinutes", 5, 0],
  ["IdleLockMinutes", 5, 60],
  ["OutboundBurstLimit", 5, 5000],
  ["FileMaxKb", 100, 100_000],
  ["ComplianceNotice", settings.ComplianceNotice.example, null],
  ["AuditSyslogServer", settings.AuditSyslogServer.example, null],
  ["ProxySettings", proxy, { mode: "system" }],
  ["PolicyPublicKey", settings.PolicyPublicKey.example, ""],
  ["ServerArchiveMode", "require", "allow"],
  ["RevocationMode", "hard", "off"],
  ["LinkMode", "block", "open"],
  ["PolicyRequired", true, false],
  ["HistoryExportEnabled", false, true],
  ["CertificatePins", pins, []],
  ["BlockedDomains", ["bad.example"], []],
  ["AllowedServers", ["a.example"], ["a.example", "b.example"]],
  ["AuthMethods", ["SCRAM-SHA-256"], ["SCRAM-SHA-256", "PLAIN"]],
  ["AuditEvents", ["policy", "export"], ["policy"]],
  ["LockedPreferences", ["HistoryMode"], []],
];

describe("a later value", () => {
  it.each(looser)("of %s that asks for less than %j is looser: %j", (key, first, second) => {
    expect(isLooser(settings[key], second, first)).toBe(true);
    for (const same of [first, second]) expect(isLooser(settings[key], same, same)).toBe(false);
  });

  it.each<readonly [SettingKey, unknown, unknown]>([
    ["HistoryMinimumDays", 365, 2555],
    ["IdleLockMinutes", 60, 5],
    ["IdleLockMinutes", 0, 5],
    ["OutboundBurstLimit", 5000, 5],
    ["ComplianceNotice", null, settings.ComplianceNotice.example],
    ["ServerArchiveMode", "allow", "require"],
    ["HistoryExportEnabled", true, false],
    ["AllowedServers", ["a.example", "b.example"], ["a.example"]],
    ["HistoryMinimumDays", 2555, "none"],
    ["OutboundBurstLimit", 5, 1_000_000_000],
    ["ServerArchiveMode", "require", "none"],
    ["AllowedServers", ["a.example"], ["*", 3]],
  ])("of %s that asks for more than %j, or cannot be used, is not: %j", (key, first, second) => {
    expect(isLooser(settings[key], second, first)).toBe(false);
  });
});
