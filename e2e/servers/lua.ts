/** A value that Prosody's storage files can hold: they are Lua source that returns a table. */
export type LuaValue = string | number | boolean | readonly LuaValue[] | LuaTable;

/**
 * A Map where keys are not all names: `false` is Prosody's key for metadata, numbers are the list part of a mixed
 * table.
 */
export type LuaTable = { readonly [key: string]: LuaValue } | ReadonlyMap<string | number | false, LuaValue>;

/** Lua source of a value. */
export function lua(value: LuaValue): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return `{${value.map(lua).join(";")}}`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${entries.map(([key, item]) => `[${typeof key === "string" ? quote(key) : String(key)}]=${lua(item)}`).join(";")}}`;
}

function isList(value: LuaValue): value is readonly LuaValue[] {
  return Array.isArray(value);
}

/** A Lua string literal; what would end or bend one is written as decimal escapes. */
export function quote(text: string): string {
  return `"${text.replace(/["\\\p{Cc}]/gu, (char) => `\\${String(char.charCodeAt(0)).padStart(3, "0")}`)}"`;
}
