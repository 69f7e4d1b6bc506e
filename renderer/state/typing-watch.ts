/** Time for which a place that appears under somebody's hands takes no keys, in milliseconds since the last one. */
export const typingPause = 600;

/**
 * Watch over the keys of the window: whether the person is in the middle of typing, and which keys were meant for
 * something else.
 */
export interface TypingWatch {
  /** Whether the last key was one of a text, less than a pause ago. */
  readonly isTyping: boolean;
  /**
   * Keeps the keys of a text (letters, Space, Enter, Backspace) from everything until the person has paused. Without
   * `atLeast`, does nothing where nobody types, and Tab ends it: whoever moves the focus has seen what is there. With
   * it, lasts for this many milliseconds in any case. Returns a disposer.
   */
  hold(atLeast?: number): () => void;
  /**
   * Keeps Enter from the place that has got the focus by itself, where the last key was Enter, until the person has not
   * pressed it for a pause; any other key and anything written ends that. However long ago it was: whoever waits for a
   * sign-in presses it once more.
   */
  holdEnter(): void;
  dispose(): void;
}

/**
 * A key that writes or confirms. Shortcuts, Tab, Escape and arrows are none: they never decide anything by themselves.
 */
export function isTextKey(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "isComposing">): boolean {
  if (event.isComposing || event.key === "Process") return true;
  if (event.ctrlKey || event.metaKey) return false;
  return [...event.key].length === 1 || event.key === "Enter" || event.key === "Backspace" || event.key === "Delete";
}

const modifiers: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);

/** `now`: milliseconds that only grow. */
export function createTypingWatch(target: Window, now: () => number): TypingWatch {
  let lastKey: { readonly at: number; readonly text: boolean; readonly enter: boolean } | undefined;
  const holds = new Set<{ until: number; readonly endsWithTab: boolean }>();
  let enterHeldUntil = Number.NEGATIVE_INFINITY;

  function isHeld(event: KeyboardEvent, at: number): boolean {
    let held = false;
    for (const hold of holds) {
      if (at >= hold.until) continue;
      held = true;
      if (event.type === "keydown") hold.until = Math.max(hold.until, at + typingPause);
    }
    return held;
  }

  function onKey(event: KeyboardEvent): void {
    if (modifiers.has(event.key)) return;
    const at = now();
    const text = isTextKey(event);
    const isEnterHeld = event.key === "Enter" && at < enterHeldUntil;
    const swallowed = (text && isHeld(event, at)) || isEnterHeld;
    if (event.type === "keydown") {
      lastKey = { at, text, enter: event.key === "Enter" };
      // One that is held down comes again and again.
      if (isEnterHeld) enterHeldUntil = at + typingPause;
      if (event.key === "Tab") for (const hold of holds) if (hold.endsWithTab) holds.delete(hold);
      if (event.key !== "Enter") enterHeldUntil = Number.NEGATIVE_INFINITY;
    }
    if (!swallowed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Written without a key, too (dictated, pasted with the mouse): who writes knows where.
  const onInput = (): void => {
    enterHeldUntil = Number.NEGATIVE_INFINITY;
  };
  target.addEventListener("input", onInput, true);
  const kinds = ["keydown", "keypress", "keyup"] as const;
  for (const kind of kinds) target.addEventListener(kind, onKey, true);
  const isRecent = (): boolean => lastKey !== undefined && now() - lastKey.at < typingPause;
  return {
    get isTyping() {
      return lastKey?.text === true && isRecent();
    },
    hold(atLeast = 0) {
      const hold = {
        until: now() + Math.max(atLeast, lastKey?.text === true && isRecent() ? typingPause : 0),
        endsWithTab: atLeast === 0,
      };
      holds.add(hold);
      return () => holds.delete(hold);
    },
    holdEnter() {
      if (lastKey?.enter === true) enterHeldUntil = now() + typingPause;
    },
    dispose() {
      for (const kind of kinds) target.removeEventListener(kind, onKey, true);
      target.removeEventListener("input", onInput, true);
      holds.clear();
    },
  };
}
