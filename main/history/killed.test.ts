import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import { openProfile } from "../profile/open-profile.ts";
import { openHistory } from "./open-history.ts";
import { allIds, key, message, TroubledHistory } from "./trouble.test-helper.ts";
import { workerUrl } from "./workers.test-helper.ts";

const account = "account-1";
const fixture = new TroubledHistory();

describe("a process that is killed", () => {
  it("loses nothing that was acknowledged", async () => {
    for (let round = 0; round < 3; round++) {
      const child = spawn(
        process.execPath,
        [
          fileURLToPath(new URL("./writer.test-helper.ts", import.meta.url)),
          fixture.folder,
          Buffer.from(key).toString("hex"),
        ],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      const acknowledged: string[] = [];
      const ended = new Promise<NodeJS.Signals | null>((resolve) =>
        child.once("exit", (_code, signal) => resolve(signal)),
      );
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(line);
        if (acknowledged.length === 300 * (round + 1)) child.kill("SIGKILL");
      }
      expect(await ended).toBe("SIGKILL");
      const history = await fixture.open();
      const ids = new Set(await allIds(history));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
      const waiting = new Set((await history.waiting(account)).map((one) => one.id));
      const own = acknowledged.filter((id) => Number(id.split("-")[1]) % 3 === 0);
      expect(own.length).toBeGreaterThan(0);
      expect(own.filter((id) => !waiting.has(id))).toEqual([]);
      expect((await history.search({ text: "acknowledged", limit: 1 })).hits).toHaveLength(1);
      await fixture.close();
    }
    expect(fixture.troubles).toEqual([]);
  });
});

describe("a worker that ends", () => {
  it("is replaced in the middle of its work, and nothing that was asked is lost", async () => {
    const crashable = startDatabaseWorker(new URL("./crashable-worker.test-helper.ts", import.meta.url));
    const profile = await openProfile({
      worker: crashable,
      folder: fixture.folder,
      key,
      onTrouble: (error) => fixture.troubles.push(error),
    });
    const history = await openHistory({
      worker: crashable,
      folder: fixture.folder,
      key,
      mode: "memory",
      onTrouble: (error) => fixture.troubles.push(error),
    });
    await history.setMode("encrypted");
    await history.append([message({ id: "before" })]);
    const [, , after] = await Promise.all([
      profile.put([{ namespace: "draft", key: "a", value: "half a thought" }]),
      profile.get("network-cache", join(fixture.folder, "die-once")),
      history.append([message({ id: "after" })]),
    ]);
    expect(after[0]).toMatchObject({ record: { id: "after" } });
    expect(await profile.get("draft", "a")).toBe("half a thought");
    expect(await allIds(history)).toEqual(["before", "after"]);
    expect(fixture.troubles).toEqual([]);
    // What kills it each time is given up; the rest goes on.
    await expect(profile.get("network-cache", join(fixture.folder, "die-always"))).rejects.toMatchObject({
      code: "storage-failed",
    });
    expect(await allIds(history)).toEqual(["before", "after"]);
    await crashable.stop();
  });

  it("is replaced three times within a minute; after that all fails, and it is told once", async () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const crashable = startDatabaseWorker(new URL("./crashable-worker.test-helper.ts", import.meta.url));
    const profile = await openProfile({
      worker: crashable,
      folder: fixture.folder,
      key,
      onTrouble: (error) => fixture.troubles.push(error),
    });
    const die = (n: number) => profile.get("network-cache", join(fixture.folder, `die-${n}`));
    for (let n = 0; n < 3; n++) await die(n);
    // A minute later it may be replaced again.
    clock.mockReturnValue(60_000);
    for (let n = 3; n < 6; n++) await die(n);
    await profile.put([{ namespace: "draft", key: "a", value: "text" }]);
    expect([await profile.get("draft", "a"), fixture.troubles]).toEqual(["text", []]);
    await expect(die(6)).rejects.toMatchObject({ code: "storage-failed" });
    await expect(profile.get("draft", "a")).rejects.toMatchObject({ code: "storage-failed" });
    expect(fixture.troubles.map(({ code }) => code)).toEqual(["storage-failed"]);
    clock.mockRestore();
    await crashable.stop();
  });

  it("fails every call with a code and says so", async () => {
    const crashable = startDatabaseWorker(workerUrl);
    const told: ErrorInfo[] = [];
    const history = await openHistory({
      worker: crashable,
      folder: fixture.folder,
      key,
      mode: "memory",
      onTrouble: (error) => told.push(error),
    });
    await crashable.stop();
    await expect(history.append([message()])).rejects.toMatchObject({ code: "storage-failed" });
    expect(told).toEqual([]);
    const missing = startDatabaseWorker(new URL("./no-such-worker.ts", import.meta.url));
    await expect(
      openHistory({
        worker: missing,
        folder: fixture.folder,
        key,
        mode: "memory",
        onTrouble: (error) => told.push(error),
      }),
    ).rejects.toMatchObject({
      code: "storage-failed",
    });
    expect(told.map((error) => error.code)).toEqual(["storage-failed"]);
  });
});
