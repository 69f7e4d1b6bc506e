import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { SettingKeySchema, settingOrigins } from "../settings/declaration.ts";

/**
 * Where a value stands that a policy or the person has given: file or registry path, and a line from 1 where there are
 * lines.
 */
const place = { source: v.optional(v.string()), line: v.optional(v.number()) };

/**
 * Value of a setting from a policy, or from the person, that does not count because another with more weight says
 * otherwise.
 */
const OverruledSchema = v.object({ origin: v.picklist(settingOrigins), value: v.unknown(), ...place });

/** A setting as it is in force, why, and what it overrules. Secrets are masked. */
export const PolicyEntrySchema = v.object({
  key: SettingKeySchema,
  value: v.unknown(),
  origin: v.picklist(settingOrigins),
  locked: v.boolean(),
  ...place,
  error: v.optional(ErrorInfoSchema),
  overruled: v.array(OverruledSchema),
});
export type PolicyEntry = v.InferOutput<typeof PolicyEntrySchema>;

/**
 * `unreadable`, `untrusted` and `malformed` keep a new policy away, so that the last good one stays; the others are
 * warnings.
 */
export const policyProblemKinds = [
  "unreadable",
  "untrusted",
  "malformed",
  "unknown-key",
  "not-allowed-here",
  "invalid-value",
  "conflict",
  "contradiction",
] as const;

/** Something wrong with a policy. `detail`: one sentence in English, for IT; it names no secret. */
export const PolicyProblemSchema = v.object({
  kind: v.picklist(policyProblemKinds),
  ...place,
  source: v.string(),
  key: v.optional(v.string()),
  detail: v.string(),
});

/** Contents of the policy page. */
export const PolicyPageSchema = v.object({
  /** Every setting, in the order of its declaration. */
  entries: v.array(PolicyEntrySchema),
  problems: v.array(PolicyProblemSchema),
  /** False: a policy is required and there is none, so nothing connects. */
  connectionsAllowed: v.boolean(),
});
export type PolicyPage = v.InferOutput<typeof PolicyPageSchema>;
