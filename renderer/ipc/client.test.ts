import { afterEach, describe, expect, it, vi } from "vitest";
import type { Call, RendererTransport } from "../../shared/ipc/transport.ts";
import { createClient } from "./client.ts";

function fakeTransport() {
  const calls: Call[] = [];
  const listeners = new Set<(message: never) => void>();
  const transport: RendererTransport = {
    post: (call) => calls.push(call),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const say = (message: unknown): void => {
    for (const listener of listeners) listener(message as never);
  };
  return { transport, calls, listeners, say };
}

afterEach(() => vi.useRealTimers());

describe("client", () => {
  it("matches answers with their calls, in any order", async () => {
    const { transport, calls, say } = fakeTransport();
    const client = createClient(transport);
    const first = client.request("app.quit", {});
    const second = client.request("contacts.add", { accountId: "account-1", address: "a@b.example", groups: [] });
    expect(calls.map(({ id, method }) => ({ id, method }))).toEqual([
      { id: 1, method: "app.quit" },
      { id: 2, method: "contacts.add" },
    ]);
    say({ kind: "reply", id: 2, ok: true, result: { contactId: "account-1|a@b.example" } });
    say({ kind: "reply", id: 1, ok: true, result: {} });
    await expect(second).resolves.toEqual({ contactId: "account-1|a@b.example" });
    await expect(first).resolves.toEqual({});
  });

  it.each([
    [
      { code: "unknown-host", params: { host: "x.example" } },
      { code: "unknown-host", params: { host: "x.example" } },
    ],
    [{ code: "made-up" }, { code: "internal" }],
    ["a raw message", { code: "internal" }],
    [undefined, { code: "internal" }],
  ])("rejects with a code, never with what it does not know: %j", async (error, expected) => {
    const { transport, say } = fakeTransport();
    const answer = createClient(transport).request("app.quit", {});
    say({ kind: "reply", id: 1, ok: false, error });
    await expect(answer).rejects.toMatchObject(expected);
  });

  it("does not take an answer without a result, nor fall over nonsense", async () => {
    const { transport, say } = fakeTransport();
    const client = createClient(transport);
    const updates = vi.fn();
    client.onUpdate(updates);
    const answer = client.request("app.quit", {});
    for (const nonsense of [
      null,
      7,
      "x",
      {},
      { kind: "reply" },
      { kind: "reply", id: 99, ok: true, result: {} },
      { kind: "update", update: { seq: 1 } },
      { kind: "command" },
    ])
      say(nonsense);
    say({ kind: "reply", id: 1, ok: true, result: null });
    await expect(answer).rejects.toMatchObject({ code: "internal" });
    expect(updates).not.toHaveBeenCalled();
  });

  it("gives up on main after a minute, but lets signing in take its time", async () => {
    vi.useFakeTimers();
    const { transport, say } = fakeTransport();
    const client = createClient(transport);
    const quick = client.request("app.quit", {});
    const expectation = expect(quick).rejects.toMatchObject({ code: "timed-out" });
    const slow = client.request("accounts.add", { address: "a@b.example", password: "secret", server: {} });
    await vi.advanceTimersByTimeAsync(61_000);
    await expectation;
    say({ kind: "reply", id: 2, ok: true, result: { accountId: "account-1" } });
    await expect(slow).resolves.toEqual({ accountId: "account-1" });
  });

  it("passes updates and commands on until the listener is disposed of, and lets go of everything at the end", async () => {
    const { transport, listeners, say } = fakeTransport();
    const client = createClient(transport);
    const updates = vi.fn();
    const commands = vi.fn();
    const stop = client.onUpdate(updates);
    client.onCommand(commands);
    say({ kind: "update", update: { seq: 1, ops: [] } });
    stop();
    say({ kind: "update", update: { seq: 2, ops: [] } });
    say({ kind: "command", command: { name: "open-settings" } });
    expect(updates).toHaveBeenCalledExactlyOnceWith({ seq: 1, ops: [] });
    expect(commands).toHaveBeenCalledExactlyOnceWith({ name: "open-settings" });
    const open = client.request("app.quit", {});
    client.dispose();
    await expect(open).rejects.toMatchObject({ code: "cancelled" });
    expect(listeners.size).toBe(0);
  });
});
