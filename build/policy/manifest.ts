import { type JsonSchema, schemaOf } from "./json-schema.ts";
import { domain, keyWords, type PolicyKey, policyKeys } from "./keys.ts";
import { type Plist, toPlist, writePlist } from "./plist.ts";

/** When this file was last other than what the declarations say, by hand. */
const lastModified = new Date("2026-11-22T00:00:00Z");

const text = keyWords("en");

/**
 * A preference manifest for macOS, from which profile editors make their forms.
 * Source: Apple's Preference Manifest Files, and the ProfileManifests format that editors extended it to.
 */
export function writeManifest(): string {
  return writePlist({
    pfm_description: "Policy of Hallway, the instant-messaging client",
    pfm_domain: domain,
    pfm_format_version: 1,
    pfm_last_modified: lastModified,
    pfm_platforms: ["macOS"],
    pfm_subkeys: [...payloadKeys(), ...policyKeys.map(subkey)],
    pfm_targets: ["system-managed", "user-managed"],
    pfm_title: "Hallway",
    pfm_unique: true,
    pfm_version: 1,
  });
}

/** Keys that every payload has. */
function payloadKeys(): readonly Plist[] {
  const string = (name: string, title: string, standard: string): Plist => ({
    pfm_default: standard,
    pfm_description: title,
    pfm_name: name,
    pfm_require: "always",
    pfm_title: title,
    pfm_type: "string",
  });
  return [
    string("PayloadDescription", "Payload description", "Policy of Hallway"),
    string("PayloadDisplayName", "Payload display name", "Hallway"),
    string("PayloadIdentifier", "Payload identifier", domain),
    string("PayloadType", "Payload type", domain),
    {
      pfm_description: "Payload UUID",
      pfm_format: "^[0-9A-Fa-f-]{36}$",
      pfm_name: "PayloadUUID",
      pfm_require: "always",
      pfm_title: "Payload UUID",
      pfm_type: "string",
    },
    {
      pfm_default: 1,
      pfm_description: "Payload version",
      pfm_name: "PayloadVersion",
      pfm_range_list: [1],
      pfm_require: "always",
      pfm_title: "Payload version",
      pfm_type: "integer",
    },
  ];
}

function subkey(entry: PolicyKey): Plist {
  const { key, group, declaration } = entry;
  const { kind } = declaration;
  const standard = toPlist(declaration.default);
  return {
    pfm_app_min: declaration.since,
    ...(standard === undefined ? {} : { pfm_default: standard }),
    pfm_description: text.paragraph(key),
    pfm_name: key,
    ...(kind.type === "choice"
      ? { pfm_range_list: kind.options, pfm_range_list_titles: kind.options.map((option) => text.option(key, option)) }
      : {}),
    ...(declaration.status === "not-in-this-version" ? { pfm_note: "Not in this version." } : {}),
    pfm_segment: text.group(group),
    ...shape(schemaOf(entry)),
    pfm_title: text.name(key),
  };
}

/**
 * Type and inner keys of a value. Alternatives of objects become one with all their keys: a manifest cannot say more.
 */
function shape(given: JsonSchema): { readonly [key: string]: Plist } {
  const schema = merge(given);
  if (schema.type === "boolean") return { pfm_type: "boolean" };
  if (schema.type === "integer" || schema.type === "number") {
    return {
      ...(schema.minimum === undefined ? {} : { pfm_range_min: schema.minimum }),
      ...(schema.maximum === undefined ? {} : { pfm_range_max: schema.maximum }),
      pfm_type: "integer",
    };
  }
  if (schema.type === "array")
    return {
      pfm_subkeys: [{ pfm_name: "Entry", pfm_title: "Entry", ...withOptions(merge(schema.items ?? {})) }],
      pfm_type: "array",
    };
  if (schema.type === "object") {
    const inner = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
      pfm_name: name,
      pfm_title: name,
      ...(schema.required?.includes(name) ? { pfm_require: "always" } : {}),
      ...withOptions(merge(property)),
    }));
    return { pfm_subkeys: inner, pfm_type: "dictionary" };
  }
  return { pfm_type: "string" };
}

function withOptions(schema: JsonSchema): { readonly [key: string]: Plist } {
  const options = toPlist(schema.enum ?? (schema.const === undefined ? undefined : [schema.const]));
  return { ...(options === undefined ? {} : { pfm_range_list: options }), ...shape(schema) };
}

/** One schema for several: the keys of all, required where all require them. */
function merge(schema: JsonSchema): JsonSchema {
  const several = (schema.oneOf ?? schema.anyOf)?.filter((one) => one.type !== "null").map(merge);
  if (several?.[0] === undefined) return schema;
  const properties: Record<string, JsonSchema> = {};
  for (const one of several) {
    for (const [name, property] of Object.entries(one.properties ?? {})) {
      const before = properties[name];
      properties[name] = before === undefined ? property : { ...property, ...bothOf(before, property) };
    }
  }
  const required = several[0].required?.filter((name) => several.every((one) => one.required?.includes(name)));
  return { ...several[0], properties, ...(required ? { required } : {}) };
}

/** The words that either of two takes. */
function bothOf(a: JsonSchema, b: JsonSchema): JsonSchema {
  const options = [a, b].flatMap(({ const: fixed, enum: several }) => several ?? (fixed === undefined ? [] : [fixed]));
  return options.length === 0 ? {} : { type: "string", enum: [...new Set(options)] };
}
