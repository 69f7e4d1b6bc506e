import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { answerKnocks } from "./knock.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function knocked() {
  const knocks = vi.fn();
  const socket = Object.assign(new EventEmitter(), { destroy: vi.fn(), end: vi.fn(), write: vi.fn() });
  answerKnocks(socket as unknown as Socket, Buffer.alloc(32, 1), knocks);
  return {
    socket,
    knocks,
    say: (length: number) => socket.emit("data", Buffer.alloc(length, 7)),
    counts: () => [socket.write.mock.calls.length, knocks.mock.calls.length, socket.destroy.mock.calls.length],
  };
}

it("a challenge has five seconds to come; whoever takes longer is hung up on and told nothing", () => {
  const early = knocked();
  early.say(31);
  vi.advanceTimersByTime(4_999);
  early.say(1);
  early.socket.emit("end");
  expect(early.counts()).toEqual([1, 1, 0]);
  const late = knocked();
  late.say(31);
  vi.advanceTimersByTime(4_999);
  expect(late.socket.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  late.say(1);
  late.socket.emit("end");
  expect([late.counts()[0], late.counts()[1]]).toEqual([0, 0]);
  expect(late.socket.destroy).toHaveBeenCalled();
});

it("a challenge is 32 bytes however they come, answered once", () => {
  const one = knocked();
  for (let n = 0; n < 32; n++) one.say(1);
  const other = knocked();
  other.say(100);
  const answers = [one, other].map(({ socket }) => socket.write.mock.calls.flat());
  expect(answers[0]).toHaveLength(1);
  expect(answers[0]).toEqual(answers[1]);
  const cut = knocked();
  cut.say(31);
  cut.socket.emit("end");
  expect(cut.counts()).toEqual([0, 0, 1]);
});

it("a link follows the challenge, whole or not at all", () => {
  const linked = (text: string, end: "end" | "close" | "time"): unknown => {
    const { socket, knocks, say } = knocked();
    say(32);
    for (const letter of text) socket.emit("data", Buffer.from(letter));
    if (end === "time") vi.advanceTimersByTime(5_000);
    else socket.emit(end);
    expect(knocks).toHaveBeenCalledOnce();
    return knocks.mock.calls[0]?.[0];
  };
  expect(linked("im:a@b.test", "end")).toBe("im:a@b.test");
  expect(linked("", "end")).toBeUndefined();
  expect(linked("im:a@b.tes", "close")).toBeUndefined();
  expect(linked("im:a@b.tes", "time")).toBeUndefined();
  const longest = `im:${"a".repeat(2_045)}`;
  expect([linked(longest, "end"), linked(`${longest}a`, "end")]).toEqual([longest, undefined]);
});
