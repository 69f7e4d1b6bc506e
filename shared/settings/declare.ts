import type * as v from "valibot";
import type { SettingKind } from "./kinds.ts";

/** Facts that are declared once about every setting; see shared/settings/declaration.ts. */
interface About<S extends v.GenericSchema> {
  /** Validates a value from any source; it is made together with `kind` (kinds.ts). */
  readonly schema: S;
  /** How a person and a policy template see the value. */
  readonly kind: SettingKind;
  readonly default: v.InferOutput<S>;
  /** The safe end: in force while a policy value is present but invalid. */
  readonly restricted: v.InferOutput<S>;
  /** May the person choose a value themselves? */
  readonly user: boolean;
  /**
   * Policy may only tighten (booleans and choices): where the value that would hold without the policy is at least as
   * tight, it holds, and the person may go on choosing within what policy leaves. A boolean is tightest at
   * `restricted`; the options of a choice stand from the loosest to the tightest.
   */
  readonly tighten?: boolean;
  /**
   * Keys that belong together: what two places say differently of one of them restricts all; see
   * main/settings/sources/merge.ts.
   */
  readonly group?: string;
  /** Version that first had it. */
  readonly since: string;
  readonly example: v.InferOutput<S>;
}

/** The person's own; no policy says anything about it. */
interface Personal {
  readonly policy: "none";
  readonly status?: undefined;
  readonly test?: undefined;
}

/** May stand in a mandatory policy, and in a recommended one. */
type Level = "mandatory-and-recommended" | "mandatory-only";

/**
 * This version obeys it; `test` is `path/of.test.ts: title` of the test that shows the forbidden failing and the
 * permitted working.
 */
interface Enforced {
  readonly policy: Level;
  readonly status: "enforced";
  readonly test: string;
}

/** Mark of a setting whose feature is not in this version yet. */
interface Planned {
  readonly policy: Level;
  readonly status: "not-in-this-version";
  /** True: nothing of it can happen, whatever the value, since this version cannot do it at all. */
  readonly absent?: true;
  readonly test?: undefined;
}

export type SettingDeclaration<S extends v.GenericSchema = v.GenericSchema> = About<S> &
  (Personal | Enforced | Planned);

/** Declares a setting with its exact types. Its words are in shared/words under `setting.<Key>`. */
export function declare<const S extends v.GenericSchema>(declaration: SettingDeclaration<S>): SettingDeclaration<S> {
  return declaration;
}

/** For a key that only IT sets, and that nobody merely recommends. */
export const itDecides = { policy: "mandatory-only", user: false } as const;

/** For a key that the person sets, unless policy does. */
export const personOrPolicy = { policy: "mandatory-and-recommended", user: true } as const;

/** For a key whose subject is not in this version yet. */
export const planned = { status: "not-in-this-version", since: "0.2" } as const;

/**
 * For a key about something that this version cannot do at all, so that what it forbids does not happen in any case.
 */
export const absent = { ...planned, absent: true } as const;
