import { useWords } from "../state/app-context.ts";

export interface DialogButtonsProps {
  readonly submit: string;
  readonly onCancel: () => void;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly danger?: boolean;
}

/** Cancel and the one thing that a form does, at the end of it. */
export function DialogButtons({
  submit,
  onCancel,
  busy = false,
  disabled = false,
  danger = false,
}: DialogButtonsProps) {
  return (
    <div class="buttons">
      <button type="button" class="button" onClick={onCancel}>
        {useWords().t("button.cancel")}
      </button>
      <button
        type="submit"
        class={`button ${danger ? "danger" : "primary"}`}
        disabled={disabled && !busy}
        aria-disabled={busy}
      >
        {busy && <span class="spinner" aria-hidden="true" />}
        {submit}
      </button>
    </div>
  );
}
