import { domainToASCII } from "node:url";

/**
 * Names that are compared (PRECIS, RFC 8264 and RFC 8265): what is disallowed is refused, never folded onto something
 * else, so that two names that a server keeps apart are never one here.
 */

/**
 * RFC 8264 section 9.17: code points with a compatibility equivalent; the width of East Asian letters is mapped before.
 */
function isCompatible(character: string): boolean {
  return character.normalize("NFKC") === character;
}

/** Fullwidth and halfwidth forms, which are the same letters (RFC 8265 section 3.3, width-mapping rule). */
const wide = /[\uFF01-\uFFEE]/gu;
/** RFC 8264 section 9.11: letters and digits. */
const letterOrDigit = /[\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]/u;
/**
 * Section 9.6 (valid although they are no letters, or need a context that is looked at below) and sections 9.10, 9.13
 * (never valid).
 */
const exceptions = /[\u00DF\u03C2\u06FD\u06FE\u0F0B\u3007\u00B7\u0375\u05F3\u05F4\u30FB]/u;
const refused =
  /[\u0640\u07FA\u302E\u302F\u3031-\u3035\u303B\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]|\p{Default_Ignorable_Code_Point}|\p{Noncharacter_Code_Point}|\p{Cc}/u;
const joiner = /[\u200C-\u200D]/;
/** Contexts of RFC 5892 appendix A.3 to A.9 that are not met. */
const outOfContext: readonly RegExp[] = [
  /(?<!l)\u00B7|\u00B7(?!l)/u,
  /\u0375(?!\p{Script=Greek})/u,
  /(?<!\p{Script=Hebrew})[\u05F3\u05F4]/u,
  /[\u0660-\u0669].*[\u06F0-\u06F9]|[\u06F0-\u06F9].*[\u0660-\u0669]/su,
];
/** Letters and digits of scripts that are written from right to left, and joiners. */
const directed = /[\u0590-\u08FF\u200C-\u200D\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;

/**
 * Only letters, digits and printable ASCII, in a context where they are valid (RFC 8264 section 4.2: the
 * IdentifierClass).
 */
function isIdentifier(text: string): boolean {
  for (const character of text) {
    if (/[\u0021-\u007E]/.test(character)) continue;
    if (joiner.test(character)) continue;
    if (refused.test(character)) return false;
    if (!exceptions.test(character) && !(letterOrDigit.test(character) && isCompatible(character))) return false;
  }
  return (
    !outOfContext.some((context) => context.test(text)) &&
    (!text.includes("\u30FB") || japanese.test(text)) &&
    isOrdered(text)
  );
}

/**
 * Joiners only where they change what is read (RFC 5892 appendix A.1 and A.2), directions only in an order in which
 * they are read one way (RFC 5893 section 2). Both go by tables that come with what reads domain names, where they hold
 * for a label as they do for us.
 */
function isOrdered(text: string): boolean {
  return (
    !directed.test(text) ||
    domainToASCII(text.replace(/[^\p{L}\p{M}\p{Nd}\u05F3\u05F4\u06FD\u06FE\u200C-\u200D]/gu, "-")) !== ""
  );
}

/** Also puts syllables together that came in parts, as some systems write them. */
function mapWidth(text: string): string {
  return text
    .replace(wide, (character) => character.normalize("NFKC"))
    .replace(/[\u1100-\u11FF]+/gu, (parts) => parts.normalize("NFC"));
}

/** UsernameCaseMapped (RFC 8265 section 3.3). Undefined: it is none. */
export function prepareUsername(text: string): string | undefined {
  const mapped = mapWidth(text);
  if (mapped === "" || !isIdentifier(mapped)) return undefined;
  return mapped.toLowerCase().normalize("NFC");
}

/**
 * Letters of an internationalized domain label, in lower case (RFC 7622 section 3.2, RFC 5892). Undefined: it is none.
 */
export function prepareLabel(text: string): string | undefined {
  const mapped = mapWidth(text);
  if (
    mapped === "" ||
    !isIdentifier(mapped) ||
    /[^\p{L}\p{M}\p{Nd}\u00B7\u0375\u05F3\u05F4\u06FD\u06FE\u0F0B\u3007\u30FB\u200C-\u200D_-]/u.test(mapped)
  )
    return undefined;
  return mapped.toLowerCase().normalize("NFC");
}

/** OpaqueString (RFC 8265 section 4.2), with symbols that are newer than we are. Undefined: it is none. */
export function prepareOpaque(text: string): string | undefined {
  const mapped = text.replace(/\p{Zs}/gu, " ");
  const words = /[\u200C-\u200D]/.test(mapped) ? (mapped.match(/[\p{L}\p{M}\p{Nd}\u200C-\u200D]+/gu) ?? []) : [];
  if (
    mapped === "" ||
    !words.every(isOrdered) ||
    !text.isWellFormed() ||
    /[\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF\p{Cc}\p{Co}\p{Zl}\p{Zp}]|(?![\u200C-\u200D])\p{Default_Ignorable_Code_Point}|\p{Noncharacter_Code_Point}/u.test(
      mapped,
    )
  )
    return undefined;
  return mapped.normalize("NFC");
}
