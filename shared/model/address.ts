import * as v from "valibot";

/**
 * A bare address in its canonical form, as a person reads it. There are three kinds:
 *
 *   local@domain     somebody on a network; the network says which scheme it stands for
 *   domain           a server or gateway that speaks for itself, also as an address literal
 *   scheme:rest      whom another kind of URI names, first of all a telephone: `tel:+15550100`
 *
 * Source: RFC 7622 section 3 (bare JID), RFC 3261 section 19.1.1 (SIP URI), RFC 3860 section 3 (`im:`), RFC 3966
 * (`tel:`).
 */
export type Address = string & { readonly __address?: never };

/** Longest address accepted from a person or the wire, in UTF-16 units (RFC 7622: 1023 octets a part). */
export const maxAddressLength = 3071;

const personal = /^[^\s@/]+@[^\s@/]+$/u;
const uri = /^[a-z][a-z0-9+.-]{1,20}:[!#-;=?-~]+$/;
const domain = /^(?:[^\s@/:]+|\[[0-9a-f:.]+\])$/u;

/** `local@domain`: what somebody signs in with. */
export const PersonalAddressSchema = v.pipe(
  v.string(),
  v.minLength(3),
  v.maxLength(maxAddressLength),
  v.regex(personal),
);

export const AddressSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(maxAddressLength),
  v.check((text) => personal.test(text) || domain.test(text) || uri.test(text)),
);

/** True for `local@domain`. */
export function isPersonal(address: Address): boolean {
  return personal.test(address) && !uri.test(address);
}

/** True for `domain`: a server or one of its services. */
export function isService(address: Address): boolean {
  return domain.test(address);
}

/** True for `scheme:rest`. */
export function isUri(address: Address): boolean {
  return uri.test(address);
}

/** The scheme of an address that is a URI, with its colon: no domain is called so. */
function schemeOf(address: Address): string | undefined {
  return uri.test(address) ? address.slice(0, address.indexOf(":") + 1) : undefined;
}

/**
 * The part after the `@`, or the whole of a domain. For a URI its scheme with the colon (`tel:`), which no rule about
 * domains names.
 */
export function domainOf(address: Address): string {
  return schemeOf(address) ?? address.slice(address.lastIndexOf("@") + 1);
}

/** The part before the `@`, or behind the scheme of a URI; empty for a domain. */
export function localOf(address: Address): string {
  const scheme = schemeOf(address);
  return scheme === undefined ? address.slice(0, Math.max(address.lastIndexOf("@"), 0)) : address.slice(scheme.length);
}

/** RFC 3323 section 4.1.1.3: the domain of whoever does not say who they are. */
const anonymousDomain = "anonymous.invalid";

/** Name of somebody of whom only the address is known; never empty. */
export function nameOf(address: Address): string {
  const scheme = schemeOf(address);
  if (scheme !== undefined) return scheme === "tel:" ? localOf(address) : address;
  return domainOf(address) === anonymousDomain ? "anonymous" : localOf(address) || address;
}

/**
 * Whether nobody can be reached there: the sender hides who they are, or it is a URI that no network of ours sends to.
 */
export function isUnanswerable(address: Address): boolean {
  const scheme = schemeOf(address);
  return scheme === undefined ? domainOf(address) === anonymousDomain : scheme !== "tel:";
}
