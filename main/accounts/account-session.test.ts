import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff } from "../../shared/backoff.ts";
import { HallwayError } from "../../shared/errors.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import { config, sessionOver } from "./account-session.test-helper.ts";

describe("session", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("writes down each sign-in, each loss and each sign-out, once", async () => {
    const { session, emit, written, policy } = sessionOver([
      undefined,
      new HallwayError("connection-refused"),
      new HallwayError("wrong-password"),
      undefined,
    ]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    emit({ type: "connection-lost", error: { code: "connection-lost" } });
    await vi.advanceTimersByTimeAsync(600_000);
    session.retry();
    await vi.advanceTimersByTimeAsync(0);
    await session.stop();
    await session.stop();
    expect(written).toEqual([
      "signed in h",
      "signed out connection-lost",
      "refused connection-refused",
      "refused wrong-password",
      "signed in h",
      "signed out ",
    ]);
    policy.refuses = true;
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(written.at(-1)).toBe("refused blocked-by-policy");
  });

  it.each(["xmpp", "simple"] as const)("logs a loss with its account and network (%s)", async (protocol) => {
    const { session, emit, logged } = sessionOver([undefined], undefined, { protocol });
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    emit({ type: "connection-lost", error: { code: "connection-lost" } });
    expect(logged.at(-1)).toEqual({
      what: "Connection lost",
      account: config.id,
      protocol,
      code: "connection-lost",
    });
  });

  it("signs in and reports how the wire is secured", async () => {
    const { session, states } = sessionOver([undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(states.map((s) => s.state)).toEqual(["connecting", "online", "online"]);
    expect(session.status).toMatchObject({ state: "online", security: "TLSv1.3", syncing: false });
    expect(session.online).toBeDefined();
  });

  it("waits and tries again after an error that time can cure", async () => {
    const { session, calls } = sessionOver([
      new HallwayError("connection-refused"),
      new HallwayError("timed-out"),
      undefined,
    ]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.status).toMatchObject({ state: "waiting", error: { code: "connection-refused" } });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(calls()).toBe(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.status.state).toBe("online");
  });

  it("stops and asks the person where only a person can help, until told to retry", async () => {
    const { session, calls } = sessionOver([new HallwayError("wrong-password"), undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(calls()).toBe(1);
    expect(session.status).toMatchObject({ state: "failed", error: { code: "wrong-password" } });
    session.retry();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.status.state).toBe("online");
  });

  it("comes back after a loss, and not after a stop", async () => {
    const { session, emit, calls, connection } = sessionOver([undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    emit({ type: "connection-lost", error: { code: "connection-lost" } });
    expect(session.status.state).toBe("waiting");
    expect(session.online).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.status.state).toBe("online");
    await session.stop();
    expect(connection.disconnect).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(calls()).toBe(2);
    expect(session.status.state).toBe("signed-out");
  });

  it("gives up a trial at once, with the reason, and does not try again by itself", async () => {
    const { session, calls } = sessionOver([new HallwayError("unknown-host")]);
    await expect(session.tryOnce(new AbortController().signal)).rejects.toMatchObject({ code: "unknown-host" });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(calls()).toBe(1);
  });

  it("does not stay signed in when it was stopped while the server said yes", async () => {
    const { session, connection } = sessionOver([undefined]);
    vi.spyOn(connection, "connect").mockImplementation(async () => {
      await Promise.resolve();
      return { resumed: false, security: "TLSv1.3", endpoint: { host: "h", port: 1, transport: "starttls" } };
    });
    session.start();
    await session.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.disconnect).toHaveBeenCalled();
    expect(session.status.state).toBe("signed-out");
  });

  it("checks a connection after sleep, and retries at once when it was waiting", async () => {
    const { session, connection, calls } = sessionOver([undefined, new HallwayError("no-network"), undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    session.check();
    expect(connection.check).toHaveBeenCalledOnce();
    session.close();
    const second = sessionOver([new HallwayError("no-network"), undefined]);
    second.session.start();
    await vi.advanceTimersByTimeAsync(0);
    second.session.check();
    await vi.advanceTimersByTimeAsync(0);
    expect(second.session.status.state).toBe("online");
    expect(calls()).toBe(1);
  });

  it("announces the presence that was chosen while signing in", async () => {
    let presence: OwnPresence = { availability: "available" };
    const { session, connection } = sessionOver([undefined], () => presence);
    session.start();
    await Promise.resolve();
    presence = { availability: "busy" };
    await vi.advanceTimersByTimeAsync(0);
    expect(connection.presence.set).toHaveBeenCalledWith({ availability: "busy" });
  });

  it("signs in again only when signing out is through, and at once", async () => {
    const { session, connection, calls } = sessionOver([undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    const leaving = Promise.withResolvers<undefined>();
    vi.mocked(connection.disconnect).mockReturnValueOnce(leaving.promise);
    void session.stop();
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(calls()).toBe(1);
    leaving.resolve(undefined);
    await vi.advanceTimersByTimeAsync(0);
    expect([calls(), session.status.state]).toEqual([2, "online"]);
  });

  it("uses a new password at once, also while the old one is being tried", async () => {
    const { session, calls } = sessionOver([new HallwayError("wrong-password"), undefined]);
    session.start();
    await Promise.resolve();
    session.passwordChanged();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.status.state).toBe("online");
    expect(calls()).toBe(2);
  });

  it("lets go of a connection that policy forbids, asks for none meanwhile, and comes back when it may", async () => {
    const { session, connection, calls, policy } = sessionOver([undefined]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    session.applyPolicy();
    expect(session.status.state).toBe("online");
    policy.refuses = true;
    session.applyPolicy();
    expect(session.status).toMatchObject({ state: "failed", error: { code: "blocked-by-policy" } });
    expect(connection.disconnect).toHaveBeenCalledOnce();
    session.retry();
    await vi.advanceTimersByTimeAsync(600_000);
    session.check();
    await expect(session.tryOnce(new AbortController().signal)).rejects.toMatchObject({ code: "blocked-by-policy" });
    expect(calls()).toBe(1);
    policy.refuses = false;
    session.applyPolicy();
    await vi.advanceTimersByTimeAsync(0);
    expect(session.status.state).toBe("online");
  });

  it("does not sign in because policy changed where somebody had signed out, or where something else is wrong", async () => {
    const { session, calls } = sessionOver([new HallwayError("wrong-password")]);
    session.applyPolicy();
    expect([calls(), session.status.state]).toEqual([0, "signed-out"]);
    session.start();
    await vi.advanceTimersByTimeAsync(0);
    session.applyPolicy();
    expect([calls(), session.status.error?.code]).toEqual([1, "wrong-password"]);
  });

  it("backs off up to five minutes, never in step with others", () => {
    expect(backoff(0, () => 0)).toBe(500);
    expect(backoff(0, () => 1)).toBe(1_000);
    expect(backoff(50, () => 0)).toBe(150_000);
    expect(backoff(50, () => 1)).toBe(300_000);
  });
});
