import { membersWith } from "./explanation.ts";
import { keyWords, type PolicyKey, policyGroups, policyKeys } from "./keys.ts";

const text = keyWords("en");

const opening = `# Policies

Every setting that IT can decide. This page is written by \`npm run policy:templates\` from \`shared/settings\`, as are the
templates in \`build/policy\`: \`hallway.admx\` with \`en-US\` and \`fr-FR\` words, \`hallway.mobileconfig\`, a preference manifest, a
Linux sample and a JSON Schema.

| | mandatory | recommended | form of a value |
| --- | --- | --- | --- |
| Windows | \`HKLM\` then \`HKCU\`, \`Software\\Policies\\Hallway\` | \`...\\Hallway\\Recommended\` | boolean and integer REG_DWORD, choice and text REG_SZ, list: values \`1\`, \`2\`... in a subkey, structure: JSON in REG_SZ or REG_MULTI_SZ |
| macOS | forced values of \`im.hallway.desktop\` | unforced ones of the computer | as a property list has them |
| Linux | \`/etc/hallway/policies/managed/*.json\` | \`/etc/hallway/policies/recommended/*.json\` | JSON |

A mandatory value counts before the person's choice, that before a recommended one, that before the default. A value that is
there but cannot be used puts the **restricted** value in force and names the place, such as \`ContentRules[2].pattern\`.

A mandatory place that is there but **cannot be read**, parsed or trusted leaves the last good policy in force. Where there was none
yet, at a first start or on a computer that had no policy before, nobody knows what it says: every key that no other place names
takes its restricted value, and no account connects, until it can be read.

Several files, or the machine's and the user's part of the registry, are merged key by key: a later value replaces an earlier one
whole, lists too, and a key that only one place names stays. Keys of one **group** belong together: they may stand in several
places, but two places that say different things of one of them are a **conflict**. It is an error in \`hallway policy check\`, is
shown by \`hallway policy show\` and on the policy page, and puts the restricted values of the whole group in force. Where a key
**only tightens**, a mandatory value counts only where it is tighter than what would hold without it, so that neither a person's
own tighter choice nor a tighter file is undone. Everything else that a later file makes looser is a warning of \`check\`.

\`check\` also says what follows from all values together: accounts that can never sign in, an archive without a destination, days
of keeping where nothing is kept, certificates that have expired, domains that are both allowed and blocked, and the like. An
error says what would be valid and makes the exit status 1; \`show\` ends with the same status on the same policy.

A **certificate** may be PEM as files have it, PEM on one line with spaces or a written-out \`\\n\` for the line breaks (all that
Group Policy can deliver), several of them in one value, or the base64 of one certificate's DER. Each is parsed; a value with one
that is none cannot be used.
`;

/** docs/policies.md */
export function writeReference(): string {
  const live = policyKeys.filter(({ declaration }) => declaration.status === "enforced").length;
  return [
    opening,
    `Of ${policyKeys.length} keys, ${live} are enforced in this version, each by the test that is named; the others are known, shown as "not in this version", and decide nothing yet. Those that hold by absence are about something that this version cannot do at all: nothing of it happens, whatever they say.\n`,
    ...policyGroups.map(groupSection),
  ].join("\n");
}

function groupSection(group: string): string {
  const keys = policyKeys.filter((entry) => entry.group === group);
  return [
    `## ${text.group(group)}\n`,
    "| key | type | default | restricted | policy levels | since | enforced by |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...keys.map(row),
    "",
    ...keys.map(details),
  ].join("\n");
}

function row({ key, declaration, recommended }: PolicyKey): string {
  const cells = [
    `[${key}](#${key.toLowerCase()})`,
    typeOf(declaration.kind),
    code(declaration.default),
    code(declaration.restricted),
    `mandatory${recommended ? ", recommended" : ""}${declaration.tighten ? "; only tightens" : ""}`,
    declaration.since,
    declaration.status === "enforced" ? declaration.test : "not in this version",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function details(entry: PolicyKey): string {
  const { key, declaration } = entry;
  const { kind, group } = declaration;
  return [
    `### ${key}\n`,
    `**${text.name(key)}.** ${text.paragraph(key)}\n`,
    ...(kind.type === "choice"
      ? [`${kind.options.map((option) => `- \`${option}\`: ${text.option(key, option)}`).join("\n")}\n`]
      : []),
    ...(kind.type === "list" && kind.options
      ? [`May stand in it: ${kind.options.map((option) => `\`${option}\``).join(", ")}.\n`]
      : []),
    ...(declaration.status === "not-in-this-version" && declaration.absent ? ["It holds by absence.\n"] : []),
    ...(isLong(declaration.restricted) ? [`Restricted: \`${JSON.stringify(declaration.restricted)}\`\n`] : []),
    ...(group === undefined ? [] : [`Group \`${group}\`: ${membersWith(entry).join(", ")}.\n`]),
    `\`\`\`json\n${JSON.stringify({ [key]: declaration.example }, undefined, 2)}\n\`\`\`\n`,
  ].join("\n");
}

function typeOf(kind: PolicyKey["declaration"]["kind"]): string {
  switch (kind.type) {
    case "boolean":
      return "boolean";
    case "choice":
      return `one of ${kind.options.map((option) => `\`${option}\``).join(", ")}`;
    case "integer":
      return `integer, ${kind.min} to ${kind.max}`;
    case "text":
      return `text, at most ${kind.maxLength}`;
    case "list":
      return `list, at most ${kind.maxItems}`;
    case "structure":
      return "structure";
  }
}

/** Too long for a table; it stands below it. */
function isLong(value: unknown): boolean {
  return JSON.stringify(value).length > 100;
}

function code(value: unknown): string {
  return isLong(value) ? "see below" : `\`${JSON.stringify(value)}\``;
}
