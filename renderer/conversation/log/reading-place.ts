import { signal } from "@preact/signals";
import { atEndWithin, type VirtualList } from "../../widgets/virtual.ts";
import type { LogItem } from "../messages.ts";
import type { Conversation } from "../model.ts";

/** Where a list stands, in CSS pixels. */
interface ListPosition {
  readonly offset: number;
  readonly height: number;
  readonly size: number;
}

/**
 * Place in the list of messages at which the person reads: the end, which is followed, or above it.
 *
 *   at the end --scrolled up, or led elsewhere--> above it --scrolled down, or led to the end--> at the end
 */
export class ReadingPlace {
  /** Whether the person is scrolling the list up. */
  readonly scrollingUp = { current: false };
  /** Whether the list has been brought to its first place; until then it stands nowhere. */
  isSettled = false;
  readonly #atEnd;
  readonly #conversation: Conversation;
  /** The last message when the person scrolled away from the end: what comes after it is news. */
  #leftAt: string | undefined;
  #last: ListPosition = { offset: 0, height: 0, size: 0 };

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#atEnd = signal(conversation.place.atEnd);
  }

  /** Whether the person is at the end; a signal behind it draws anew who read it. */
  get atEnd(): boolean {
    return this.#atEnd.value;
  }

  /** Whether the list is to be kept at its end when something in it grows. */
  get isFollowing(): boolean {
    return this.isSettled && this.#conversation.place.atEnd && !this.scrollingUp.current;
  }

  /** Keeps where the person reads, after the list has moved or, `isRest`, come to rest. */
  remember(list: VirtualList, isRest: boolean): void {
    const { place, items, messages } = this.#conversation;
    const end = this.#isAtEnd(list, isRest);
    if (end) this.#leftAt = undefined;
    else this.#leftAt ??= messages.peek().at(-1)?.id;
    const top = list.getVirtualItemForOffset(list.scrollOffset ?? 0);
    place.move({ atEnd: end, anchor: messageFrom(items.peek(), top?.index ?? 0) });
    this.#atEnd.value = end;
  }

  /** Compares the next movement with where the list stands now: a hand may come before the list was ever looked at. */
  measureFrom(list: VirtualList): void {
    this.#last = positionOf(list);
  }

  /** The person is led to the end. */
  goToEnd(): void {
    this.#atEnd.value = true;
  }

  /** The end was loaded in the place of what was shown: what came below has been led to. */
  startAtEnd(): void {
    this.#leftAt = undefined;
    this.#atEnd.value = true;
  }

  /** How many messages of others came below since the person left the end, of those that are loaded. */
  get below(): number {
    if (this.#leftAt === undefined) return 0;
    const messages = this.#conversation.messages.peek();
    const at = messages.findIndex(({ id }) => id === this.#leftAt);
    return at === -1 ? 0 : messages.slice(at + 1).filter(({ direction }) => direction === "in").length;
  }

  /**
   * Only who scrolls up leaves the end: a window that gets smaller, a row that turns out otherwise than was thought, or
   * older messages that are let go while many arrive, take nobody from it. Rows are measured while somebody scrolls,
   * too. Older messages that come before what is in view move the offset the other way under a hand that scrolls up:
   * then only the way to the end tells.
   */
  #isAtEnd(list: VirtualList, isRest: boolean): boolean {
    const { place, after } = this.#conversation;
    const isUp = this.scrollingUp.current;
    const [before, now] = [this.#last, positionOf(list)];
    this.#last = now;
    const isSteady = now.height === before.height && now.size === before.size;
    const isHigher = now.offset < before.offset - 1;
    const isNear = list.getDistanceFromEnd() <= atEndWithin;
    const hasLeft = isUp ? isHigher || !isNear : isHigher && isSteady;
    return !after.peek() && ((isNear && !isUp) || (place.atEnd && !hasLeft && !isRest));
  }
}

function positionOf(list: VirtualList): ListPosition {
  return { offset: list.scrollOffset ?? 0, height: list.scrollRect?.height ?? 0, size: list.getTotalSize() };
}

/** The message in this line, or in the next below that holds one. */
function messageFrom(items: readonly LogItem[], from: number): string | undefined {
  for (let index = from; index < items.length; index++) if (items[index]?.kind === "message") return items[index]?.key;
  return undefined;
}
