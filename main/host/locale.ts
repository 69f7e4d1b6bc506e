/**
 * The desktop's language as a BCP 47 tag: from the POSIX variables in their order of precedence, else from the system.
 * `C` and `POSIX` are no language; then `en`.
 */
export function systemLocale(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"];
  if (named === undefined || named === "") return Intl.DateTimeFormat().resolvedOptions().locale;
  const tag = named.replace(/[.@].*$/u, "").replaceAll("_", "-");
  try {
    return (
      Intl.getCanonicalLocales(tag).find(
        (locale) => locale.toLowerCase() !== "c" && locale.toLowerCase() !== "posix",
      ) ?? "en"
    );
  } catch {
    return "en";
  }
}
