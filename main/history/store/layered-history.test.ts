import { beforeEach, describe, expect, it } from "vitest";
import type { PageQuery, RecordCursor } from "../history.ts";
import {
  append,
  correction,
  file,
  history,
  ids,
  inFile,
  own,
  recover,
  retraction,
  start,
  theirs,
} from "./history-over-file.test-helper.ts";
import { account, bob, eve, held, message } from "./unwritable-file.test-helper.ts";

beforeEach(() => start("encrypted"));

describe("a file that cannot be written", () => {
  it("has what comes meanwhile in memory over it, in order, each once", () => {
    append(1, 2, 5);
    file.refuse(true);
    expect(append(3, 4, 2).map(({ isNew, record }) => [record.id, isNew])).toEqual([
      ["m3", true],
      ["m4", true],
      ["m2", false],
    ]);
    expect(append(3)[0]?.isNew).toBe(false);
    expect([inFile(), ids()]).toEqual([
      ["m1", "m2", "m5"],
      ["m1", "m2", "m3", "m4", "m5"],
    ]);
    expect([history.read.get("m3")?.body, history.read.get("m5")?.body, history.read.get("m6")]).toEqual([
      "words of 3",
      "words of 5",
      undefined,
    ]);
  });

  it("gets it when it is time, and not before; what could not be noted as read stays unread", () => {
    append(1, 2);
    file.refuse(true);
    append(3, 4);
    history.markRead(bob, "m3");
    file.refuse(false);
    append(5);
    expect([inFile(), file.wells]).toEqual([["m1", "m2"], 1]);
    file.isDue = true;
    append(6);
    expect([inFile(), ids(), file.wells]).toEqual([
      ["m1", "m2", "m3", "m4", "m5", "m6"],
      ["m1", "m2", "m3", "m4", "m5", "m6"],
      3,
    ]);
    expect(history.read.summary(bob)).toMatchObject({ unread: 5, firstUnread: "m1" });
  });

  it("gets it at the end at the latest", () => {
    append(1);
    file.refuse(true);
    append(2);
    file.refuse(false);
    history.close();
    expect([inFile(), file.isOpen]).toEqual([["m1", "m2"], false]);
  });

  it("stays behind memory while it refuses what it is given again", () => {
    file.refuse(true);
    append(1);
    file.isDue = true;
    append(2);
    expect([inFile(), ids(), file.wells]).toEqual([[], ["m1", "m2"], 0]);
  });

  it("has the states of own messages above it, and takes them over", () => {
    own(1);
    own(2);
    file.refuse(true);
    const update = { conversationId: bob, wireId: "m1" };
    expect(history.setState({ ...update, state: "sent" })?.state).toBe("sent");
    expect(history.setState({ ...update, state: "delivered" })?.state).toBe("delivered");
    // The server's word that it was sent comes late; the file has it as waiting.
    expect(history.setState({ ...update, state: "sent" })).toBeUndefined();
    expect(history.setState({ ...update, wireId: "m9", state: "sent" })).toBeUndefined();
    expect([history.read.get("m1")?.state, file.store.read.waiting(account).length]).toEqual(["delivered", 2]);
    expect(history.read.waiting(account).map(({ id }) => id)).toEqual(["m2"]);
    // A copy of what has moved is a copy of that.
    expect(own(1, { state: "read", otherDevice: true })).toMatchObject({ isNew: false, changed: true });
    recover();
    expect(held(file.store)).toHaveLength(2);
    expect(history.read.get("m1")?.state).toBe("read");
  });

  it("reads there what is in either layer", () => {
    for (const n of [1, 2]) own(n, { state: "sent" });
    file.refuse(true);
    for (const n of [3, 4, 5]) own(n, { state: n === 4 ? "failed" : "sent" });
    const { records, more } = history.readThere(bob, "m5");
    expect([records.map(({ id }) => id), more]).toEqual([["m3", "m5"], false]);
    expect(history.readThere(bob, "m4")).toEqual({ records: [], more: false });
    expect(history.readThere(eve, "m5")).toEqual({ records: [], more: false });
    recover();
    expect(history.readThere(bob, "m5").records.map(({ id }) => id)).toEqual(["m1", "m2"]);
  });

  it("has changes above it, and takes them over", () => {
    append(1, 2, 3);
    file.refuse(true);
    expect(history.correct(correction(1, "other words"), false)).toMatchObject({
      outcome: "changed",
      record: { body: "other words" },
      summary: { unread: 3 },
    });
    expect(history.retract(retraction(2), false)).toMatchObject({ outcome: "changed", record: { retracted: true } });
    expect(history.retract(retraction(4), false).outcome).toBe("unknown");
    expect(held(file.store)).toEqual(["m1 words of 1", "m2 words of 2", "m3 words of 3"]);
    recover();
    expect(held(file.store)).toEqual(["m1 other words", "m2 ", "m3 words of 3"]);
    // One for a message that has not come takes effect when it comes.
    expect(append(4)[0]?.record.retracted).toBe(true);
    expect(history.correct(correction(9, "nothing"), false).outcome).toBe("unknown");
  });

  it("is read up to a place in both layers, and tells whom", () => {
    append(1, 3);
    history.append([message(7, { wantsRead: false })], []);
    file.refuse(true);
    append(2, 4);
    file.refuse(false);
    expect(history.markRead(bob, "m3")).toMatchObject({
      readWireIds: ["w1", "w2", "w3"],
      summary: { unread: 2, firstUnread: "m7" },
    });
    expect(history.markRead(eve, "m4").summary).toBeUndefined();
    expect(history.markReadByWireId({ ...theirs, wireId: "w9" })).toBeUndefined();
    expect(history.markReadByWireId({ ...theirs, wireId: "w4" })?.unread).toBe(1);
    expect(history.markReadByWireId({ ...theirs, wireId: "w7" })?.unread).toBe(0);
  });
});

