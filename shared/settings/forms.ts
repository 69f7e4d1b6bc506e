import * as v from "valibot";
import { certificatesIn } from "./certificates.ts";
import type { Reason } from "./reasons.ts";

/** Forms of text that several settings share. Every one is bounded. */

/** A form, and what a value that does not have it is told (reasons.ts). */
export function formOf(form: RegExp, reason: Reason) {
  return v.regex<string, Reason>(form, reason);
}

/** A check, and what a value that does not pass it is told. */
export function checkOf<T>(passes: (value: T) => boolean, reason: Reason) {
  return v.check<T, Reason>(passes, reason);
}

const label = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?";

/** An IPv6 address, in brackets or not, with its zone or not. No name has two colons, nor has a name with a port. */
const ipv6 = "\\[?[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{0,40}(?:%[A-Za-z0-9._~-]{1,32})?\\]?";

/**
 * A host or domain name, `*.` before one for all below it, an address, or `*` for every one. Unicode or A-labels;
 * compare them in one form.
 */
export const domainPattern = v.pipe(
  v.string(),
  v.maxLength(255),
  formOf(new RegExp(`^(?:\\*|(?:\\*\\.)?${label}(?:\\.${label})*|${ipv6})$`, "u"), "domain"),
);

/** A host name or an IPv4 or IPv6 address, without a port. */
export const host = v.pipe(
  v.string(),
  v.maxLength(255),
  formOf(new RegExp(`^(?:${label}(?:\\.${label})*|${ipv6})$`, "u"), "host"),
);

export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** A name that people read. */
export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** An absolute path, of Windows or of POSIX. */
export const absolutePath = v.pipe(
  v.string(),
  v.maxLength(4096),
  formOf(/^(?:\/|[A-Za-z]:\\|\\\\[^\\])[^\0]*$/, "path"),
);

/** No policy holds a secret: a URL with a name and password in it is refused. */
export function url(...schemes: readonly string[]) {
  return v.pipe(
    v.string(),
    v.maxLength(2048),
    formOf(new RegExp(`^(?:${schemes.join("|")})://[^\\s@/]+(?:[/?#][^\\s]*)?$`), "url"),
  );
}

/** Certificates as certificatesIn reads them, in its one form; `none`: an empty text is none at all. */
function certificateText(none: boolean) {
  return v.pipe(
    v.string(),
    v.maxLength(262_144),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      if (none && dataset.value === "") return "";
      const found = certificatesIn(dataset.value);
      if (found) return found.join("");
      addIssue({ message: "certificate" satisfies Reason });
      return NEVER;
    }),
  );
}

export const certificates = certificateText(false);
export const certificatesOrNone = certificateText(true);

/** Base64 SHA-256 of the key's SPKI (RFC 7469 section 2.4). */
export const keyHash = v.pipe(v.string(), formOf(/^[A-Za-z0-9+/]{43}=$/, "key-hash"));

/** RFC 3339 section 5.6: a date, or date and time with its zone. */
export const instant = v.pipe(
  v.string(),
  formOf(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/, "instant"),
  checkOf((value: string) => Number.isFinite(Date.parse(value)) && isInCalendar(value.slice(0, 10)), "instant"),
);

/** Date.parse takes 30 February for a day in March. */
function isInCalendar(day: string): boolean {
  const time = Date.parse(day);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(day);
}
