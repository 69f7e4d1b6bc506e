import { describe, expect, it, vi } from "vitest";
import type { Delivery, Outcome, Received, ReceivedEvent } from "../delivery.ts";
import { passed } from "../passed.test-helper.ts";
import { bob, change, changeOf, delivery, log, outcome, record, said } from "./items.test-helper.ts";
import { notify } from "./notify.ts";
import { receipt } from "./receipt.ts";
import { unprotect } from "./unprotect.ts";

describe("a delivery receipt", () => {
  it.each<[string, Received, boolean]>([
    ["of a message that asks for it", outcome(), true],
    ["of one that does not", outcome({ wantsDelivered: false }), false],
    ["of one that was here before", outcome({}, { isNew: false } as Partial<Outcome>), false],
    ["of a stranger's", outcome({}, { isKnown: false } as Partial<Outcome>), false],
    ["of an own one", outcome({ direction: "out" }), false],
    ["of one out of an archive", outcome({ via: "archive" }), false],
    ["of one that another device was sent", outcome({ via: "carbon" }), false],
    ["of one that cannot be shown", outcome({ notice: { kind: "call" } }), false],
    ["of one without an id", outcome({ id: undefined }), false],
    ["of what is no message", { event: change("in") }, false],
  ])("%s is sent or not", async (_, item, isSent) => {
    const send = vi.fn();
    const given = delivery(item);
    expect(await passed(receipt({ send, keeps: () => true }), given)).toBe(given);
    const sent = { kind: "receipt", conversationId: record.conversationId, messageId: "m1", state: "delivered" };
    expect(send.mock.calls).toEqual(isSent ? [[sent]] : []);
  });

  it("is sent of each that comes together, and of none that only memory has", async () => {
    const send = vi.fn();
    const given = delivery(outcome({ wantsDelivered: false }), outcome({ id: "m2" }), outcome({ id: "m3" }));
    expect(await passed(receipt({ send, keeps: () => false }), given)).toBe(given);
    expect(send).not.toHaveBeenCalled();
    await passed(receipt({ send, keeps: () => true }), given);
    expect(send.mock.calls.map(([item]) => item.messageId)).toEqual(["m2", "m3"]);
  });
});

describe("a notification", () => {
  const stage = () => {
    const told = { arrived: vi.fn(), changed: vi.fn(), failed: vi.fn() };
    return {
      told,
      pass: (...items: readonly Received[]) => passed(notify({ notifications: told, log }), delivery(...items)),
    };
  };

  it.each<[string, Received, boolean]>([
    ["of a message", outcome(), true],
    ["of one that another device got, too", outcome({ via: "carbon" }), true],
    ["of one that was here before", outcome({}, { isNew: false } as Partial<Outcome>), false],
    ["of a stranger's", outcome({}, { isKnown: false } as Partial<Outcome>), false],
    ["of an own one", outcome({ direction: "out" }), false],
    ["of one out of an archive", outcome({ via: "archive" }), false],
  ])("%s comes or not", async (_, item, comes) => {
    const { told, pass } = stage();
    await pass(item);
    expect(told.arrived.mock.calls.flat(2).map((arrival) => arrival.record)).toEqual(comes ? [record] : []);
    expect([told.changed.mock.calls, told.failed.mock.calls]).toEqual([[], []]);
  });

  it("tells once of all that comes together", async () => {
    const { told, pass } = stage();
    await pass(outcome(), outcome({ direction: "out" }), outcome({ id: "m2" }));
    expect(told.arrived.mock.calls.map(([list]) => list.length)).toEqual([2]);
  });

  it.each<[string, Outcome, "changed" | "failed" | undefined]>([
    ["their change", { kind: "change", change: changeOf("in"), record, summary: undefined }, "changed"],
    ["an own change", { kind: "change", change: changeOf("out"), record, summary: undefined }, undefined],
    [
      "a change of nothing",
      { kind: "change", change: changeOf("in"), record: undefined, summary: undefined },
      undefined,
    ],
    ["a failure", { kind: "state", record: { ...record, state: "failed" } }, "failed"],
    ["a delivery", { kind: "state", record: { ...record, state: "delivered" } }, undefined],
  ])("of %s is told as what it is", async (_, one, as) => {
    const { told, pass } = stage();
    await pass({ event: change("in"), outcome: one });
    expect(Object.entries(told).flatMap(([name, fn]) => fn.mock.calls.map(() => name))).toEqual(as ? [as] : []);
  });
});

describe("what is protected", () => {
  const message = (body: string, peer = bob): Received => ({
    event: { type: "message", message: said({ body, peer }) },
  });
  const bodies = (given: Delivery | undefined) =>
    given?.items.map(({ event }) => (event.type === "message" ? event.message.body : ""));
  const method = (mark: string) => ({
    protect: async () => undefined,
    unprotect: vi.fn(async (event: ReceivedEvent) => {
      if (event.type !== "message" || !event.message.body.startsWith(mark)) return undefined;
      if (event.message.body === `${mark}broken`) throw new Error("cannot be read");
      return { ...event, message: { ...event.message, body: `${mark} read` } };
    }),
  });

  it("is read by the first method that can, and what none can read passes as it came", async () => {
    const [first, second, third] = [method("a"), method("b"), method("b")];
    const given = delivery(message("b1"), message("plain"), message("abroken"), message("a1", "ann@x.example"));
    const methods = [first, second, third];
    expect(bodies(await passed(unprotect({ methods, log }), given))).toEqual(["b read", "plain", "abroken", "a read"]);
    expect(methods.map(({ unprotect: { mock } }) => mock.calls.length)).toEqual([4, 3, 2]);
    expect(await passed(unprotect({ methods: [], log }), given)).toEqual(given);
  });
});
