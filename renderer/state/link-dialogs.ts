import { effect, type Signal, signal } from "@preact/signals";
import type { TypingWatch } from "./typing-watch.ts";
import type { DialogState, Ui } from "./ui.ts";

type FromLink = Extract<DialogState, { kind: "new-chat" }>["fromLink"];

/**
 * Dialogs that links of the desktop ask for. One that comes while another dialog is open waits, so that nothing typed
 * there is lost, and the next link takes its place; keys that were meant for something else do not reach it.
 */
export class LinkDialogs {
  readonly #waiting: Signal<FromLink> = signal(undefined);
  #release: (() => void) | undefined;
  readonly dispose: () => void;

  constructor({ ui, typing }: { readonly ui: Pick<Ui, "dialog">; readonly typing: Pick<TypingWatch, "hold"> }) {
    this.dispose = effect(() => {
      const fromLink = this.#waiting.value;
      const open = ui.dialog.value;
      // Whoever has closed it has seen it: the next key is meant.
      if (open?.kind !== "new-chat") this.#release?.();
      if (fromLink === undefined || open !== undefined) return;
      this.#waiting.value = undefined;
      this.#release = typing.hold();
      ui.dialog.value = { kind: "new-chat", fromLink };
    });
  }

  show(fromLink: NonNullable<FromLink>): void {
    this.#waiting.value = fromLink;
  }
}
