import { toJsonSchema } from "@valibot/to-json-schema";
import { keyWords, policyKeys } from "./keys.ts";

/** The parts of JSON Schema that our schemas become. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** Schema of one setting in a policy file. Checks that are code are not in it; Hallway makes them. */
export function schemaOf({ declaration }: (typeof policyKeys)[number]): JsonSchema {
  const { $schema: _, ...schema } = toJsonSchema(declaration.schema, {
    typeMode: "input",
    errorMode: "ignore",
    target: "draft-2020-12",
  });
  return portable(schema) as JsonSchema;
}

/**
 * Patterns without Unicode property escapes, which Python's expressions do not know: what is not ASCII counts as a
 * letter or a digit there. It takes somewhat more than Hallway does, and never less.
 */
function portable(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(portable);
  if (schema === null || typeof schema !== "object") return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, member]) => [
      name,
      name === "pattern" && typeof member === "string"
        ? member.replaceAll("\\p{L}\\p{N}", "0-9A-Za-z\u0080-\u{10ffff}")
        : portable(member),
    ]),
  );
}

/** JSON Schema (draft 2020-12) of a Linux policy file, for editors and for checks before a roll-out. */
export function writeJsonSchema(): string {
  const text = keyWords("en");
  const properties = Object.fromEntries(
    policyKeys.map((entry) => {
      const { key, declaration } = entry;
      const about = {
        title: text.name(key),
        description: text.paragraph(key),
        default: declaration.default,
        examples: [declaration.example],
      };
      return [key, { ...about, ...schemaOf(entry) }];
    }),
  );
  return `${JSON.stringify(
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:hallway:policy",
      title: "Hallway policy file",
      type: "object",
      additionalProperties: false,
      properties,
    },
    undefined,
    2,
  )}\n`;
}
