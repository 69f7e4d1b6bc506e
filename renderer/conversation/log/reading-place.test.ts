import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { VirtualList } from "../../widgets/virtual.ts";
import type { Conversation } from "../model.ts";
import { ReadingPlace } from "./reading-place.ts";

const message = (id: string, direction: "in" | "out") => ({ id, direction });

/** A person at the end of a list of 2,000 pixels in a window of 500, of which the last message is `m2`. */
function setUp() {
  const place = {
    atEnd: true,
    anchor: undefined as string | undefined,
    move(change: { atEnd?: boolean; anchor?: string | undefined }) {
      Object.assign(place, change);
    },
  };
  const messages = signal([message("m1", "in"), message("m2", "out")]);
  const after = signal(false);
  const items = signal([
    { kind: "day", key: "day" },
    { kind: "message", key: "m1" },
    { kind: "message", key: "m2" },
  ]);
  const stands = { offset: 1_500, height: 500, size: 2_000 };
  const list = {
    get scrollOffset() {
      return stands.offset;
    },
    get scrollRect() {
      return { height: stands.height, width: 400 };
    },
    getTotalSize: () => stands.size,
    getDistanceFromEnd: () => stands.size - stands.offset - stands.height,
    getVirtualItemForOffset: () => ({ index: 0 }),
  } as unknown as VirtualList;
  const reading = new ReadingPlace({ place, messages, after, items } as unknown as Conversation);
  reading.isSettled = true;
  reading.measureFrom(list);
  /** The list tells that it stands elsewhere now. */
  const move = (to: Partial<typeof stands>, isRest = false): void => {
    Object.assign(stands, to);
    reading.remember(list, isRest);
  };
  return { reading, place, messages, after, move };
}

describe("the reading place", () => {
  it("leaves the end with the hand that scrolls up, and counts what comes from others since", () => {
    const { reading, place, messages, move } = setUp();
    reading.scrollingUp.current = true;
    expect(reading.isFollowing).toBe(false);
    move({ offset: 1_480 });
    expect([reading.atEnd, place.atEnd, place.anchor]).toEqual([false, false, "m1"]);
    expect(reading.below).toBe(0);
    messages.value = [...messages.value, message("m3", "in"), message("m4", "out"), message("m5", "in")];
    expect(reading.below).toBe(2);
  });

  it("stays at the end when a row turns out higher, the window gets smaller, or older messages are let go", () => {
    for (const to of [{ size: 2_300 }, { height: 300 }, { offset: 900, size: 2_000 - 800 + 200 }]) {
      const { reading, move } = setUp();
      move(to);
      expect(reading.atEnd, JSON.stringify(to)).toBe(true);
      expect(reading.isFollowing).toBe(true);
    }
  });

  it("leaves the end when the list is moved up while nothing in it grows", () => {
    const { reading, move } = setUp();
    move({ offset: 1_000 });
    expect(reading.atEnd).toBe(false);
  });

  it("leaves the end under a hand whose offset grows by older messages that come above", () => {
    const { reading, move } = setUp();
    reading.scrollingUp.current = true;
    move({ offset: 1_700, size: 2_600 });
    expect(reading.atEnd).toBe(false);
  });

  it("is back at the end where the list rests there, with nothing new below", () => {
    const { reading, messages, move } = setUp();
    reading.scrollingUp.current = true;
    move({ offset: 1_000 });
    messages.value = [...messages.value, message("m3", "in")];
    reading.scrollingUp.current = false;
    move({ offset: 1_495 }, true);
    expect(reading.atEnd).toBe(true);
    expect(reading.below).toBe(0);
    expect(reading.isFollowing).toBe(true);
  });

  it("is not at the end where so much as the last line is out of view", () => {
    const { reading, move } = setUp();
    reading.scrollingUp.current = true;
    move({ offset: 1_000 });
    reading.scrollingUp.current = false;
    move({ offset: 1_467 }, true);
    expect(reading.atEnd).toBe(false);
  });

  it("is not at the end where more is to be loaded below", () => {
    const { reading, after, move } = setUp();
    after.value = true;
    move({});
    expect(reading.atEnd).toBe(false);
  });

  it("follows nothing before the list was brought to its first place", () => {
    const { reading } = setUp();
    reading.isSettled = false;
    expect(reading.isFollowing).toBe(false);
  });
});
