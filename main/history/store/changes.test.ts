import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import type { Correction, NewMessage, Retraction } from "../history.ts";
import { newMessage } from "../new-message.test-helper.ts";
import type { RecordedMessage } from "../recorded-message.ts";
import { historyMigrations } from "./history-schema.ts";
import { toRecord } from "./message-row.ts";
import { MessageStore } from "./message-store.ts";

const account = "account-1";
const bob = `${account}|bob@example.test`;
const carol = `${account}|carol@example.test`;
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;

beforeEach(() => {
  let seq = 0;
  db = openDatabase({ path: undefined, key: undefined, migrations: historyMigrations, cacheKiB: 1000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 99 });
});
afterEach(() => store.close());

const message = (id: string, fields: Partial<NewMessage> = {}): NewMessage =>
  newMessage(id, {
    ...{ body: `first words of ${id}`, wireId: `wire-${id}`, at: 10, receivedAt: 10, unread: true },
    ...fields,
  });

const correction = (of: string, body: string, at: number, fields: Partial<Correction> = {}): Correction => ({
  conversationId: bob,
  place: placeOf(fields.conversationId ?? bob),
  direction: "in",
  author: { isSelf: fields.direction === "out" },
  wireId: `wire-${of}`,
  body,
  at,
  ...fields,
});
const retraction = (of: string, at: number, fields: Partial<Retraction> = {}): Retraction => ({
  conversationId: bob,
  place: placeOf(fields.conversationId ?? bob),
  direction: "in",
  author: { isSelf: false },
  wireId: `wire-${of}`,
  at,
  ...fields,
});
const recorded = (id: string): RecordedMessage | undefined => store.record.byIds([id])[0];
const found = (text: string): number => store.read.search({ text, limit: 10 }).hits.length;
const shown = () => store.read.slice(bob, { limit: 50, way: "before" }).map(toRecord);

