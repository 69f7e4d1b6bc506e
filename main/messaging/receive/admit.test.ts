import { describe, expect, it, vi } from "vitest";
import type { Requests } from "../../store/requests.ts";
import type { ReceivedEvent, ReceivedMessage } from "../delivery.ts";
import { passed } from "../passed.test-helper.ts";
import { admit, createAdmission } from "./admit.ts";
import { account, bob, change, delivery, said } from "./items.test-helper.ts";

describe("admission", () => {
  const stage = (reception: ReturnType<Requests["reception"]> = "open", isAdmitted = true) => {
    const contacts = { ensure: vi.fn() };
    const requests = {
      isBlocked: vi.fn((_: string, voice: string) => voice.startsWith("blocked@")),
      reception: vi.fn(() => reception),
      written: vi.fn(),
      fold: vi.fn(),
      admits: vi.fn(() => isAdmitted),
    };
    const list = admit(createAdmission({ contacts, requests: requests as unknown as Requests }));
    const admits = async (event: ReceivedEvent) => (await passed(list, delivery({ event })))?.items.length === 1;
    return { contacts, requests, admits };
  };
  const message = (over: Partial<ReceivedMessage> = {}): ReceivedEvent => ({ type: "message", message: said(over) });
  const blocked = "blocked@x.example";

  it.each<[string, ReceivedEvent, boolean]>([
    ["a message", message(), true],
    ["one of the blocked", message({ peer: blocked }), false],
    ["one that the blocked pass on", message({ through: blocked }), false],
    ["a notice of what the blocked do", message({ notice: { kind: "invitation", who: blocked } }), false],
    ["a notice that leads to the blocked", message({ notice: { kind: "invitation", what: blocked } }), false],
    [
      "an own notice beside the blocked",
      message({ direction: "out", notice: { kind: "invitation", who: blocked } }),
      true,
    ],
    ["a change", change("in"), true],
    ["a receipt of the blocked", { type: "delivery", id: "m", peer: blocked, state: "read" }, true],
  ])("hears %s or not", async (_, event, isHeard) => {
    expect(await stage().admits(event)).toBe(isHeard);
  });

  it("makes known whoever is written to from another device, which counts as a wish; who writes does not", async () => {
    const { contacts, requests, admits } = stage("refuse");
    expect(await admits(message({ direction: "out" }))).toBe(true);
    expect(contacts.ensure.mock.calls).toEqual([[account, "xmpp", bob]]);
    expect(requests.written.mock.calls).toEqual([[account, bob]]);
    const open = stage();
    await open.admits(message());
    expect([open.contacts.ensure.mock.calls.length, open.requests.written.mock.calls]).toEqual([1, []]);
  });

  it.each([
    ["ask", true, 0, 1],
    ["fold", false, 1, 0],
    ["refuse", false, 0, 0],
  ] as const)("of a stranger who is to be heard by %s", async (reception, isHeard, folds, asks) => {
    const { contacts, requests, admits } = stage(reception);
    expect(await admits(message())).toBe(isHeard);
    expect([requests.fold.mock.calls.length, requests.admits.mock.calls.length]).toEqual([folds, asks]);
    if (asks > 0) expect(requests.admits).toHaveBeenCalledWith(account, bob, "hello".length);
    expect(contacts.ensure).not.toHaveBeenCalled();
    expect(await stage(reception, false).admits(message())).toBe(false);
    expect(await admits(change("in"))).toBe(reception !== "refuse");
    expect(await admits(change("out"))).toBe(true);
  });
});
