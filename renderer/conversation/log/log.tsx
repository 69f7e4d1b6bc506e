import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { truncate } from "../../../shared/text/truncate.ts";
import { useApp } from "../../state/app-context.ts";
import { useMessageNames } from "../../state/message-names.ts";
import { Icon } from "../../widgets/icons.tsx";
import { Problem } from "../../widgets/problem.tsx";
import { useVirtual, type VirtualList } from "../../widgets/virtual.ts";
import { Message } from "../message.tsx";
import { MessageMenu, type MessageMenuState } from "../message-menu.tsx";
import { isMessageLine, type LogItem } from "../messages.ts";
import type { Conversation } from "../model.ts";
import { LogStart } from "./log-start.tsx";
import { useScrollingByHand } from "./scrolling-by-hand.ts";
import { useHeading } from "./use-heading.ts";

/**
 * How near the edge of what is loaded the next page is asked for, in CSS pixels; in a taller window, as near as it is
 * tall.
 */
const reach = 600;
const atEndWithin = 48;
/** How long a message that was searched for stays marked, in milliseconds. */
const markTime = 3_000;
/** Longest text that is read out of a message that was found, in UTF-16 units. */
const longestSpoken = 200;

/** In CSS pixels. */
interface Standing {
  readonly offset: number;
  readonly height: number;
  readonly size: number;
}

