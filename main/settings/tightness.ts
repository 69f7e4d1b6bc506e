import { isDeepStrictEqual } from "node:util";
import * as v from "valibot";
import type { SettingDeclaration } from "../../shared/settings/declare.ts";

/**
 * How tight a value of a boolean or a choice is, only to be compared (see `tighten`). A value that cannot be used is
 * the tightest, since the restricted value stands in for it.
 */
export function tightness({ kind, restricted, schema }: SettingDeclaration, value: unknown): number {
  if (!v.is(schema, value)) return Number.POSITIVE_INFINITY;
  return kind.type === "choice" ? kind.options.indexOf(String(value)) : Number(value === restricted);
}

/**
 * Whether a value is known to allow more than another of the same setting, or to end what that one asks for: then it is
 * the standard value again. False where nobody can say: texts, structures and choices without an order.
 */
export function isLooser(declaration: SettingDeclaration, value: unknown, than: unknown): boolean {
  const { kind, schema, restricted } = declaration;
  if (!v.is(schema, value) || isDeepStrictEqual(value, than)) return false;
  const ends = isDeepStrictEqual(value, declaration.default);
  if (kind.type === "boolean") return than === restricted && value !== restricted;
  if (kind.type === "choice" && restricted === kind.options.at(-1))
    return tightness(declaration, value) < tightness(declaration, than);
  if (kind.type === "choice") return ends && value !== restricted;
  if (kind.type === "integer") return ends || isFarther(declaration, Number(value), than);
  if (!Array.isArray(restricted)) return ends;
  if (!Array.isArray(value) || !Array.isArray(than)) return false;
  // Nothing may stand in a list of what is allowed, when it is restricted; in a list of what is forbidden, everything.
  return restricted.length === 0 ? !isPart(value, than) : !isPart(than, value);
}

/** Whether a number is farther from the safe end than another; where the standard value is that end, nobody can say. */
function isFarther({ restricted, default: standard }: SettingDeclaration, value: number, than: unknown): boolean {
  return (
    typeof than === "number" &&
    typeof restricted === "number" &&
    restricted !== standard &&
    Math.abs(value - restricted) > Math.abs(than - restricted)
  );
}

function isPart(part: readonly unknown[], whole: readonly unknown[]): boolean {
  return whole.includes("*") || part.every((item) => whole.some((other) => isDeepStrictEqual(item, other)));
}
