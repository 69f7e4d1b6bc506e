/** Value kept as JSON text; undefined where it cannot be read, which then counts as not there. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
