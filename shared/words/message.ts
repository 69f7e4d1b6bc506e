import { isolate } from "../text/isolate.ts";
import { isInvisible } from "../text/visible-name.ts";

/** Sentence for each plural form of a `count` (Intl.PluralRules categories); `other` is always there. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/** An entry of a catalogue: a sentence with `{name}` gaps and `[optional parts]`, or one for each plural form. */
export type Message = string | Plural;

/** The same keys as the source catalogue; a plural stays a plural, a sentence a sentence. */
export type Translation<Source extends Readonly<Record<string, Message>>> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};

/** Parameters that fill the gaps. Numbers are written as the language writes them. */
export type Params = Readonly<Record<string, string | number | undefined>>;

/**
 * Fills a sentence. `{name}` stands for a parameter; `[…]` is an optional part, left out when a parameter inside is
 * missing, or nothing of it shows; a missing parameter elsewhere leaves nothing. Parts do not nest. Parameters are
 * never read as sentences, and one that is read from right to left does not turn the sentence.
 */
export function fill(sentence: string, params: Params, format: (value: number) => string): string {
  const gaps = (text: string): { readonly text: string; readonly missing: boolean } => {
    let missing = false;
    const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = params[name];
      if (value === undefined || (typeof value === "string" && isInvisible(value))) missing = true;
      return typeof value === "number" ? format(value) : isolate(value ?? "");
    });
    return { text: filled, missing };
  };
  return sentence
    .split(/(\[[^\]]*\])/)
    .map((part) => {
      const optional = part.startsWith("[");
      const filled = gaps(optional ? part.slice(1, -1) : part);
      return optional && filled.missing ? "" : filled.text;
    })
    .join("");
}
