import { child, descendants, parseXml, type XmlNode } from "./xml-tree.test-helper.ts";

/**
 * Checks an ADMX file with its ADML files by Microsoft's rules ([MS-GPREG] section 7 and the ADMX Syntax Reference) and
 * ours. Answers everything that is wrong, one sentence each.
 */
export function checkAdmx(admxText: string, admls: Readonly<Record<string, string>>): readonly string[] {
  const wrong: string[] = [];
  const claim = (right: boolean, sentence: string): void => {
    if (!right) wrong.push(sentence);
  };
  const admx = parseXml(admxText);
  const resources = Object.entries(admls).map(([language, text]): readonly [string, XmlNode] => [
    language,
    parseXml(text),
  ]);
  const at = (name: string, node: XmlNode): string => node.attributes[name] ?? "";

  checkOrder(admx, ["policyNamespaces", "resources", "supportedOn", "categories", "policies"], claim);
  claim(
    admx.name === "policyDefinitions" && at("revision", admx) === "1.0" && at("schemaVersion", admx) === "1.0",
    "The root is not policyDefinitions 1.0.",
  );

  const definitions = descendants(admx, "definition");
  const categories = descendants(admx, "category");
  const policies = descendants(child(admx, "policies") ?? admx, "policy");
  const categoryNames = new Set(categories.map((category) => at("name", category)));
  const supported = new Set(definitions.map((definition) => at("name", definition)));
  const named = [...definitions, ...categories, ...policies];
  claim(policies.length > 0, "There is no policy.");

  // Names and ids: letters, digits and underscores, no dots, each once of its kind.
  const elements = policies.flatMap((policy) => child(policy, "elements")?.children ?? []);
  const ids = [
    ...named.map((node) => `${node.name} ${at("name", node)}`),
    ...elements.map((node) => `element ${at("id", node)}`),
  ];
  for (const [n, name] of ids.entries()) {
    claim(/^\w+ [A-Za-z][A-Za-z0-9_]*$/.test(name), `${name} is no id.`);
    claim(ids.indexOf(name) === n, `${name} stands twice.`);
  }

  for (const category of categories) {
    const parents = category.children.filter((one) => one.name === "parentCategory");
    claim(
      parents.length <= 1 && parents.every((parent) => categoryNames.has(at("ref", parent))),
      `Category ${at("name", category)} has no good parent.`,
    );
    claim(rootOf(category, categories) !== undefined, `Category ${at("name", category)} is its own ancestor.`);
  }
  const used = new Set([...categories, ...policies].map((node) => at("ref", child(node, "parentCategory") ?? node)));
  for (const name of categoryNames) claim(used.has(name), `Category ${name} is empty.`);

  const places = new Set<string>();
  for (const policy of policies) {
    const name = at("name", policy);
    checkOrder(policy, ["parentCategory", "supportedOn", "enabledValue", "disabledValue", "elements"], claim);
    claim(["User", "Machine", "Both"].includes(at("class", policy)), `Policy ${name} has no class.`);
    claim(categoryNames.has(at("ref", child(policy, "parentCategory") ?? policy)), `Policy ${name} has no category.`);
    claim(supported.has(at("ref", child(policy, "supportedOn") ?? policy)), `Policy ${name} has no supportedOn.`);
    claim(/^Software\\Policies\\Hallway(\\Recommended)?$/.test(at("key", policy)), `Policy ${name} has a wrong key.`);
    claim(at("displayName", policy) !== "" && at("explainText", policy) !== "", `Policy ${name} has no words.`);
    const parts = child(policy, "elements")?.children ?? [];
    if (at("valueName", policy) !== "") {
      const states = ["enabledValue", "disabledValue"].map(
        (state) => child(child(policy, state), "decimal")?.attributes["value"],
      );
      claim(states.join() === "1,0", `Policy ${name} is no REG_DWORD of 1 and 0.`);
      claim(parts.length === 0, `Policy ${name} is a boolean with elements.`);
    } else claim(parts.length === 1, `Policy ${name} has ${parts.length} elements.`);
    for (const part of parts) checkElement({ policy: name, key: at("key", policy) }, part, claim);
    const place =
      `${at("key", policy)}\\${at("valueName", policy) || at("valueName", parts[0] ?? policy) || at("key", parts[0] ?? policy)}`.toLowerCase();
    claim(!places.has(place), `Policy ${name} writes where another does.`);
    places.add(place);
  }

  const strings = new Set([...admxText.matchAll(/\$\(string\.([^)]*)\)/g)].map((match) => match[1] ?? ""));
  const presentations = new Map(
    policies
      .filter((policy) => at("presentation", policy) !== "")
      .map((policy) => [at("presentation", policy), policy]),
  );
  for (const policy of policies)
    claim(
      at("valueName", policy) !== "" || at("presentation", policy) !== "",
      `Policy ${at("name", policy)} has no presentation.`,
    );
  for (const [language, adml] of resources) checkResources({ language, adml }, { strings, presentations }, claim);
  return wrong;
}

type Claim = (right: boolean, sentence: string) => void;

