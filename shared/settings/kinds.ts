import * as v from "valibot";
import type { Reason } from "./reasons.ts";

/** Sort of value that a setting has: it decides its control, and its form in every policy template. */
export type SettingKind =
  | { readonly type: "boolean" }
  /** One of several words, from the loosest to the tightest where there is such an order. */
  | { readonly type: "choice"; readonly options: readonly string[] }
  | { readonly type: "integer"; readonly min: number; readonly max: number }
  | { readonly type: "text"; readonly maxLength: number }
  /** Texts; `options`: only these may stand in it. */
  | { readonly type: "list"; readonly maxItems: number; readonly options?: readonly string[] }
  /** Objects or lists of objects: JSON, also where a source knows only text. */
  | { readonly type: "structure" };

export function boolean() {
  return { kind: { type: "boolean" }, schema: v.boolean() } as const;
}

export function choice<const Options extends readonly [string, ...string[]]>(options: Options) {
  return { kind: { type: "choice", options }, schema: v.picklist(options) } as const;
}

/** A whole number, both ends included. */
export function integer(min: number, max: number) {
  return {
    kind: { type: "integer", min, max },
    schema: v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)),
  } as const;
}

/** At most so many UTF-16 units. */
export function text(maxLength: number) {
  return { kind: { type: "text", maxLength }, schema: v.pipe(v.string(), v.maxLength(maxLength)) } as const;
}

/** A text of a form. */
export function formed(maxLength: number, form: RegExp, reason: Reason) {
  return {
    kind: { type: "text", maxLength },
    schema: v.pipe(v.string(), v.maxLength(maxLength), v.regex(form, reason)),
  } as const;
}

export function list<Item extends v.GenericSchema<string>>(item: Item, maxItems: number) {
  return {
    kind: { type: "list", maxItems },
    schema: v.pipe(v.array(item), v.maxLength(maxItems), v.readonly()),
  } as const;
}

/** Some of several words, each at most once. */
export function someOf<const Options extends readonly [string, ...string[]]>(options: Options) {
  return {
    kind: { type: "list", maxItems: options.length, options },
    schema: v.pipe(
      v.array(v.picklist(options)),
      v.maxLength(options.length),
      v.checkItems((item, index, all) => all.indexOf(item) === index, "repeated"),
      v.readonly(),
    ),
  } as const;
}

export function structure<S extends v.GenericSchema>(schema: S) {
  return { kind: { type: "structure" }, schema } as const;
}
