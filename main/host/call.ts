import type { Call } from "../../shared/ipc/transport.ts";

/** Longest call from the window, in UTF-16 units of its JSON text. */
export const maxCallLength = 4 * 1024 * 1024;

/**
 * A call as it came over the bridge, or undefined when it is not one. Arguments are validated later, by
 * main/ipc/dispatch.
 */
export function parseCall(text: string): Call | undefined {
  if (text.length > maxCallLength) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return checkCall(value);
}

/** The same for a value that was cloned across processes. */
export function checkCall(value: unknown): Call | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, method, args } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) return undefined;
  if (typeof method !== "string" || method.length === 0 || method.length > 100) return undefined;
  return { id, method, args };
}
