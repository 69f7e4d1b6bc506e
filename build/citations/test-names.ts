import swc from "@swc/core";

/** Sign that stands for a part of a name that is computed when the test runs. */
export const computedPart = "…";

/** A node of the syntax tree, of which a walk over all kinds needs no type. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** `describe`, `it`, `test`, and functions of a file that wrap them, such as `testThen`. */
const declarer = /^(describe|it|test)([A-Z]\w*)?$/;

/**
 * Names of the tests, groups and steps that a source file declares, as they are written there: `it(NAME, ...)`,
 * `describe.each(...)(NAME, ...)` and so on. A part that is computed becomes "…"; a name that is computed whole, or a
 * test that is always skipped or expected to fail, is left out.
 */
export function readTestNames(text: string, jsx: boolean): ReadonlySet<string> {
  const names = new Set<string>();
  visit(swc.parseSync(text, { syntax: "typescript", tsx: jsx, target: "es2024" }), names);
  return names;
}

function visit(value: unknown, names: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const item of value) visit(item, names);
  else {
    const node = value as Node;
    if (node.type === "CallExpression" && declaresTest(node["callee"])) {
      const name = nameIn(node["arguments"]);
      if (name !== undefined && name !== computedPart) names.add(name);
    }
    for (const field of Object.values(node)) visit(field, names);
  }
}

/** Whether a callee is `it`, `test` or `describe`, with any suffixes but those that keep a test from telling. */
function declaresTest(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return declarer.test(String(callee["value"]));
  if (callee.type === "CallExpression") return declaresTest(callee["callee"]);
  if (callee.type === "TaggedTemplateExpression") return declaresTest(callee["tag"]);
  if (callee.type !== "MemberExpression" || !isNode(callee["property"])) return false;
  return (
    !["skip", "todo", "fails", "fixme"].includes(String(callee["property"]["value"])) && declaresTest(callee["object"])
  );
}

function nameIn(args: unknown): string | undefined {
  const [first] = args as readonly { readonly expression: Node }[];
  if (first?.expression.type === "StringLiteral") return String(first.expression["value"]);
  if (first?.expression.type !== "TemplateLiteral") return undefined;
  const quasis = first.expression["quasis"] as readonly { readonly cooked: string }[];
  return quasis.map(({ cooked }) => cooked).join(computedPart);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
