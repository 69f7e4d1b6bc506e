import type { SettingKey } from "../../../shared/settings/declaration.ts";
import type { Resolved } from "../resolve.ts";
import type { Consequence, ConsequenceRule, PolicyInForce } from "./consequence.ts";
import { content } from "./content.ts";
import { reach } from "./reach.ts";
import { retention } from "./retention.ts";
import { signingIn } from "./signing-in.ts";

const rules: readonly ConsequenceRule[] = [signingIn, retention, reach, content];

/**
 * Consequences of the policy in force that cannot be meant. Of a key whose value cannot be used nothing is said: its
 * error has said it. Nor is anything said while a part of the policy is unknown.
 */
export function consequencesOf(resolved: ReadonlyMap<string, Resolved>, now: number): readonly Consequence[] {
  if ([...resolved.values()].some(({ error }) => error?.params?.["unread"] !== undefined)) return [];
  const inForce: PolicyInForce = {
    // What resolveAll answers has passed the key's own schema, or is its declared default or restricted value.
    get: (key) => resolved.get(key)?.value as never,
    names: (key) => isPolicy(resolved.get(key)),
  };
  const wrong = (key: SettingKey): boolean => resolved.get(key)?.error !== undefined;
  return rules.flatMap((rule) => rule(inForce, now)).filter(({ key }) => !wrong(key));
}

function isPolicy(resolved: Resolved | undefined): boolean {
  return resolved?.origin === "policy" || resolved?.origin === "recommended";
}
