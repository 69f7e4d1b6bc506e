import { describe, expect, it } from "vitest";
import { writeAdml, writeAdmx } from "./admx.ts";
import { checkAdmx } from "./admx-checker.test-helper.ts";
import { policyKeys } from "./keys.ts";
import { child, descendants, parseXml } from "./xml-tree.test-helper.ts";

const admx = writeAdmx();
const admls = { en: writeAdml("en"), fr: writeAdml("fr") };

/** Findings of the checker on the files with one thing changed in them. */
function changed(where: "admx" | "en" | "fr", from: string | RegExp, to: string): readonly string[] {
  const before = where === "admx" ? admx : admls[where];
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  return where === "admx" ? checkAdmx(after, admls) : checkAdmx(admx, { ...admls, [where]: after });
}

describe("hallway.admx", () => {
  it("keeps every rule, with its words in both languages", () => {
    expect(checkAdmx(admx, admls)).toEqual([]);
  });

  it("has every key once under mandatory, and what may be recommended once more", () => {
    const policies = descendants(parseXml(admx), "policy").map(
      (policy) => `${policy.attributes["key"]}\\${policy.attributes["name"]}`,
    );
    const wanted = policyKeys.flatMap(({ key, recommended }) => [
      `Software\\Policies\\Hallway\\${key}`,
      ...(recommended ? [`Software\\Policies\\Hallway\\Recommended\\${key}_recommended`] : []),
    ]);
    expect([...policies].sort()).toEqual([...wanted].sort());
  });

  it("writes each kind as the readers take it", () => {
    const policies = new Map(
      descendants(parseXml(admx), "policy").map((policy) => [policy.attributes["name"], policy]),
    );
    const forms = {
      boolean: undefined,
      choice: "enum",
      integer: "decimal",
      text: "text",
      list: "list",
      structure: "multiText",
    };
    for (const { key, declaration } of policyKeys) {
      const element = child(policies.get(key), "elements")?.children[0];
      expect(element?.name, key).toBe(forms[declaration.kind.type]);
      if (declaration.kind.type !== "choice") continue;
      expect(
        element?.children.map((item) => child(child(item, "value"), "string")?.text),
        key,
      ).toEqual(declaration.kind.options);
    }
  });

  it("says in the words of each language what a key does, and that it is not in this version", () => {
    for (const adml of Object.values(admls)) {
      const strings = new Map(
        descendants(parseXml(adml), "string").map((string) => [string.attributes["id"], string.text]),
      );
      for (const { key, declaration } of policyKeys) {
        const explained = strings.get(`${key}_Explain`) ?? "";
        expect(explained.length, key).toBeGreaterThan(40);
        expect(/Not in this version|Absent de cette version/.test(explained), key).toBe(
          declaration.status === "not-in-this-version",
        );
      }
    }
    expect(admls.fr).not.toBe(admls.en);
  });
});

describe("the checker", () => {
  it.each([
    [
      "an id with a dot",
      "admx",
      'policy name="HistoryMode"',
      'policy name="History.Mode"',
      "policy History.Mode is no id.",
    ],
    [
      "an id twice",
      "admx",
      'policy name="FileMaxKb"',
      'policy name="HistoryScope"',
      "policy HistoryScope stands twice.",
    ],
    [
      "a parent that is not there",
      "admx",
      'parentCategory ref="Hallway_mandatory_files"',
      'parentCategory ref="Nowhere"',
      "has no category.",
    ],
    [
      "categories in a circle",
      "admx",
      '<category name="Hallway" displayName="$(string.Hallway)"/>',
      '<category name="Hallway" displayName="$(string.Hallway)"><parentCategory ref="Hallway_mandatory"/></category>',
      "is its own ancestor.",
    ],
    [
      "a version that is not there",
      "admx",
      'supportedOn ref="SUPPORTED_Hallway_0_1"',
      'supportedOn ref="SUPPORTED_Hallway_9"',
      "has no supportedOn.",
    ],
    [
      "a boolean that is no 1 and 0",
      "admx",
      '<decimal value="1"/>',
      '<decimal value="2"/>',
      "is no REG_DWORD of 1 and 0.",
    ],
    ["a number out of bounds", "admx", 'maxValue="104857600"', 'maxValue="9999999999"', "is no REG_DWORD in bounds."],
    [
      "an enum with a value twice",
      "admx",
      "<string>memory</string>",
      "<string>off</string>",
      "is no enum of different strings.",
    ],
    ["a list in another key", "admx", "Hallway\\AllowedDomains", "Hallway\\Others", "is no list of numbered values"],
    [
      "elements out of order",
      "admx",
      /(<parentCategory[^>]*\/>)\s*(<supportedOn ref[^>]*\/>)/,
      "$2$1",
      "holds supportedOn, parentCategory",
    ],
    [
      "a place that two write",
      "admx",
      /key="Software\\Policies\\Hallway\\Recommended"/,
      'key="Software\\Policies\\Hallway"',
      "writes where another does.",
    ],
    [
      "a string that is missing",
      "fr",
      'string id="HistoryMode"',
      'string id="HistoryModus"',
      "fr lacks the string HistoryMode.",
    ],
    [
      "a string too many",
      "fr",
      'string id="HistoryMode"',
      'string id="HistoryModus"',
      "fr has a string HistoryModus that nothing shows.",
    ],
    [
      "an empty string",
      "en",
      /<string id="HistoryMode">[^<]*</,
      '<string id="HistoryMode"><',
      "en has an empty string HistoryMode.",
    ],
    [
      "a presentation that is missing",
      "en",
      'presentation id="FileMaxKb"',
      'presentation id="Other"',
      "en lacks $(presentation.FileMaxKb).",
    ],
    [
      "a presentation too many",
      "en",
      'presentation id="FileMaxKb"',
      'presentation id="Other"',
      "en has $(presentation.Other) that no policy shows.",
    ],
    [
      "an element that is not drawn",
      "en",
      'refId="FileMaxKb_Value"',
      'refId="Other_Value"',
      "does not draw FileMaxKb_Value.",
    ],
    [
      "an element drawn by the wrong control",
      "en",
      /decimalTextBox refId="FileMaxKb_Value"[^<]*<\/decimalTextBox/,
      'listBox refId="FileMaxKb_Value"></listBox',
      "draws FileMaxKb_Value wrongly.",
    ],
  ] as const)("finds %s", (_, where, from, to, sentence) => {
    expect(changed(where, from, to).join("\n")).toContain(sentence);
  });

  it("finds what is not XML", () => {
    expect(() => checkAdmx(admx.replace("</policies>", ""), admls)).toThrow();
    expect(() =>
      checkAdmx(admx, { en: admls.en.replace("&quot;", "&").replace("</string>", "<b></string>") }),
    ).toThrow();
  });
});
