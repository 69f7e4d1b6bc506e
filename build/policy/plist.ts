import { element, writeXml, type XmlElement } from "./xml.ts";

/** Value of a property list; there is no null in it. */
export type Plist = string | number | boolean | Date | readonly Plist[] | { readonly [key: string]: Plist };

const doctype =
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">';

/** An XML property list (plist(5)). Numbers that are whole are integers. */
export function writePlist(value: Plist): string {
  return writeXml(element("plist", { version: "1.0" }, [node(value)]), doctype);
}

/** A value of a setting as a property list has it; undefined where it cannot be said: null is left out. */
export function toPlist(value: unknown): Plist | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.flatMap((item) => toPlist(item) ?? []);
  if (typeof value !== "object" || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const plist = toPlist(inner);
      return plist === undefined ? [] : [[key, plist]];
    }),
  );
}

function node(value: Plist): XmlElement {
  if (typeof value === "string") return element("string", {}, value);
  if (typeof value === "boolean") return element(String(value));
  if (typeof value === "number") return element(Number.isSafeInteger(value) ? "integer" : "real", {}, String(value));
  if (value instanceof Date) return element("date", {}, value.toISOString().replace(/\.\d+Z$/, "Z"));
  if (isArray(value)) return element("array", {}, value.map(node));
  return element(
    "dict",
    {},
    Object.entries(value).flatMap(([key, inner]) => [element("key", {}, key), node(inner)]),
  );
}

function isArray(value: Plist): value is readonly Plist[] {
  return Array.isArray(value);
}
