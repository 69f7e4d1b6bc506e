import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { root } from "../root.ts";
import { writeJsonSchema } from "./json-schema.ts";
import { policyKeys } from "./keys.ts";
import { notInSample, writeLinuxSample } from "./linux-sample.ts";
import { writeManifest } from "./manifest.ts";
import { writeMobileconfig } from "./mobileconfig.ts";
import { type Plist, toPlist, writePlist } from "./plist.ts";
import { writeReference } from "./reference.ts";
import { policyTemplates } from "./templates.ts";
import { element, writeXml } from "./xml.ts";
import { parsePlist, parseXml } from "./xml-tree.test-helper.ts";

const text = fc.string({ unit: "binary", maxLength: 200 });
/** Text that XML can hold. */
const xmlText = text.map((value) =>
  value.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ""),
);

describe("policy templates", () => {
  it.each([...policyTemplates()])(
    "%s is as shared/settings says; if not: npm run policy:templates",
    async (path, content) => {
      expect(await readFile(join(root, path), "utf8")).toBe(content);
    },
  );

  it("say every key that a policy may name, and no other", () => {
    const names = policyKeys.map(({ key }) => key).sort();
    expect(names).toEqual(
      Object.entries(settings)
        .flatMap(([key, { policy }]) => (policy === "none" ? [] : [key]))
        .sort(),
    );
    expect([...Object.keys(JSON.parse(writeLinuxSample())), notInSample].sort()).toEqual(names);
    expect(Object.keys(JSON.parse(writeJsonSchema()).properties).sort()).toEqual(names);
  });
});

describe("the JSON Schema", () => {
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(writeJsonSchema()),
  );
  const takes = (file: unknown): boolean => validate(file);

  it("takes what Hallway takes: the sample, every default, every restricted value", () => {
    expect(takes(JSON.parse(writeLinuxSample())), JSON.stringify(validate.errors)).toBe(true);
    for (const { key, declaration } of policyKeys) {
      for (const value of [declaration.default, declaration.restricted])
        expect(takes({ [key]: value }), key).toBe(true);
    }
  });

  it("is taken by Python's jsonschema too, which knows fewer expressions, and refuses there what it refuses here", async () => {
    const script = [
      "import json, sys, jsonschema",
      "schema = json.load(sys.stdin)",
      "jsonschema.Draft202012Validator.check_schema(schema)",
      "validator = jsonschema.Draft202012Validator(schema)",
      "print(json.dumps([validator.is_valid(json.loads(text)) for text in sys.argv[1:]]))",
    ].join("\n");
    const files = [
      writeLinuxSample(),
      '{"AllowedDomains": ["bücher.example", "*.例え.example", "a-b.example"], "FileBlockedExtensions": ["tar.gz", "文"]}',
      '{"AllowedDomains": ["https://a.example"]}',
      '{"AllowedDomains": ["a.example."]}',
      '{"AllowedDomains": ["a.example:5222"]}',
      '{"FileBlockedExtensions": [".exe"]}',
    ];
    const running = promisify(execFile)("python3", ["-c", script, ...files]);
    running.child.stdin?.end(writeJsonSchema());
    expect(JSON.parse((await running).stdout)).toEqual([true, true, false, false, false, false]);
  });

  it("refuses an unknown key and a bad value, as Hallway does", () => {
    const bad = [
      { HistoryMod: "off" },
      { HistoryMode: "sometimes" },
      { FileMaxKb: -1 },
      { FileMaxKb: 1.5 },
      { ReceiptsEnabled: 1 },
      { AllowedDomains: ["a b"] },
      { ContentRules: [{ name: "x", action: "block", pattern: 7 }] },
      { ProvisionedAccounts: [{ name: "x", protocol: "xmpp", address: "a@b.example", password: "p" }] },
      { ArchiveDestination: { type: "fax" } },
    ];
    for (const file of bad) {
      expect(takes(file), JSON.stringify(file)).toBe(false);
      for (const [key, value] of Object.entries(file))
        if (key in settings) expect(v.is(settings[key as keyof typeof settings].schema, value), key).toBe(false);
    }
  });
});

