import { describe, expect, it } from "vitest";
import { settings } from "../../../shared/settings/declaration.ts";
import { resolveAll } from "../resolve.ts";
import { MergedLevel } from "./merge.ts";

/** Values in force after files that count one after the other, and the problems with them. */
function inForce(...files: readonly Readonly<Record<string, unknown>>[]) {
  const level = new MergedLevel("mandatory", settings);
  files.forEach((file, n) => {
    const entries = new Map(
      Object.entries(file).map(([key, value]) => [key, { value, source: `/${n}.json`, line: 1 }]),
    );
    level.add(entries);
  });
  const { values: mandatory, problems } = level;
  const resolved = resolveAll(settings, { mandatory, recommended: new Map() }, new Map());
  const values = (...keys: readonly string[]): readonly unknown[] => keys.map((key) => resolved.get(key)?.value);
  return { values, conflicts: problems.filter(({ kind }) => kind === "conflict").map(({ key }) => key) };
}

describe("a second policy file", () => {
  it.each([
    [
      { FederationMode: "list", BlockedDomains: ["bad.example"] },
      { AllowedDomains: ["partner.example"] },
      { FederationMode: "list", BlockedDomains: ["bad.example"], AllowedDomains: ["partner.example"] },
    ],
    [
      { ArchiveScope: "all", ArchiveRequired: true },
      { ArchiveDestination: { type: "folder", path: "/a" } },
      { ArchiveScope: "all", ArchiveRequired: true, ArchiveDestination: { type: "folder", path: "/a" } },
    ],
    [
      { ContentRules: settings.ContentRules.example },
      { ContentFailureMode: "allow" },
      { ContentRules: settings.ContentRules.example, ContentFailureMode: "allow" },
    ],
    [{ E2eeMode: "required" }, { E2eeMethods: ["smime"] }, { E2eeMode: "required", E2eeMethods: ["smime"] }],
    [{ FileScannerRequired: true }, { FileScanner: null }, { FileScannerRequired: true, FileScanner: null }],
    [
      { FederationMode: "list", AllowedDomains: ["a.example"] },
      { FederationMode: "list" },
      { FederationMode: "list", AllowedDomains: ["a.example"] },
    ],
  ])("adds to what the first says of a group: %j and %j", (first, second, together) => {
    for (const files of [
      [first, second],
      [second, first],
    ]) {
      const { values, conflicts } = inForce(...files);
      expect(conflicts).toEqual([]);
      expect(values(...Object.keys(together))).toEqual(Object.values(together));
    }
  });

  it.each([
    [{ FederationMode: "list", BlockedDomains: ["bad.example"] }, { FederationMode: "open" }, "FederationMode"],
    [{ FederationMode: "list", AllowedDomains: ["a.example"] }, { AllowedDomains: ["b.example"] }, "AllowedDomains"],
    [{ BlockedDomains: ["bad.example"] }, { BlockedDomains: [] }, "BlockedDomains"],
    [{ ArchiveScope: "all", ArchiveRequired: true }, { ArchiveRequired: false }, "ArchiveRequired"],
    [{ ContentRules: settings.ContentRules.example }, { ContentRules: [] }, "ContentRules"],
    [{ E2eeMode: "required" }, { E2eeMode: "forbidden" }, "E2eeMode"],
    [{ FileScannerRequired: true }, { FileScannerRequired: false }, "FileScannerRequired"],
    [{ LegalHoldSubjects: settings.LegalHoldSubjects.example }, { LegalHoldSubjects: [] }, "LegalHoldSubjects"],
  ] as const)(
    "that contradicts the first in a group is a conflict with the restricted values, in either order: %j and %j",
    (first, second, key) => {
      const group = Object.entries(settings).filter(
        ([, declaration]) => "group" in declaration && declaration.group === settings[key].group,
      );
      for (const files of [
        [first, second],
        [second, first],
        [first, second, { OrganizationName: "x" }, first],
      ]) {
        const { values, conflicts } = inForce(...files);
        expect(new Set(conflicts)).toEqual(new Set([key]));
        expect(values(...group.map(([name]) => name))).toEqual(group.map(([, { restricted }]) => restricted));
      }
    },
  );

  it("does not loosen what policy may only tighten", () => {
    for (const key of [
      "TlsMinVersion",
      "StrangerMode",
      "ReceiptsEnabled",
      "PresenceSharing",
      "LookAlikeWarningsEnabled",
    ] as const) {
      const { default: loose, restricted: tight } = settings[key];
      expect(inForce({ [key]: tight }, { [key]: loose }).values(key), key).toEqual([tight]);
      expect(inForce({ [key]: loose }, { [key]: tight }).values(key), key).toEqual([tight]);
      expect(inForce({ [key]: 7 }, { [key]: loose }).values(key), key).toEqual([tight]);
    }
  });

  it("replaces what stands alone, lists too", () => {
    const { values, conflicts } = inForce(
      { HistoryMode: "off", AllowedServers: ["a.example"] },
      { HistoryMode: "memory", AllowedServers: ["b.example"] },
    );
    expect([conflicts, values("HistoryMode", "AllowedServers")]).toEqual([[], ["memory", ["b.example"]]]);
  });
});
