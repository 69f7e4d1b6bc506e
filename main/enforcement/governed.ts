import type { Governor } from "./governor.ts";

/** Everything that a facet has, optional methods too: a wrapper that leaves one out does not compile. */
export type Whole<Facet> = { readonly [Key in keyof Required<Facet>]: Facet[Key] };

/** For the compiler alone. */
declare const isGoverned: unique symbol;

/** A facet under the rules of its account. An inner facet in the place of one does not compile. */
export type Governed<Facet> = Whole<Facet> & { readonly [isGoverned]: true };

/** Puts a facet of a connection under the rules of its account. */
type Govern<Facet> = (inner: Facet, governor: Governor) => Governed<Facet>;

/** The wrapper of a facet, which asks the governor before anything reaches `inner` or is answered by it. */
export function governs<Facet>(wrap: (inner: Facet, governor: Governor) => Whole<Facet>): Govern<Facet> {
  return wrap as Govern<Facet>;
}
