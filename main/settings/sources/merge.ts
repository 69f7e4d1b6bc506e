import { isDeepStrictEqual } from "node:util";
import type { SettingDeclaration } from "../../../shared/settings/declare.ts";
import { truncate } from "../../../shared/text/truncate.ts";
import type { Declarations } from "../resolve.ts";
import { tightness } from "../tightness.ts";
import type { PolicyProblem, PolicyValue } from "./source.ts";

/** The two levels of a policy; what they are called where they are kept is the source's own. */
export type PolicyLevel = "mandatory" | "recommended";

/** The declaration of a key, also when the key is a name that every object has. */
export function declarationOf(declarations: Declarations, key: string): SettingDeclaration | undefined {
  return Object.hasOwn(declarations, key) ? declarations[key] : undefined;
}

/** Problem with a key at a level, whatever its value. */
export function keyProblem(
  declarations: Declarations,
  key: string,
  level: PolicyLevel,
): Pick<PolicyProblem, "kind" | "detail"> | undefined {
  const declaration = declarationOf(declarations, key);
  if (!declaration) return { kind: "unknown-key", detail: "This version of Hallway does not know this setting." };
  if (declaration.policy === "none")
    return { kind: "not-allowed-here", detail: "No policy can set this; it is the person's own choice." };
  if (level === "recommended" && declaration.policy === "mandatory-only") {
    return { kind: "not-allowed-here", detail: "This can only be mandatory; a recommendation has no effect." };
  }
  return undefined;
}

/**
 * One level of a policy, as several files or registry keys that count one after the other say it. A later value of a
 * key replaces an earlier one whole, lists too, and a key that only the earlier one names stays. In an atomic group the
 * keys may stand in several places, but two places that say different things of one key are a conflict: nobody can know
 * which of the other keys either was meant to go with. Such a key is marked, and resolve.ts puts the whole group on its
 * restricted values. Of a key that policy may only tighten, the tightest of all mandatory values counts.
 */
export class MergedLevel {
  readonly problems: PolicyProblem[];
  readonly #level: PolicyLevel;
  readonly #declarations: Declarations;
  readonly #values = new Map<string, PolicyValue>();

  /** `problems`: those that are known already. */
  constructor(level: PolicyLevel, declarations: Declarations, problems: PolicyProblem[] = []) {
    this.problems = problems;
    this.#level = level;
    this.#declarations = declarations;
  }

  get values(): ReadonlyMap<string, PolicyValue> {
    return this.#values;
  }

  /** Lays what one file or registry key says over what came before it. */
  add(entries: ReadonlyMap<string, PolicyValue>): void {
    for (const [key, value] of entries) this.#put(key, value);
  }

  #put(key: string, value: PolicyValue): void {
    const { source, line } = value;
    const at = { source, ...(line === undefined ? {} : { line }) };
    const problem = keyProblem(this.#declarations, key, this.#level);
    if (problem) {
      this.problems.push({ ...problem, ...at, key: truncate(key, 200) });
      return;
    }
    const over = this.#values.get(key);
    const declaration = declarationOf(this.#declarations, key);
    if (
      over &&
      this.#level === "mandatory" &&
      declaration?.tighten &&
      tightness(declaration, over.value) > tightness(declaration, value.value)
    ) {
      this.#values.set(key, { ...over, over: over.over ? { ...value, over: over.over } : value });
      return;
    }
    const conflict = over && declaration?.group !== undefined ? conflictOf(over, value) : undefined;
    this.#values.set(key, { ...value, ...(over ? { over } : {}), ...(conflict === undefined ? {} : { conflict }) });
    if (conflict !== undefined) {
      const detail = `${conflict} says something else. Say it in one place only; until then the restricted values of its group are in force.`;
      this.problems.push({ kind: "conflict", ...at, key, detail });
    }
  }
}

/** The earlier place that says something else; undefined: all say the same. */
function conflictOf(over: PolicyValue, { value }: PolicyValue): string | undefined {
  if (over.conflict !== undefined) return over.conflict;
  return isDeepStrictEqual(over.value, value)
    ? undefined
    : over.line === undefined
      ? over.source
      : `${over.source}:${over.line}`;
}
