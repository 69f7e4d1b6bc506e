import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ClearButton } from "./clear-button.tsx";
import { Icon } from "./icons.tsx";

export interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** Takes the focus each time this grows; 0 leaves it. */
  readonly focus?: number;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** Shown at the end while nothing is typed. */
  readonly end?: ComponentChildren;
}

/** A search box with a button that clears it; Escape clears it too. */
export function SearchBox({ label, value, onValue, focus = 0, onKeyDown, end }: SearchBoxProps) {
  const ref = useRef<HTMLInputElement>(null);
  // Before anything else is typed: the keys that follow a shortcut belong here.
  useLayoutEffect(() => {
    if (focus === 0) return;
    ref.current?.focus();
    ref.current?.select();
  }, [focus]);
  return (
    <div class="search">
      <Icon name="search" size={16} />
      <input
        ref={ref}
        type="text"
        role="searchbox"
        aria-label={label}
        placeholder={label}
        spellcheck={false}
        autocomplete="off"
        maxLength={500}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.preventDefault();
            event.stopPropagation();
            onValue("");
          } else onKeyDown?.(event);
        }}
      />
      {value === "" ? end : <ClearButton input={ref} onClear={() => onValue("")} />}
    </div>
  );
}