/** The messages of a conversation, drawn as far as they are in view; it keeps to the end while the person is there. */
export function Log({
  conversation,
  name,
  attentive,
}: {
  readonly conversation: Conversation;
  readonly name: string;
  readonly attentive: boolean;
}) {
  const { words, clock, replica, ui } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const settled = useRef(false);
  /** The last message when the person scrolled away from the end: what comes after it is news. */
  const leftAt = useRef<string | undefined>(undefined);
  /** Where the list stood when it was last looked at, in CSS pixels. */
  const stood = useRef<Standing>({ offset: 0, height: 0, size: 0 });
  const scrollingUp = useRef(false);
  const [marked, setMarked] = useState<string | undefined>(undefined);
  const [, redraw] = useReducer<number, undefined>((n) => n + 1, 0);
  const [menu, setMenu] = useState<MessageMenuState | undefined>(undefined);
  const [atEnd, setAtEnd] = useState(conversation.place.atEnd);
  const items = conversation.items.value;
  const state = conversation.state.value;
  const target = conversation.target.value;
  const { t } = words.value;
  const names = useMessageNames();

  const list = useVirtual({
    scroller,
    count: items.length,
    estimate: (index) => estimate(items[index]),
    keyOf: (index) => items[index]?.key ?? String(index),
    anchor: "end",
    holdsPlace: isMessageLine,
    follow: !scrollingUp.current,
    onScroll: (moved) => {
      if (settled.current) remember(moved);
    },
  });

  const loadAhead = (moved: VirtualList): void => {
    const ahead = Math.max(reach, moved.scrollRect?.height ?? 0);
    if ((moved.scrollOffset ?? 0) < ahead) void conversation.loadOlder();
    if (moved.getDistanceFromEnd() < ahead) void conversation.loadNewer();
  };

  const remember = (moved: VirtualList, isRest = false): void => {
    if (heading.isOnTheWay()) return;
    const now = standing(moved);
    const { offset, height, size } = now;
    // Only who scrolls up leaves the end: a window that gets smaller, a row that turns out otherwise than was thought,
    // or older messages that are let go while many arrive, take nobody from it. Rows are measured while somebody
    // scrolls, too. Older messages that come before what is in view move the offset the other way under a hand that
    // scrolls up: then only the way to the end tells.
    const isSteady = height === stood.current.height && size === stood.current.size;
    const isHigher = offset < stood.current.offset - 1;
    stood.current = now;
    const near = moved.getDistanceFromEnd() <= atEndWithin;
    const hasLeft = scrollingUp.current ? isHigher || !near : isHigher && isSteady;
    const end =
      !conversation.after.peek() &&
      ((near && !scrollingUp.current) || (conversation.place.atEnd && !hasLeft && !isRest));
    if (end) leftAt.current = undefined;
    else leftAt.current ??= conversation.messages.peek().at(-1)?.id;
    const top = moved.getVirtualItemForOffset(offset);
    conversation.place.move({ atEnd: end, anchor: messageAt(conversation.items.peek(), top?.index ?? 0) });
    setAtEnd(end);
    if (heading.isAtRest()) loadAhead(moved);
  };

  const heading = useHeading({
    list,
    items,
    onArrive: () => {
      remember(list);
      // The last step may have been too small to be told of, and what is in view counts as seen.
      redraw(undefined);
    },
  });

  useScrollingByHand({
    scroller,
    up: scrollingUp,
    // A hand on the list ends every movement of our own: the row that it was to bring into view may never come into
    // view.
    onTake: () => {
      heading.leave();
      if (!settled.current) return;
      // From where the list stands now: the hand may come before the list was ever looked at.
      stood.current = standing(list);
      // Where the list cannot move it tells of no scrolling.
      loadAhead(list);
    },
    onRest: () => {
      if (settled.current) remember(list, true);
    },
  });

  /** Says where a search has led: the caret is in the field below. */
  const announceFound = (id: string): void => {
    const message = conversation.messages.peek().find((one) => one.id === id);
    if (message === undefined || ui.searched.peek()?.messageId !== id) return;
    ui.announcement.value = t("chat.found", {
      author: names.author(message),
      time: words.value.full(message.at),
      text: truncate(message.body, longestSpoken),
    });
  };

  const head = (index: number, align: "start" | "center" | "end"): void => {
    heading.to(items[index]?.key ?? "", align);
    settled.current = true;
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
    if (settled.current) return;
    const divider = items.findIndex(({ kind }) => kind === "new");
    const kept = conversation.place.atEnd ? -1 : items.findIndex(({ key }) => key === conversation.place.anchor);
    if (divider !== -1) {
      conversation.place.move({ atEnd: false });
      head(divider, "center");
    } else if (kept !== -1) head(kept, "start");
    else head(items.length - 1, "end");
  });

  // The end was loaded in the place of what was shown.
  const jumps = conversation.jumps.value;
  const jumped = useRef(conversation.jumps.peek());
  useLayoutEffect(() => {
    if (jumps === jumped.current || items.length === 0) return;
    jumped.current = jumps;
    leftAt.current = undefined;
    setAtEnd(true);
    head(items.length - 1, "end");
  });

  // A page that came may not be enough: it is short, the window is tall, or the person has come to its edge meanwhile.
  useEffect(() => {
    if (settled.current && state === "ready" && heading.isAtRest()) loadAhead(list);
  }, [items, state]);

  useEffect(() => {
    if (marked === undefined) return undefined;
    const timer = setTimeout(() => setMarked(undefined), markTime);
    return () => clearTimeout(timer);
  }, [marked]);

  // "Read" means in view, in a window that has the focus.
  const rows = list.getVirtualItems();
  const lastSeen = attentive && state === "ready" ? lastIncoming(items, list) : undefined;
  useEffect(() => {
    if (lastSeen === undefined) return undefined;
    const timer = setTimeout(() => conversation.seen(lastSeen), 250);
    return () => clearTimeout(timer);
  }, [lastSeen, conversation]);

  // Whoever is at the end stays there when a row turns out higher than was thought, or the composer grows.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const keep = new ResizeObserver(() => {
      if (settled.current && conversation.place.atEnd && !scrollingUp.current) element.scrollTop = element.scrollHeight;
    });
    keep.observe(element);
    if (element.firstElementChild !== null) keep.observe(element.firstElementChild);
    return () => keep.disconnect();
  }, [conversation]);

  const toNewest = async (): Promise<void> => {
    await conversation.toEnd();
    setAtEnd(true);
    const last = conversation.items.peek().at(-1);
    if (last !== undefined) heading.to(last.key, "end");
  };
  // The browser's own jump glides, and breaks off as soon as a row above turns out higher than was thought.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.shiftKey || event.metaKey || event.ctrlKey) return;
    if (
      (event.key === "ArrowUp" || event.key === "ArrowDown") &&
      step(scroller.current, event.key === "ArrowUp" ? -1 : 1)
    )
      event.preventDefault();
    if (event.target !== event.currentTarget) return;
    if (event.key === "Home" && items.length > 0) {
      event.preventDefault();
      heading.leave();
      void conversation.toStart().then(
        () => list.scrollToIndex(0, { align: "start" }),
        () => undefined, // What is loaded stays; the next key asks again.
      );
    } else if (event.key === "End") {
      event.preventDefault();
      void toNewest();
    }
  };

  // Where the end is not loaded, those beyond it are known by their number only.
  const unread = conversation.after.value ? (replica.conversations.get(conversation.id)?.unread ?? 0) : 0;
  const below = Math.max(unread, leftAt.current === undefined ? 0 : countBelow(conversation, leftAt.current));
  const endLabel = below === 0 ? t("chat.newest") : t("chat.newBelow", { count: below });
  return (
    <div class="log-frame">
      {/* A scrolling region must be reachable by keyboard. */}
      <div
        ref={scroller}
        class="log"
        role="log"
        aria-label={t("chat.log", { name })}
        aria-busy={state === "loading"}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div class="log-inner" style={{ height: `${list.getTotalSize()}px` }}>
          {rows.map((row) => {
            const item = items[row.index];
            return item === undefined ? null : (
              <div
                key={row.key}
                ref={list.measureElement}
                data-index={row.index}
                class="log-row"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {item.kind === "start" && <LogStart id={conversation.id} name={name} />}
                {item.kind === "day" && (
                  <div class="day">
                    <span>{words.value.day(item.at, clock.value)}</span>
                  </div>
                )}
                {item.kind === "new" && <div class="new-divider">{t("chat.new")}</div>}
                {item.kind === "message" && (
                  <Message
                    message={item.message}
                    first={item.first}
                    last={item.last}
                    marked={item.key === marked}
                    onMenu={(x, y) => setMenu({ message: item.message, x, y })}
                    onRetry={() => void conversation.retry(item.key).catch(() => undefined)}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {menu !== undefined && (
        <MessageMenu state={menu} conversation={conversation} onClose={() => setMenu(undefined)} />
      )}
      {state === "loading" && items.length === 0 && <p class="log-note">{t("chat.loading")}</p>}
      {state === "failed" && (
        <div class="log-note">
          <Problem error={conversation.error.value ?? { code: "internal" }}>
            <button type="button" class="link-button" onClick={() => void conversation.open()}>
              {t("button.tryAgain")}
            </button>
          </Problem>
        </div>
      )}
      {!atEnd && items.length > 0 && (
        <button
          type="button"
          class="to-end"
          aria-label={below === 0 ? endLabel : `${endLabel}. ${t("chat.newest")}`}
          title={endLabel}
          onClick={() => void toNewest()}
        >
          {below > 0 && <span class="badge">{words.value.number(below)}</span>}
          <Icon name="arrowDown" size={18} />
        </button>
      )}
    </div>
  );
}

function standing(list: VirtualList): Standing {
  return { offset: list.scrollOffset ?? 0, height: list.scrollRect?.height ?? 0, size: list.getTotalSize() };
}

/**
 * Takes the focus from one message to the next, beginning with the lowest in view. False: there is none drawn in that
 * direction, and the list scrolls instead.
 */
function step(log: HTMLElement | null, by: 1 | -1): boolean {
  if (log === null) return false;
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

/** How many messages of theirs came after this one. */
function countBelow(conversation: Conversation, id: string): number {
  const messages = conversation.messages.peek();
  const at = messages.findIndex((message) => message.id === id);
  return at === -1 ? 0 : messages.slice(at + 1).filter(({ direction }) => direction === "in").length;
}

/** A first guess at a row's height, in CSS pixels; it is measured when drawn. */
function estimate(item: LogItem | undefined): number {
  if (item?.kind !== "message") return 40;
  return 38 + Math.floor(item.message.body.length / 80) * 20;
}

function messageAt(items: readonly LogItem[], from: number): string | undefined {
  for (let index = from; index < items.length; index++) if (items[index]?.kind === "message") return items[index]?.key;
  return undefined;
}

/** The lowest message of theirs that is wholly or mostly in view. */
function lastIncoming(items: readonly LogItem[], list: VirtualList): string | undefined {
  const bottom = (list.scrollOffset ?? 0) + (list.scrollRect?.height ?? 0);
  let found: string | undefined;
  for (const row of list.getVirtualItems()) {
    const item = items[row.index];
    if (row.start + Math.min(row.size, 32) > bottom + 2) break;
    if (item?.kind === "message" && item.message.direction === "in") found = item.key;
  }
  return found;
}
