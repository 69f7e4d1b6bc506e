import type { SettingRecord } from "../../shared/settings/declaration.ts";
import { maskSecrets } from "./mask.ts";
import { type Declarations, type Resolved, resolveAll } from "./resolve.ts";
import type { PolicyProblem, PolicySnapshot, PolicySource, PolicyValue } from "./sources/source.ts";

/** Value that somebody sets for a setting. */
export interface Said {
  readonly origin: SettingRecord["origin"];
  readonly value: unknown;
  readonly source?: string;
  readonly line?: number;
}

/**
 * A setting in force, with where its value stands and everything else that was said of it, the weightiest first.
 * Secrets are masked.
 */
export interface SettingReport extends Resolved, Said {
  readonly key: string;
  readonly overruled: readonly Said[];
}

/** Explains the settings: what resolveAll puts in force, and what it overrules. */
export function reportOf(
  declarations: Declarations,
  policy: PolicySnapshot,
  user: ReadonlyMap<string, unknown>,
): readonly SettingReport[] {
  return [...resolveAll(declarations, policy, user)].map(([key, resolved]) => {
    const said = everythingSaid(key, policy, declarations[key]?.user ? user : nothing);
    const counts = said.find(({ origin }) => origin === resolved.origin);
    const overruled = said
      .filter((other) => other !== counts)
      .map((other) => ({ ...other, value: maskSecrets(other.value) }));
    return {
      ...resolved,
      ...(counts?.line === undefined ? {} : { line: counts.line }),
      key,
      value: maskSecrets(resolved.value),
      overruled,
    };
  });
}

/** The policy of a machine. */
interface PolicyReport {
  readonly settings: readonly SettingReport[];
  /** Values in force, with nothing masked. */
  readonly resolved: ReadonlyMap<string, Resolved>;
  readonly problems: readonly PolicyProblem[];
  readonly complete: boolean;
}

/** The policy of a machine, without the person: what is there now, and what it puts in force. */
export async function readReport(source: PolicySource, declarations: Declarations): Promise<PolicyReport> {
  const { snapshot, problems, complete } = await source.read();
  const resolved = resolveAll(declarations, snapshot, new Map());
  return { settings: reportOf(declarations, snapshot, new Map()), resolved, problems, complete };
}

const nothing: ReadonlyMap<string, unknown> = new Map();

/** `user`: choices of the person that may count. */
function everythingSaid(key: string, policy: PolicySnapshot, user: ReadonlyMap<string, unknown>): readonly Said[] {
  const byPerson: Said[] = user.has(key) ? [{ origin: "user", value: user.get(key) }] : [];
  return [
    ...fromLevel("policy", policy.mandatory.get(key)),
    ...byPerson,
    ...fromLevel("recommended", policy.recommended.get(key)),
  ];
}

function fromLevel(origin: "policy" | "recommended", last: PolicyValue | undefined): readonly Said[] {
  const said: Said[] = [];
  for (let found = last; found; found = found.over) {
    said.push({
      origin,
      value: found.value,
      source: found.source,
      ...(found.line === undefined ? {} : { line: found.line }),
    });
  }
  return said;
}
