import * as v from "valibot";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { SettingRecord } from "../../shared/settings/declaration.ts";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";
import { isReason } from "../../shared/settings/reasons.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { unusableCertificate } from "./certificate-check.ts";
import type { PolicySnapshot, PolicyValue } from "./sources/source.ts";
import { tightness } from "./tightness.ts";

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
 * Absent is not invalid: a policy value that is there but cannot be used, or of which nobody knows whether it is there
 * (PolicySnapshot.unread), puts the setting's restricted value in force, with an error. A choice of the person's that
 * cannot be used any more counts as none. As soon as a mandatory policy names a key of an atomic group, the person
 * chooses none of the group; where two places contradict each other about one, all keys of the group take their
 * restricted values. Where policy may only tighten, a mandatory value counts only where it is tighter than what would
 * hold without it.
 */
export function resolveAll(
  declarations: Declarations,
  policy: PolicySnapshot,
  user: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Resolved> {
  const frozen = frozenKeys(declarations, policy);
  const chosen = new Map([...user].filter(([key]) => !frozen(key)));
  const decided = decidedGroups(declarations, policy);
  return new Map(
    Object.entries(declarations).map(([key, declaration]) => {
      const group = declaration.group === undefined ? undefined : decided.get(declaration.group);
      const conflict = group?.find(([, value]) => value.conflict !== undefined);
      const resolved = conflict
        ? contradicted({ key, declaration }, conflict)
        : resolve({ key, declaration }, { policy, user: chosen, isDecided: group !== undefined });
      return [key, frozen(key) ? { ...resolved, locked: true } : resolved];
    }),
  );
}

/** Which settings the person cannot choose although no policy names a value for them (LockedPreferences). */
function frozenKeys(declarations: Declarations, policy: PolicySnapshot): (key: string) => boolean {
  const declaration = declarations[freezing];
  const { value } = declaration ? resolve({ key: freezing, declaration }, { policy, user: new Map() }) : { value: [] };
  const keys = new Set(Array.isArray(value) ? value : []);
  return (key) => keys.has("*") || keys.has(key);
}

const freezing = "LockedPreferences";

const levels = ["policy", "user", "recommended"] as const;

interface Setting {
  readonly key: string;
  readonly declaration: SettingDeclaration;
}

/** Everything that has a say in a setting. */
interface Voices {
  readonly policy: PolicySnapshot;
  readonly user: ReadonlyMap<string, unknown>;
  /** A mandatory policy decides its group, so that the person does not choose. */
  readonly isDecided?: boolean;
}

function resolve(setting: Setting, { policy, user, isDecided = false }: Voices): Resolved {
  const { declaration } = setting;
  for (const level of levels) {
    if (level === "user") {
      if (isDecided) continue;
      const chosen = chosenBy(setting, user);
      if (chosen) return { value: chosen.value, origin: "user", locked: false };
      continue;
    }
    const found = policyValue(setting, policy, level);
    if (!found) continue;
    const result = fromPolicy(setting, found, level);
    if (isDecided && level === "recommended") return { ...result, locked: true };
    if (level === "recommended" || !declaration.tighten || result.error) return result;
    const without = resolve(setting, { policy: { mandatory: new Map(), recommended: policy.recommended }, user });
    if (tightness(declaration, result.value) <= tightness(declaration, without.value)) return without;
    const tightest = tightness(declaration, result.value) === tightness(declaration, declaration.restricted);
    return { ...result, locked: tightest || !declaration.user };
  }
  return { value: declaration.default, origin: "default", locked: !declaration.user || isDecided };
}

function fromPolicy({ key, declaration }: Setting, found: PolicyValue, origin: "policy" | "recommended"): Resolved {
  const locked = origin === "policy" || !declaration.user;
  const { source } = found;
  if (found.value === undefined)
    return {
      value: declaration.restricted,
      origin,
      locked,
      source,
      error: { code: "policy-invalid", params: { setting: key, source, unread: source } },
    };
  const parsed = v.safeParse(declaration.schema, found.value);
  const certificate = parsed.success ? unusableCertificate(key, parsed.output) : undefined;
  if (parsed.success && certificate === undefined) return { value: parsed.output, origin, locked, source };
  const reason = parsed.success ? "certificate" : parsed.issues[0].message;
  const path = certificate ?? pathOf(key, parsed.issues?.[0]);
  const params = { setting: key, path, source, ...(isReason(reason) ? { reason } : {}) };
  return { value: declaration.restricted, origin, locked, source, error: { code: "policy-invalid", params } };
}

/** Where in a value something is wrong, from its key on: `ContentRules[2].pattern`. */
function pathOf(key: string, issue: v.BaseIssue<unknown> | undefined): string {
  const steps = (issue?.path ?? []).map((step) =>
    typeof step.key === "number" ? `[${step.key}]` : `.${String(step.key)}`,
  );
  return truncate(`${key}${steps.join("")}`, 500);
}

function policyValue(
  { key, declaration }: Setting,
  policy: PolicySnapshot,
  level: "policy" | "recommended",
): PolicyValue | undefined {
  if (level === "policy")
    return declaration.policy === "none" ? undefined : (policy.mandatory.get(key) ?? unreadValue(policy));
  return declaration.policy === "mandatory-and-recommended" ? policy.recommended.get(key) : undefined;
}

/** Value of a key that only a place that cannot be read may name: nobody knows it. */
function unreadValue({ unread }: PolicySnapshot): PolicyValue | undefined {
  return unread === undefined ? undefined : { value: undefined, source: unread };
}

function chosenBy(
  { key, declaration }: Setting,
  user: ReadonlyMap<string, unknown>,
): { readonly value: unknown } | undefined {
  if (!declaration.user || !user.has(key)) return undefined;
  const parsed = v.safeParse(declaration.schema, user.get(key));
  return parsed.success ? { value: parsed.output } : undefined;
}

/** A key and what is said of it. */
type Said = readonly [key: string, value: PolicyValue];

/** Decisions of a mandatory policy about each group of which it names a key. */
function decidedGroups(declarations: Declarations, policy: PolicySnapshot): ReadonlyMap<string, readonly Said[]> {
  const result = new Map<string, readonly Said[]>();
  for (const [key, declaration] of Object.entries(declarations)) {
    const found = declaration.group === undefined ? undefined : policyValue({ key, declaration }, policy, "policy");
    if (declaration.group !== undefined && found)
      result.set(declaration.group, [...(result.get(declaration.group) ?? []), [key, found]]);
  }
  return result;
}

/** A key of a group of which two places say different things of one key. */
function contradicted({ key, declaration }: Setting, [path, { source, conflict = "" }]: Said): Resolved {
  const error: ErrorInfo = { code: "policy-invalid", params: { setting: key, path, source, conflict } };
  return { value: declaration.restricted, origin: "policy", locked: true, source, error };
}
