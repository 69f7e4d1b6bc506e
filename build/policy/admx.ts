import type { Language } from "../../shared/words/words.ts";
import { explanation } from "./explanation.ts";
import { keyWords, type PolicyKey, policyGroups, policyKeys, registryKey } from "./keys.ts";
import { templateWord } from "./template-words.ts";
import { element, writeXml, type XmlElement } from "./xml.ts";

/**
 * Administrative templates for Windows: hallway.admx and its words in hallway.adml. Booleans and integers are
 * REG_DWORD, choices and texts REG_SZ, lists numbered values in a subkey, structures JSON in REG_MULTI_SZ. Source:
 * [MS-GPREG] section 7, Group Policy ADMX Syntax Reference.
 */

const namespaces = {
  "xmlns:xsd": "http://www.w3.org/2001/XMLSchema",
  "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
  revision: "1.0",
  schemaVersion: "1.0",
  xmlns: "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions",
};

const levels = ["mandatory", "recommended"] as const;
type Level = (typeof levels)[number];

/** Longest JSON text in the editor. */
const maxStructureLength = 1_000_000;

/** Ids of ADMX have no dots and no hyphens. */
function id(...parts: readonly string[]): string {
  return parts.join("_").replace(/[^A-Za-z0-9_]/g, "_");
}

const policyName = (key: string, level: Level): string => (level === "mandatory" ? key : id(key, level));
const elementName = (key: string, level: Level): string => id(policyName(key, level), "Value");
const categoryName = (group: string, level: Level): string => id("Hallway", level, group);
const supportName = (since: string): string => id("SUPPORTED_Hallway", since);
const optionName = (key: string, option: string): string => id(key, "option", option);
const versions = [...new Set(policyKeys.map(({ declaration }) => declaration.since))].sort();
const at = (level: Level): readonly PolicyKey[] =>
  policyKeys.filter(({ recommended }) => level === "mandatory" || recommended);
const groupsAt = (level: Level): readonly string[] =>
  policyGroups.filter((group) => at(level).some((key) => key.group === group));

export function writeAdmx(): string {
  const category = (name: string, parent?: string): XmlElement =>
    element(
      "category",
      { name, displayName: `$(string.${name})` },
      parent === undefined ? [] : [element("parentCategory", { ref: parent })],
    );
  return writeXml(
    element("policyDefinitions", namespaces, [
      element("policyNamespaces", {}, [element("target", { prefix: "hallway", namespace: "Hallway.Policies" })]),
      element("resources", { minRequiredRevision: "1.0" }),
      element("supportedOn", {}, [
        element(
          "definitions",
          {},
          versions.map((since) =>
            element("definition", { name: supportName(since), displayName: `$(string.${supportName(since)})` }),
          ),
        ),
      ]),
      element("categories", {}, [
        category("Hallway"),
        ...levels.flatMap((level) => [
          category(id("Hallway", level), "Hallway"),
          ...groupsAt(level).map((group) => category(categoryName(group, level), id("Hallway", level))),
        ]),
      ]),
      element(
        "policies",
        {},
        levels.flatMap((level) => at(level).map((key) => policy(key, level))),
      ),
    ]),
  );
}

function policy({ key, group, declaration: { kind, since } }: PolicyKey, level: Level): XmlElement {
  const name = policyName(key, level);
  const path = level === "mandatory" ? registryKey : `${registryKey}\\Recommended`;
  const common = {
    name,
    class: "Both",
    displayName: `$(string.${key})`,
    explainText: `$(string.${id(key, "Explain")})`,
    key: path,
  };
  const place = [
    element("parentCategory", { ref: categoryName(group, level) }),
    element("supportedOn", { ref: supportName(since) }),
  ];
  if (kind.type === "boolean") {
    const value = (state: string, decimal: number): XmlElement =>
      element(state, {}, [element("decimal", { value: decimal })]);
    return element("policy", { ...common, valueName: key }, [
      ...place,
      value("enabledValue", 1),
      value("disabledValue", 0),
    ]);
  }
  return element("policy", { ...common, presentation: `$(presentation.${name})` }, [
    ...place,
    element("elements", {}, [valueElement({ key, level, path }, kind)]),
  ]);
}

interface RegistryValue {
  readonly key: string;
  readonly level: Level;
  /** The registry key that it is in. */
  readonly path: string;
}

function valueElement({ key, level, path }: RegistryValue, kind: PolicyKey["declaration"]["kind"]): XmlElement {
  const value = { id: elementName(key, level), valueName: key, required: "true" };
  switch (kind.type) {
    case "integer":
      return element("decimal", { ...value, minValue: kind.min, maxValue: kind.max });
    case "choice":
      return element(
        "enum",
        value,
        kind.options.map((option) =>
          element("item", { displayName: `$(string.${optionName(key, option)})` }, [
            element("value", {}, [element("string", {}, option)]),
          ]),
        ),
      );
    case "list":
      return element("list", { id: value.id, key: `${path}\\${key}`, valuePrefix: "" });
    case "structure":
      return element("multiText", { ...value, maxLength: maxStructureLength });
    case "text":
      return element("text", { ...value, maxLength: kind.maxLength });
    case "boolean":
      throw new Error(`${key} is a boolean and has no element`);
  }
}

export function writeAdml(language: Language): string {
  const text = keyWords(language);
  const string = (name: string, value: string): XmlElement => element("string", { id: name }, value);
  return writeXml(
    element("policyDefinitionResources", namespaces, [
      element("displayName", {}, "Hallway"),
      element("description", {}, templateWord(language, "description")),
      element("resources", {}, [
        element("stringTable", {}, [
          string("Hallway", "Hallway"),
          ...levels.map((level) => string(id("Hallway", level), templateWord(language, level))),
          ...levels.flatMap((level) =>
            groupsAt(level).map((group) => string(categoryName(group, level), text.group(group))),
          ),
          ...versions.map((since) => string(supportName(since), templateWord(language, "supported", since))),
          ...policyKeys.flatMap((entry) => {
            const { key, declaration } = entry;
            const options = declaration.kind.type === "choice" ? declaration.kind.options : [];
            return [
              string(key, text.name(key)),
              string(id(key, "Explain"), explanation(entry, language)),
              ...options.map((option) => string(optionName(key, option), text.option(key, option))),
            ];
          }),
        ]),
        element(
          "presentationTable",
          {},
          levels.flatMap((level) => at(level).flatMap((key) => presentation(key, level, text.name(key.key)))),
        ),
      ]),
    ]),
  );
}

function presentation({ key, declaration }: PolicyKey, level: Level, label: string): readonly XmlElement[] {
  const control = controlOf(declaration, elementName(key, level), label);
  return control.length === 0 ? [] : [element("presentation", { id: policyName(key, level) }, control)];
}

function controlOf(
  { kind, default: standard }: PolicyKey["declaration"],
  refId: string,
  label: string,
): readonly XmlElement[] {
  switch (kind.type) {
    case "boolean":
      return [];
    case "integer":
      return [element("decimalTextBox", { refId, defaultValue: Number(standard) }, `${label}:`)];
    case "choice":
      return [
        element(
          "dropdownList",
          { refId, noSort: "true", defaultItem: kind.options.indexOf(String(standard)) },
          `${label}:`,
        ),
      ];
    case "list":
      return [element("listBox", { refId }, `${label}:`)];
    case "structure":
      return [element("text", {}, `${label}:`), element("multiTextBox", { refId, defaultHeight: 12 })];
    case "text":
      return [element("textBox", { refId }, [element("label", {}, `${label}:`)])];
  }
}
