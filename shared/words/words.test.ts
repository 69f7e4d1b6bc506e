import { describe, expect, it } from "vitest";
import { errorCodes } from "../errors.ts";
import { settingGroups, settingKeys, settings } from "../settings/declaration.ts";
import { en } from "./en/catalogue.ts";
import { fr } from "./fr/catalogue.ts";
import { typeset } from "./fr/typeset.ts";
import type { Message } from "./message.ts";
import { createWords, languageFor, type WordKey } from "./words.ts";

declare global {
  interface ImportMeta {
    /** Vite: the modules that match. */
    glob(
      pattern: string,
      options: { readonly eager: true },
    ): Readonly<Record<string, Readonly<Record<string, object>>>>;
  }
}

/**
 * Words that people do not see: another word stands for the same thing ("chat", "default value", "email", "continue"),
 * or no native writer would choose them. The glossary is in CONTRIBUTING.md.
 */
const notInEnglish =
  /conversation|\b(off|on) line\b|\bmend|\bgo(es)? on\b|\banew\b|\bmails?\b|standard (value|choice)|in the manner of|until now|whoever|somebody|everybody|\boverrul|'/iu;

/** The same for French: "discussion", "valeur par défaut", "courriel", "serveur mandataire". */
const notInFrench =
  /conversation|\bchats?\b|(valeur|choix) standard|\be-?mails?\b|\bproxys?\b|jusqu’ici|de retour bientôt|^(Quoi|Sous forme de)$/iu;

const keys = Object.keys(en) as WordKey[];
const sentences = (message: Message): string[] => (typeof message === "string" ? [message] : Object.values(message));
const gaps = (sentence: string): string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

const withoutGaps = (sentence: string): string => sentence.replace(/\{\w+\}/g, "");

