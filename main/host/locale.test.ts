import { expect, it } from "vitest";
import { systemLocale } from "./locale.ts";

it.each([
  [{ LANG: "fr_FR.UTF-8" }, "fr-FR"],
  [{ LANG: "en_US.UTF-8", LC_MESSAGES: "fr_CA" }, "fr-CA"],
  [{ LANG: "en_US.UTF-8", LC_ALL: "de_DE@euro" }, "de-DE"],
  [{ LC_ALL: "C.UTF-8" }, "en"],
  [{ LANG: "POSIX" }, "en"],
  [{ LANG: "not a locale" }, "en"],
])("reads the desktop's language from %o", (environment, locale) => {
  expect(systemLocale(environment)).toBe(locale);
});

it("asks the system where nothing is said", () => {
  expect(Intl.getCanonicalLocales(systemLocale({}))).toHaveLength(1);
});
