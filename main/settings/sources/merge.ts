import type { SettingDeclaration } from "../../../shared/settings/declare.ts";
import type { Declarations } from "../resolve.ts";
import type { PolicyProblem, PolicyValue } from "./source.ts";

/** The two levels of a policy; what they are called where they are kept is the source's own. */
export type PolicyLevel = "mandatory" | "recommended";

/** The declaration of a key, also when the key is a name that every object has. */
export function declarationOf(declarations: Declarations, key: string): SettingDeclaration | undefined {
  return Object.hasOwn(declarations, key) ? declarations[key] : undefined;
}

/** What is wrong with a key at a level, whatever its value. */
export function keyProblem(declarations: Declarations, key: string, level: PolicyLevel): Pick<PolicyProblem, "kind" | "detail"> | undefined {
  const declaration = declarationOf(declarations, key);
  if (!declaration) return { kind: "unknown-key", detail: "This Hallway does not know this setting." };
  if (declaration.policy === "none") return { kind: "not-allowed-here", detail: "No policy can set this; it is the person's own." };
  if (level === "recommended" && declaration.policy === "mandatory-only") {
    return { kind: "not-allowed-here", detail: "This can only be mandatory; a recommendation does not count." };
  }
  return undefined;
}

/**
 * Lays what one file or registry key says over what came before it at the same level: a later value replaces an earlier one
 * whole, lists too, and the keys of an atomic group all come from the later source as soon as it names one of them.
 */
export function layOver(
  values: Map<string, PolicyValue>,
  entries: ReadonlyMap<string, PolicyValue>,
  level: PolicyLevel,
  declarations: Declarations,
  problems: PolicyProblem[],
): void {
  const usable = [...entries].filter(([key, { source, line }]) => {
    const problem = keyProblem(declarations, key, level);
    if (problem) problems.push({ ...problem, source, key: key.slice(0, 200), ...(line === undefined ? {} : { line }) });
    return problem === undefined;
  });
  const groups = new Set(usable.flatMap(([key]) => declarationOf(declarations, key)?.group ?? []));
  const before = new Map(values);
  for (const key of [...values.keys()]) if (groups.has(declarationOf(declarations, key)?.group ?? "")) values.delete(key);
  for (const [key, value] of usable) {
    const over = before.get(key);
    values.set(key, over ? { ...value, over } : value);
  }
}
