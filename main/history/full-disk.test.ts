import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allIds, bob, fill, message, TroubledHistory } from "./trouble.test-helper.ts";

const account = "account-1";
const fixture = new TroubledHistory();

describe("a full disk", () => {
  it("is told once; what was acknowledged stays, what comes is in memory, in its place", async () => {
    const history = await fixture.open({ maxPages: 150, retryAfter: 0 });
    expect(history.keeps).toBe(true);
    const ids = await fill(history, 1500);
    // Known when the answer comes: nothing of it may be acknowledged.
    expect(history.keeps).toBe(false);
    const own = message({ direction: "out", id: "own", body: "precious" });
    await history.append([own]);
    expect(fixture.troubles.map((error) => error.code)).toEqual(["storage-full"]);
    expect(await allIds(history)).toEqual([...ids, "own"]);
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["own"]);
    expect((await history.search({ text: "precious", limit: 5 })).hits).toHaveLength(1);
    expect((await history.append([own]))[0]).toMatchObject({ isNew: false, record: { id: "own" } });
    expect((await history.append([message({ id: ids[0] ?? "" })]))[0]?.isNew).toBe(false);
    expect((await history.conversations())[0]).toMatchObject({
      unread: 1500,
      firstUnread: ids[0],
      last: { text: "precious" },
    });
    expect((await history.setState({ conversationId: bob, wireId: "own", state: "sent" }))?.state).toBe("sent");
    expect(await history.waiting(account)).toEqual([]);
    const found = await history.search({ text: "filler", limit: 200 });
    expect(found.hits.map((hit) => hit.message.id)).toEqual([...ids].reverse().slice(0, 200));
  });

  it("goes to the disk when there is room again", async ({ skip }) => {
    const disk = join(fixture.folder, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      skip("a small disk cannot be mounted here (needs root)");
    }
    try {
      const history = await fixture.open({ folder: disk, retryAfter: 0 });
      const first = await fill(history, 100);
      await writeFile(join(disk, "ballast"), new Uint8Array(16 * 1024 * 1024)).catch(() => undefined);
      const second = await fill(history, 3000);
      expect(fixture.troubles.map((error) => error.code)).toEqual(["storage-full"]);
      expect(await allIds(history)).toEqual([...first, ...second]);
      execFileSync("mount", ["-o", "remount,size=64m", disk]);
      const third = await fill(history, 10);
      expect(fixture.troubles).toHaveLength(1);
      expect(await allIds(history)).toEqual([...first, ...second, ...third]);
      const again = await fixture.open({ folder: disk });
      expect(await allIds(again)).toEqual([...first, ...second, ...third]);
      expect((await again.conversations())[0]?.unread).toBe(3110);
      await fixture.close();
    } finally {
      await fixture.close();
      execFileSync("umount", [disk]);
    }
  });
});

describe("a folder that cannot be used", () => {
  it("is told, and tried again", async () => {
    const inTheWay = join(fixture.folder, "sub");
    await writeFile(inTheWay, "");
    let well = 0;
    const history = await fixture.open({ folder: inTheWay, retryAfter: 0, onWell: () => void (well += 1) });
    const [stored] = await history.append([message()]);
    expect(stored?.isNew).toBe(true);
    expect(fixture.troubles.map((error) => error.code)).toEqual(["storage-failed"]);
    expect(well).toBe(0);
    await rm(inTheWay);
    await history.append([message()]);
    await history.append([message()]);
    expect(well).toBe(1);
    expect(await allIds(await fixture.open({ folder: inTheWay }))).toHaveLength(3);
  });
});