describe.each([true, false])("where a record is demanded: %s, a correction", (keep) => {
  it("says what the message says from now on, for reading, searching and the list", () => {
    store.append([message("1")]);
    const changed = store.correct(correction("1", "other text", 20), keep);
    expect(changed).toMatchObject({
      outcome: "changed",
      record: { id: "1", body: "other text", at: 10, corrected: 20 },
    });
    expect(changed.summary).toMatchObject({ unread: 1, last: { text: "other text" } });
    expect(shown()).toEqual([changed.record]);
    expect([found("words"), found("other")]).toEqual([0, 1]);
    expect(recorded("1")).toMatchObject({
      body: "other text",
      correctedAt: 20,
      versions: keep ? [{ body: "first words of 1", since: 10, until: 20 }] : [],
    });
    expect(JSON.stringify(db.prepare("SELECT body FROM version").all())).toBe(
      keep ? '[{"body":"first words of 1"}]' : "[]",
    );
  });

  it("comes again and changes nothing, whatever id or route it comes by", () => {
    store.append([message("1")]);
    const first = correction("1", "second text", 20, { newWireId: "c1" });
    expect(store.correct(first, keep).outcome).toBe("changed");
    for (const again of [first, correction("1", "second text", 20), { ...first, wireId: "c1" }])
      expect(store.correct(again, keep)).toMatchObject({ outcome: "unchanged", record: { body: "second text" } });
    // A further one may name the message or the correction before.
    expect(store.correct(correction("", "third text", 30, { wireId: "c1", newWireId: "c2" }), keep).outcome).toBe(
      "changed",
    );
    expect(store.correct(first, keep)).toMatchObject({ outcome: "unchanged", record: { body: "third text" } });
    expect(store.append([message("1", { id: "copy", archiveId: "a1", at: 11 })])[0]).toMatchObject({
      isNew: false,
      record: { id: "1", body: "third text" },
    });
    expect(recorded("1")?.versions.map(({ body, since, until }) => [body, since, until])).toEqual(
      keep
        ? [
            ["first words of 1", 10, 20],
            ["second text", 20, 30],
          ]
        : [],
    );
  });

  it("reaches only the same side of the same conversation", () => {
    store.append([
      message("1"),
      message("1", { id: "own", direction: "out", state: "sent" }),
      message("1", { id: "hers", conversationId: carol }),
    ]);
    expect(store.correct(correction("1", "x", 20, { direction: "out" }), keep)).toMatchObject({
      outcome: "changed",
      record: { id: "own" },
    });
    expect(store.correct(correction("1", "y", 20, { conversationId: `${account}|eve@example.test` }), keep)).toEqual({
      outcome: "unknown",
      record: undefined,
      summary: undefined,
    });
    expect(store.correct(correction("2", "y", 20), keep).outcome).toBe("unknown");
    expect([recorded("1")?.body, recorded("own")?.body, recorded("hers")?.body]).toEqual([
      "first words of 1",
      "x",
      "first words of 1",
    ]);
  });

  it("that comes late does not take the place of a later one", () => {
    store.append([message("1")]);
    store.correct(correction("1", "third text", 30, { newWireId: "c2" }), keep);
    expect(store.correct(correction("1", "second text", 20, { newWireId: "c1" }), keep)).toMatchObject({
      outcome: "unchanged",
      record: { body: "third text" },
    });
    expect(recorded("1")?.versions).toEqual(
      keep
        ? [
            { body: "first words of 1", since: 10, until: 20 },
            { body: "second text", since: 20, until: 30 },
          ]
        : [],
    );
  });

  it("without its message stands for itself, and becomes one with it when that comes", () => {
    expect(store.correct(correction("1", "second text", 20, { newWireId: "c1" }), keep).outcome).toBe("unknown");
    store.append([message("c1", { wireId: "c1", archiveId: "a2", body: "second text", at: 20, replaces: "wire-1" })]);
    expect(shown()).toMatchObject([{ id: "c1", body: "second text", corrected: 20 }]);
    // Again, and a further one, before the message itself.
    expect(store.correct(correction("1", "second text", 20, { newWireId: "c1" }), keep).outcome).toBe("unchanged");
    expect(store.correct(correction("1", "third text", 30, { newWireId: "c2" }), keep).outcome).toBe("changed");
    const [merged] = store.append([message("1", { archiveId: "a1" }), message("later", { at: 15 })], keep ? [bob] : []);
    expect(merged).toMatchObject({
      isNew: false,
      changed: true,
      record: { id: "c1", body: "third text", at: 10, corrected: 30 },
    });
    expect(store.append([message("1", { id: "copy", archiveId: "a1" })])[0]).toMatchObject({
      isNew: false,
      record: { id: "c1" },
    });
    expect(store.correct(correction("1", "second text", 20, { newWireId: "c1" }), keep).outcome).toBe("unchanged");
    expect(shown().map(({ id }) => id)).toEqual(["c1", "later"]);
    expect(store.summaries.of(bob)).toMatchObject({
      unread: 2,
      firstUnread: "c1",
      last: { text: "first words of later" },
    });
    expect(recorded("c1")).toMatchObject({ wireId: "wire-1", archiveId: "a1", sentAt: 10, body: "third text" });
    expect(recorded("c1")?.versions.map(({ body }) => body)).toEqual(keep ? ["first words of 1", "second text"] : []);
  });

  it("of a retracted message changes nothing", () => {
    store.append([message("1")]);
    store.retract(retraction("1", 20), keep);
    expect(store.correct(correction("1", "second", 30), keep)).toMatchObject({
      outcome: "unchanged",
      record: { body: "", retracted: true },
    });
    expect(recorded("1")?.versions).toHaveLength(keep ? 1 : 0);
  });
});

describe.each([true, false])("where a record is demanded: %s, a retraction", (keep) => {
  it("leaves a line that says so, without its words, unread by nobody", () => {
    store.append([message("1", { files: [{ name: "a.pdf", sha256: "ab".repeat(32), size: 1, type: undefined }] })]);
    const changed = store.retract(retraction("1", 20), keep);
    expect(changed).toMatchObject({
      outcome: "changed",
      record: { id: "1", body: "", retracted: true },
      summary: { unread: 0 },
    });
    expect(changed.summary?.last).toMatchObject({ text: "", at: 10, author: { isSelf: false }, retracted: true });
    expect(shown()).toEqual([changed.record]);
    expect(found("words")).toBe(0);
    expect(recorded("1")).toMatchObject({
      body: "",
      retractedAt: 20,
      versions: keep ? [{ body: "first words of 1", since: 10, until: 20 }] : [],
    });
    expect(recorded("1")?.files).toHaveLength(keep ? 1 : 0);
    expect(store.retract(retraction("1", 25), keep).outcome).toBe("unchanged");
    expect(store.append([message("1", { id: "copy", archiveId: "a1" })])[0]).toMatchObject({
      isNew: false,
      record: { retracted: true },
    });
  });

  it("that comes before its message takes effect when that comes", () => {
    expect(store.retract(retraction("1", 20), keep).outcome).toBe("unknown");
    const stored = store.append([message("1"), message("2")], keep ? [bob] : []);
    expect(stored.map(({ record }) => [record.body, record.retracted])).toEqual([
      ["", true],
      ["first words of 2", undefined],
    ]);
    expect(store.summaries.of(bob)?.unread).toBe(1);
    expect(found("words")).toBe(1);
    expect(recorded("1")).toMatchObject({
      retractedAt: 20,
      versions: keep ? [{ body: "first words of 1", since: 10, until: 20 }] : [],
    });
    expect(store.read.retractionsAhead()).toEqual([]);
  });
});

