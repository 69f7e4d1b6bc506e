import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { allIds, bob, fill, message, TroubledHistory } from "./trouble.test-helper.ts";

const account = "account-1";
const fixture = new TroubledHistory();

describe("a switch of mode", () => {
  it("closes the file and leaves it, and shows it again", async () => {
    const history = await fixture.open();
    const ids = await fill(history, 20);
    await history.setMode("memory");
    expect(history.mode).toBe("memory");
    expect(await allIds(history)).toEqual([]);
    await history.append([message({ id: "in-memory", body: "ephemeral" })]);
    expect((await history.search({ text: "ephemeral", limit: 5 })).hits).toHaveLength(1);
    expect((await readFile(join(fixture.folder, "history.db"))).includes("ephemeral")).toBe(false);
    await history.setMode("off");
    expect(await history.get("in-memory")).toBeUndefined();
    await history.setMode("encrypted");
    expect(await allIds(history)).toEqual(ids);
    expect(fixture.troubles).toEqual([]);
  });

  it("takes along what waits, and sends nothing twice", async () => {
    const history = await fixture.open();
    await history.append([
      message({ id: "one", direction: "out" }),
      message({ id: "two", direction: "out" }),
      message({ id: "three", direction: "out" }),
    ]);
    await history.setMode("off");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["one", "two", "three"]);
    await history.setState({ conversationId: bob, wireId: "one", state: "sent" });
    await history.append([message({ id: "four", direction: "out" })]);
    await history.setMode("memory");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["two", "three", "four"]);
    await history.setState({ conversationId: bob, wireId: "two", state: "delivered" });
    await history.setMode("encrypted");
    expect((await history.waiting(account)).map((one) => one.id)).toEqual(["three", "four"]);
    expect([(await history.get("one"))?.state, (await history.get("two"))?.state]).toEqual(["sent", "delivered"]);
  });

  it("remembers, over a restart, what was sent while the file was closed", async () => {
    await (await fixture.open()).append([
      message({ id: "one", direction: "out" }),
      message({ id: "two", direction: "out" }),
    ]);
    const off = await fixture.open({ mode: "off" });
    expect((await off.waiting(account)).map((one) => one.id)).toEqual(["one", "two"]);
    await off.setState({ conversationId: bob, wireId: "one", state: "sent" });
    const later = await fixture.open();
    expect((await later.waiting(account)).map((one) => one.id)).toEqual(["two"]);
  });

  it("keeps in `off` only the newest lines and what waits", async () => {
    const history = await fixture.open({ mode: "off", keepWhenOff: 50 });
    await history.append([message({ id: "own", direction: "out" })]);
    const ids = await fill(history, 120);
    expect(await allIds(history)).toEqual(["own", ...ids.slice(-50)]);
    expect((await history.conversations())[0]?.unread).toBe(50);
    await history.forgetOpen(bob);
    expect(await allIds(history)).toEqual(["own"]);
    expect(await readdir(fixture.folder)).toEqual([]);
  });
});
