import * as v from "valibot";

/** Forms of text that several settings share. Every one is bounded. */

const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?";

/** A host or domain name, `*.` before one for all below it, or `*` for every one. Unicode or A-labels; compare them in one form. */
export const domainPattern = v.pipe(v.string(), v.maxLength(255), v.regex(new RegExp(`^(?:\\*|(?:\\*\\.)?${label}(?:\\.${label})*)$`, "u")));

/** A host name or an IPv4 or IPv6 address, without a port. */
export const host = v.pipe(v.string(), v.maxLength(255), v.regex(new RegExp(`^(?:${label}(?:\\.${label})*|\\[?[0-9a-fA-F:.]{2,45}\\]?)$`, "u")));

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** A name that people read. */
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** An absolute path, of Windows or of POSIX. */
export const absolutePath = v.pipe(v.string(), v.maxLength(4096), v.regex(/^(?:\/|[A-Za-z]:\\|\\\\[^\\])[^\0]*$/));

/** No policy holds a secret: a URL with a name and password in it is refused. */
export function url(...schemes: readonly string[]) {
  return v.pipe(v.string(), v.maxLength(2048), v.regex(new RegExp(`^(?:${schemes.join("|")})://[^\\s@/]+(?:[/?#][^\\s]*)?$`)));
}

/** RFC 7468 section 5: one certificate. */
export const certificateForm = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

/** Base64 SHA-256 of the key's SPKI (RFC 7469 section 2.4). */
export const keyHash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/));

/** RFC 3339 section 5.6: a date, or date and time with its zone. */
export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/),
  v.check((value) => Number.isFinite(Date.parse(value)), "There is no such day."),
);
