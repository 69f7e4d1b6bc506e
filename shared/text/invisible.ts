/**
 * Characters that take no place and show nothing: format characters, default ignorables (Hangul fillers, variation
 * selectors, tags, soft hyphens), and controls that are no white space.
 */
export const invisible =
  /[\p{Cf}\p{Default_Ignorable_Code_Point}\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F]/u;

/**
 * White space, and what is drawn as such: the next line of C1, the empty Braille pattern, and a note without a head.
 * ECMAScript counts U+FEFF as white space, which takes no place.
 */
export const blank = /(?!\uFEFF)[\s\u0085\u2800\u{1D159}]/u;
