import { prototypeOf } from "../../shared/look-alike/skeleton.ts";
import { Memo } from "../../shared/memo.ts";
import { blank, invisible } from "../../shared/text/invisible.ts";

/**
 * Marks that people leave out when they type, or put over letters to hide them: accents of Latin, Greek and Cyrillic,
 * strokes, circles, Hebrew points, Arabic vowel signs and the line that stretches Arabic words.
 */
const droppedMarks =
  /\p{Me}|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]|[\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;
/** Letters that Unicode does not decompose but that people type as others. */
const foldedLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ς: "σ",
};
/** Small capitals and letters with a stroke or a hook, which are letters of their own and are drawn as these. */
const drawnLetters = new Map(
  Object.entries({
    a: "ᴀⱥ",
    b: "ʙƀƃɓβⲃ",
    c: "ᴄȼƈ",
    d: "ᴅɖɗ",
    e: "ᴇɇⱻ",
    f: "ꜰƒ",
    g: "ɢǥɠ",
    h: "ʜħɦ",
    i: "ɪɨ",
    j: "ᴊɉʝ",
    k: "ᴋƙꝁ",
    l: "ʟƚɫɬ",
    m: "ᴍɱ",
    n: "ɴɲƞ",
    o: "ᴏɵ",
    p: "ᴘᵽƥ",
    q: "ꞯɋ",
    r: "ʀɍɽ",
    s: "ꜱʂ",
    t: "ᴛŧƭⱦ",
    u: "ᴜʉ",
    v: "ᴠ",
    w: "ᴡⱳ",
    x: "ӿ",
    y: "ʏɏƴ",
    z: "ᴢƶʐȥ",
  }).flatMap(([like, letters]) => [...letters].map((letter) => [letter, like] as const)),
);
/** Dots in the middle, ideographic and half-width: between digits they divide as a dot does. */
const dots = /[\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\uff61\uff65]/u;
/** Characters that look like a slash, as in a link. */
const slashes = /[\u2044\u2215\u29f8\u2571\u3033]/u;
/** Hyphens, and what is drawn as one: programs put them in the place of the one of ASCII by themselves. */
const hyphens = /[\u2010-\u2013\u2043\u2212]/u;
const colons = /[\u02d0\u02f8\u0589\u05c3\u2236\ua789\ufe30]/u;
/** Capitals that are a bar: they look like a small l, too, which is their shape. */
const barCapitals = /[\u0399\u0406\u04c0\u16c1\u2c92\u2d4f\ua4f2]/u;
/** White letters in black circles and squares, which have no decomposition: where the capitals begin. */
const letterRows: readonly number[] = [0x1f150, 0x1f170];
/**
 * Circled, bracketed and dotted numbers without a decomposition: where each row begins, its first number, and how many
 * there are.
 */
const numberRows: readonly (readonly [first: number, value: number, count: number])[] = [
  [0x24eb, 11, 10],
  [0x24f5, 1, 10],
  [0x24ff, 0, 1],
  [0x2776, 1, 10],
  [0x2780, 1, 10],
  [0x278a, 1, 10],
  [0x1f10b, 0, 1],
  [0x1f10c, 0, 1],
];

/** Characters beyond ASCII that one fold remembers. */
const maxRemembered = 5_000;

/** The plain form of one character: white space as a blank or a line end, nothing for what cannot be seen. */
export const foldCharacter = remembering(foldAnew);

/**
 * The plain form of what a character looks like: a letter of another script as the Latin one that nobody can tell from
 * it.
 */
export const foldShape = remembering((character) => {
  const folded = foldCharacter(character);
  if (folded === "" || /^[\0-\x7f]*$/.test(folded)) return folded;
  // Its capital looks like another letter than its small one: what stands there counts.
  const shape = prototypeOf(character) ?? prototypeOf(folded) ?? drawnLetters.get(folded);
  return shape !== undefined && /^[a-z]$/.test(shape) ? shape : folded;
});

/**
 * A character with its marks as it is seen: capitals and accents as they are, digits as ASCII, without marks that only
 * hide it. Nothing for what cannot be seen.
 */
export const foldVisible = remembering((cluster) => {
  const seen = [...cluster].filter((character) => !invisible.test(character)).join("");
  // What has a form of its own with the mark is a letter; what has none is a disguise.
  const composed = seen.normalize("NFC").replace(droppedMarks, "");
  // No letter or digit of ASCII has a mark of another script.
  const [first = ""] = composed;
  if (/^[\x21-\x7e]\p{M}+$/u.test(composed)) return first;
  return numberOf(composed) ?? foldedAs(composed) ?? composed.normalize("NFKC");
});

/** The same of what it looks like. */
export const foldVisibleShape = remembering((cluster) =>
  [...foldVisible(cluster)]
    .map((character) => {
      const shape = foldShape(character);
      if (shape === foldCharacter(character)) return character;
      if (barCapitals.test(character)) return "I";
      return character === character.toLowerCase() ? shape : shape.toUpperCase();
    })
    .join(""),
);

/** A character of which only the frame or the form of a sign hides what it is. */
function foldedAs(character: string): string | undefined {
  if ([...character].length !== 1) return undefined;
  if (hyphens.test(character)) return "-";
  return slashes.test(character) ? "/" : colons.test(character) ? ":" : framedLetter(character);
}

function foldAnew(character: string): string {
  if (/[\n\r\u0085\u2028\u2029]/.test(character)) return "\n";
  if (blank.test(character)) return " ";
  if (invisible.test(character)) return "";
  if (dots.test(character)) return ".";
  const number = numberOf(character);
  if (number !== undefined) return number;
  const form = foldedAs(character);
  if (form !== undefined) return form;
  const plain = character.normalize("NFKD").toLowerCase().replace(droppedMarks, "");
  if (/^[\p{Pd}\u2043\u2212]$/u.test(plain)) return "-";
  // Some ligatures are a whole sentence.
  return [...plain]
    .map((letter) => foldedLetters[letter] ?? letter)
    .join("")
    .slice(0, 8);
}

/** A letter in black or in brackets as a small one of ASCII. Undefined: it is none. */
function framedLetter(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  const first = letterRows.find((start) => code >= start && code < start + 26);
  if (first !== undefined) return String.fromCodePoint(0x61 + code - first);
  return /^\(([a-z])\)$/i.exec(character.normalize("NFKD"))?.[1]?.toLowerCase();
}

/**
 * A digit or number of any script and form as ASCII: full-width, mathematical, raised, circled, in brackets. Undefined:
 * it is none.
 */
function numberOf(character: string): string | undefined {
  if (!/^[\p{Nd}\p{No}\u{1f10b}\u{1f10c}]$/u.test(character)) return undefined;
  const code = character.codePointAt(0) ?? 0;
  const row = numberRows.find(([first, , count]) => code >= first && code < first + count);
  if (row !== undefined) return String(row[1] + code - row[0]);
  const plain = character.normalize("NFKD");
  const framed = /^\(?(\d{1,2})[).,]?$/.exec(plain);
  if (framed !== null) return framed[1];
  return /^\p{Nd}$/u.test(plain) ? digit(plain) : undefined;
}

/** A decimal digit of any script: each has its ten in a row, the zero first. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  let value = 0;
  while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

/**
 * The same function, which remembers what it has worked out: of ASCII for good, of other characters up to a number of
 * them.
 */
function remembering(fold: (character: string) => string): (character: string) => string {
  const ascii = new Memo<string, string>(0x80);
  const others = new Memo<string, string>(maxRemembered);
  return (character) => (character.length === 1 && character < "\x80" ? ascii : others).get(character, fold);
}
