import type { RefObject } from "preact";
import { useWords } from "../state/app-context.ts";
import { Icon } from "./icons.tsx";

/** Empties a search box, which then has the focus. */
export function ClearButton({
  input,
  onClear,
}: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onClear: () => void;
}) {
  const label = useWords().t("roster.clearSearch");
  return (
    <button
      type="button"
      class="icon-button small"
      aria-label={label}
      title={label}
      onClick={() => {
        onClear();
        input.current?.focus();
      }}
    >
      <Icon name="close" size={14} />
    </button>
  );
}
