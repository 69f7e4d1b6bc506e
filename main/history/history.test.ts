import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { MessageState } from "../../shared/model/message.ts";
import type { HistoryMode } from "../../shared/settings/history.ts";
import { startDatabaseWorker } from "../app/start-database-worker.ts";
import type { WorkerMethods } from "../app/worker-methods.ts";
import type { DatabaseWorker } from "../database/database-worker.ts";
import type { History, NewMessage } from "./history.ts";
import { newMessage } from "./new-message.test-helper.ts";
import { openHistory } from "./open-history.ts";
import { workerUrl } from "./workers.test-helper.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const theirs = { address: "bob@example.test", isSelf: false };
const carol = `${account}|carol@example.test`;
const key = new Uint8Array(randomBytes(32));

let worker: DatabaseWorker<WorkerMethods>;
let folder: string;
let history: History;
let troubles: ErrorInfo[];
let count = 0;

beforeAll(() => {
  worker = startDatabaseWorker(workerUrl);
});
afterAll(() => worker.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-history-"));
  troubles = [];
});
afterEach(async () => {
  await history.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(mode: HistoryMode = "encrypted"): Promise<History> {
  history = await openHistory({ worker, folder, key, mode, onTrouble: (error) => troubles.push(error) });
  return history;
}

function message(fields: Partial<NewMessage> = {}): NewMessage {
  count += 1;
  const at = 1_700_000_000_000 + count;
  const { id = `message-${count}`, direction = "in" } = fields;
  const wireId = direction === "out" ? id : `wire-${count}`;
  return newMessage(id, { wireId, body: `Line ${count}`, at, receivedAt: at, ...fields });
}

describe.each(["encrypted", "memory", "off"] as const)("history in mode %s", (mode) => {
  it("stores a message once, by id, by wire id of peer and direction, and by archive id", async () => {
    await open(mode);
    const first = message({ archiveId: "archive-1" });
    const [stored] = await history.append([first]);
    expect(stored).toMatchObject({ isNew: true, record: { id: first.id, body: first.body, state: "received" } });
    const again = await history.append([
      first,
      message({ wireId: first.wireId, body: first.body }),
      message({ wireId: "other", archiveId: "archive-1" }),
    ]);
    expect(again.map((one) => [one.isNew, one.changed, one.record.id])).toEqual(
      Array(3).fill([false, false, first.id]),
    );
    const others = await history.append([
      message({ wireId: first.wireId, direction: "out" }),
      message({ wireId: first.wireId, conversationId: carol }),
    ]);
    expect(others.map((one) => one.isNew)).toEqual([true, true]);
    expect((await history.page({ conversationId: bob, limit: 10 })).messages).toHaveLength(2);
  });

  it("takes an archive id and a further state from a second copy", async () => {
    await open(mode);
    const own = message({ direction: "out" });
    await history.append([own]);
    const [copy] = await history.append([{ ...own, id: "another", archiveId: "a-1", state: "sent" }]);
    expect(copy).toMatchObject({ isNew: false, changed: true, record: { id: own.id, state: "sent" } });
    const [third] = await history.append([message({ direction: "out", archiveId: "a-1", state: "sent" })]);
    expect(third?.isNew).toBe(false);
    const [back] = await history.append([{ ...own, state: "waiting" }]);
    expect(back?.record.state).toBe("sent");
  });

  it("does not take the same id in another conversation for the same message", async () => {
    await open(mode);
    const one = message();
    await history.append([one]);
    const [other] = await history.append([message({ id: one.id, conversationId: carol, body: "another" })]);
    expect(other?.isNew).toBe(true);
    expect(other?.record.id).not.toBe(one.id);
    expect((await history.get(one.id))?.body).toBe(one.body);
  });

  it("moves states forward only, and between waiting, sent and failed", async () => {
    await open(mode);
    const own = message({ direction: "out" });
    await history.append([own]);
    const move = async (state: MessageState, error?: ErrorInfo) =>
      (await history.setState({ conversationId: bob, wireId: own.id, state, error }))?.state;
    expect(await move("failed", { code: "recipient-unknown" })).toBe("failed");
    expect((await history.get(own.id))?.error).toEqual({ code: "recipient-unknown" });
    expect(await move("waiting")).toBe("waiting");
    expect((await history.get(own.id))?.error).toBeUndefined();
    expect((await history.waiting(account)).map((one) => one.id)).toEqual([own.id]);
    expect(await move("sent")).toBe("sent");
    expect(await history.waiting(account)).toEqual([]);
    expect(await move("waiting")).toBe("waiting");
    expect(await move("read")).toBe("read");
    expect(await move("delivered")).toBeUndefined();
    expect(await move("waiting")).toBeUndefined();
    expect(await history.setState({ conversationId: bob, wireId: "nobody", state: "sent" })).toBeUndefined();
    expect(await history.setState({ conversationId: carol, wireId: own.id, state: "sent" })).toBeUndefined();
  });

  it("reads there all own messages up to the one that is named, and none that waits, has failed, is newer or of another conversation", async () => {
    await open(mode);
    const own = (fields: Partial<NewMessage> = {}) => message({ direction: "out", ...fields });
    const [sent, delivered, waiting, failed, theirs, named, newer, other] = [
      own(),
      own(),
      own(),
      own(),
      message(),
      own(),
      own(),
      own({ conversationId: carol }),
    ];
    await history.append([sent, delivered, waiting, failed, theirs, named, newer, other]);
    for (const one of [sent, delivered, failed, named, newer, other])
      await history.setState({ conversationId: one.conversationId, wireId: one.id, state: "sent" });
    await history.setState({ conversationId: bob, wireId: delivered.id, state: "delivered" });
    await history.setState({
      conversationId: bob,
      wireId: failed.id,
      state: "failed",
      error: { code: "too-large" },
    });
    const states = () =>
      Promise.all(
        [sent, delivered, waiting, failed, theirs, named, newer, other].map(
          async ({ id }) => (await history.get(id))?.state,
        ),
      );
    const before = await states();
    for (const id of ["nobody", failed.id, theirs.wireId ?? "", other.id])
      expect(await history.readThere(bob, id)).toEqual({ records: [], more: false });
    expect(await states()).toEqual(before);
    const { records, more } = await history.readThere(bob, named.id);
    expect([records.map(({ id, state }) => [id, state]), more]).toEqual([
      [sent, delivered, named].map(({ id }) => [id, "read"]),
      false,
    ]);
    expect(await states()).toEqual(["read", "read", "waiting", "failed", "received", "read", "sent", "sent"]);
    expect(await history.readThere(bob, named.id)).toEqual({ records: [], more: false });
    await history.setState({ conversationId: bob, wireId: waiting.id, state: "sent" });
    expect((await history.readThere(bob, named.id)).records.map(({ id }) => id)).toEqual([waiting.id]);
    if (mode === "off") return;
    // With the moment at which it was heard, as the record has every state.
    const { messages } = await history.record({}, { limit: 50 });
    expect(messages.find(({ id }) => id === delivered.id)?.states.map(({ state }) => state)).toEqual([
      "waiting",
      "sent",
      "delivered",
      "read",
    ]);
  });

  it("reads there a number at a time, the newest first, until there are no more", async () => {
    await open(mode);
    const many = Array.from({ length: mode === "off" ? 20 : 1_200 }, () =>
      message({ direction: "out", state: "sent" }),
    );
    await history.append(many);
    const last = many.at(-1)?.id ?? "";
    const rounds: number[] = [];
    for (let more = true; more; ) {
      const answer = await history.readThere(bob, last);
      rounds.push(answer.records.length);
      expect(answer.records.every(({ state }) => state === "read")).toBe(true);
      ({ more } = answer);
    }
    expect(rounds).toEqual(mode === "off" ? [20] : [501, 500, 199]);
    expect((await history.get(many[0]?.id ?? ""))?.state).toBe("read");
  });

  it("counts unread, remembers the first and the last line, and reads up to a message", async () => {
    await open(mode);
    const lines = [message({ wantsRead: true }), message(), message({ wantsRead: true }), message()];
    await history.append(lines);
    expect(await history.conversations()).toEqual([
      {
        conversationId: bob,
        accountId: account,
        address: placeOf(bob).address,
        unread: 4,
        firstUnread: lines[0]?.id,
        last: { text: lines[3]?.body, at: lines[3]?.at, direction: "in", author: theirs },
      },
    ]);
    const { summary, readWireIds } = await history.markRead(bob, lines[2]?.id ?? "");
    expect(summary).toMatchObject({ unread: 1, firstUnread: lines[3]?.id });
    expect(readWireIds).toEqual([lines[0]?.wireId, lines[2]?.wireId]);
    expect((await history.markRead(bob, lines[2]?.id ?? "")).readWireIds).toEqual([]);
    const named = { conversationId: bob, author: { isSelf: false } };
    expect(await history.markReadByWireId({ ...named, wireId: lines[3]?.wireId ?? "" })).toMatchObject({
      unread: 0,
      firstUnread: undefined,
    });
    expect(await history.markReadByWireId({ ...named, wireId: "unknown" })).toBeUndefined();
  });

  it("orders by time and then by storing, whatever the clock does", async () => {
    await open(mode);
    const at = 1_700_000_000_000;
    await history.append([
      message({ id: "b", at }),
      message({ id: "c", at }),
      message({ id: "z", at: at + 5e12 }),
      message({ id: "a", at: -5 }),
      message({ id: "n", at: Number.NaN, receivedAt: at + 1 }),
    ]);
    const { messages } = await history.page({ conversationId: bob, limit: 10 });
    expect(messages.map((one) => one.id)).toEqual(["a", "b", "c", "n", "z"]);
    expect((await history.conversations())[0]?.last?.at).toBe(at + 5e12);
  });
});

describe("pages", () => {
  it("joined together are all messages in order, from either end", async () => {
    await open("memory");
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (times, limit) => {
          round += 1;
          const conversationId = `${account}|round-${round}@example.test`;
          const stored = await history.append(times.map((at) => message({ conversationId, at })));
          const expected = stored.map((one) => one.record).sort((a, b) => a.at - b.at || a.seq - b.seq);
          const back: unknown[] = [];
          let page = await history.page({ conversationId, limit });
          expect(page.after).toBe(false);
          for (;;) {
            back.unshift(...page.messages);
            const first = page.messages[0];
            if (!page.before || !first) break;
            page = await history.page({ conversationId, limit, before: first.id });
          }
          expect(back).toEqual(expected);
          const start = expected[0];
          if (!start) return;
          page = await history.page({ conversationId, limit, oldest: true });
          expect(page.before).toBe(false);
          const forth: unknown[] = [...page.messages];
          for (let last = forth.at(-1) as { id: string } | undefined; page.after && last; last = page.messages.at(-1)) {
            page = await history.page({ conversationId, limit, after: last.id });
            forth.push(...page.messages);
          }
          expect(forth).toEqual(expected);
          forth.splice(1);
          page = await history.page({ conversationId, limit, after: start.id });
          for (;;) {
            forth.push(...page.messages);
            const last = page.messages.at(-1);
            if (!page.after || !last) break;
            page = await history.page({ conversationId, limit, after: last.id });
          }
          expect(forth).toEqual(expected);
          const middle = expected[Math.floor(expected.length / 2)];
          const around = await history.page({ conversationId, limit, around: middle?.id ?? "" });
          const from = expected.findIndex((one) => one.id === around.messages[0]?.id);
          expect(around.messages).toEqual(expected.slice(from, from + around.messages.length));
          expect(around.messages).toHaveLength(Math.min(limit, expected.length));
          expect(around.messages.map((one) => one.id)).toContain(middle?.id);
          expect([around.before, around.after]).toEqual([from > 0, from + around.messages.length < expected.length]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("answer nothing from a message that is not known, and the newest around one", async () => {
    await open();
    await history.append([message(), message({ id: "last" })]);
    expect(await history.page({ conversationId: bob, limit: 5, before: "unknown" })).toEqual({
      messages: [],
      before: false,
      after: false,
    });
    expect((await history.page({ conversationId: bob, limit: 1, around: "unknown" })).messages[0]?.id).toBe("last");
    expect((await history.page({ conversationId: carol, limit: 5, around: "last" })).messages).toEqual([]);
  });
});

describe("search", () => {
  it("finds words and the beginning of the last one, without accents or case, newest first", async () => {
    await open();
    await history.append([
      message({ id: "1", body: "La réunion de Zürich est déplacée" }),
      message({ id: "2", body: "REUNION demain" }),
      message({ id: "3", body: "unrelated" }),
      message({ id: "4", conversationId: carol, body: "réunions 会議は明日" }),
    ]);
    const ids = async (text: string, conversationId?: string) =>
      (
        await history.search({
          text,
          limit: 10,
          ...(conversationId ? { filter: { conversationIds: [conversationId] } } : {}),
        })
      ).hits.map((hit) => hit.message.id);
    expect(await ids("reunion")).toEqual(["4", "2", "1"]);
    expect(await ids("réunion zur")).toEqual(["1"]);
    expect(await ids("zur reunion")).toEqual([]);
    expect(await ids("reun", bob)).toEqual(["2", "1"]);
    expect(await ids("会議")).toEqual(["4"]);
    expect(await ids("明日")).toEqual(["4"]);
    expect(await ids("日")).toEqual(["4"]);
    expect((await history.search({ text: "deplac", limit: 1 })).hits[0]?.snippet).toContain("\uE000déplacée\uE001");
  });

  it("pages by seq", async () => {
    await open();
    await history.append(Array.from({ length: 25 }, () => message({ body: "needle" })));
    const seen: number[] = [];
    let beforeSeq: number | undefined;
    for (;;) {
      const page = await history.search({
        text: "needle",
        limit: 10,
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      seen.push(...page.hits.map((hit) => hit.message.seq));
      beforeSeq = page.hits.at(-1)?.message.seq;
      if (!page.more) break;
    }
    expect(seen).toHaveLength(25);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
  });

  it("takes any text for words and never fails; a message is found by its own words", async () => {
    await open();
    const hostile = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(..."ab \"*()-:^{}+,.'\\%_~é漢\u0000\uE002NEAR OR AND NOT") }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const [stored] = await history.append([message({ body: `${text} anchor` })]);
        const found = await history.search({ text: `anchor ${text}`.slice(0, 500), limit: 50 });
        expect(found.hits.length).toBeGreaterThan(0);
        expect(found.hits[0]?.message.id).toBe(stored?.record.id);
      }),
      { numRuns: 200 },
    );
    for (const text of ['"', "NOT", "a OR", "words:", "*", "NEAR(", "'; DROP TABLE message; --", "\uE0021", "\ud800"])
      await history.search({ text, limit: 5 });
  });

  it("finds nothing when history is off", async () => {
    await open("off");
    await history.append([message({ body: "needle" })]);
    expect((await history.search({ text: "needle", limit: 5 })).hits).toEqual([]);
  });
});
