import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { truncate } from "../../../shared/text/truncate.ts";
import { useApp } from "../../state/app-context.ts";
import { useMessageNames } from "../../state/message-names.ts";
import type { Conversation } from "../model.ts";
import type { LogScroll } from "./use-log-scroll.ts";

/** How long a message that was searched for stays marked, in milliseconds. */
const markTime = 3_000;
/** Longest text that is read out of a message that was found, in UTF-16 units. */
const longestSpoken = 200;

/**
 * Places that the list of messages is brought to of itself: where it begins, each target of a search or a notification,
 * and the end that was loaded anew. Returns the key of the line that is marked as found.
 */
export function useDestination(conversation: Conversation, { heading, place }: LogScroll): string | undefined {
  const [marked, setMarked] = useState<string | undefined>(undefined);
  const announceFound = useAnnounceFound(conversation);
  const items = conversation.items.value;
  const state = conversation.state.value;
  const target = conversation.target.value;
  const jumps = conversation.jumps.value;

  const head = (index: number, align: "start" | "center"): void => {
    heading.to(items[index]?.key ?? "", align);
    place.isSettled = true;
  };
  const headToEnd = (): void => {
    heading.toEnd();
    place.isSettled = true;
  };

  // The first time there is something to show, and at each new target: go there.
  useLayoutEffect(() => {
    if (state !== "ready" || items.length === 0) return;
    if (target !== undefined) {
      const index = items.findIndex(({ key }) => key === target);
      if (index === -1) return;
      head(index, "center");
      conversation.target.value = undefined;
      conversation.place.move({ atEnd: false });
      setMarked(target);
      announceFound(target);
      return;
    }
    if (place.isSettled) return;
    const divider = items.findIndex(({ kind }) => kind === "new");
    const kept = conversation.place.atEnd ? -1 : items.findIndex(({ key }) => key === conversation.place.anchor);
    if (divider !== -1) {
      conversation.place.move({ atEnd: false });
      head(divider, "center");
    } else if (kept !== -1) head(kept, "start");
    else headToEnd();
  });

  // The end was loaded in the place of what was shown.
  const jumped = useRef(conversation.jumps.peek());
  useLayoutEffect(() => {
    if (jumps === jumped.current || items.length === 0) return;
    jumped.current = jumps;
    place.startAtEnd();
    headToEnd();
  });

  useEffect(() => {
    if (marked === undefined) return undefined;
    const timer = setTimeout(() => setMarked(undefined), markTime);
    return () => clearTimeout(timer);
  }, [marked]);

  return marked;
}

/** Says where a search has led: the caret is in the field below. */
function useAnnounceFound(conversation: Conversation): (id: string) => void {
  const { words, ui } = useApp();
  const names = useMessageNames();
  return (id) => {
    const { t, full } = words.value;
    const message = conversation.messages.peek().find((one) => one.id === id);
    if (message === undefined || ui.searched.peek()?.messageId !== id) return;
    ui.announcement.value = t("chat.found", {
      author: names.author(message),
      time: full(message.at),
      text: truncate(message.body, longestSpoken),
    });
  };
}
