import * as v from "valibot";

/**
 * A bare address as a person reads and types it: `local@domain`, no scheme and no resource, in its canonical
 * (lower-case domain, prepared local part) form. Both networks use it; the network says which scheme it stands for.
 * Source: RFC 7622 section 3 (bare JID), RFC 3261 section 19.1.1 (`sip:user@host`), RFC 3860 section 3 (`im:`).
 */
export type Address = string & { readonly __address?: never };

/** Longest address accepted from a person or the wire, in UTF-16 units (RFC 7622: 1023 octets a part). */
export const maxAddressLength = 3071;

export const AddressSchema = v.pipe(v.string(), v.minLength(3), v.maxLength(maxAddressLength), v.regex(/^[^\s@/]+@[^\s@/]+$/u));

/** The part after the `@`. */
export function domainOf(address: Address): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** The part before the `@`. */
export function localOf(address: Address): string {
  return address.slice(0, address.lastIndexOf("@"));
}
