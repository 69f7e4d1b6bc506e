import * as v from "valibot";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { SettingRecord } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import type { PolicySnapshot, PolicyValue } from "./sources/source.ts";

export type Declarations = Readonly<Record<string, SettingDeclaration>>;

/** An effective value and where it came from. */
export interface Resolved {
  readonly value: unknown;
  readonly origin: SettingRecord["origin"];
  /** The person cannot change it. */
  readonly locked: boolean;
  /** File or registry path of a value that came from a policy. */
  readonly source?: string;
  /** A policy value that could not be used; the restricted value is in force. */
  readonly error?: ErrorInfo;
}

/**
 * Lays mandatory policy over the person's choice over recommended policy over the default.
 *
 * Absent is not invalid: a policy value that is there but cannot be used puts the setting's restricted value in force, with
 * an error. A choice of the person's that cannot be used any more counts as none. The keys of one group all come from the
 * level that decides the group; what that level does not name takes its default. Where policy may only tighten, a mandatory
 * value counts only where it is tighter than what would hold without it.
 */
export function resolveAll(declarations: Declarations, policy: PolicySnapshot, user: ReadonlyMap<string, unknown>): ReadonlyMap<string, Resolved> {
  const frozen = frozenKeys(declarations, policy);
  const chosen = new Map([...user].filter(([key]) => !frozen(key)));
  const groups = groupLevels(declarations, policy, chosen);
  return new Map(
    Object.entries(declarations).map(([key, declaration]) => {
      const level = declaration.group === undefined ? undefined : groups.get(declaration.group);
      const resolved = resolve(key, declaration, policy, chosen, level);
      return [key, frozen(key) ? { ...resolved, locked: true } : resolved];
    }),
  );
}

/** Which settings the person cannot choose although no policy names a value for them (LockedPreferences). */
function frozenKeys(declarations: Declarations, policy: PolicySnapshot): (key: string) => boolean {
  const declaration = declarations[freezing];
  const { value } = declaration ? resolve(freezing, declaration, policy, new Map(), undefined) : { value: [] };
  const keys = new Set(Array.isArray(value) ? value : []);
  return (key) => keys.has("*") || keys.has(key);
}

const freezing = "LockedPreferences";

type Level = "policy" | "user" | "recommended";
const levels = ["policy", "user", "recommended"] as const;

/** `only`: the one level that may speak, for a key of a group. */
function resolve(key: string, declaration: SettingDeclaration, policy: PolicySnapshot, user: ReadonlyMap<string, unknown>, only: Level | undefined): Resolved {
  for (const level of levels) {
    if (only !== undefined && level !== only) continue;
    if (level === "user") {
      const chosen = chosenBy(key, declaration, user);
      if (chosen) return { value: chosen.value, origin: "user", locked: false };
      continue;
    }
    const found = policyValue(key, declaration, policy, level);
    if (!found) continue;
    const result = fromPolicy(key, declaration, found, level);
    if (level === "recommended" || !declaration.tighten || result.error) return result;
    const without = resolve(key, declaration, { ...policy, mandatory: new Map() }, user, undefined);
    if (tightness(declaration, result.value) <= tightness(declaration, without.value)) return without;
    const tightest = tightness(declaration, result.value) === tightness(declaration, declaration.restricted);
    return { ...result, locked: tightest || !declaration.user };
  }
  return { value: declaration.default, origin: "default", locked: !declaration.user || only === "policy" };
}

function fromPolicy(key: string, declaration: SettingDeclaration, found: PolicyValue, origin: "policy" | "recommended"): Resolved {
  const locked = origin === "policy" || !declaration.user;
  const parsed = v.safeParse(declaration.schema, found.value);
  if (parsed.success) return { value: parsed.output, origin, locked, source: found.source };
  return {
    value: declaration.restricted,
    origin,
    locked,
    source: found.source,
    error: { code: "policy-invalid", params: { setting: key, path: pathOf(key, parsed.issues[0]), source: found.source } },
  };
}

/** How tight a value of a boolean or a choice is; only to be compared (see `tighten`). */
function tightness({ kind, restricted }: SettingDeclaration, value: unknown): number {
  return kind.type === "choice" ? kind.options.indexOf(String(value)) : Number(value === restricted);
}

/** Where in a value something is wrong, from its key on: `ContentRules[2].pattern`. */
function pathOf(key: string, issue: v.BaseIssue<unknown>): string {
  const steps = (issue.path ?? []).map((step) => (typeof step.key === "number" ? `[${step.key}]` : `.${String(step.key)}`));
  return `${key}${steps.join("")}`.slice(0, 500);
}

function policyValue(key: string, declaration: SettingDeclaration, policy: PolicySnapshot, level: "policy" | "recommended"): PolicyValue | undefined {
  if (level === "policy") return declaration.policy === "none" ? undefined : policy.mandatory.get(key);
  return declaration.policy === "mandatory-and-recommended" ? policy.recommended.get(key) : undefined;
}

function chosenBy(key: string, declaration: SettingDeclaration, user: ReadonlyMap<string, unknown>): { readonly value: unknown } | undefined {
  if (!declaration.user || !user.has(key)) return undefined;
  const parsed = v.safeParse(declaration.schema, user.get(key));
  return parsed.success ? { value: parsed.output } : undefined;
}

/** The level that decides each group: the highest that names any of its keys. */
function groupLevels(declarations: Declarations, policy: PolicySnapshot, user: ReadonlyMap<string, unknown>): ReadonlyMap<string, Level> {
  const result = new Map<string, Level>();
  for (const level of levels) {
    for (const [key, declaration] of Object.entries(declarations)) {
      if (declaration.group === undefined || result.has(declaration.group)) continue;
      const there = level === "user" ? chosenBy(key, declaration, user) : policyValue(key, declaration, policy, level);
      if (there) result.set(declaration.group, level);
    }
  }
  return result;
}
