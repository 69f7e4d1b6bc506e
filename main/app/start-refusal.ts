import { createWords } from "../../shared/words/words.ts";
import { ForeignLock } from "../instance/lock.ts";
import { RefusedSwitch } from "./refuse-inspector.ts";

/** Why Hallway does not start, in the person's language; undefined: for another reason. */
export function startRefusal(error: unknown, locale: string): string | undefined {
  const { t } = createWords(locale);
  if (error instanceof ForeignLock) return t("start.foreignLock", { place: error.place });
  if (error instanceof RefusedSwitch) return t("start.refusedSwitch", { what: error.what });
  return undefined;
}
