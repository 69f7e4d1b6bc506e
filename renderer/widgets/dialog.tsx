import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "../state/app-context.ts";
import { useConsent } from "../state/use-consent.ts";
import { Icon } from "./icons.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** A click beside it closes it. Not for forms: what was typed would be lost. */
  readonly light?: boolean;
  /** The title is said but not drawn. */
  readonly bare?: boolean;
  /** It asks whether something is to be done that cannot be undone: no key that was meant for typing answers it. */
  readonly consent?: boolean;
  readonly class?: string;
}

/** A modal dialog on the native element: it keeps the focus inside, closes with Escape, and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
  light = false,
  bare = false,
  consent = false,
  class: className = "",
}: DialogProps) {
  const { t } = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    const opener = document.activeElement;
    if (dialog !== null && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>("[data-autofocus=true]")?.focus();
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  useConsent(ref, { enabled: consent });
  return (
    <dialog
      ref={ref}
      class={`dialog ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (light && event.target === ref.current) onClose();
      }}
    >
      <div class="dialog-body">
        <header class={bare ? "visually-hidden" : "dialog-head"}>
          <h2 id={titleId} data-heading tabIndex={-1}>
            {title}
          </h2>
          {!bare && (
            <button
              type="button"
              class="icon-button"
              aria-label={t("button.close")}
              title={t("button.close")}
              onClick={onClose}
            >
              <Icon name="close" size={18} />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
