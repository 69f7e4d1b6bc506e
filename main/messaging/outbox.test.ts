import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { OutgoingMessage } from "../networks/facets/messages.ts";
import type { Connection } from "../networks/network.ts";
import { createOutbox, type Outbox, type OutboxOptions } from "./outbox.ts";

const message = (id: string): MessageRecord => ({
  id,
  conversationId: "account-1|b@x",
  accountId: "account-1",
  direction: "out",
  body: id,
  at: 1,
  seq: 1,
  state: "waiting",
});

function line(send: (message: OutgoingMessage) => Promise<void>): Connection {
  return { sendMessage: send } as unknown as Connection;
}

/** Everything may go out at once, but for what is said otherwise. */
function outboxOf(options: Partial<OutboxOptions> = {}): Outbox {
  return createOutbox({
    onFailed: vi.fn(),
    wantReceipts: () => true,
    now: Date.now,
    check: () => undefined,
    retractionText: () => "",
    clearance: () => undefined,
    ...options,
  });
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("outbox", () => {
  it("holds messages while off line and sends them once, in order, when released", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    outbox.add(message("1"));
    outbox.add(message("2"));
    await settle();
    expect(sent).toEqual([]);
    const online = line(async ({ id }) => void sent.push(id));
    outbox.release(online, [message("1"), message("2")]);
    outbox.release(online, [message("1"), message("2")]);
    await settle();
    expect(sent).toEqual(["1", "2"]);
  });

  it("does not send again what the archive showed to have arrived", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    outbox.add(message("1"));
    outbox.settled("1", false);
    outbox.release(
      line(async ({ id }) => void sent.push(id)),
      [],
    );
    await settle();
    expect(sent).toEqual([]);
  });

  it("sends again, after the next release, what may not have arrived", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    const online = line(async ({ id }) => void sent.push(id));
    outbox.release(online, [message("1")]);
    await settle();
    outbox.hold();
    outbox.settled("1", true);
    outbox.release(online, [message("1")]);
    await settle();
    expect(sent).toEqual(["1", "1"]);
  });

  it("sends what waits from an earlier run before what was typed in this one", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    outbox.add(message("typed now"));
    outbox.release(
      line(async ({ id }) => void sent.push(id)),
      [message("typed before the restart"), message("typed now")],
    );
    await settle();
    expect(sent).toEqual(["typed before the restart", "typed now"]);
  });

  it("sends a message as the history has it, where that knows it better than who typed it", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    outbox.add({ ...message("1"), body: "as typed" });
    outbox.release(
      line(async ({ body }) => void sent.push(body)),
      [{ ...message("1"), body: "as put right" }],
    );
    await settle();
    expect(sent).toEqual(["as put right"]);
  });

  it("never tells of a time to come, whatever the clock has been through", async () => {
    const times: number[] = [];
    const outbox = outboxOf({ now: () => 1_000 });
    outbox.release(
      line(async ({ at }) => void times.push(at)),
      [
        { ...message("1"), at: 9_000_000 },
        { ...message("2"), at: 500 },
      ],
    );
    await settle();
    expect(times).toEqual([1_000, 500]);
  });

  it("keeps the order when the connection drops between two messages", async () => {
    const sent: string[] = [];
    const outbox = outboxOf();
    let up = true;
    const flaky = line(async ({ id }) => {
      if (!up) throw new HallwayError("offline");
      sent.push(id);
      up = false;
    });
    outbox.release(flaky, [message("1"), message("2"), message("3")]);
    await settle();
    up = true;
    outbox.release(
      line(async ({ id }) => void sent.push(id)),
      [],
    );
    await settle();
    expect(sent).toEqual(["1", "2", "3"]);
  });

  it("reports a message that the network refuses, and goes on with the next", async () => {
    const failed = vi.fn();
    const sent: string[] = [];
    const outbox = outboxOf({ onFailed: failed });
    outbox.release(
      line(async ({ id }) => {
        if (id === "1") throw new HallwayError("too-large");
        sent.push(id);
      }),
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
    const outbox = outboxOf({
      onFailed: failed,
      now: () => 1,
      clearance({ conversationId, body }) {
        if (conversationId !== "account-1|b@x") return undefined;
        const gate = Promise.withResolvers<void>();
        gates.set(body, gate);
        return gate.promise;
      },
    });
    outbox.release(
      line(async ({ body }) => void sent.push(body)),
      [message("1"), { ...message("2"), conversationId: "account-1|c@x" }, message("3"), message("4")],
    );
    await settle();
    expect(sent).toEqual(["2"]);
    // Corrected while it waits: that the text before was cleared is not enough.
    outbox.add({ ...message("1"), body: "1, corrected" });
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
