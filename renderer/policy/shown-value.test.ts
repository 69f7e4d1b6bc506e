import { expect, it } from "vitest";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import { createWords } from "../../shared/words/words.ts";
import { shownValue } from "./shown-value.ts";

const words = createWords("en");

it.each<[SettingKey, unknown, string]>([
  ["ArchiveScope", "all", "All"],
  ["ArchiveRequired", true, "Yes"],
  ["ArchiveDestination", null, "Empty"],
  ["ArchiveDestination", { type: "folder", path: "/srv/archive" }, "/srv/archive"],
  ["ArchiveDestination", { type: "syslog", host: "archive.example.com", port: 6514 }, "archive.example.com:6514"],
  ["ArchiveDestination", { type: "https", url: "https://archive.example.com/in" }, "https://archive.example.com/in"],
  ["AuditSyslogServer", { host: "audit.example.com" }, "audit.example.com"],
  ["ComplianceNotice", { version: "1", en: "Recorded.", fr: "Enregistré." }, "Recorded."],
  ["LegalHoldSubjects", [{ type: "everything", matter: "Case 7" }], "1 entry"],
  ["AllowedDomains", ["a.example", "b.example"], "a.example, b.example"],
  ["AllowedDomains", [], "Empty"],
  // Not of its kind: as IT wrote it.
  ["ArchiveDestination", { type: "ftp", server: "x" }, '{"type":"ftp","server":"x"}'],
])("%s %j reads %j", (key, value, shown) => {
  expect(shownValue(key, value, words)).toBe(shown);
});

it("is bounded, whatever stands in a policy", () => {
  expect(shownValue("ArchiveDestination", { type: "folder", path: "/x".repeat(5_000) }, words)).toHaveLength(2_000);
});
