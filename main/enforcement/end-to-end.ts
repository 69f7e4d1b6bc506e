import type { ErrorInfo } from "../../shared/errors.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { blocked } from "./rules.ts";

/**
 * E2eeMode: why nothing may be said; undefined: it may. This version encrypts nothing end to end, so that where that is
 * required nothing can be said at all. What others say in clear has been said: it is shown, and kept for the record.
 */
export function createSilence(get: ReadSetting): () => ErrorInfo | undefined {
  return () => (get("E2eeMode") === "required" ? blocked("E2eeMode") : undefined);
}
