const narrow = "\u202F";
const wide = "\u00A0";

/**
 * French spacing, so that a catalogue can be written with plain spaces: a narrow no-break space before `; ? !` and
 * inside guillemets, a no-break space before a colon. Source: Lexique des règles typographiques en usage à
 * l'Imprimerie nationale, « Espacement ».
 */
export function typeset(sentence: string): string {
  return sentence
    .replace(/ ([;?!»])/gu, `${narrow}$1`)
    .replace(/« /gu, `«${narrow}`)
    .replace(/ :/gu, `${wide}:`);
}
