import { readBinaryPlist } from "./binary-plist.ts";
import { PlistError } from "./plist-error.ts";
import { readXmlPlist } from "./xml-plist.ts";

/**
 * Reads a property list whose outermost value is a dictionary, in XML or in Apple's binary form (bplist00).
 * Dictionaries come as objects, arrays as arrays, texts, numbers and booleans as themselves; dates and data have no use
 * in a policy and come as null. Size, depth and count are bounded. Errors: PlistError.
 */
export function readPlist(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  const value = startsWith(bytes, "bplist") ? readBinaryPlist(bytes) : readXmlPlist(decode(bytes));
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new PlistError("its outermost value should be a dictionary");
  return new Map(Object.entries(value));
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((character, at) => bytes[at] === character.charCodeAt(0));
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new PlistError("it is neither a binary property list nor text in UTF-8");
  }
}
