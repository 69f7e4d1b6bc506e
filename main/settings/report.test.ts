import { describe, expect, it } from "vitest";
import { maskSecrets } from "./mask.ts";
import { reportOf } from "./report.ts";
import { everyKind } from "./sources/every-kind.test-helper.ts";
import { MergedLevel } from "./sources/merge.ts";
import type { PolicyValue } from "./sources/source.ts";

function level(...files: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, PolicyValue> {
  const merged = new MergedLevel("mandatory", everyKind);
  files.forEach((file, n) => {
    merged.add(
      new Map(Object.entries(file).map(([key, value]) => [key, { value, source: `/${n}.json`, line: n + 1 }])),
    );
  });
  return merged.values;
}

describe("the report", () => {
  it("says where a value stands and everything that it overrules, the weightiest first", () => {
    const policy = {
      mandatory: level({ Days: 1 }, { Days: 2 }, { Days: 3 }),
      recommended: level({ Days: 9, Mode: "warn" }),
    };
    const report = reportOf(
      everyKind,
      policy,
      new Map<string, unknown>([
        ["Days", 7],
        ["Mode", "open"],
      ]),
    );
    expect(report.find(({ key }) => key === "Days")).toEqual({
      key: "Days",
      value: 3,
      origin: "policy",
      locked: true,
      source: "/2.json",
      line: 3,
      overruled: [
        { origin: "policy", value: 2, source: "/1.json", line: 2 },
        { origin: "policy", value: 1, source: "/0.json", line: 1 },
        { origin: "user", value: 7 },
        { origin: "recommended", value: 9, source: "/0.json", line: 1 },
      ],
    });
    expect(report.find(({ key }) => key === "Mode")).toMatchObject({
      value: "open",
      origin: "user",
      overruled: [{ origin: "recommended", value: "warn" }],
    });
    expect(report.find(({ key }) => key === "Flag")).toEqual({
      key: "Flag",
      value: false,
      origin: "default",
      locked: false,
      overruled: [],
    });
    expect(report.map(({ key }) => key)).toEqual(Object.keys(everyKind));
  });

  it("puts a group of which two files contradict each other on its restricted values, and says what either said", () => {
    const policy = { mandatory: level({ GroupA: "1" }, { GroupA: "2" }), recommended: level() };
    const report = reportOf(everyKind, policy, new Map([["GroupB", "mine"]]));
    const error = { code: "policy-invalid", params: { path: "GroupA", source: "/1.json", conflict: "/0.json:1" } };
    expect(report.find(({ key }) => key === "GroupA")).toMatchObject({
      value: "tight",
      origin: "policy",
      error,
      overruled: [{ value: "1" }],
    });
    expect(report.find(({ key }) => key === "GroupB")).toMatchObject({
      value: "tight",
      origin: "policy",
      locked: true,
      error,
    });
  });

  it("masks secrets wherever they stand", () => {
    const policy = {
      mandatory: level({ Rules: [{ pattern: "https://me:pw@host/x", action: "warn", password: "pw" }] }),
      recommended: level(),
    };
    expect(JSON.stringify(reportOf(everyKind, policy, new Map()))).not.toContain("pw");
    expect(
      maskSecrets({
        a: [{ apiKey: "x", Token: 7, pattern: "y" }],
        url: "socks5://u:p@h:1",
        mail: "a@b",
        PasswordSaveEnabled: true,
        PublicKey: "k",
        bypass: ["*.example.com"],
      }),
    ).toEqual({
      a: [{ apiKey: "••••••", Token: "••••••", pattern: "y" }],
      url: "socks5://••••••@h:1",
      mail: "a@b",
      PasswordSaveEnabled: true,
      PublicKey: "k",
      bypass: ["*.example.com"],
    });
  });
});
