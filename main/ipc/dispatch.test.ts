import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { contract, type Method, type RequestDeclaration } from "../../shared/ipc/contract.ts";
import type { Reply } from "../../shared/ipc/transport.ts";
import { Dispatcher, type Handlers } from "./dispatch.ts";

const quiet = { debug: () => undefined, info: () => undefined, warn: vi.fn() };

/** Dispatches one call to a few handlers and answers the reply. */
async function ask(method: string, args: unknown, handlers: Partial<Handlers>): Promise<Reply> {
  return new Promise((resolve) => {
    new Dispatcher({
      handlers: handlers as Handlers,
      allowed: () => true,
      host: { send: resolve },
      log: quiet,
    }).dispatch({ id: 7, method, args });
  });
}

/** A dispatcher whose handlers all do the same. */
function gated(options: { allowed?: (setting: string) => boolean; locked?: () => boolean; handle?: () => unknown }) {
  const called: Method[] = [];
  const handlers = new Proxy({} as Handlers, {
    get: (_, method) => () => {
      called.push(method as Method);
      return options.handle?.() ?? {};
    },
  });
  const gate = (method: string, args: unknown): Promise<Reply> =>
    new Promise((resolve) => {
      new Dispatcher({
        handlers,
        allowed: options.allowed ?? (() => true),
        lock: {
          get lockedBy() {
            return options.locked?.() === true ? "passphrase" : undefined;
          },
        },
        host: { send: resolve },
        log: quiet,
      }).dispatch({ id: 7, method, args });
    });
  return { gate, called };
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
    [
      "a body over the limit",
      "messages.send",
      { conversationId: "12345678|a@x", messageId: "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d", body: "x".repeat(65_537) },
    ],
  ])("refuses %s without calling anything", async (_what, method, args) => {
    const called = vi.fn();
    const reply = await ask(method, args, { "accounts.retry": called, "messages.send": called });
    expect(reply).toMatchObject({ ok: false, error: { code: "invalid-argument" } });
    expect(called).not.toHaveBeenCalled();
  });

  it("answers 500 requests at once and refuses one more; as soon as one is answered, there is room again", async () => {
    const answers: (() => void)[] = [];
    const replies: Reply[] = [];
    const handlers = {
      "accounts.retry": () => new Promise((resolve) => answers.push(() => resolve({}))),
    } as Partial<Handlers> as Handlers;
    const dispatcher = new Dispatcher({
      handlers,
      allowed: () => true,
      host: { send: (reply) => void replies.push(reply) },
      log: quiet,
    });
    for (let id = 0; id <= 500; id++)
      dispatcher.dispatch({ id, method: "accounts.retry", args: { accountId: "12345678" } });
    await vi.waitFor(() =>
      expect(replies).toEqual([{ kind: "reply", id: 500, ok: false, error: { code: "rate-limited" } }]),
    );
    expect(answers).toHaveLength(500);
    answers[0]?.();
    await vi.waitFor(() => expect(replies).toHaveLength(2));
    dispatcher.dispatch({ id: 501, method: "accounts.retry", args: { accountId: "12345678" } });
    await vi.waitFor(() => expect(answers).toHaveLength(501));
    for (const answer of answers) answer();
    await vi.waitFor(() => expect(replies).toHaveLength(502));
    expect(replies.filter((reply) => !reply.ok)).toHaveLength(1);
  });

  /** Every request of the contract, with arguments that nothing is wrong with as far as the gates look. */
  const declared = Object.entries(contract) as [Method, RequestDeclaration][];
  const declarationOf = (method: Method): RequestDeclaration => contract[method];

  it("answers while locked only what the lock page needs, whatever the arguments", async () => {
    const { gate, called } = gated({ locked: () => true });
    for (const [method, { whileLocked }] of declared) {
      const reply = await gate(method, {});
      if (whileLocked !== true) expect(reply, method).toMatchObject({ ok: false, error: { code: "app-locked" } });
      else expect(reply, method).not.toMatchObject({ error: { code: "app-locked" } });
    }
    expect(called.filter((method) => declarationOf(method).whileLocked !== true)).toEqual([]);
    expect(declared.filter(([, { whileLocked }]) => whileLocked === true).length).toBeLessThan(declared.length / 4);
  });

  it("keeps back a result that came while it was being locked", async () => {
    let isLocked = false;
    const { gate, called } = gated({
      locked: () => isLocked,
      handle: () => {
        isLocked = true;
        return { secret: "what was found" };
      },
    });
    expect(await gate("accounts.retry", { accountId: "12345678" })).toEqual({
      kind: "reply",
      id: 7,
      ok: false,
      error: { code: "app-locked" },
    });
    expect(called).toEqual(["accounts.retry"]);
  });

  it("asks the setting that a request needs, and no other", async () => {
    const asked: string[] = [];
    const { gate, called } = gated({
      allowed: (setting) => {
        asked.push(setting);
        return false;
      },
    });
    for (const [method, { requires, args }] of declared) {
      asked.length = 0;
      const reply = await gate(method, {});
      const isValid = v.is(args, {});
      expect(asked, method).toEqual(requires !== undefined && isValid ? [requires] : []);
      if (requires !== undefined && isValid)
        expect(reply).toMatchObject({ ok: false, error: { code: "blocked-by-policy", params: { setting: requires } } });
    }
    expect(called.filter((method) => declarationOf(method).requires !== undefined)).toEqual([]);
    expect(declared.some(([, { requires, args }]) => requires !== undefined && v.is(args, {}))).toBe(true);
  });

  it("logs what it did not expect, with the method and none of the arguments", async () => {
    quiet.warn.mockClear();
    await ask(
      "accounts.retry",
      { accountId: "12345678" },
      { "accounts.retry": () => Promise.reject(new HallwayError("offline")) },
    );
    expect(quiet.warn).not.toHaveBeenCalled();
    await ask(
      "accounts.retry",
      { accountId: "12345678" },
      { "accounts.retry": () => Promise.reject(new Error("broken")) },
    );
    expect(quiet.warn).toHaveBeenCalledOnce();
    expect(quiet.warn.mock.calls[0]?.[1]).toMatchObject({ method: "accounts.retry" });
    expect(JSON.stringify(quiet.warn.mock.calls)).not.toContain("12345678");
  });

  it("lets an error out as a code only", async () => {
    const known = await ask(
      "accounts.retry",
      {},
      { "accounts.retry": () => Promise.reject(new HallwayError("offline")) },
    );
    expect(known).toMatchObject({ ok: false, error: { code: "offline" } });
    const unknown = await ask(
      "accounts.retry",
      {},
      { "accounts.retry": () => Promise.reject(new Error("secret detail")) },
    );
    expect(JSON.stringify(unknown)).not.toContain("secret detail");
    expect(unknown).toMatchObject({ ok: false, error: { code: "internal" } });
  });
});
