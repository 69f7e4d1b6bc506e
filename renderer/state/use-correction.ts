import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ErrorInfo } from "../../shared/errors.ts";

/**
 * A form whose focus is never lost over an error: it goes into the field to correct, with its text selected, so that what is typed
 * next replaces it. `field` names that field. Somebody who has meanwhile gone elsewhere in the window stays there.
 */
export function useCorrection(error: ErrorInfo | undefined, field: (error: ErrorInfo) => string): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (error !== undefined) correct(form.current, field(error));
  }, [error]);
  return form;
}

/** Focuses the field of this name in the form, or the first one that says what is wrong with it, and selects its text; unless the focus is in another place of the window. */
export function correct(form: HTMLElement | null, field?: string): void {
  const at = document.activeElement;
  if (form === null || (at !== null && at !== document.body && !form.contains(at) && !at.contains(form))) return;
  const input = form.querySelector<HTMLInputElement>(field === undefined ? 'input[aria-invalid="true"]' : `input[name="${field}"]`);
  // A field in a part that is folded up has no place to be focused.
  input?.closest("details")?.setAttribute("open", "");
  input?.focus();
  input?.select();
}
