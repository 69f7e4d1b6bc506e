import { describe, expect, it, vi } from "vitest";
import type { ContentGuard } from "../../guard/pipeline.ts";
import type { ReceivedEvent, ReceivedMessage } from "../delivery.ts";
import { passed } from "../passed.test-helper.ts";
import { inspect } from "./inspect.ts";
import { bob, change, delivery, log, said } from "./items.test-helper.ts";

describe("what the rules leave of a message", () => {
  const guard = {
    received: vi.fn(({ body }: { body: string }, found?: (report: () => void) => void) => {
      if (body === "poison") throw new TypeError("no rule expects this");
      if (!body.includes("secret")) return body;
      found?.(report);
      return "***";
    }),
  };
  const report = vi.fn();
  const connections = { address: () => "me@x.example" };
  const stage = inspect({ guard: guard as unknown as ContentGuard, connections, log });
  const left = async (...events: readonly ReceivedEvent[]) =>
    (await passed(stage, delivery(...events.map((event) => ({ event })))))?.items ?? [];
  const message = (over: Partial<ReceivedMessage>): ReceivedEvent => ({ type: "message", message: said(over) });

  it("is asked for by whose it is, and what was found is reported later, and only where something was", async () => {
    guard.received.mockClear();
    const [clean, found] = await left(message({}), message({ body: "a secret", direction: "out" }));
    expect([clean?.report, found?.report]).toEqual([undefined, report]);
    expect(found?.event).toMatchObject({ message: { body: "***" } });
    expect(report).not.toHaveBeenCalled();
    expect(guard.received.mock.calls.map(([about]) => about)).toEqual([
      { own: "me@x.example", peer: bob, direction: "in", body: "hello" },
      { own: "me@x.example", peer: bob, direction: "out", body: "a secret" },
    ]);
  });

  it("is of a notice its kind alone where its words are not let pass, and of one without words all of it", async () => {
    guard.received.mockClear();
    const notice = { kind: "invitation", what: "room", who: "ann" } as const;
    const items = await left(
      message({ body: "", notice }),
      message({ body: "", notice: { ...notice, who: "secret" } }),
      message({ body: "", notice: { ...notice, what: "secret" } }),
      message({ body: "", notice: { kind: "call" } }),
    );
    expect(items.map(({ event }) => event.type === "message" && event.message.notice)).toEqual([
      notice,
      { kind: "invitation" },
      { kind: "invitation" },
      { kind: "call" },
    ]);
    expect(guard.received.mock.calls.map(([{ body }]) => body).filter((body) => body !== "")).toEqual([
      "room\nann",
      "room\nsecret",
      "secret\nann",
    ]);
  });

  it("is of a correction its new text, and a retraction and a receipt are as they were", async () => {
    const correction = change("in");
    if (correction.type !== "change" || correction.change.kind !== "correction") throw new Error("no correction");
    const secret: ReceivedEvent = { ...correction, change: { ...correction.change, body: "secret" } };
    const others: readonly ReceivedEvent[] = [
      change("in", "retraction"),
      { type: "delivery", id: "m", peer: bob, state: "read" },
    ];
    const items = await left(secret, ...others);
    expect(items[0]).toMatchObject({ event: { change: { body: "***" } }, report });
    expect(items.slice(1)).toEqual(others.map((event) => ({ event })));
  });

  it("is nothing of one at which inspecting fails, and all of its neighbours", async () => {
    const items = await left(message({ id: "1" }), message({ body: "poison" }), message({ id: "2" }));
    expect(items.map(({ event }) => event.type === "message" && event.message.id)).toEqual(["1", "2"]);
  });
});
