import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { placeOf } from "../../../shared/model/conversation-id.ts";
import { openDatabase } from "../../database/database.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Moment } from "../../history/store/candidates.ts";
import { historyMigrations } from "../../history/store/history-schema.ts";
import { MessageStore } from "../../history/store/message-store.ts";
import { RemovalService } from "./removal-service.ts";
import type { PurgeCursor } from "./removals.ts";
import { account, bob, day, eve, message, noRules, now, own } from "./retention-harness.test-helper.ts";
import { createRetentionRules } from "./rules.ts";

/** A database without encryption, so that its bytes can be looked through. */
let folder: string;
let path: string;
let store: MessageStore;
let seq: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-traces-"));
  path = join(folder, "history.db");
  seq = 0;
  const db = openDatabase({ path, key: undefined, migrations: historyMigrations, cacheKiB: 2000 });
  store = new MessageStore(db, { indexed: true, nextSeq: () => ++seq, now: () => now });
});
afterEach(async () => {
  vi.restoreAllMocks();
  store.close();
  await rm(folder, { recursive: true });
});

const moment: Moment = { now, own: new Map([[account, own]]) };

function service(policy: RetentionPolicy): RemovalService {
  return new RemovalService(
    { recorded: [(work) => work(store)], passing: () => undefined },
    (id) => store.summaries.of(id),
    policy,
  );
}

/** One run, as the keeper does it. */
function purge(policy: RetentionPolicy): void {
  const removals = service(policy);
  let cursor: PurgeCursor | undefined;
  do cursor = removals.purgeSome(cursor, moment).next;
  while (cursor);
  for (let begin = true; removals.rewriteIndexSome(begin); begin = false);
  removals.scrub();
}

/** A clock that goes on by up to 25 ms each time that it is read, as a seed says. */
function unevenClock(seed: number): () => number {
  let random = seed;
  let time = 0;
  return () => {
    random = (random * 48_271) % 2_147_483_647;
    time += (random / 2_147_483_647) * 25;
    return time;
  };
}

/** Bytes of the files, in whatever page. */
function bytes(): string {
  return [path, `${path}-wal`].map((file) => (existsSync(file) ? readFileSync(file, "latin1") : "")).join("");
}

describe("after a run", () => {
  // Steps take as many messages as they have time for; of these paces, five once left words in the gaps of pages.
  const paces = [undefined, ...Array.from({ length: 10 }, (_, n) => n), 18, 34, 38];
  it.each(paces)(
    "nothing of what was deleted is in any byte of the files (pace %s): text, versions, words, files, addresses",
    (pace) => {
      if (pace !== undefined) vi.spyOn(performance, "now").mockImplementation(unevenClock(100 + pace));
      const file = { name: "xyzzyfile.pdf", sha256: "ab".repeat(32), size: 5, type: "application/pdf" };
      const secret = { files: [file], members: [{ address: "xyzzymember@example.com", name: "Xyzzyname" }] };
      const lost = `${account}|xyzzypeer@example.com`;
      store.append([
        ...Array.from({ length: 300 }, (_, n) => message(`kept line ${n} plain`, 1)),
        ...Array.from({ length: 300 }, (_, n) =>
          message(`xyzzybody${n} plugh${n} frotz`, 50, {
            conversationId: n % 2 ? bob : lost,
            wireId: `xyzzywire-${n}`,
            ...secret,
          }),
        ),
      ]);
      const changed = message("xyzzyfirst words", 50, { wireId: "xyzzytarget" });
      store.append([changed]);
      store.correct(
        {
          conversationId: bob,
          place: placeOf(bob),
          direction: "in",
          author: { isSelf: false },
          wireId: "xyzzytarget",
          body: "xyzzysecond words",
          at: changed.at + 1,
        },
        true,
      );
      expect(store.record.byIds([changed.id])[0]?.versions).toHaveLength(1);
      expect(bytes()).toMatch(/xyzzybody|plugh/);
      purge({ ...noRules, retentionDays: 30 });
      const left = bytes();
      const context = ["xyzzy", "Xyzzy", "plugh", "frotz", "ab".repeat(32)].flatMap((trace) => {
        const at = left.indexOf(trace);
        return at < 0 ? [] : [JSON.stringify(left.slice(Math.max(0, at - 60), at + 60))];
      });
      expect(context).toEqual([]);
      expect(left).toContain("kept line 7 plain");
      expect(store.read.search({ text: "kept", limit: 1000 }).hits).toHaveLength(300);
    },
  );

  it("nothing is left of what the person deleted", () => {
    store.append([
      ...Array.from({ length: 100 }, (_, n) => message(`xyzzybody${n} words`, 1)),
      message("stays here", 1, { conversationId: eve }),
    ]);
    service(noRules).hideSome(
      {
        conversationId: bob,
        messageIds: store.read
          .all()
          .slice(0, 100)
          .map((row) => row.id),
      },
      undefined,
      moment,
    );
    purge(noRules);
    expect(bytes()).not.toContain("xyzzy");
    expect(store.read.all().map((row) => row.body)).toEqual(["stays here"]);
  });
});

it("what is left is exactly what the rules let stay, whole, whatever the policy and whatever there is", () => {
  const peers = [bob, eve, `${account}|carol@partner.example`];
  const messages = fc.array(
    fc.record({ peer: fc.nat(2), days: fc.integer({ min: 0, max: 100 }), deleted: fc.boolean(), room: fc.boolean() }),
    {
      maxLength: 30,
    },
  );
  const policies = fc.record({
    retentionDays: fc.constantFrom(0, 10, 50),
    externalDays: fc.constantFrom(0, 10, 50),
    minimumDays: fc.constantFrom(0, 30),
    deleteEnabled: fc.boolean(),
    holds: fc.constantFrom(
      [],
      [{ type: "address" as const, address: "eve@elsewhere.example", matter: "Case", from: "2026-09-01" }],
      [{ type: "domain" as const, domain: "*.example", matter: "Case" }],
    ),
    allowedDomains: fc.constantFrom([], ["partner.example"]),
  });
  fc.assert(
    fc.property(messages, policies, (all, policy) => {
      store.remove(store.read.all().map((row) => row.seq));
      const stored = store.append(
        all.map(({ peer, days, room }) =>
          message("some text", days, {
            conversationId: peers[peer] ?? bob,
            ...(room ? { members: [{ address: "eve@elsewhere.example", name: "Eve" }] } : {}),
          }),
        ),
      );
      const gone = stored.flatMap(({ record }, index) => (all[index]?.deleted ? [record.seq] : []));
      if (gone.length > 0) store.hide(gone);
      const retention = createRetentionRules(policy);
      const wanted = stored.filter(({ record }, index) => {
        const { days = 0, deleted = false, room = false } = all[index] ?? {};
        const at = now - days * day;
        const peer = record.conversationId.split("|")[1] ?? "";
        return (
          retention.removal(
            { own, peer, members: room ? ["eve@elsewhere.example"] : [], sentAt: at, receivedAt: at, deleted },
            now,
          ) === undefined
        );
      });
      purge(policy);
      const left = store.record.byIds(stored.map(({ record }) => record.id));
      expect(left.map(({ id }) => id).sort()).toEqual(wanted.map(({ record }) => record.id).sort());
      const visible = left.filter(({ deletedAt }) => deletedAt === undefined);
      expect(store.read.search({ text: "text", limit: 100 }).hits).toHaveLength(visible.length);
      expect(store.summaries.all().reduce((sum, { unread }) => sum + unread, 0)).toBe(visible.length);
    }),
    { numRuns: 60 },
  );
});
