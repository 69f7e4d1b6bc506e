import type * as v from "valibot";

/** What is said once about a setting; see shared/settings/declaration.ts. */
export interface SettingDeclaration<S extends v.GenericSchema = v.GenericSchema> {
  /** Validates a value from any source. */
  readonly schema: S;
  readonly default: v.InferOutput<S>;
  /** The safe end: in force while a policy value is present but invalid. */
  readonly restricted: v.InferOutput<S>;
  /** May stand in a mandatory policy, and in a recommended one. */
  readonly policy: "mandatory-and-recommended" | "mandatory-only" | "none";
  /** May the person choose a value themselves? */
  readonly user: boolean;
  /** Keys of one atomic group come whole from one source. */
  readonly group?: string;
  /** Version that first had it. */
  readonly since: string;
  readonly example: v.InferOutput<S>;
}

/** Declares a setting with its exact types. Its words are in shared/words under `setting.<Key>`. */
export function declare<const S extends v.GenericSchema>(declaration: SettingDeclaration<S>): SettingDeclaration<S> {
  return declaration;
}