it("what was kept before goes when no record is demanded any more: half a record would mislead", () => {
  store.append([message("1")]);
  store.correct(correction("1", "second", 20), true);
  store.correct(correction("1", "third", 30), false);
  expect(recorded("1")?.versions).toEqual([]);
});

it("a message that the person deleted is corrected and retracted in the record, out of sight", () => {
  store.append([message("1")]);
  store.hide([1]);
  expect(store.correct(correction("1", "second", 20), true)).toMatchObject({ outcome: "changed", record: undefined });
  expect(found("second")).toBe(0);
  expect(store.retract(retraction("1", 30), true)).toMatchObject({ outcome: "changed", record: undefined });
  expect(recorded("1")?.versions.map(({ body }) => body)).toEqual(["first words of 1", "second"]);
  expect(shown()).toEqual([]);
});

it("retractions of messages that never come are forgotten in the end", () => {
  for (let n = 0; n < 250; n++) store.retract(retraction(`none-${n}`, n), true);
  expect(
    store.read
      .retractionsAhead()
      .map(({ at }) => at)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 200 }, (_, n) => n + 50));
});

it("receipts for a correction are for its message", () => {
  store.append([message("1", { id: "wire-1", direction: "out", state: "waiting", unread: false })]);
  store.correct(correction("1", "second", 20, { direction: "out", newWireId: "c1" }), false);
  expect(store.setState({ conversationId: bob, wireId: "c1", state: "delivered" })).toMatchObject({
    id: "wire-1",
    state: "delivered",
  });
});

it("everything holds together whatever comes in whatever order, and ends the same in every order", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), of: fc.nat(2) }),
    fc.record({ kind: fc.constant("correct" as const), of: fc.nat(2), at: fc.integer({ min: 11, max: 15 }) }),
    fc.record({ kind: fc.constant("retract" as const), of: fc.nat(2), at: fc.integer({ min: 16, max: 18 }) }),
    fc.record({ kind: fc.constant("hide" as const), of: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), fc.boolean(), (steps, keep) => {
      store.remove(store.read.all().map((row) => row.seq));
      store.scrub();
      const demanded = keep ? [bob] : [];
      for (const one of steps) {
        const id = String(one.of);
        if (one.kind === "append") store.append([message(id)], demanded);
        else if (one.kind === "hide")
          store.hide(
            shown()
              .filter((line) => line.id === id)
              .map((line) => line.seq),
          );
        else if (one.kind === "retract") store.retract(retraction(id, one.at), keep);
        else {
          const sent = correction(id, `text of ${one.at}`, one.at, { newWireId: `c-${id}-${one.at}` });
          if (store.correct(sent, keep).outcome === "unknown")
            store.append(
              [
                message(`c-${id}-${one.at}`, {
                  wireId: `c-${id}-${one.at}`,
                  at: one.at,
                  body: sent.body,
                  replaces: sent.wireId,
                }),
              ],
              demanded,
            );
        }
      }
      const all = store.record.page({ deleted: true }, { limit: 100 }).messages;
      for (const nth of [0, 1, 2]) {
        const mine = all.filter((one) => one.wireId === `wire-${nth}` || one.id.startsWith(`c-${nth}-`));
        expect(mine.length).toBeLessThanOrEqual(1);
        const [one] = mine;
        if (!one) continue;
        const corrections = steps.flatMap((each) => (each.kind === "correct" && each.of === nth ? [each.at] : []));
        const retracted = one.retractedAt !== undefined;
        expect(retracted).toBe(steps.some((each) => each.kind === "retract" && each.of === nth));
        if (retracted) expect(one.body).toBe("");
        else
          expect(one.body).toBe(
            corrections.length === 0 ? `first words of ${nth}` : `text of ${Math.max(...corrections)}`,
          );
        if (!keep) expect(one.versions).toEqual([]);
        // Versions follow one another without a gap.
        for (const [n, version] of one.versions.entries()) {
          expect(version.until).toBeGreaterThanOrEqual(version.since);
          expect(version.until).toBe(one.versions[n + 1]?.since ?? one.retractedAt ?? one.correctedAt);
        }
      }
      const lines = shown();
      const unread = store.read.slice(bob, { limit: 50, way: "before" }).filter((row) => store.read.isUnread(row));
      expect(store.summaries.of(bob)?.unread ?? 0).toBe(unread.length);
      expect(store.summaries.of(bob)?.last?.text).toBe(lines.at(-1)?.body);
      expect(found("first") + found("text")).toBe(lines.filter((line) => line.retracted !== true).length);
    }),
    { numRuns: 400 },
  );
});
