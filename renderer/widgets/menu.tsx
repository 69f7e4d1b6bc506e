import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

export interface MenuItem {
  readonly label: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
  readonly danger?: boolean;
}

/** Whether a key asks for the menu of what has the focus: the menu key, or Shift+F10. */
export function isMenuKey({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">): boolean {
  return key === "ContextMenu" || (key === "F10" && shiftKey);
}

/**
 * A context menu at a point of the window, in CSS pixels. Arrows, Home, End and first letters move; Escape and Tab
 * close.
 */
export function Menu({
  label,
  items,
  x,
  y,
  onClose,
}: {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly x: number;
  readonly y: number;
  readonly onClose: () => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const buttons = (): HTMLButtonElement[] => [...(ref.current?.querySelectorAll("button") ?? [])];

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    // Kept inside the window.
    element.style.left = `${Math.max(4, Math.min(x, window.innerWidth - element.offsetWidth - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(y, window.innerHeight - element.offsetHeight - 4))}px`;
  }, [x, y]);
  // With the drawing itself: the next key may come before an effect would run, and must find the menu.
  useLayoutEffect(() => {
    const element = ref.current;
    const opener = document.activeElement;
    buttons()[0]?.focus();
    const outside = (event: Event): void => {
      if (!(event.target instanceof Node) || ref.current?.contains(event.target) !== true) onClose();
    };
    window.addEventListener("pointerdown", outside, true);
    window.addEventListener("blur", onClose);
    window.addEventListener("resize", onClose);
    return () => {
      window.removeEventListener("pointerdown", outside, true);
      window.removeEventListener("blur", onClose);
      window.removeEventListener("resize", onClose);
      const at = document.activeElement;
      // Whoever has put the focus elsewhere meanwhile keeps it there.
      if (
        opener instanceof HTMLElement &&
        opener.isConnected &&
        (at === document.body || at === null || element?.contains(at) === true)
      )
        opener.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = (index: number): void => all[(index + all.length) % all.length]?.focus();
    if (event.key === "ArrowDown") to(at + 1);
    else if (event.key === "ArrowUp") to(at - 1);
    else if (event.key === "Home") to(0);
    else if (event.key === "End") to(all.length - 1);
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (event.key.length === 1 && event.key !== " ") {
      const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((button) =>
        button.textContent?.trim().toLowerCase().startsWith(event.key.toLowerCase()),
      );
      next?.focus();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={ref}
      class="menu"
      role="menu"
      aria-label={label}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.danger === true ? "menu-danger" : ""}
          onClick={() => {
            onClose();
            item.onSelect();
          }}
        >
          <Icon name={item.icon} size={16} />
          {item.label}
        </button>
      ))}
    </div>
  );
}
