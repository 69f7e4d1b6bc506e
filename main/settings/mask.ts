const masked = "••••••";
const secretName = /(?<!by)pass(?:word|phrase|wd)?$|secret|token|credential|private.?key|api.?key/i;
/** Name and password in a URL (RFC 3986 section 3.2.1). */
const userinfo = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]+@/gi;

/**
 * A value as it may be shown: what stands under a name that speaks of a secret, and names and passwords in URLs, are
 * dots. No setting is meant to hold a secret; this is for the one that is put there all the same.
 */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === "string") return value.replace(userinfo, `$1${masked}@`);
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && member !== null && typeof member !== "boolean" ? masked : maskSecrets(member),
    ]),
  );
}
