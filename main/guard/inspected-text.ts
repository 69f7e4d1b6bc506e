/** A part of a text, in UTF-16 units; `end` is the first unit after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of a message as the finders see it. */
export interface InspectedText {
  readonly body: string;
  /**
   * The body made plain, so that neither case, accents, full-width or foreign digits, fancy dashes nor invisible characters
   * hide anything: lower case, digits as ASCII, white space as single blanks (a line end where one was in it).
   */
  readonly plain: string;
  /** The body without what cannot be seen, compatibility forms made plain, capitals as they are; the body itself where that is the same. */
  readonly visible: string;
  /** The part of `body` that a part of `plain` stands for. */
  original(span: Span): Span;
}

/** What a rule looks with: answers every place, in order and without overlaps. */
export type Finder = (text: InspectedText) => readonly Span[];

/** Nothing in it changes but capitals: ASCII without two blanks in a row. */
const simple = /^[\x21-\x7e]*(?:[ \n][\x21-\x7e]+)*[ \n]?$/;
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const allInvisible = new RegExp(invisible, "gu");
/** Marks that people leave out when they type: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowel signs. */
const droppedMarks = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
/** Letters that Unicode does not decompose but that people type as others. */
const foldedLetters: Readonly<Record<string, string>> = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" };

/** Makes a text ready to be looked through. */
export function inspected(body: string): InspectedText {
  let folded: Folded | undefined;
  let visible: string | undefined;
  const fold = (): Folded => {
    folded ??= simple.test(body) ? { plain: body.toLowerCase(), starts: undefined } : foldAll(body);
    return folded;
  };
  return {
    body,
    get plain() {
      return fold().plain;
    },
    get visible() {
      visible ??= simple.test(body) ? body : body.normalize("NFKC").replace(allInvisible, "");
      return visible;
    },
    original({ start, end }) {
      const { starts } = fold();
      // Up to where the last unit ends: what was left out after it is not part of it.
      return starts ? { start: starts.from[start] ?? body.length, end: end > start ? (starts.to[end - 1] ?? body.length) : start } : { start, end };
    },
  };
}

interface Folded {
  readonly plain: string;
  /** Of each unit of `plain`, where what it was made of starts and ends in the body; undefined: the same places. */
  readonly starts: { readonly from: readonly number[]; readonly to: readonly number[] } | undefined;
}

function foldAll(body: string): Folded {
  const from: number[] = [];
  const to: number[] = [];
  let plain = "";
  /** White space that is not written yet, and where it starts and ends: a whole run is one blank, or a line end where one is in it. */
  let blank = "";
  let blankStart = 0;
  let blankEnd = 0;
  let at = 0;
  for (const character of body) {
    const start = at;
    at += character.length;
    const folded = foldCharacter(character);
    if (folded === " " || folded === "\n") {
      if (blank === "") blankStart = start;
      if (blank !== "\n") blank = folded;
      blankEnd = at;
      continue;
    }
    if (folded === "") continue;
    if (blank !== "") {
      plain += blank;
      from.push(blankStart);
      to.push(blankEnd);
      blank = "";
    }
    plain += folded;
    for (let i = 0; i < folded.length; i++) {
      from.push(start);
      to.push(at);
    }
  }
  return { plain, starts: { from, to } };
}

/** What ASCII becomes; other characters are remembered as they come. */
const foldedAscii: readonly string[] = Array.from({ length: 0x80 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[\n\r]/.test(character)) return "\n";
  return code <= 0x20 || code === 0x7f ? " " : character.toLowerCase();
});
const remembered = new Map<string, string>();
const maxRemembered = 5_000;

/** The plain form of one character: white space as a blank or a line end, nothing for what cannot be seen. */
export function foldCharacter(character: string): string {
  const known = foldedAscii[character.codePointAt(0) ?? 0] ?? remembered.get(character);
  if (known !== undefined) return known;
  const folded = foldOther(character);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(character, folded);
  return folded;
}

function foldOther(character: string): string {
  if (/[\u0085\u2028\u2029]/.test(character)) return "\n";
  if (/\s/u.test(character)) return " ";
  if (invisible.test(character)) return "";
  if (/[\p{Pd}\u2212]/u.test(character)) return "-";
  const plain = character.normalize("NFKD").toLowerCase().replace(droppedMarks, "");
  if (/^\p{Nd}$/u.test(plain)) return digit(plain);
  // Some ligatures are a whole sentence.
  return [...plain]
    .map((letter) => foldedLetters[letter] ?? letter)
    .join("")
    .slice(0, 8);
}

/** A decimal digit of any script: each has its ten in a row, the zero first. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}
