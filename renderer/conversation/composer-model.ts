import { maxBodyLength } from "../../shared/model/message.ts";

/**
 * Whether a key sends the message. Never while an input method composes: there Enter chooses a word (also `keyCode`
 * 229, which some report first).
 */
export function sends(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "keyCode">,
): boolean {
  if (event.isComposing || event.keyCode === 229) return false;
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
}

/** Whether a key in an empty box asks for the last own message. */
export function editsLast(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey" | "isComposing" | "currentTarget">,
): boolean {
  if (event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
  return (
    event.key === "ArrowUp" && event.currentTarget instanceof HTMLTextAreaElement && event.currentTarget.value === ""
  );
}

/**
 * Text to send of what was typed: without the empty lines and spaces around it. Undefined: nothing to send, or too
 * much.
 */
export function bodyOf(text: string): string | undefined {
  const body = text.replace(/^\s*\n/, "").trimEnd();
  return body.trim() === "" || body.length > maxBodyLength ? undefined : body;
}

/** How long after the last key typing counts as paused, and how often it is said again, in milliseconds. */
const pause = 5_000;
const repeat = 3_000;

/** Says when typing begins and pauses, and not more often than it needs. */
export class TypingReporter {
  readonly #say: (active: boolean) => void;
  readonly #now: () => number;
  #isActive = false;
  #lastSaid = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (active: boolean) => void, now: () => number) {
    this.#say = say;
    this.#now = now;
  }

  /** The text changed. */
  typed(empty: boolean): void {
    if (empty) {
      this.ended(false);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ended(false), pause);
    if (this.#isActive && this.#now() - this.#lastSaid < repeat) return;
    this.#isActive = true;
    this.#lastSaid = this.#now();
    this.#say(true);
  }

  /** It was sent or left: ends without a word when sent, for the message says it. */
  ended(said: boolean): void {
    clearTimeout(this.#timer);
    if (this.#isActive && !said) this.#say(false);
    this.#isActive = false;
    this.#lastSaid = Number.NEGATIVE_INFINITY;
  }
}