/** The schema has sequences: these elements, in this order, and no others. */
function checkOrder(node: XmlNode, order: readonly string[], claim: Claim): void {
  const places = node.children.map(({ name }) => order.indexOf(name));
  const rising = places.every((place, n) => place >= 0 && (n === 0 || place > (places[n - 1] ?? -1)));
  claim(
    rising,
    `<${node.name} ${node.attributes["name"] ?? ""}> holds ${node.children.map(({ name }) => name).join(", ")}.`,
  );
}

function rootOf(category: XmlNode, all: readonly XmlNode[]): XmlNode | undefined {
  let now: XmlNode | undefined = category;
  for (let steps = 0; now && steps <= all.length; steps++) {
    const parent: string | undefined = child(now, "parentCategory")?.attributes["ref"];
    if (parent === undefined) return now;
    now = all.find((one) => one.attributes["name"] === parent);
  }
  return undefined;
}

function checkElement(
  { policy, key }: { readonly policy: string; readonly key: string },
  { name, attributes, children }: XmlNode,
  claim: Claim,
): void {
  const whole = (text: string | undefined): number =>
    text !== undefined && /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (name === "list") {
    claim(
      attributes["key"] === `${key}\\${policy.replace(/_recommended$/, "")}` && attributes["valuePrefix"] === "",
      `Policy ${policy} is no list of numbered values in its own key.`,
    );
    claim(attributes["valueName"] === undefined, `Policy ${policy} is a list with a valueName.`);
    return;
  }
  claim(
    attributes["valueName"] === policy.replace(/_recommended$/, ""),
    `Policy ${policy} writes a value of another name.`,
  );
  if (name === "decimal") {
    const [min, max] = [whole(attributes["minValue"]), whole(attributes["maxValue"])];
    claim(min <= max && max <= 0xffff_ffff, `Policy ${policy} is no REG_DWORD in bounds.`);
    claim(attributes["storeAsText"] === undefined, `Policy ${policy} is a number stored as text.`);
  } else if (name === "enum") {
    const values = children.map((item) => child(child(item, "value"), "string")?.text ?? "");
    claim(
      values.length > 1 && values.every((value) => value !== "") && new Set(values).size === values.length,
      `Policy ${policy} is no enum of different strings.`,
    );
    claim(
      children.every(
        (item) => item.name === "item" && /^\$\(string\.\w+\)$/.test(item.attributes["displayName"] ?? ""),
      ),
      `Policy ${policy} has an item without words.`,
    );
  } else if (name === "text" || name === "multiText")
    claim(whole(attributes["maxLength"]) > 0, `Policy ${policy} is a text without bounds.`);
  else claim(false, `Policy ${policy} has an element <${name}>.`);
}

/** Control that draws each element. */
const controls: Readonly<Record<string, string>> = {
  decimal: "decimalTextBox",
  enum: "dropdownList",
  text: "textBox",
  multiText: "multiTextBox",
  list: "listBox",
};

interface Shown {
  readonly strings: ReadonlySet<string>;
  readonly presentations: ReadonlyMap<string, XmlNode>;
}

function checkResources(
  { language, adml }: { readonly language: string; readonly adml: XmlNode },
  { strings, presentations }: Shown,
  claim: Claim,
): void {
  claim(adml.name === "policyDefinitionResources", `${language} is no policyDefinitionResources.`);
  checkOrder(adml, ["displayName", "description", "resources"], claim);
  const there = descendants(adml, "string");
  const stringIds = there.map((one) => one.attributes["id"] ?? "");
  for (const id of strings) claim(stringIds.includes(id), `${language} lacks the string ${id}.`);
  for (const [n, id] of stringIds.entries()) {
    claim(strings.has(id), `${language} has a string ${id} that nothing shows.`);
    claim(stringIds.indexOf(id) === n, `${language} has the string ${id} twice.`);
    claim((there[n]?.text.trim() ?? "") !== "", `${language} has an empty string ${id}.`);
  }

  const drawn = descendants(adml, "presentation");
  const drawnIds = drawn.map((one) => `$(presentation.${one.attributes["id"] ?? ""})`);
  for (const reference of presentations.keys()) claim(drawnIds.includes(reference), `${language} lacks ${reference}.`);
  for (const [n, reference] of drawnIds.entries()) {
    claim(drawnIds.indexOf(reference) === n, `${language} has ${reference} twice.`);
    const policy = presentations.get(reference);
    claim(policy !== undefined, `${language} has ${reference} that no policy shows.`);
    const elements = new Map(child(policy, "elements")?.children.map((one) => [one.attributes["id"], one]));
    const drawing = (drawn[n]?.children ?? []).filter((one) => one.attributes["refId"] !== undefined);
    for (const control of drawing) {
      const element = elements.get(control.attributes["refId"]);
      claim(
        element !== undefined && controls[element.name] === control.name,
        `${language}: ${reference} draws ${control.attributes["refId"]} wrongly.`,
      );
      const item = control.attributes["defaultItem"];
      claim(
        item === undefined || Number(item) < (element?.children.length ?? 0),
        `${language}: ${reference} has a default that is not there.`,
      );
    }
    for (const id of elements.keys())
      claim(
        drawing.some((control) => control.attributes["refId"] === id),
        `${language}: ${reference} does not draw ${id}.`,
      );
  }
}
