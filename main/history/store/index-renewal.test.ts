import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import { fillFormer, formerPeer, indexEntries } from "./former-index.test-helper.ts";
import { cutVersion, historyMigrations } from "./history-schema.ts";
import { MessageStore } from "./message-store.ts";

const bodies = [
  "⚠️Server down",
  "plain text alone",
  "❤️Anna",
  "メーカーのルール",
  "zero\u200Bwidth",
  "café at ten",
  "コーヒーとドア",
  "nothing else",
];
const memory = { path: undefined, key: undefined, cacheKiB: 2000 } as const;
let db: ReturnType<typeof openDatabase>;
let store: MessageStore;
let seq: number;

beforeEach(() => {
  open(bodies);
});
afterEach(() => store.close());

function open(all: readonly string[]): void {
  db = openDatabase({ ...memory, migrations: historyMigrations.slice(0, cutVersion - 1) });
  fillFormer(db, all);
  for (const step of historyMigrations.slice(cutVersion - 1)) step(db);
  seq = all.length;
  store = openStore();
}

function openStore(): MessageStore {
  return new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => 1_000 });
}

let made = 0;
/** A message of which everything but its text is of no account. */
const message = (body: string) => ({
  ...{
    id: `n${++made}`,
    conversationId: formerPeer,
    place: placeOf(formerPeer),
    direction: "in" as const,
    author: { isSelf: false },
    wireId: `n${made}`,
    archiveId: undefined,
    body,
    at: 900,
  },
  ...{
    network: undefined,
    own: undefined,
    receivedAt: 900,
    state: "received" as const,
    delayed: false,
    otherDevice: false,
    unread: false,
    wantsRead: false,
  },
});
const found = (text: string): string[] => store.read.search({ text, limit: 50 }).hits.map((hit) => hit.message.body);
/** Entries of an index made today from the stored messages. */
function expectedEntries(): string[] {
  const fresh = openDatabase({ ...memory, migrations: historyMigrations });
  const other = new MessageStore(fresh, { indexed: true, nextSeq: () => 0, now: () => 1_000 });
  other.absorb(store.whole(store.read.all()), () => false);
  const entries = indexEntries(fresh);
  other.close();
  return entries;
}

it("is searched as it is until it is cut anew, beside what is stored since", () => {
  store.append([message("⚠️Server up"), message("cafe today")], []);
  expect(found("server")).toEqual(["⚠️Server up"]);
  expect(found("cafe")).toEqual(["cafe today", "café at ten"]);
  expect(found("ルール")).toEqual(["メーカーのルール"]);
  while (store.renewIndexSome(() => true));
  expect(found("server")).toEqual(["⚠️Server up", "⚠️Server down"]);
  expect(found("anna")).toEqual(["❤️Anna"]);
  expect(found("❤")).toEqual(["❤️Anna"]);
  expect(found("zerowidth")).toEqual(["zero\u200Bwidth"]);
  expect(found("メール")).toEqual([]);
  expect(found("cafe")).toEqual(["cafe today", "café at ten"]);
});

it("is the index of this version in the end, wherever it was left off, and whatever was corrected, retracted, deleted or added meanwhile", () => {
  const change = fc.record({
    what: fc.constantFrom("step", "steps", "leave", "correct", "retract", "delete", "hide", "add"),
    which: fc.nat(7),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      store.close();
      open(bodies);
      for (const { what, which } of changes) {
        const target = {
          conversationId: formerPeer,
          place: placeOf(formerPeer),
          direction: "in" as const,
          author: { isSelf: false },
          wireId: `m${which + 1}`,
          at: 1_000,
        };
        if (what === "step") store.renewIndexSome(() => true);
        else if (what === "steps") store.renewIndexSome(() => false);
        else if (what === "leave") store = openStore();
        else if (what === "correct") store.correct({ ...target, body: `⚠️Changed ${which} ー` }, false);
        else if (what === "retract") store.retract(target, false);
        else if (what === "delete") store.remove([which + 1]);
        else if (what === "hide") store.hide([which + 1]);
        else store.append([message(`❤️New ${which}`)], []);
      }
      while (store.renewIndexSome(() => true));
      expect(db.prepare("SELECT count(*) AS n FROM former_cut").get()).toEqual({ n: 0 });
      expect(indexEntries(db)).toEqual(expectedEntries());
      expect(() => db.exec("INSERT INTO message_words(message_words) VALUES ('integrity-check')")).not.toThrow();
    }),
    { numRuns: 60 },
  );
});

it("takes a few messages in a step, and all of them where there is time", () => {
  store.close();
  open(Array.from({ length: 1_200 }, (_, n) => `⚠️Number${n}`));
  let steps = 0;
  while (store.renewIndexSome(() => false)) steps += 1;
  expect(steps).toBe(24);
  expect(found("number7").length).toBe(50);
});

it("keeps what was done before a step failed, and nothing of the step", () => {
  const below = (): number | undefined => store.read.search({ text: "server", limit: 1 }).hits.length;
  expect(store.renewIndexSome(() => true)).toBe(true);
  db.exec("CREATE TRIGGER full BEFORE UPDATE ON former_cut BEGIN SELECT raise(ABORT, 'full'); END");
  expect(() => store.renewIndexSome(() => true)).toThrow();
  expect(() => store.renewIndexSome(() => true)).toThrow();
  db.exec("DROP TRIGGER full");
  expect(below()).toBe(0);
  while (store.renewIndexSome(() => true));
  expect(below()).toBe(1);
  expect(indexEntries(db)).toEqual(expectedEntries());
});

it("has nothing to do in a new database", () => {
  store.close();
  db = openDatabase({ ...memory, migrations: historyMigrations });
  store = openStore();
  const enough = (): boolean => expect.fail("there is nothing to look at");
  expect(store.renewIndexSome(enough)).toBe(false);
});
