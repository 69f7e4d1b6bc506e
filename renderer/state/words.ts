import { computed, type ReadonlySignal } from "@preact/signals";
import { createWords, languageFor, type Words } from "../../shared/words/words.ts";
import type { Replica } from "./replica.ts";

/** The words of the window, following the person's language and the desktop's. */
export function createWindowWords(replica: Pick<Replica, "app" | "settings">, fallbackLocale: string): ReadonlySignal<Words> {
  const tag = computed(() => languageFor(replica.settings.get("Language")?.value, replica.app.get("app")?.locale ?? fallbackLocale));
  return computed(() => createWords(tag.value));
}
