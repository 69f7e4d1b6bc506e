import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ErrorInfo } from "../../shared/errors.ts";

/**
 * A form whose focus is never lost over an error: it goes into the field to correct, with its text selected, so that
 * what is typed next replaces it. `field` names that field; undefined: nothing that was typed is wrong, and the focus
 * goes to the button that tries again, with nothing selected that the next key would replace. Somebody who has
 * meanwhile gone elsewhere in the window stays there.
 */
export function useCorrection(
  error: ErrorInfo | undefined,
  field: (error: ErrorInfo) => string | undefined,
): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (error === undefined) return;
    const name = field(error);
    if (name !== undefined) correct(form.current, name);
    else if (isFree(form.current)) form.current?.querySelector<HTMLElement>('button[type="submit"]')?.focus();
  }, [error]);
  return form;
}

/**
 * Focuses the field of this name in the form, or the first one that says what is wrong with it, and selects its text;
 * unless the focus is in another place of the window.
 */
export function correct(form: HTMLElement | null, field?: string): void {
  if (!isFree(form)) return;
  const input = form?.querySelector<HTMLInputElement>(
    field === undefined ? 'input[aria-invalid="true"]' : `input[name="${field}"]`,
  );
  // A field in a part that is folded up has no place to be focused.
  input?.closest("details")?.setAttribute("open", "");
  input?.focus();
  input?.select();
}

/** Whether the focus is in the form or nowhere, so that it is taken from nobody. */
function isFree(form: HTMLElement | null): boolean {
  const at = document.activeElement;
  return form !== null && (at === null || at === document.body || form.contains(at) || at.contains(form));
}
