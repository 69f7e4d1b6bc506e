import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Reply } from "../../shared/ipc/transport.ts";
import { createDispatcher, type Handlers } from "./dispatch.ts";

const quiet = { debug: () => undefined, info: () => undefined, warn: vi.fn() };

/** Dispatches one call to a few handlers and answers the reply. */
async function ask(method: string, args: unknown, handlers: Partial<Handlers>): Promise<Reply> {
  return new Promise((resolve) => {
    createDispatcher({ handlers: handlers as Handlers, allowed: () => true, reply: resolve, log: quiet })({ id: 7, method, args });
  });
}

describe("dispatcher", () => {
  it("hands valid arguments to the handler and its result back", async () => {
    const reply = await ask("accounts.retry", { accountId: "12345678" }, { "accounts.retry": () => ({}) });
    expect(reply).toEqual({ kind: "reply", id: 7, ok: true, result: {} });
  });

  it.each([
    ["an unknown method", "no.such", {}],
    ["a method of Object.prototype", "constructor", {}],
    ["arguments of the wrong type", "accounts.retry", { accountId: 3 }],
    ["no arguments", "messages.send", undefined],
    ["a body over the limit", "messages.send", { conversationId: "12345678|a@x", messageId: "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d", body: "x".repeat(65_537) }],
  ])("refuses %s without calling anything", async (_what, method, args) => {
    const called = vi.fn();
    const reply = await ask(method, args, { "accounts.retry": called, "messages.send": called });
    expect(reply).toMatchObject({ ok: false, error: { code: "invalid-argument" } });
    expect(called).not.toHaveBeenCalled();
  });

  it("answers 500 requests at once and refuses one more; as soon as one is answered, there is room again", async () => {
    const answers: (() => void)[] = [];
    const replies: Reply[] = [];
    const handlers = { "accounts.retry": () => new Promise((resolve) => answers.push(() => resolve({}))) } as Partial<Handlers> as Handlers;
    const dispatch = createDispatcher({ handlers, allowed: () => true, reply: (reply) => replies.push(reply), log: quiet });
    for (let id = 0; id <= 500; id++) dispatch({ id, method: "accounts.retry", args: { accountId: "12345678" } });
    await vi.waitFor(() => expect(replies).toEqual([{ kind: "reply", id: 500, ok: false, error: { code: "rate-limited" } }]));
    expect(answers).toHaveLength(500);
    answers[0]?.();
    await vi.waitFor(() => expect(replies).toHaveLength(2));
    dispatch({ id: 501, method: "accounts.retry", args: { accountId: "12345678" } });
    await vi.waitFor(() => expect(answers).toHaveLength(501));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(replies).toHaveLength(502));
    expect(replies.filter((reply) => !reply.ok)).toHaveLength(1);
  });

  it("lets an error out as a code only", async () => {
    const known = await ask("accounts.retry", {}, { "accounts.retry": () => Promise.reject(new HallwayError("offline")) });
    expect(known).toMatchObject({ ok: false, error: { code: "offline" } });
    const unknown = await ask("accounts.retry", {}, { "accounts.retry": () => Promise.reject(new Error("secret detail")) });
    expect(JSON.stringify(unknown)).not.toContain("secret detail");
    expect(unknown).toMatchObject({ ok: false, error: { code: "internal" } });
  });
});
