import { beforeEach, describe, expect, it } from "vitest";
import { Sequence } from "./history-file.ts";
import {
  append,
  correction,
  file,
  history,
  ids,
  inFile,
  own,
  recover,
  start,
} from "./history-over-file.test-helper.ts";
import { HistoryService } from "./history-service.ts";
import { account, bob, eve, forgotten, held, message } from "./unwritable-file.test-helper.ts";

beforeEach(() => start("encrypted"));

describe("a history without a file", () => {
  it("keeps all of it in memory, and nothing in the file", () => {
    start("memory");
    append(1, 2, 3, 4, 5);
    expect([inFile(), ids(), history.read.search({ text: "words", limit: 9 }).hits.length]).toEqual([
      [],
      ["m1", "m2", "m3", "m4", "m5"],
      5,
    ]);
    history.setMode("off");
    expect(ids()).toEqual([]);
  });

  it("that is off keeps the newest lines of each conversation and what waits, and finds nothing", () => {
    start("off");
    own(1);
    append(2, 3, 4, 5);
    history.append([message(20, { conversationId: eve })], []);
    expect([ids(), history.read.search({ text: "words", limit: 9 }).hits]).toEqual([["m1", "m3", "m4", "m5"], []]);
    history.forgetOpen(bob);
    expect([ids(), ids({ conversationId: eve })]).toEqual([["m1"], ["m20"]]);
    // What was forgotten does not come back as news.
    expect(append(5)[0]?.isNew).toBe(false);
  });

  it("keeps true in the closed file what it took along, and nothing else", () => {
    own(1);
    own(2);
    append(3);
    history.setMode("memory");
    expect([file.isOpen, ids()]).toEqual([false, ["m1", "m2"]]);
    own(4);
    for (const n of [1, 4]) history.setState({ conversationId: bob, wireId: `m${n}`, state: "sent" });
    expect(file.store.read.all().map(({ id, state }) => [id, state])).toEqual([
      ["m1", 1],
      ["m2", 0],
      ["m3", 5],
    ]);
    history.correct({ ...correction(2, "later"), direction: "out", author: { isSelf: true }, wireId: "m2" }, false);
    expect(held(file.store)[1]).toBe("m2 later");
    history.readThere(bob, "m4");
    expect(file.store.read.byId("m1")?.state).toBe(3);
    history.setMode("encrypted");
    // The rest is forgotten, as promised.
    expect([ids(), inFile()]).toEqual([
      ["m1", "m2", "m3"],
      ["m1", "m2", "m3"],
    ]);
  });

  it("takes what waits into the file when there is one again, or keeps it in memory while that refuses", () => {
    start("memory");
    append(1);
    own(2);
    file.refuse(true);
    history.setMode("encrypted");
    expect([inFile(), ids()]).toEqual([[], ["m2"]]);
    recover();
    expect([inFile(), ids()]).toEqual([["m2"], ["m2"]]);
  });

  it("sends what waited in the file from before", () => {
    own(1);
    const before = file;
    const sequence = new Sequence();
    sequence.raise(100);
    const later = new HistoryService(
      { now: () => 1_000, mode: "off", keepWhenOff: 3, gone: forgotten() },
      before,
      sequence,
    );
    expect(later.read.waiting(account).map(({ id }) => id)).toEqual(["m1"]);
    later.setState({ conversationId: bob, wireId: "m1", state: "sent" });
    expect(before.store.read.byId("m1")?.state).toBe(1);
  });
});
