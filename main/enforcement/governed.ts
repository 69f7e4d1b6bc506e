/**
 * Everything that a facet has, optional methods too. A wrapper implements this, so that it does not compile while it
 * leaves a method of its facet out.
 */
export type Whole<Facet> = { readonly [Key in keyof Required<Facet>]: Facet[Key] };
