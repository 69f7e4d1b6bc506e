import type { Address } from "../../shared/model/address.ts";

/** Longest URI that is taken, in UTF-16 units. */
const maxLength = 512;
/** Schemes that stand for `local@domain`; what is no address of theirs is none at all. */
const ownSchemes: readonly string[] = ["sip", "sips", "im", "pres"];

/**
 * Whom a URI of another scheme names, as an address of its own: `tel:` in one spelling, all others as they are written,
 * so that nobody is taken for a person of a network. Undefined: it is none.
 */
export function addressOfOtherUri(text: string): Address | undefined {
  const [, written = "", rest = ""] =
    (text.length <= maxLength && /^([a-z][a-z0-9+.-]{1,20}):([!#-;=?-~]+)$/i.exec(text)) || [];
  const scheme = written.toLowerCase();
  if (rest === "" || ownSchemes.includes(scheme)) return undefined;
  return scheme === "tel" ? telephone(rest) : `${scheme}:${rest}`;
}

/** Parameters of a number that say whose it is (RFC 3966 section 5.1); others say how to get there. */
const identifying: readonly string[] = ["ext", "isub", "phone-context"];

/**
 * `tel:` and the number without visual separators, and its context (RFC 3966 section 4: numbers are compared without
 * them). What is no number stays as it is written.
 */
function telephone(rest: string): Address {
  const [number = "", ...parameters] = rest.toLowerCase().split(";");
  const digits = number.replace(/[-.()]/g, "");
  if (!/^(?:\+\d+|[\da-f*#]+)$/.test(digits)) return `tel:${rest}`;
  const kept = parameters.filter((parameter) => identifying.includes(parameter.split("=", 1)[0] ?? ""));
  return [`tel:${digits}`, ...kept.sort()].join(";");
}
