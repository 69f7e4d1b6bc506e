import { effect } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Op, Snapshot, Update } from "../../shared/ipc/updates.ts";
import type { ContactRecord } from "../../shared/model/contact.ts";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import type { Client } from "../ipc/client.ts";
import { Replica } from "./replica.ts";

const contact = (n: number, more: Partial<ContactRecord> = {}): ContactRecord => ({
  id: `account-1|p${n}@x.example`,
  accountId: "account-1",
  protocol: "xmpp",
  address: `p${n}@x.example`,
  name: `Person ${n}`,
  groups: ["Team"],
  subscription: "both",
  asked: false,
  presence: { availability: "offline" },
  pinned: false,
  listed: true,
  ...more,
});
const snapshotOf = (seq: number, contacts: ContactRecord[]): Snapshot => ({
  seq,
  tables: {
    app: [],
    networks: [],
    accounts: [],
    contacts,
    groups: [],
    roster: [],
    conversations: [],
    requests: [],
    blocked: [],
    settings: [],
  },
});
const presence = (n: number): Op => ({
  op: "patch",
  table: "contacts",
  id: contact(n).id,
  fields: { presence: { availability: "available" } },
});

function setUp(first: Snapshot) {
  const snapshots: ((snapshot: Snapshot) => void)[] = [];
  const scheduled: (() => void)[] = [];
  let say: (update: Update) => void = () => undefined;
  let time = 0;
  const replica = new Replica({
    client: {
      request: vi.fn(
        () => new Promise((resolve) => snapshots.push(resolve as (snapshot: Snapshot) => void)),
      ) as unknown as Client["request"],
      onUpdate: (listener) => {
        say = listener;
        return () => undefined;
      },
    },
    schedule: (work) => {
      scheduled.push(work);
      return () => undefined;
    },
    elapsed: () => time++,
  });
  const frame = (): void => {
    for (const work of scheduled.splice(0)) work();
  };
  replica.start();
  return {
    replica,
    say: (update: Update) => say(update),
    asked: () => snapshots.length,
    answer: async (snapshot: Snapshot = first) => {
      snapshots.at(-1)?.(snapshot);
      await Promise.resolve();
    },
    frame,
    frames: () => {
      let count = 0;
      while (scheduled.length > 0) {
        count++;
        frame();
      }
      return count;
    },
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("replica", () => {
  it("takes a snapshot in, then what came meanwhile, dropping what the snapshot already holds", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(5, [contact(1)]));
    say({ seq: 5, ops: [{ op: "remove", table: "contacts", id: contact(1).id }] });
    say({ seq: 6, ops: [{ op: "put", table: "contacts", id: contact(2).id, record: contact(2) }] });
    expect(replica.ready.value).toBe(false);
    await answer();
    frame();
    expect(replica.ready.value).toBe(true);
    expect(replica.contacts.all().map(({ name }) => name)).toEqual(["Person 1", "Person 2"]);
  });

  it("asks for a new snapshot at a gap, once, and says that pages may be out of date", async () => {
    const { replica, say, answer, asked, frame } = setUp(snapshotOf(1, [contact(1), contact(2)]));
    await answer();
    const reset = vi.fn();
    replica.onReset(reset);
    say({ seq: 4, ops: [presence(1)] });
    say({ seq: 5, ops: [presence(1)] });
    expect(asked()).toBe(2);
    await answer(snapshotOf(4, [contact(1)]));
    frame();
    expect(reset).toHaveBeenCalledOnce();
    expect(replica.contacts.size).toBe(1);
    expect(replica.contacts.peek(contact(1).id)?.presence.availability).toBe("available");
  });

  it("asks again when main does not answer", async () => {
    const request = vi.fn().mockRejectedValueOnce(new Error("main is busy")).mockResolvedValue(snapshotOf(1, []));
    const replica = new Replica({
      client: { request, onUpdate: () => () => undefined },
      schedule: () => () => undefined,
      elapsed: () => 0,
    });
    replica.start();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(replica.ready.value).toBe(true);
  });

  it("asks again when the question was lost, and takes one answer only", async () => {
    const { replica, answer, asked, say, frame } = setUp(snapshotOf(1, [contact(1)]));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked()).toBe(2);
    await answer();
    say({ seq: 2, ops: [{ op: "remove", table: "contacts", id: contact(1).id }] });
    frame();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(2);
    expect(replica.contacts.size).toBe(0);
  });

  it("re-renders only who shows the record that changed", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(1, [contact(1), contact(2)]));
    await answer();
    const one = vi.fn();
    const two = vi.fn();
    effect(() => one(replica.contacts.get(contact(1).id)?.presence.availability));
    effect(() => two(replica.contacts.get(contact(2).id)?.presence.availability));
    say({ seq: 2, ops: [presence(1)] });
    frame();
    expect(one).toHaveBeenCalledTimes(2);
    expect(two).toHaveBeenCalledTimes(1);
  });

  it("tells who waits for a record when it comes, and when it goes", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(1, []));
    await answer();
    const seen = vi.fn();
    effect(() => seen(replica.contacts.get(contact(1).id)?.name));
    say({ seq: 2, ops: [{ op: "put", table: "contacts", id: contact(1).id, record: contact(1) }] });
    frame();
    say({ seq: 3, ops: [{ op: "remove", table: "contacts", id: contact(1).id }] });
    frame();
    expect(seen.mock.calls).toEqual([[undefined], ["Person 1"], [undefined]]);
  });

  it("spreads a burst over frames, keeps the list's order signal still, and moves counters lazily", async () => {
    const people = Array.from({ length: 10_000 }, (_, n) => contact(n));
    const { replica, say, answer, frames } = setUp(snapshotOf(1, people));
    await answer();
    const version = replica.contacts.version.value;
    const pulse = replica.contacts.pulse.value;
    say({ seq: 2, ops: people.map((_, n) => presence(n)) });
    expect(frames()).toBeGreaterThan(10);
    expect(replica.contacts.all().every((record) => record.presence.availability === "available")).toBe(true);
    expect(replica.contacts.version.value).toBe(version);
    expect(replica.contacts.pulse.value).toBe(pulse);
    vi.advanceTimersByTime(500);
    expect(replica.contacts.pulse.value).toBe(pulse + 1);
  });

  it("moves the order signal when a group changes its place, not when it is said again or counted anew", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(1, []));
    await answer();
    const record = { id: "ungrouped", place: 0, total: 3, shown: 3 };
    say({ seq: 2, ops: [{ op: "put", table: "groups", id: record.id, record }] });
    frame();
    const version = replica.groups.version.value;
    say({ seq: 3, ops: [{ op: "put", table: "groups", id: record.id, record: { ...record, online: 2 } }] });
    frame();
    expect(replica.groups.version.value).toBe(version);
    expect(replica.groups.peek(record.id)?.online).toBe(2);
    say({ seq: 4, ops: [{ op: "patch", table: "groups", id: record.id, fields: { place: 1 } }] });
    frame();
    expect(replica.groups.version.value).toBe(version + 1);
  });

  it("removes a field that is patched to null, and ignores a patch of what is not there", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(1, []));
    await answer();
    const id = conversationWith(contact(1).id);
    const place = { accountId: "account-1", kind: "direct", address: "person1@x.example" } as const;
    say({
      seq: 2,
      ops: [
        presence(7),
        {
          op: "put",
          table: "conversations",
          id,
          record: { id, ...place, unread: 1, typing: false, draft: "hi" },
        },
      ],
    });
    say({ seq: 3, ops: [{ op: "patch", table: "conversations", id, fields: { draft: null } }] });
    frame();
    expect(replica.conversations.peek(id)).toEqual({ id, ...place, unread: 1, typing: false });
    expect(replica.contacts.size).toBe(0);
  });

  it("hands messages to those who listen, in order", async () => {
    const { replica, say, answer, frame } = setUp(snapshotOf(1, []));
    await answer();
    const heard: string[] = [];
    const stop = replica.onMessage((op) => heard.push(`${op.op} ${op.id}`));
    say({
      seq: 2,
      ops: [
        { op: "patch", table: "messages", id: "m1", fields: { state: "sent" } },
        { op: "remove", table: "messages", id: "m2" },
      ],
    });
    frame();
    stop();
    say({ seq: 3, ops: [{ op: "remove", table: "messages", id: "m3" }] });
    frame();
    expect(heard).toEqual(["patch m1", "remove m2"]);
  });
});
