import { beforeEach, describe, expect, it } from "vitest";
import type { HistoryMode } from "../../../shared/settings/history.ts";
import type { ScopeRules } from "../scope.ts";
import { noFileOperations, Sequence } from "./history-file.ts";
import { HistoryService } from "./history-service.ts";
import { ScopedHistory } from "./scoped-history.ts";
import { account, bob, eve, forgotten, held, message, UnwritableFile } from "./unwritable-file.test-helper.ts";

const own = new Map([[account, "me@inside.test"]]);
const rules = (scope: ScopeRules["scope"], allowedDomains: readonly string[] = []): ScopeRules => ({
  scope,
  own,
  allowedDomains,
});

let file: UnwritableFile;
let history: ScopedHistory;
beforeEach(() => start("encrypted", rules("internal")));

function start(mode: HistoryMode, scope: ScopeRules): void {
  const sequence = new Sequence();
  const gone = forgotten();
  file = new UnwritableFile(sequence, gone);
  const service = new HistoryService({ now: () => 1_000, mode, keepWhenOff: 2, gone }, file, sequence);
  const make = () =>
    new HistoryService({ now: () => 1_000, mode: "off", keepWhenOff: 2, gone }, noFileOperations, sequence);
  history = new ScopedHistory(service, make, scope);
}

const fromBob = (n: number, fields = {}) => message(n, fields);
const fromEve = (n: number, fields = {}) => message(n, { conversationId: eve, ...fields });
const append = (...messages: Parameters<ScopedHistory["append"]>[0][number][]) => history.append(messages, []);
const ids = (conversationId: string): string[] =>
  history.page({ conversationId, limit: 10 }).messages.map(({ id }) => id);
const hits = (): string[] => history.search({ text: "words", limit: 10 }).hits.map(({ message: { id } }) => id);
const listed = (): string[] => history.conversations().map(({ conversationId }) => conversationId);
const inFile = (): readonly string[] => held(file.store).map((line) => line.split(" ")[0] ?? "");
const waiting = (): string[] => history.waiting(account).map(({ id }) => id);

describe("a conversation out of scope", () => {
  it("is shown by its newest lines, and neither kept nor found", () => {
    const stored = append(fromEve(1), fromBob(2), fromEve(3), fromBob(4), fromEve(5));
    expect(stored.map(({ record, isNew }) => [record.id, isNew])).toEqual(
      ["m1", "m2", "m3", "m4", "m5"].map((id) => [id, true]),
    );
    expect([inFile(), ids(bob), ids(eve), hits(), listed()]).toEqual([
      ["m2", "m4"],
      ["m2", "m4"],
      ["m3", "m5"],
      ["m4", "m2"],
      [bob, eve],
    ]);
    expect([history.get("m2")?.id, history.get("m5")?.id, history.get("m1")]).toEqual(["m2", "m5", undefined]);
    history.forgetOpen(eve);
    history.forgetOpen(bob);
    expect([ids(bob), ids(eve)]).toEqual([["m2", "m4"], []]);
  });

  it("has its own unread count, states and changes", () => {
    append(fromBob(1), fromEve(2), fromEve(3, { direction: "out" }));
    expect([history.summary(eve)?.unread, history.summary(bob)?.unread]).toEqual([1, 1]);
    const theirs = { conversationId: eve, author: { isSelf: false }, direction: "in", at: 9 } as const;
    const place = { accountId: account, kind: "direct", address: "eve@outside.test" } as const;
    expect(history.correct({ ...theirs, place, wireId: "w2", body: "other" }, true)).toMatchObject({
      outcome: "changed",
      record: { body: "other" },
    });
    expect(history.markReadByWireId({ ...theirs, wireId: "w2" })?.unread).toBe(0);
    expect(history.markRead(bob, "m1").summary?.unread).toBe(0);
    expect(history.setState({ conversationId: eve, wireId: "m3", state: "sent" })?.state).toBe("sent");
    expect(history.readThere(eve, "m3").records.map(({ id, state }) => `${id} ${state}`)).toEqual(["m3 read"]);
    expect(history.retract({ ...theirs, place, wireId: "w2" }, true)).toMatchObject({ record: { retracted: true } });
    expect(history.retract({ ...theirs, place, wireId: "w9" }, true).outcome).toBe("unknown");
    expect(inFile()).toEqual(["m1"]);
  });

  it("that nobody has written in is empty, and closing forgets what was only shown", () => {
    expect([ids("account-1|none@outside.test"), listed(), waiting()]).toEqual([[], [], []]);
    append(fromEve(1));
    history.close();
    expect([ids(eve), listed()]).toEqual([[], []]);
  });

  it("has what it had in the file as it was, unseen, and takes none of it for news", () => {
    start("encrypted", rules("all"));
    append(fromEve(1), fromBob(2));
    history.setScope(rules("internal"));
    expect([ids(eve), history.get("m1"), hits(), listed(), inFile()]).toEqual([
      [],
      undefined,
      ["m2"],
      [bob],
      ["m1", "m2"],
    ]);
    expect(append(fromEve(1))[0]?.isNew).toBe(false);
    expect([ids(eve), inFile()]).toEqual([[], ["m1", "m2"]]);
    append(fromEve(3));
    history.setScope(rules("all"));
    // What was out of scope is forgotten, as promised.
    expect([ids(eve), listed()]).toEqual([["m1"], [eve, bob]]);
  });

  it("takes along what waits to be sent, once, and keeps its copy in the file true", () => {
    start("encrypted", rules("all"));
    append(fromEve(1, { direction: "out" }), fromBob(2, { direction: "out" }));
    history.setScope(rules("internal"));
    expect([ids(eve), waiting()]).toEqual([["m1"], ["m1", "m2"]]);
    expect(history.setState({ conversationId: eve, wireId: "m1", state: "sent" })?.state).toBe("sent");
    expect([file.store.read.byId("m1")?.state, waiting()]).toEqual([1, ["m2"]]);
    append(fromEve(3, { direction: "out" }), fromEve(4));
    history.setScope(rules("internal", ["outside.test"]));
    // What waits is kept from now on; what has been said is not.
    expect([waiting(), inFile(), ids(eve)]).toEqual([
      ["m2", "m3"],
      ["m1", "m2", "m3"],
      ["m1", "m3"],
    ]);
  });

  it("stays in sight under other rules by which it is out of scope", () => {
    append(fromEve(1), fromEve(2));
    history.setScope(rules("internal", ["elsewhere.test"]));
    expect([ids(eve), inFile()]).toEqual([["m1", "m2"], []]);
    history.setScope(rules("external"));
    expect([ids(eve), inFile()]).toEqual([[], []]);
    append(fromBob(3), fromEve(4));
    expect([inFile(), ids(bob)]).toEqual([["m4"], ["m3"]]);
  });

  it("loses what only memory had of it, but for what waits", () => {
    start("memory", rules("all"));
    append(fromEve(1), fromEve(2, { direction: "out" }), fromBob(3));
    history.setScope(rules("internal"));
    expect([ids(eve), ids(bob), waiting()]).toEqual([["m2"], ["m3"], ["m2"]]);
    history.setScope(rules("all"));
    expect([ids(eve), ids(bob)]).toEqual([["m2"], ["m3"]]);
  });
});
