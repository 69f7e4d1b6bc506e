import { expect, it } from "vitest";
import { conversationId } from "../../shared/model/conversation-id.ts";
import type { Profile } from "../profile/profile.ts";
import { createOwnChanges, type OwnChange } from "./own-changes.ts";
import { placed } from "./placed.test-helper.ts";

const inside = "account-1|bob@x.example";
const outside = "account-1|eve@other.example";
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const correction = (id: string, conversationId: string, at = 1) =>
  placed({ kind: "correction", id, conversationId, targetId: `target of ${id}`, body: "text", at } as const);
const retraction = (id: string, targetId: string) =>
  placed({ kind: "retraction", id, conversationId: inside, targetId, body: "", at: 2 } as const);
/** The change as it is on disk. */
const written = (change: OwnChange) => JSON.stringify(change);

function setUp(kept = new Map<string, string>()) {
  const profile = {
    all: async () => kept,
    put: async (entries: readonly { key: string; value: string | undefined }[]) => {
      for (const { key, value } of entries) {
        if (value === undefined) kept.delete(key);
        else kept.set(key, value);
      }
    },
  } as unknown as Profile;
  const changed: string[] = [];
  const made = createOwnChanges({
    profile,
    keeps: (place) => conversationId(place) === inside,
    log,
  });
  made.changes.add((id) => void changed.push(id));
  return { made, kept, changed };
}

it("writes to disk only what is said where that is allowed", async () => {
  const { made, kept } = setUp();
  await made.add(correction("a", inside));
  await made.add(correction("b", outside));
  made.delivered({ id: "b", state: "failed" });
  expect([...kept]).toEqual([["a", written(correction("a", inside))]]);
  expect(made.waiting("account-1").map(({ id }) => id)).toEqual(["a"]);
});

it("brings back what was kept, oldest first, and leaves out what cannot be read", async () => {
  const kept = new Map([
    ["late", written(correction("late", inside, 9))],
    ["early", written(correction("early", inside, 3))],
    ["damaged", "{"],
    ["other", JSON.stringify({ kind: "correction" })],
  ]);
  const { made } = setUp(kept);
  await made.restore();
  expect(made.waiting("account-1").map(({ id }) => id)).toEqual(["early", "late"]);
  expect(made.waiting("account-2")).toEqual([]);
  await made.forgetAccount("account-1");
  expect([made.waiting("account-1"), [...kept.keys()]]).toEqual([[], ["damaged", "other"]]);
});

it("marks the one own message that a change is of, not the one beside it, a message of theirs or the same id elsewhere", async () => {
  const { made } = setUp();
  await made.add({ ...correction("a", inside), targetId: "m1" });
  const own = {
    id: "m1",
    conversationId: inside,
    accountId: "account-1",
    direction: "out",
    author: { isSelf: true },
    body: "b",
    at: 1,
    seq: 1,
    state: "sent",
  } as const;
  const waits = { kind: "correction", state: "waiting" };
  expect(made.marked(own).change).toEqual(waits);
  const others = [
    { ...own, id: "m2" },
    { ...own, direction: "in" as const, author: { isSelf: false } },
    { ...own, conversationId: outside },
  ];
  for (const record of others) expect(made.marked(record)).toBe(record);
  made.delivered({ id: "a", state: "failed", error: { code: "too-large" } });
  expect(made.marked(own).change).toEqual({ ...waits, state: "failed", error: { code: "too-large" } });
  made.again("m1");
  expect(made.marked(own).change).toEqual(waits);
  // The latest is what counts.
  await made.add(retraction("r", "m1"));
  expect(made.marked(own).change).toEqual({ ...waits, kind: "retraction" });
  for (const record of others) expect(made.marked(record)).toBe(record);
});

it("remembers 200 changes that the server has taken, for one may still come back", async () => {
  const { made, changed } = setUp();
  for (let n = 0; n <= 200; n++) {
    await made.add(correction(`${n}`, inside));
    made.delivered({ id: `${n}`, state: "sent" });
  }
  changed.length = 0;
  expect([made.delivered({ id: "0", state: "failed" }), made.delivered({ id: "1", state: "failed" })]).toEqual([
    false,
    true,
  ]);
  expect(changed).toEqual(["target of 1"]);
});

it("what still waits for the network is no news, and another account's changes stay", async () => {
  const { made, changed } = setUp();
  await made.add(correction("a", inside));
  await made.add(correction("b", "account-2|bob@x.example"));
  expect(made.delivered({ id: "a", state: "waiting" })).toBe(true);
  expect([made.again("target of a"), changed]).toEqual([undefined, []]);
  await made.forgetAccount("account-1");
  expect([made.waiting("account-1"), made.waiting("account-2").map(({ id }) => id)]).toEqual([[], ["b"]]);
  made.drop("b");
  expect(made.waiting("account-2")).toEqual([]);
});

it("a retraction takes the place of corrections of the same message, and what the server has is gone from disk", async () => {
  const { made, kept, changed } = setUp();
  await made.add({ ...correction("a", inside), targetId: "m" });
  await made.add({ ...correction("b", inside), targetId: "other" });
  await made.add(retraction("r", "m"));
  expect(made.waiting("account-1").map(({ id }) => id)).toEqual(["b", "r"]);
  expect(made.delivered({ id: "r", state: "sent" })).toBe(true);
  expect(made.delivered({ id: "nobody's", state: "sent" })).toBe(false);
  expect([[...kept.keys()], changed]).toEqual([["b"], ["m"]]);
});
