import type { WordKey } from "../../shared/words/words.ts";

export type ShortcutAction =
  | "palette"
  | "new-chat"
  | "search-chat"
  | "search-all"
  | "settings"
  | "close"
  | "lock"
  | "jump"
  | "previous-unread"
  | "next-unread";

/** A key combination: Ctrl stands for Cmd on macOS. `jump` stands for the digits 1 to 9. */
export interface Shortcut {
  readonly action: ShortcutAction;
  readonly label: WordKey;
  /** As shown; names such as `ctrl` are said in the person's language. */
  readonly shown: readonly string[];
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
  /** `KeyboardEvent.key` in lower case; a place on the keyboard (`code`) for digits, which Alt or Shift may change. */
  readonly key: string | RegExp;
}

export const shortcuts: readonly Shortcut[] = [
  { action: "palette", label: "action.palette", shown: ["ctrl", "K"], ctrl: true, shift: false, alt: false, key: "k" },
  { action: "new-chat", label: "action.newChat", shown: ["ctrl", "N"], ctrl: true, shift: false, alt: false, key: "n" },
  {
    action: "search-chat",
    label: "action.searchChat",
    shown: ["ctrl", "F"],
    ctrl: true,
    shift: false,
    alt: false,
    key: "f",
  },
  {
    action: "search-all",
    label: "action.searchAll",
    shown: ["ctrl", "shift", "F"],
    ctrl: true,
    shift: true,
    alt: false,
    key: "f",
  },
  {
    action: "settings",
    label: "action.settings",
    shown: ["ctrl", ","],
    ctrl: true,
    shift: false,
    alt: false,
    key: ",",
  },
  { action: "close", label: "action.close", shown: ["ctrl", "W"], ctrl: true, shift: false, alt: false, key: "w" },
  { action: "lock", label: "action.lock", shown: ["ctrl", "L"], ctrl: true, shift: false, alt: false, key: "l" },
  {
    action: "jump",
    label: "action.jump",
    shown: ["alt", "1–9"],
    ctrl: false,
    shift: false,
    alt: true,
    key: /^(?:Digit|Numpad)[1-9]$/,
  },
  {
    action: "previous-unread",
    label: "action.previousUnread",
    shown: ["alt", "shift", "up"],
    ctrl: false,
    shift: true,
    alt: true,
    key: "arrowup",
  },
  {
    action: "next-unread",
    label: "action.nextUnread",
    shown: ["alt", "shift", "down"],
    ctrl: false,
    shift: true,
    alt: true,
    key: "arrowdown",
  },
];

export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "isComposing"
>;

/** The shortcut that was pressed, if any; `digit` is the number for `jump`. */
export function shortcutOf(
  event: KeyPress,
  mac: boolean,
): { readonly action: ShortcutAction; readonly digit: number } | undefined {
  if (event.isComposing) return undefined;
  const ctrl = mac ? event.metaKey : event.ctrlKey;
  if (mac ? event.ctrlKey : event.metaKey) return undefined;
  const found = shortcuts.find(
    (shortcut) =>
      shortcut.ctrl === ctrl &&
      shortcut.shift === event.shiftKey &&
      shortcut.alt === event.altKey &&
      (typeof shortcut.key === "string" ? shortcut.key === event.key.toLowerCase() : shortcut.key.test(event.code)),
  );
  return found === undefined ? undefined : { action: found.action, digit: Number(event.code.at(-1)) || 0 };
}
