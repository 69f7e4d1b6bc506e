import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Typing } from "./typing.ts";

const bob = "bob@example.test";
let heard: [string, boolean][];
let typing: Typing;

beforeEach(() => {
  vi.useFakeTimers();
  heard = [];
  typing = new Typing((peer, active) => heard.push([peer, active]), Date.now);
});
afterEach(() => {
  vi.useRealTimers();
});

describe("what is heard (RFC 3994 section 3.3)", () => {
  it("is told once, holds for its refresh interval, and longer when it is said again", () => {
    typing.hear(bob, true, 60);
    vi.advanceTimersByTime(50_000);
    typing.hear(bob, true, 60);
    vi.advanceTimersByTime(50_000);
    expect(heard).toEqual([[bob, true]]);
    vi.advanceTimersByTime(11_000);
    expect(heard).toEqual([
      [bob, true],
      [bob, false],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends with the connection, and idle from nowhere is nothing", () => {
    typing.hear("carol@example.test", false, 0);
    typing.hear(bob, true, 60);
    typing.reset();
    expect(heard).toEqual([
      [bob, true],
      [bob, false],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not grow without end", () => {
    for (let i = 0; i < 5_000; i += 1) typing.hear(`c${i}@example.test`, true, 60);
    expect(vi.getTimerCount()).toBe(1_000);
    typing.reset();
  });
});

describe("what is told (RFC 3994 section 3.2)", () => {
  it("is active once until it would run out, and idle only after active", () => {
    expect(typing.shouldTell(bob, false)).toBe(false);
    expect(typing.shouldTell(bob, true)).toBe(true);
    expect(typing.shouldTell(bob, true)).toBe(false);
    vi.advanceTimersByTime(41_000);
    expect(typing.shouldTell(bob, true)).toBe(true);
    expect(typing.shouldTell(bob, false)).toBe(true);
    expect(typing.shouldTell(bob, false)).toBe(false);
  });

  it("needs no idle after a message, and goes to nobody who does not take it until they are heard of", () => {
    typing.shouldTell(bob, true);
    typing.messageSent(bob);
    expect(typing.shouldTell(bob, false)).toBe(false);
    typing.notTaken(bob);
    expect(typing.shouldTell(bob, true)).toBe(false);
    typing.heardFrom(bob);
    expect(typing.shouldTell(bob, true)).toBe(true);
  });

  it("goes on when the clock is set back", () => {
    expect(typing.shouldTell(bob, true)).toBe(true);
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(typing.shouldTell(bob, true)).toBe(true);
  });
});