describe("two layers are read as one", () => {
  beforeEach(() => {
    append(1, 3, 5, 7);
    history.append([message(20, { conversationId: eve })], []);
    file.refuse(true);
    append(2, 4, 6);
    history.append([message(21, { conversationId: eve, body: "words" })], []);
  });

  it("in pages from any place", () => {
    const page = (query: Partial<PageQuery>) => {
      const { messages, before, after } = history.read.page({ conversationId: bob, limit: 3, ...query });
      return [messages.map(({ seq: _, id }) => id).join(" "), before, after];
    };
    expect([
      page({}),
      page({ oldest: true }),
      page({ before: "m4" }),
      page({ before: "m5" }),
      page({ after: "m4" }),
      page({ after: "m3" }),
      page({ around: "m4" }),
      page({ around: "m20" }),
      page({ before: "m20" }),
      page({ after: "m9" }),
    ]).toEqual([
      ["m5 m6 m7", true, false],
      ["m1 m2 m3", false, true],
      ["m1 m2 m3", false, true],
      ["m2 m3 m4", true, true],
      ["m5 m6 m7", true, false],
      ["m4 m5 m6", true, true],
      ["m3 m4 m5", true, true],
      // Of another conversation: as if it were not there.
      ["m5 m6 m7", true, false],
      ["", false, false],
      ["", false, false],
    ]);
  });

  it("in a search, newest stored first, page by page", () => {
    const found: string[] = [];
    const pages: unknown[] = [];
    for (let beforeSeq: number | undefined; ; ) {
      const answer = history.read.search({
        text: "words",
        limit: 3,
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      found.push(...answer.hits.map(({ message: { id } }) => id));
      pages.push(answer.hits.length);
      beforeSeq = answer.below;
      if (!answer.more) break;
    }
    expect([found, pages]).toEqual([
      ["m21", "m6", "m4", "m2", "m20", "m7", "m5", "m3", "m1"],
      [3, 3, 3],
    ]);
  });

  it("in the list, and in the place of a conversation", () => {
    const list = history.read
      .conversations()
      .map(({ conversationId, unread, last }) => [conversationId, unread, last?.at]);
    expect(list).toEqual([
      [bob, 7, 7],
      [eve, 2, 21],
    ]);
    expect(history.read.place(eve)).toEqual({ accountId: account, kind: "direct", address: "eve@outside.test" });
    expect(history.read.place("account-1|none@x.test")).toBeUndefined();
  });

  it("in the record, the file first, and what memory has of it from there", () => {
    history.correct(correction(3, "above"), true);
    for (const [order, expected] of [
      ["seq", ["m1", "m5", "m7", "m20", "m3", "m2", "m4", "m6", "m21"]],
      ["conversation", ["m1", "m5", "m7", "m20", "m2", "m3", "m4", "m6", "m21"]],
    ] as const)
      for (const limit of [1, 2, 100]) {
        const found: string[] = [];
        for (let after: RecordCursor | undefined, more = true; more; more = after !== undefined) {
          const page = history.read.record({}, { after, limit, order });
          found.push(...page.messages.map(({ id }) => id));
          after = page.next;
        }
        expect([...found].sort()).toEqual([...expected].sort());
        if (order === "conversation") expect(found).toEqual(expected);
      }
    expect(history.read.recorded(["m3", "m1", "m2", "m9"]).map(({ id, body }) => `${id} ${body}`)).toEqual([
      "m1 words of 1",
      "m3 above",
      "m2 words of 2",
    ]);
    expect(history.read.known(message(3))).toMatchObject({ isNew: false, record: { body: "above" } });
    expect(history.read.known(message(9))).toBeUndefined();
  });
});
