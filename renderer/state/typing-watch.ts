/** Time for which a place that appears under somebody's hands takes no keys, in milliseconds since the last one. */
export const typingPause = 600;

/**
 * A key that writes or confirms. Shortcuts, Tab, Escape and arrows are none: they never decide anything by themselves.
 */
export function isTextKey(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "isComposing">): boolean {
  if (event.isComposing || event.key === "Process") return true;
  if (event.ctrlKey || event.metaKey) return false;
  return [...event.key].length === 1 || event.key === "Enter" || event.key === "Backspace" || event.key === "Delete";
}

const modifiers: ReadonlySet<string> = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);

const kinds = ["keydown", "keypress", "keyup"] as const;

/**
 * Watch over the keys of the window: whether the person is in the middle of typing, and which keys were meant for
 * something else.
 */
export class TypingWatch {
  readonly #now: () => number;
  readonly #listening = new AbortController();
  readonly #holds = new Set<{ until: number; readonly endsWithTab: boolean }>();
  #lastKey: { readonly at: number; readonly text: boolean; readonly enter: boolean } | undefined;
  #enterHeldUntil = Number.NEGATIVE_INFINITY;

  /** `now`: milliseconds that only grow. */
  constructor(target: Window, now: () => number) {
    this.#now = now;
    const how = { capture: true, signal: this.#listening.signal };
    // Written without a key, too (dictated, pasted with the mouse): who writes knows where.
    target.addEventListener("input", () => this.#releaseEnter(), how);
    for (const kind of kinds) target.addEventListener(kind, (event) => this.#onKey(event), how);
  }

  /** Whether the last key was one of a text, less than a pause ago. */
  get isTyping(): boolean {
    return this.#lastKey?.text === true && this.#now() - this.#lastKey.at < typingPause;
  }

  /**
   * Keeps the keys of a text (letters, Space, Enter, Backspace) from everything until the person has paused. Without
   * `atLeast`, does nothing where nobody types, and Tab ends it: whoever moves the focus has seen what is there. With
   * it, lasts for this many milliseconds in any case. Returns a disposer.
   */
  hold(atLeast = 0): () => void {
    const hold = {
      until: this.#now() + Math.max(atLeast, this.isTyping ? typingPause : 0),
      endsWithTab: atLeast === 0,
    };
    this.#holds.add(hold);
    return () => this.#holds.delete(hold);
  }

  /**
   * Keeps Enter from the place that has got the focus by itself, where the last key was Enter, until the person has not
   * pressed it for a pause; any other key and anything written ends that. However long ago it was: whoever waits for a
   * sign-in presses it once more.
   */
  holdEnter(): void {
    if (this.#lastKey?.enter === true) this.#enterHeldUntil = this.#now() + typingPause;
  }

  dispose(): void {
    this.#listening.abort();
    this.#holds.clear();
  }

  #releaseEnter(): void {
    this.#enterHeldUntil = Number.NEGATIVE_INFINITY;
  }

  #isHeld(event: KeyboardEvent, at: number): boolean {
    let held = false;
    for (const hold of this.#holds) {
      if (at >= hold.until) continue;
      held = true;
      if (event.type === "keydown") hold.until = Math.max(hold.until, at + typingPause);
    }
    return held;
  }

  #onKey(event: KeyboardEvent): void {
    if (modifiers.has(event.key)) return;
    const at = this.#now();
    const text = isTextKey(event);
    const isEnterHeld = event.key === "Enter" && at < this.#enterHeldUntil;
    const swallowed = (text && this.#isHeld(event, at)) || isEnterHeld;
    if (event.type === "keydown") {
      this.#lastKey = { at, text, enter: event.key === "Enter" };
      // One that is held down comes again and again.
      if (isEnterHeld) this.#enterHeldUntil = at + typingPause;
      if (event.key === "Tab") for (const hold of this.#holds) if (hold.endsWithTab) this.#holds.delete(hold);
      if (event.key !== "Enter") this.#releaseEnter();
    }
    if (!swallowed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
