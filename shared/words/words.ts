import type { ErrorInfo } from "../errors.ts";
import { en } from "./en/catalogue.ts";
import { fr } from "./fr/catalogue.ts";
import { typeset } from "./fr/typeset.ts";
import { fill, type Message, type Params, type Translation } from "./message.ts";
import { createTimes, type Times } from "./times.ts";

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];
export type WordKey = keyof typeof en;

/** Every sentence in one language, and numbers and times as that language writes them. Touches no DOM. */
export interface Words extends Times {
  readonly language: Language;
  /** BCP 47 tag that numbers, dates and sorting follow: the desktop's region where the language is the same. */
  readonly locale: string;
  readonly direction: "ltr" | "rtl";
  /** The sentence of a key; `count` chooses the plural form. */
  t(key: WordKey, params?: Params): string;
  /** Problem, and what to do about it, each one sentence. */
  error(error: ErrorInfo): { readonly what: string; readonly next: string };
  number(value: number): string;
}

/** The language to use: the person's choice, or the desktop's when that is `system`; English when it is neither. */
export function languageFor(choice: unknown, desktopLocale: string): string {
  if (choice === "en" || choice === "fr")
    return desktopLocale.toLowerCase().startsWith(choice) ? desktopLocale : choice;
  return desktopLocale;
}

/** Makes the words for a BCP 47 tag, or for a POSIX locale such as `fr_CA.UTF-8`. Anything unknown is English. */
export function createWords(tag: string): Words {
  const locale = knownLocale(tag);
  const language: Language = locale.toLowerCase().startsWith("fr") ? "fr" : "en";
  const catalogue: Translation<typeof en> = language === "fr" ? fr : en;
  const finish = language === "fr" ? typeset : (sentence: string) => sentence;
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const number = (value: number): string => numbers.format(value);

  const t = (key: WordKey, params: Params = {}): string => {
    const message: Message = catalogue[key];
    const count = params["count"];
    const sentence =
      typeof message === "string"
        ? message
        : (message[plurals.select(typeof count === "number" ? count : 0)] ?? message.other);
    return fill(finish(sentence), params, number);
  };

  return {
    language,
    locale,
    direction: "ltr",
    t,
    number,
    error: ({ code, params }) => ({
      what: t(refusalKey(code, params) ?? `error.${code}`, params),
      next: t(`error.${code}.next`, params),
    }),
    ...createTimes(locale),
  };
}

/** Words of a setting when it refuses something; undefined: none of its own. */
function refusalKey(code: ErrorInfo["code"], params: ErrorInfo["params"]): WordKey | undefined {
  const key = `refused.${params?.["setting"]}`;
  return code === "blocked-by-policy" && Object.hasOwn(en, key) ? (key as WordKey) : undefined;
}

/** A tag that Intl takes and a catalogue exists for. */
function knownLocale(tag: string): string {
  const candidate = tag.replace(/[.@].*$/, "").replaceAll("_", "-");
  try {
    const [canonical] = Intl.getCanonicalLocales(candidate);
    if (
      canonical !== undefined &&
      languages.some((language) => canonical === language || canonical.startsWith(`${language}-`))
    )
      return canonical;
  } catch {
    // Not a tag (`C`, `POSIX`, empty): English below.
  }
  return "en";
}
