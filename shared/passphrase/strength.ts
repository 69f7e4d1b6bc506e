import { findPatterns, type Pattern, type PatternKind, substitutes } from "./patterns.ts";

/**
 * Least strength of a new passphrase, in bits: 2^38 guesses at the cost of one scrypt each (main/secrets/vault-file.ts)
 * are out of reach for most.
 */
export const minimumBits = 38;
/** From here on a passphrase is called strong. */
export const strongBits = 55;

/** Why a passphrase is easy to guess: it is `short`, or most of it is a pattern. */
export type Weakness = "short" | PatternKind;

/** How hard a passphrase is to guess. */
export interface Strength {
  /** Binary logarithm of the guesses that somebody needs who knows how people choose passphrases. */
  readonly bits: number;
  /** Undefined: it will do. */
  readonly weakness: Weakness | undefined;
}

/** Length after which text adds nothing to an estimate, in characters. */
const maxLength = 120;

/**
 * The strength of a passphrase, estimated as the cheapest way to put it together (after D. Wheeler, "zxcvbn: Low-Budget
 * Password Strength Estimation", USENIX Security 2016): out of words that are tried first, sequences, repetitions,
 * dates and what is known of the person (`own`), and of single characters for the rest. A letter that goes on with a
 * word counts 2 bits, as in NIST SP 800-63-1 appendix A.1; one among letters that make no word, a digit or a sign
 * counts as one out of its kind.
 */
export function passphraseStrength(passphrase: string, own: readonly string[] = []): Strength {
  const characters = [...passphrase.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "")].slice(
    0,
    maxLength,
  );
  const patterns = findPatterns(characters, own);
  const single = singleCosts(characters);
  /** Cheapest way to the first n characters, and the pattern that it ends with. */
  const best: { readonly bits: number; readonly pattern: Pattern | undefined }[] = [{ bits: 0, pattern: undefined }];
  for (let end = 1; end <= characters.length; end++) {
    let cheapest: { bits: number; pattern: Pattern | undefined } = {
      bits: (best[end - 1]?.bits ?? 0) + (single[end - 1] ?? 0),
      pattern: undefined,
    };
    for (const pattern of patterns) {
      if (pattern.end !== end) continue;
      const bits = (best[pattern.start]?.bits ?? 0) + pattern.bits;
      if (bits < cheapest.bits) cheapest = { bits, pattern };
    }
    best.push(cheapest);
  }
  const bits = best.at(-1)?.bits ?? 0;
  return { bits, weakness: bits >= minimumBits ? undefined : weaknessOf(best) };
}

/** The kind of pattern that makes up most of it; `short` where less than half is one. */
function weaknessOf(best: readonly { readonly pattern: Pattern | undefined }[]): Weakness {
  const covered = new Map<PatternKind, number>();
  let all = 0;
  for (let end = best.length - 1; end > 0; ) {
    const pattern = best[end]?.pattern;
    const length = pattern === undefined ? 1 : pattern.end - pattern.start;
    if (pattern !== undefined) {
      covered.set(pattern.kind, (covered.get(pattern.kind) ?? 0) + length);
      all += length;
    }
    end -= length;
  }
  if (all * 2 < best.length - 1 || all === 0) return "short";
  return [...covered].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "short";
}

const letter = /\p{L}/u;
/** Scripts that write a word or a syllable with one character. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** Pairs of letters in half of all English and French words; letters that make no word have few of them. */
const pairs = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur " +
    "us ho la el ta ec di ss ac ca ai em ie nc il et ol no pe un ir ot ow wi we wo ee sh tr ut id ni lo fo op qu au eu ui ue av am ap ag ad ab ge go gr br " +
    "bl fl fr pr pl cr cl ck oo ay ey po pa pi ps rs rt rd rm ry ly ty mo mi mp nn tt pp ff gh ht ld lt do da su so sa sc sp ke ki ok ob os ev ex im iv ig ul um up bo ba by bu dr fa fe fi ga hu ju je ja lu mu na nu oi pu ru sk sl sm sn sw ts tu tw va vi vo ys ef ft ft rn rk wa wh wn ws yo zz za ze"
  ).split(" "),
);

/** Cost of each character by itself, in bits. */
function singleCosts(characters: readonly string[]): readonly number[] {
  const read = characters.map((character, index) => {
    const between = letter.test(characters[index - 1] ?? "") && letter.test(characters[index + 1] ?? "");
    return between ? (substitutes[character] ?? character) : character;
  });
  const words = wordCharacters(read);
  return read.map((character, index) => {
    const before = read[index - 1];
    const substituted = character === characters[index] ? 0 : 1;
    if (character === before) return 1;
    if (dense.test(character)) return 6;
    if (letter.test(character)) {
      const capital = character !== character.toLowerCase() ? 1 : 0;
      const goesOn = words[index] === true && before !== undefined && letter.test(before);
      return (goesOn ? 2 : 4.7 + capital) + substituted;
    }
    if (/\p{N}/u.test(character)) return 3.3;
    // Between two words everybody puts a blank or a dash.
    return /[ _.-]/.test(character) ? 2 : 5;
  });
}

/** Which characters belong to a run of letters that could be a word. */
function wordCharacters(characters: readonly string[]): readonly boolean[] {
  const result = characters.map(() => false);
  for (let start = 0; start < characters.length; ) {
    let end = start;
    while (end < characters.length && letter.test(characters[end] ?? "")) end++;
    const run = characters.slice(start, end).join("").normalize("NFD").replace(/\p{M}/gu, "");
    if (end > start) result.fill(looksLikeWord(run), start, end);
    start = Math.max(end, start + 1);
  }
  return result;
}

function looksLikeWord(run: string): boolean {
  // Capitals in the middle are no word's.
  if (/\p{Ll}\p{Lu}/u.test(run) && !/^(?:\p{Lu}?\p{Ll}{2,})+$/u.test(run)) return false;
  const text = run.toLowerCase();
  // Letters of other scripts are taken for words: nothing is known of their pairs.
  if (!/^[a-z]+$/.test(text)) return true;
  let known = 0;
  for (let i = 1; i < text.length; i++) if (pairs.has(text.slice(i - 1, i + 1))) known++;
  return known * 2 >= text.length - 1;
}