describe("catalogues", () => {
  it("have the same keys, gaps and plurals in every language", () => {
    expect(Object.keys(fr).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      expect(typeof fr[key], key).toBe(typeof en[key]);
      expect(gaps(sentences(fr[key]).at(-1) ?? ""), key).toEqual(gaps(sentences(en[key]).at(-1) ?? ""));
    }
  });

  it("are made of every file of their folder, none of which overwrites a key of another", () => {
    const parts = Object.entries(import.meta.glob("./en/*.ts", { eager: true })).filter(
      ([path]) => path !== "./en/catalogue.ts",
    );
    const count = parts.reduce((sum, [, part]) => sum + Object.keys(Object.values(part)[0] ?? {}).length, 0);
    expect(count).toBe(keys.length);
  });

  it("say for every error what is wrong and what to do, with and without parameters", () => {
    for (const locale of ["en", "fr"]) {
      const words = createWords(locale);
      for (const code of errorCodes) {
        for (const params of [
          undefined,
          { setting: "AllowedServers", host: "chat.example" },
          { setting: "AllowedServers" },
          { host: "chat.example", address: "a@b.example", setting: "HistoryMode" },
        ]) {
          const { what, next } = words.error(params ? { code, params } : { code });
          expect(what, code).toMatch(/^\p{L}.*\.$/u);
          expect(next, code).toMatch(/^\p{L}.*\.$/u);
          expect(what + next).not.toMatch(/[{}[\]]| {2}| \./);
        }
      }
    }
  });

  it("name every group and setting, say what it does to the person and to IT, and name every choice; and nothing else", () => {
    const wanted = Object.keys(settingGroups).map((group) => `settingGroup.${group}`);
    for (const key of settingKeys) {
      const { kind, policy } = settings[key];
      wanted.push(`setting.${key}`, `setting.${key}.hint`);
      if (policy !== "none") wanted.push(`setting.${key}.it`);
      if (kind.type === "choice") wanted.push(...kind.options.map((option) => `setting.${key}.${option}`));
    }
    expect(wanted.filter((key) => !keys.includes(key as WordKey))).toEqual([]);
    const spare = keys.filter((key) => /^setting(Group)?\./.test(key) && !wanted.includes(key));
    // A choice may explain itself.
    expect(spare.filter((key) => !wanted.includes(key.replace(/\.hint$/, "")))).toEqual([]);
  });

  it("set French with its no-break spaces and typographic apostrophes", () => {
    for (const key of keys) {
      for (const sentence of sentences(fr[key]).map(typeset)) {
        expect(sentence, key).not.toMatch(/[^\u202F][;?!»]|«[^\u202F]| :|'/u);
      }
    }
    expect(typeset("Supprimer « x » ? Non : oui ; fin !")).toBe(
      "Supprimer «\u202Fx\u202F»\u202F? Non\u00A0: oui\u202F; fin\u202F!",
    );
  });

  it("call a thing by one word, in plain English", () => {
    for (const key of keys)
      for (const sentence of sentences(en[key])) expect(withoutGaps(sentence), key).not.toMatch(notInEnglish);
  });

  it("call a thing by one word, in plain French", () => {
    for (const key of keys)
      for (const sentence of sentences(fr[key])) expect(withoutGaps(sentence), key).not.toMatch(notInFrench);
  });

  it("never read a parameter as a sentence", () => {
    expect(createWords("en").t("chat.typing", { name: "{count} [x] $1" })).toBe("{count} [x] $1 is typing…");
  });
});

describe("createWords", () => {
  it("leaves out a part about what does not show, as about what is not there", () => {
    const of = (what: string | undefined): string => createWords("en").t("notice.in.file", { name: "Bea", what });
    expect(of("plan.pdf")).toContain("plan.pdf");
    for (const what of ["", "\u200B\u2060\u202E", " \u3164", "\u2800"]) expect(of(what)).toBe(of(undefined));
  });

  it("keeps a name that is read from right to left out of the way of what is counted beside it", () => {
    expect(createWords("en").t("roster.group", { name: "עבודה", online: 1, total: 12 })).toBe(
      "\u2068עבודה\u2069 · 1 of 12",
    );
    expect(createWords("en").t("roster.group", { name: "Work", online: 1, total: 12 })).toBe("Work · 1 of 12");
  });

  it("chooses the plural by the language's own rule", () => {
    expect(createWords("en").t("roster.unread", { count: 0 })).toBe("0 unread messages");
    expect(createWords("fr").t("roster.unread", { count: 0 })).toBe("0 message non lu");
    expect(createWords("fr").t("roster.unread", { count: 2_000_000 })).toMatch(/messages non lus$/);
  });

  it.each([
    ["fr_CA.UTF-8", "fr", "fr-CA"],
    ["C", "en", "en"],
    ["", "en", "en"],
    ["de-DE", "en", "en"],
    ["en-GB", "en", "en-GB"],
    ["frr", "en", "en"],
  ])("takes %j", (tag, language, locale) => {
    expect(createWords(tag)).toMatchObject({ language, locale });
  });

  it("keeps the desktop's region when the language chosen is the same", () => {
    expect(languageFor("system", "fr-CH")).toBe("fr-CH");
    expect(languageFor("fr", "fr-CH")).toBe("fr-CH");
    expect(languageFor("en", "fr-CH")).toBe("en");
  });

  it("tells times as people do", () => {
    const words = createWords("en-GB");
    const now = new Date(2026, 10, 22, 12, 0).getTime();
    const at = (day: number, hours = 9): number => new Date(2026, 10, day, hours, 41).getTime();
    expect(words.moment(at(22), now)).toBe("09:41");
    expect(words.moment(at(21, 23), now)).toBe("Yesterday");
    expect(words.day(at(22), now)).toBe("Today");
    expect(words.day(at(19), now)).toBe("Thursday");
    expect(words.day(at(1), now)).toMatch(/1 November/);
    expect(words.day(new Date(2024, 0, 2).getTime(), now)).toMatch(/2024/);
    expect(createWords("en").duration(12 * 60_000)).toBe("12 min");
    expect(createWords("en").duration(0)).toBe("1 min");
    expect(createWords("en").duration(3 * 3_600_000)).toMatch(/^3 h/);
    expect(words.ago(at(21), now)).toBe("yesterday");
    expect(createWords("fr").ago(at(21), now)).toBe("hier");
    expect(words.time(Number.NaN)).toBe("");
    expect(words.time(Number.POSITIVE_INFINITY)).toBe("");
  });
});
