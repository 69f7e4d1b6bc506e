import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { sessionOver } from "./account-session.test-helper.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = () => vi.advanceTimersByTimeAsync(0);
const lost = { type: "connection-lost", error: { code: "connection-lost" } } as const;

describe("a session that is signed out", () => {
  it("is left so by all but a start", async () => {
    const { session, calls, states, connection } = sessionOver([undefined]);
    session.retry();
    session.check();
    session.passwordChanged();
    session.applyPolicy();
    await session.setPresence({ availability: "busy" });
    await session.stop();
    await now();
    expect([calls(), session.status.state, session.online]).toEqual([0, "signed-out", undefined]);
    expect(states.map(({ state }) => state)).toEqual(["signed-out"]);
    expect(
      [connection.check, connection.presence.set, connection.disconnect].map((f) => vi.mocked(f).mock.calls),
    ).toEqual([[], [], []]);
  });

  it("tells of a loss that it has not had as of any event", () => {
    const { emit, events, states } = sessionOver([undefined]);
    emit(lost);
    expect([events, states]).toEqual([["connection-lost"], []]);
  });
});

describe("a session that is online", () => {
  const online = async (results: readonly (HallwayError | undefined)[] = [undefined]) => {
    const made = sessionOver(results);
    made.session.start();
    await now();
    return made;
  };

  it("is not signed in again by a start, a retry or a new password", async () => {
    const { session, calls, connection } = await online();
    session.start();
    session.retry();
    session.passwordChanged();
    await now();
    expect([calls(), session.online]).toEqual([1, connection]);
    await session.setPresence({ availability: "busy" });
    expect(connection.presence.set).toHaveBeenCalledWith({ availability: "busy" });
  });

  it("shows which facets there are as soon as that is another, in the same state", async () => {
    const { connection, emit, states, events } = await online();
    Object.assign(connection, { archive: {} });
    emit({ type: "facets" });
    expect(states.at(-1)).toMatchObject({ state: "online", security: "TLSv1.3", facets: { archive: {} } });
    expect(events).toEqual(["facets"]);
  });

  it.each([
    [30_000, 4],
    [30_001, 1],
  ])("for %i ms waits after a loss as long as after %i", async (lived, tries) => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const refused = new HallwayError("connection-refused");
    const { session, emit } = await online([refused, refused, refused, undefined]);
    await vi.advanceTimersByTimeAsync(7_000);
    expect(session.status.state).toBe("online");
    await vi.advanceTimersByTimeAsync(lived);
    emit(lost);
    expect((session.status.retryAt ?? 0) - Date.now()).toBe(2 ** (tries - 1) * 1_000);
    vi.restoreAllMocks();
  });

  it("fails where only a person can help with its loss, and waits where time can", async () => {
    const { session, emit } = await online();
    emit({ type: "connection-lost", error: { code: "replaced-by-other-session" } });
    expect(session.status).toMatchObject({ state: "failed", error: { code: "replaced-by-other-session" } });
    expect(session.status.retryAt).toBeUndefined();
  });

  it("stores nothing and tells nothing once it is closed", async () => {
    const { session, emit, events, states, connection, calls } = await online();
    const before = states.length;
    session.close();
    expect(connection.close).toHaveBeenCalledOnce();
    emit({ type: "typing", peer: "b@x", active: true });
    emit(lost);
    await vi.advanceTimersByTimeAsync(600_000);
    expect([events, states.length, calls()]).toEqual([[], before, 1]);
  });
});

describe("what follows a sign-in", () => {
  it("is shown until it is done, also where it fails", async () => {
    const works: PromiseWithResolvers<void>[] = [];
    const { session } = sessionOver([undefined], undefined, {
      onSignedIn: () => {
        const work = Promise.withResolvers<void>();
        works.push(work);
        return work.promise;
      },
    });
    session.start();
    await now();
    expect(session.status).toMatchObject({ state: "online", syncing: true });
    works[0]?.reject(new HallwayError("timed-out"));
    await now();
    expect(session.status).toMatchObject({ state: "online", syncing: false, security: "TLSv1.3" });
  });

  it("is given up with the connection, and that of the next one goes on", async () => {
    const works: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
    const { session, emit } = sessionOver([undefined], undefined, {
      onSignedIn: (_connection, _resumed, signal) => new Promise((end) => works.push({ signal, end })),
    });
    session.start();
    await now();
    emit(lost);
    expect(works[0]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    works[0]?.end();
    await now();
    expect([works.length, works[1]?.signal.aborted, session.status.syncing]).toEqual([2, false, true]);
    await session.stop();
    expect(works[1]?.signal.aborted).toBe(true);
    works[1]?.end();
    await now();
    expect(session.status).toMatchObject({ state: "signed-out", syncing: false });
  });
});

describe("consent to a weaker way of signing in", () => {
  const weaker = new HallwayError("weaker-sign-in", { before: "SCRAM-SHA-1", now: "PLAIN" });

  it("counts for the way that was asked about, and only while it is waited for", async () => {
    const { session, connection, calls } = sessionOver([weaker, undefined]);
    const allowWeaker = vi.fn(async () => undefined);
    Object.assign(connection, { allowWeaker });
    await expect(session.allowWeaker("PLAIN")).rejects.toMatchObject({ code: "not-found" });
    session.start();
    await now();
    await expect(session.allowWeaker("DIGEST-MD5")).rejects.toMatchObject({ code: "not-found" });
    expect([allowWeaker.mock.calls.length, calls()]).toEqual([0, 1]);
    await session.allowWeaker("PLAIN");
    await now();
    expect([allowWeaker.mock.calls, session.status.state]).toEqual([[["PLAIN"]], "online"]);
    await expect(session.allowWeaker("PLAIN")).rejects.toMatchObject({ code: "not-found" });
  });

  it("is there before it is tried again, and is none to another failure", async () => {
    const { session, connection, calls } = sessionOver([weaker, new HallwayError("wrong-password")]);
    const stored = Promise.withResolvers<void>();
    Object.assign(connection, { allowWeaker: () => stored.promise });
    session.start();
    await now();
    const allowed = session.allowWeaker("PLAIN");
    await now();
    expect(calls()).toBe(1);
    stored.resolve();
    await allowed;
    await now();
    expect([calls(), session.status.error?.code]).toEqual([2, "wrong-password"]);
    await expect(session.allowWeaker("PLAIN")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a trial", () => {
  it("fails where an account would wait, and is signed out where it is given up", async () => {
    const failing = sessionOver([new HallwayError("timed-out")]);
    await expect(failing.session.tryOnce(new AbortController().signal)).rejects.toMatchObject({ code: "timed-out" });
    expect(failing.session.status).toMatchObject({ state: "failed", error: { code: "timed-out" } });
    const given = sessionOver([undefined]);
    const life = new AbortController();
    const trial = given.session.tryOnce(life.signal);
    life.abort();
    await expect(trial).rejects.toMatchObject({ code: "cancelled" });
    expect(given.session.status.state).toBe("signed-out");
    expect(given.written).toEqual(["refused cancelled"]);
  });
});
