import { hasOverride, type PlacedCharacter, placed, visualOrder } from "../../shared/text/visual-order.ts";
import { foldCharacter, foldShape, foldVisible, foldVisibleShape } from "./fold.ts";

/** A part of a text, in UTF-16 units; `end` is the first unit after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text of a message as the finders see it. */
export interface InspectedText {
  readonly body: string;
  /**
   * The body made plain, so that neither case, accents, full-width or foreign digits, fancy dashes nor invisible
   * characters hide anything: lower case, digits as ASCII, white space as single blanks (a line end where one was in
   * it).
   */
  readonly plain: string;
  /**
   * The body without what cannot be seen, compatibility forms and digits made plain, capitals as they are; the body
   * itself where that is the same.
   */
  readonly visible: string;
  /** The part of `body` that a part of `plain` stands for. */
  original(span: Span): Span;
  /** The part of `body` that a part of `visible` stands for. */
  originalOfVisible(span: Span): Span;
  /**
   * Other ways in which the body is read: letters of other scripts as what they look like, overrides as they are shown.
   * Usually none.
   */
  readonly disguised: readonly InspectedText[];
}

/** Search of a rule: answers every place, in order and without overlaps. */
export type Finder = (text: InspectedText) => readonly Span[];

/** Nothing in it changes but capitals: ASCII without two blanks in a row. */
const simple = /^[\x21-\x7e]*(?:[ \n][\x21-\x7e]+)*[ \n]?$/;

/** Makes a text ready to be looked through. */
export function inspected(body: string): InspectedText {
  if (simple.test(body)) {
    const same = (span: Span): Span => span;
    return { body, plain: body.toLowerCase(), visible: body, original: same, originalOfVisible: same, disguised: [] };
  }
  const written = new OrderedText(body, placed);
  return new Reading(written, asWritten, () => {
    const others: InspectedText[] = [];
    if (holdsLookAlike(body)) others.push(new Reading(written, asShaped));
    // As it is shown; shapes take nothing from plain letters, so that one reading is enough.
    if (hasOverride(body)) others.push(new Reading(new OrderedText(body, visualOrder), asShaped));
    return others;
  });
}

/** Folds for `plain` and for `visible`. */
interface Folds {
  readonly plain: (character: string) => string;
  readonly visible: (cluster: string) => string;
}
const asWritten: Folds = { plain: foldCharacter, visible: foldVisible };
/** Letters of other scripts count as what they look like. */
const asShaped: Folds = { plain: foldShape, visible: foldVisibleShape };

/** A text, and its characters in the order in which they are read. */
class OrderedText {
  readonly body: string;
  readonly #order: (body: string) => readonly PlacedCharacter[];
  #characters: readonly PlacedCharacter[] | undefined;

  constructor(body: string, order: (body: string) => readonly PlacedCharacter[]) {
    this.body = body;
    this.#order = order;
  }

  /** Put in order when they are first asked for. */
  get characters(): readonly PlacedCharacter[] {
    this.#characters ??= this.#order(this.body);
    return this.#characters;
  }
}

/** Whether a letter of another script looks like a Latin one. No ASCII character does. */
function holdsLookAlike(body: string): boolean {
  for (const character of body)
    if (character > "\x7f" && foldShape(character) !== foldCharacter(character)) return true;
  return false;
}

/** The text in every way in which it is read. */
export function readingsOf(text: InspectedText): readonly InspectedText[] {
  return [text, ...text.disguised];
}

/** A text in one way in which it is read; each form of it is made when it is first asked for. */
class Reading implements InspectedText {
  readonly body: string;
  readonly #text: OrderedText;
  readonly #folds: Folds;
  readonly #readOtherwise: () => readonly InspectedText[];
  #plain: Folded | undefined;
  #visible: Folded | undefined;
  #disguised: readonly InspectedText[] | undefined;

  constructor(text: OrderedText, folds: Folds, readOtherwise: () => readonly InspectedText[] = () => []) {
    this.body = text.body;
    this.#text = text;
    this.#folds = folds;
    this.#readOtherwise = readOtherwise;
  }

  get plain(): string {
    return this.#asPlain().text;
  }

  get visible(): string {
    return this.#asVisible().text;
  }

  get disguised(): readonly InspectedText[] {
    this.#disguised ??= this.#readOtherwise();
    return this.#disguised;
  }

