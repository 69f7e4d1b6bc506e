import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answerKnocks } from "./knock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function knocked() {
  const knocks = vi.fn();
  const socket = Object.assign(new EventEmitter(), { destroy: vi.fn(), end: vi.fn() });
  answerKnocks(socket as unknown as Socket, Buffer.alloc(32, 1), knocks);
  return { socket, knocks, say: (length: number) => socket.emit("data", Buffer.alloc(length, 7)) };
}

it("a challenge has five seconds to come; whoever takes longer is hung up on and told nothing", () => {
  const early = knocked();
  early.say(31);
  vi.advanceTimersByTime(4_999);
  early.say(1);
  expect([early.socket.end.mock.calls.length, early.knocks.mock.calls.length]).toEqual([1, 1]);
  const late = knocked();
  late.say(31);
  vi.advanceTimersByTime(4_999);
  expect(late.socket.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(late.socket.destroy).toHaveBeenCalled();
  late.say(1);
  expect([late.socket.end.mock.calls.length, late.knocks.mock.calls.length]).toEqual([0, 0]);
});

it("a challenge is 32 bytes however they come, answered once", () => {
  const one = knocked();
  for (let n = 0; n < 40; n++) one.say(1);
  const other = knocked();
  other.say(100);
  const answers = [one, other].map(({ socket }) => socket.end.mock.calls.flat());
  expect(answers[0]).toHaveLength(1);
  expect(answers[0]).toEqual(answers[1]);
  const cut = knocked();
  cut.say(31);
  cut.socket.emit("close");
  expect([
    cut.socket.end.mock.calls.length,
    cut.knocks.mock.calls.length,
    cut.socket.destroy.mock.calls.length,
  ]).toEqual([0, 0, 1]);
});
