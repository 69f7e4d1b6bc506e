import { describe, expect, it } from "vitest";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import { openProfile } from "./open-profile.ts";
import type { ProfileMethods } from "./profile-methods.ts";

/** A worker that answers when it is told to, and in which something can go wrong. */
function lateWorker() {
  const calls: { readonly call: readonly unknown[]; answer(error?: Error): void }[] = [];
  const listeners = new Set<(error: ErrorInfo) => void>();
  const worker = {
    call: (...call: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        calls.push({ call, answer: (error) => (error ? reject(error) : resolve(undefined)) });
      }),
    onTrouble: (from: string, listener: (error: ErrorInfo) => void) => {
      expect(from).toBe("profile");
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as DatabaseWorker<ProfileMethods>;
  return { worker, calls, listeners };
}

const key = new Uint8Array(32);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("opening the profile", () => {
  it("hears of trouble from before the file is opened until it is closed", async () => {
    const { worker, calls, listeners } = lateWorker();
    const troubles: ErrorInfo[] = [];
    const opening = openProfile({ worker, folder: "/f", key, onTrouble: (error) => troubles.push(error) });
    for (const tell of listeners) tell({ code: "storage-corrupt" });
    expect(troubles).toEqual([{ code: "storage-corrupt" }]);
    calls[0]?.answer();
    const profile = await opening;
    let isClosed = false;
    const closing = profile.close().then(() => {
      isClosed = true;
    });
    await turn();
    expect([isClosed, listeners.size]).toEqual([false, 1]);
    calls[1]?.answer();
    await closing;
    expect([calls[1]?.call, listeners.size]).toEqual([["profile.close"], 0]);
  });

  it("that fails leaves nobody listening", async () => {
    const { worker, calls, listeners } = lateWorker();
    const opening = openProfile({ worker, folder: "/f", key, onTrouble: () => undefined });
    calls[0]?.answer(new HallwayError("vault-unavailable"));
    await expect(opening).rejects.toMatchObject({ code: "vault-unavailable" });
    expect(listeners.size).toBe(0);
  });

  it("says that it is only read where it is, and is not open before the file is", async () => {
    const { worker, calls } = lateWorker();
    const paths = { path: "/f/profile.db", key };
    let opened = 0;
    for (const onlyRead of [undefined, false, true])
      void openProfile({
        worker,
        folder: "/f",
        key,
        onTrouble: () => undefined,
        ...(onlyRead === undefined ? {} : { onlyRead }),
      }).then(() => {
        opened += 1;
      });
    await turn();
    expect(opened).toBe(0);
    expect(calls.map(({ call }) => call)).toEqual([
      ["profile.open", paths],
      ["profile.open", paths],
      ["profile.open", { ...paths, onlyRead: true }],
    ]);
  });
});