  original(span: Span): Span {
    return originalOf(this.body, this.#asPlain(), span);
  }

  originalOfVisible(span: Span): Span {
    return originalOf(this.body, this.#asVisible(), span);
  }

  #asPlain(): Folded {
    const { plain } = this.#folds;
    this.#plain ??= foldInPlace(this.body, plain) ?? foldPlain(this.#text.characters, plain);
    return this.#plain;
  }

  #asVisible(): Folded {
    const { visible } = this.#folds;
    this.#visible ??= foldInPlace(this.body, visible) ?? foldClusters(this.#text.characters, visible);
    return this.#visible;
  }
}

interface Folded {
  readonly text: string;
  /** Of each unit of `text`, where what it was made of starts and ends in the body; undefined: in the same place. */
  readonly places: { readonly from: readonly number[]; readonly to: readonly number[] } | undefined;
}

/**
 * Up to where the last unit ends: what was left out after it is not part of it. Back to front, the first one may be the
 * last.
 */
function originalOf(body: string, { places }: Folded, { start, end }: Span): Span {
  if (!places) return { start, end: Math.max(start, end) };
  const { from, to } = places;
  if (end <= start) return { start: from[start] ?? body.length, end: from[start] ?? body.length };
  let first = body.length;
  let last = 0;
  for (let i = start; i < end; i++) {
    first = Math.min(first, from[i] ?? body.length);
    last = Math.max(last, to[i] ?? body.length);
  }
  return { start: first, end: last };
}

/** No character before the combining diacritical marks is one. */
function isMark(character: string): boolean {
  return character >= "\u0300" && /^\p{M}$/u.test(character);
}

/**
 * The folded text of a message in which every unit stays in its place, which most are: nothing is left out, joined or
 * turned round (the character that does that folds to nothing). Undefined: some unit would not.
 */
function foldInPlace(body: string, fold: (character: string) => string): Folded | undefined {
  let text = "";
  let wasBlank = false;
  for (const character of body) {
    const folded = fold(character);
    const isBlank = folded === " " || folded === "\n";
    if (folded.length !== 1 ? folded !== character : character.length !== 1) return undefined;
    if ((isBlank && wasBlank) || isMark(character)) return undefined;
    text += folded;
    wasBlank = isBlank;
  }
  return wasBlank ? undefined : { text, places: undefined };
}

/** Each letter with the marks that stand on it; a letter has at most so many. */
const maxMarks = 16;

function foldClusters(characters: readonly PlacedCharacter[], fold: (cluster: string) => string): Folded {
  const from: number[] = [];
  const to: number[] = [];
  let text = "";
  for (let i = 0; i < characters.length; ) {
    const first = characters[i];
    if (first === undefined) break;
    const { character } = first;
    let { start } = first;
    let cluster = character;
    let end = start + character.length;
    i++;
    for (let marks = 0; marks < maxMarks && isMark(characters[i]?.character ?? ""); marks++, i++) {
      cluster += characters[i]?.character ?? "";
      // In an override they stand before it.
      start = Math.min(start, characters[i]?.start ?? start);
      end = Math.max(end, characters[i]?.end ?? end);
    }
    const folded = fold(cluster);
    text += folded;
    for (let i = 0; i < folded.length; i++) {
      from.push(start);
      to.push(end);
    }
  }
  return { text, places: { from, to } };
}

/** A whole run of white space is one blank, or a line end where one is in it. */
function foldPlain(characters: readonly PlacedCharacter[], fold: (character: string) => string): Folded {
  const from: number[] = [];
  const to: number[] = [];
  let text = "";
  let blank = "";
  let blankStart = 0;
  let blankEnd = 0;
  for (const { character, start, end } of characters) {
    const folded = fold(character);
    if (folded === " " || folded === "\n") {
      blankStart = blank === "" ? start : Math.min(blankStart, start);
      blankEnd = blank === "" ? end : Math.max(blankEnd, end);
      if (blank !== "\n") blank = folded;
      continue;
    }
    // No letter or digit of ASCII has a mark of another script.
    if (folded === "" || (isMark(character) && blank === "" && /[a-z0-9]$/.test(text.slice(-1)))) {
      // A mark belongs to the letter before it.
      if (isMark(character) && to.at(-1) === start && blank === "") to[to.length - 1] = end;
      continue;
    }
    if (blank !== "") {
      text += blank;
      from.push(blankStart);
      to.push(blankEnd);
      blank = "";
    }
    text += folded;
    for (let i = 0; i < folded.length; i++) {
      from.push(start);
      to.push(end);
    }
  }
  return { text, places: { from, to } };
}
