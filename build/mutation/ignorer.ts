import type { NodePath } from "@stryker-mutator/api/ignore";
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** How Stryker knows the ignorer. */
export const ignorerName = "hallway-messages";

/** As much of Babel's path as is looked at. */
interface Path {
  readonly node: { readonly type: string };
  readonly parent?: {
    readonly type: string;
    readonly callee?: { readonly name?: string; readonly property?: { readonly name?: string } };
  };
}

const literals = ["StringLiteral", "TemplateLiteral"];

/**
 * Leaves out what only a developer reads: the text of an error and of a line in the log. Its wording is not for tests
 * to fix.
 */
export function reasonToIgnore({ node, parent }: Path): string | undefined {
  if (!literals.includes(node.type) || parent === undefined) return undefined;
  const { type, callee } = parent;
  if (type === "NewExpression" && callee?.name?.endsWith("Error")) return "text of an error";
  if (type === "CallExpression" && /^(debug|info|warn|error)$/.test(callee?.property?.name ?? ""))
    return "text for the log";
  return undefined;
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, ignorerName, {
    shouldIgnore: (path: NodePath) => reasonToIgnore(path as unknown as Path),
  }),
];
