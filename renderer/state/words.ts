import { computed, type ReadonlySignal } from "@preact/signals";
import { createWords, languageFor, type Words } from "../../shared/words/words.ts";
import type { Replica } from "./replica.ts";

/**
 * The words of the window, following the person's language and the desktop's, made anew in another time zone (see
 * time-zone.ts).
 */
export function createWindowWords(
  replica: Pick<Replica, "app" | "settings">,
  fallbackLocale: string,
  zone: ReadonlySignal<string> = computed(() => ""),
): ReadonlySignal<Words> {
  const tag = computed(() =>
    languageFor(replica.settings.get("Language")?.value, replica.app.get("app")?.locale ?? fallbackLocale),
  );
  return computed(() => {
    // Whatever shows a time is drawn again.
    void zone.value;
    return createWords(tag.value);
  });
}
