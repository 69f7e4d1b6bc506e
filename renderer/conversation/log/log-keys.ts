import type { Conversation } from "../model.ts";
import type { LogScroll } from "./use-log-scroll.ts";

/**
 * Keys in the list of messages: the arrows go from message to message, Home and End to its edges. The browser's own
 * jump glides, and breaks off as soon as a row above turns out higher than was thought.
 */
export function handleLogKey(
  event: KeyboardEvent,
  conversation: Conversation,
  { heading, toNewest }: Pick<LogScroll, "heading"> & { readonly toNewest: () => void },
): void {
  if (event.altKey || event.shiftKey || event.metaKey || event.ctrlKey) return;
  const { key, currentTarget: log } = event;
  if (!(log instanceof HTMLElement)) return;
  if ((key === "ArrowUp" || key === "ArrowDown") && focusNext(log, key === "ArrowUp" ? -1 : 1)) event.preventDefault();
  if (event.target !== log) return;
  if (key === "Home" && conversation.items.peek().length > 0) {
    event.preventDefault();
    heading.leave();
    void conversation.toStart().then(
      () => {
        const [first] = conversation.items.peek();
        if (first === undefined) return;
        conversation.place.move({ atEnd: false });
        heading.to(first.key, "start");
      },
      () => undefined, // What is loaded stays; the next key asks again.
    );
  } else if (key === "End") {
    event.preventDefault();
    toNewest();
  }
}

/**
 * Takes the focus from one message to the next, beginning with the lowest in view. False: there is none drawn in that
 * direction, and the list scrolls instead.
 */
function focusNext(log: HTMLElement, by: 1 | -1): boolean {
  const all = [...log.querySelectorAll<HTMLElement>("[data-message]")].sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const at = document.activeElement instanceof HTMLElement ? all.indexOf(document.activeElement) : -1;
  const bottom = log.getBoundingClientRect().bottom;
  if (at === -1 && document.activeElement !== log) return false;
  const next = at === -1 ? all.findLast((message) => message.getBoundingClientRect().top < bottom - 8) : all[at + by];
  if (next === undefined) return false;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  return true;
}
