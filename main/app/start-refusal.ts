import { toErrorInfo } from "../../shared/errors.ts";
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

/** Sentence for a person whose window cannot be opened for a reason that is none of these. `log`: path of the log. */
export function startFailure(error: unknown, log: string, locale: string): string {
  const words = createWords(locale);
  return words.t("start.failed", { reason: words.error(toErrorInfo(error)).what, log });
}
