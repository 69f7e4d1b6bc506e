import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import type { OutgoingItem, OutgoingSaying } from "../outgoing.ts";
import { placed } from "../placed.test-helper.ts";
import { Queue, type QueueOptions } from "./queue.ts";

const account = "account-1";
const message = (id: string, conversationId = "account-1|b@x"): OutgoingSaying =>
  placed({ kind: "text", id, conversationId, body: id, at: 1 } as const);

type Leave = (item: OutgoingSaying) => Promise<unknown>;

/** A queue of one account. Everything may go out at once, but for what is said otherwise. */
function queueOf({
  onFailed = vi.fn(),
  ...options
}: Partial<QueueOptions> & { onFailed?: (item: OutgoingSaying, error: unknown) => void } = {}) {
  let leave: Leave = async () => undefined;
  const queue = new Queue({
    leave: (item: OutgoingItem) => (item.kind === "receipt" || item.kind === "typing" ? nothing() : leave(item)),
    check: () => undefined,
    clearance: () => undefined,
    ...options,
  });
  queue.failures.add(({ item, error }) => void onFailed(item, error));
  return {
    add: (item: OutgoingSaying) => queue.add(item),
    release(online: Leave, waiting: readonly OutgoingSaying[]) {
      leave = online;
      queue.release(account, waiting);
    },
    hold: () => queue.hold(account),
    settled: (id: string, again: boolean) => queue.settled(account, id, again),
    withdraw: (id: string) => queue.withdraw(account, id),
  };
}

const nothing = async () => undefined;
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("queue", () => {
  it("holds messages while offline and sends them once, in order, when released", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    queue.add(message("1"));
    queue.add(message("2"));
    await settle();
    expect(sent).toEqual([]);
    const online: Leave = async ({ id }) => void sent.push(id);
    queue.release(online, [message("1"), message("2")]);
    queue.release(online, [message("1"), message("2")]);
    await settle();
    expect(sent).toEqual(["1", "2"]);
  });

  it("does not send again what the archive showed to have arrived", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    queue.add(message("1"));
    queue.settled("1", false);
    queue.release(async ({ id }) => void sent.push(id), []);
    await settle();
    expect(sent).toEqual([]);
  });

  it("sends again, after the next release, what may not have arrived", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    const online: Leave = async ({ id }) => void sent.push(id);
    queue.release(online, [message("1")]);
    await settle();
    queue.hold();
    queue.settled("1", true);
    queue.release(online, [message("1")]);
    await settle();
    expect(sent).toEqual(["1", "1"]);
  });

  it("sends what waits from an earlier run before what was typed in this one", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    queue.add(message("typed now"));
    queue.release(async ({ id }) => void sent.push(id), [message("typed before the restart"), message("typed now")]);
    await settle();
    expect(sent).toEqual(["typed before the restart", "typed now"]);
  });

  it("sends a message as the history has it, where that knows it better than who typed it", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    queue.add({ ...message("1"), body: "as typed" });
    queue.release(async ({ body }) => void sent.push(body), [{ ...message("1"), body: "as put right" }]);
    await settle();
    expect(sent).toEqual(["as put right"]);
  });

  it("keeps the order when the connection drops between two messages", async () => {
    const sent: string[] = [];
    const queue = queueOf();
    let up = true;
    const flaky: Leave = async ({ id }) => {
      if (!up) throw new HallwayError("offline");
      sent.push(id);
      up = false;
    };
    queue.release(flaky, [message("1"), message("2"), message("3")]);
    await settle();
    up = true;
    queue.release(async ({ id }) => void sent.push(id), []);
    await settle();
    expect(sent).toEqual(["1", "2", "3"]);
  });

  it("reports a message that the network refuses, and goes on with the next", async () => {
    const failed = vi.fn();
    const sent: string[] = [];
    const queue = queueOf({ onFailed: failed });
    queue.release(
      async ({ id }) => {
        if (id === "1") throw new HallwayError("too-large");
        sent.push(id);
      },
      [message("1"), message("2")],
    );
    await settle();
    expect(failed).toHaveBeenCalledWith(
      expect.objectContaining({ id: "1" }),
      expect.objectContaining({ code: "too-large" }),
    );
    expect(sent).toEqual(["2"]);
  });

  it("what waits for something else holds back its own conversation only, and is asked about anew when it says something else", async () => {
    const sent: string[] = [];
    const failed = vi.fn();
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const queue = queueOf({
      onFailed: failed,
      clearance({ conversationId, body }) {
        if (conversationId !== "account-1|b@x") return undefined;
        const gate = Promise.withResolvers<void>();
        gates.set(body, gate);
        return gate.promise;
      },
    });
    queue.release(
      async ({ body }) => void sent.push(body),
      [message("1"), message("2", "account-1|c@x"), message("3"), message("4")],
    );
    await settle();
    expect(sent).toEqual(["2"]);
    // Corrected while it waits: that the text before was cleared is not enough.
    queue.add({ ...message("1"), body: "1, corrected" });
    await settle();
    gates.get("1")?.resolve();
    await settle();
    expect(sent).toEqual(["2"]);
    gates.get("1, corrected")?.resolve();
    await settle();
    expect(sent).toEqual(["2", "1, corrected"]);
    gates.get("3")?.reject(new HallwayError("archive-refused"));
    await settle();
    expect(failed).toHaveBeenCalledWith(
      expect.objectContaining({ id: "3" }),
      expect.objectContaining({ code: "archive-refused" }),
    );
    gates.get("4")?.resolve();
    await settle();
    expect(sent).toEqual(["2", "1, corrected", "4"]);
  });
});