describe("property lists", () => {
  it("come back as they were written, whatever stands in them", () => {
    const plist = fc.letrec<{ value: Plist }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        xmlText,
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(xmlText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(plist, (value) => {
        expect(parsePlist(writePlist(value))).toEqual(value);
      }),
    );
  });

  it("leave out what they cannot say", () => {
    expect(toPlist({ a: null, b: [1, null, { c: undefined }], d: "x" })).toEqual({ b: [1, {}], d: "x" });
  });

  it("the profile is a configuration with one payload of our domain, with every example in it", () => {
    const profile = parsePlist(writeMobileconfig()) as { PayloadContent: Record<string, unknown>[] } & Record<
      string,
      unknown
    >;
    const [payload, ...others] = profile.PayloadContent;
    expect(others).toEqual([]);
    expect(profile).toMatchObject({ PayloadType: "Configuration", PayloadVersion: 1, PayloadScope: "System" });
    expect(payload).toMatchObject({ PayloadType: "im.hallway.desktop", PayloadVersion: 1 });
    const uuids = [profile, payload ?? {}].map((one) => String(one["PayloadUUID"]));
    expect(new Set(uuids).size).toBe(2);
    for (const uuid of uuids) expect(uuid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/);
    for (const { key, declaration } of policyKeys) expect(payload?.[key], key).toEqual(declaration.example);
  });

  it("the manifest describes every key with a type that its values have", () => {
    const manifest = parsePlist(writeManifest()) as { pfm_domain: string; pfm_subkeys: Record<string, unknown>[] };
    expect(manifest.pfm_domain).toBe("im.hallway.desktop");
    const described = new Map(manifest.pfm_subkeys.map((subkey) => [subkey["pfm_name"], subkey]));
    expect(described.size).toBe(manifest.pfm_subkeys.length);
    const types: Record<string, string> = { boolean: "boolean", number: "integer", string: "string" };
    for (const { key, declaration } of policyKeys) {
      const { example, kind } = declaration;
      const type = Array.isArray(example) ? "array" : (types[typeof example] ?? "dictionary");
      expect(described.get(key), key).toMatchObject({
        pfm_type: type,
        pfm_title: expect.any(String),
        pfm_description: expect.any(String),
      });
      if (kind.type === "choice") expect(described.get(key)?.["pfm_range_list"], key).toEqual(kind.options);
    }
    expect(manifest.pfm_subkeys.filter(({ pfm_name }) => String(pfm_name).startsWith("Payload"))).toHaveLength(6);
  });
});

describe("XML", () => {
  it("holds any text in elements and attributes", () => {
    fc.assert(
      fc.property(xmlText, xmlText, (content, attribute) => {
        const parsed = parseXml(writeXml(element("a", { b: attribute }, content)));
        expect([parsed.text, parsed.attributes["b"]]).toEqual([content, attribute]);
      }),
    );
  });

  it("is well formed even of what XML cannot hold", () => {
    fc.assert(fc.property(text, (content) => void parseXml(writeXml(element("a", { b: content }, content)))));
  });
});

describe("docs/policies.md", () => {
  it("has a row for every key, with the test that enforces it or the words that none does", () => {
    const rows = new Map(
      [...writeReference().matchAll(/^\| \[(\w+)\]\(#\w+\) \|.*$/gm)].map((match) => [
        match[1],
        match[0].split(/(?<!\\)\|/).map((cell) => cell.trim()),
      ]),
    );
    expect(rows.size).toBe(policyKeys.length);
    for (const { key, declaration } of policyKeys) {
      const cells = rows.get(key) ?? [];
      expect(cells, key).toHaveLength(9);
      expect(cells[7], key).toBe(declaration.status === "enforced" ? declaration.test : "not in this version");
    }
  });

  it("names tests that are there", async () => {
    for (const { key, declaration } of policyKeys) {
      if (declaration.status !== "enforced") continue;
      const [, file = "", title = ""] = /^([\w./-]+\.(?:test|spec)\.tsx?): (.+)$/.exec(declaration.test) ?? [];
      expect(file, `${key} names no test`).not.toBe("");
      const source = await readFile(join(root, file), "utf8");
      expect(
        source.includes(`it(${JSON.stringify(title)}`) || source.includes(`test(${JSON.stringify(title)}`),
        `${key}: "${title}" in ${file}`,
      ).toBe(true);
    }
  });
});
