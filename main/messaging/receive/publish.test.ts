import { beforeEach, describe, expect, it, vi } from "vitest";
import type { MessageRecord } from "../../../shared/model/message.ts";
import type { ConversationSummary } from "../../history/history.ts";
import type { Conversations } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import type { Outcome, Received } from "../delivery.ts";
import { passed } from "../passed.test-helper.ts";
import { account, bob, change, changeOf, delivery, log, outcome, record, said } from "./items.test-helper.ts";
import { publish } from "./publish.ts";

const conversationId = record.conversationId;
const summary = { conversationId, last: { text: "new", notice: { kind: "call" } } } as unknown as ConversationSummary;
let calls: unknown[][];
let failing: string;
let waiting: { readonly kind: string } | undefined;

beforeEach(() => {
  calls = [];
  failing = "";
  waiting = undefined;
});

const note =
  <T>(name: string, answer: () => T) =>
  (...about: readonly unknown[]): T => {
    calls.push([name, ...about]);
    if (name === failing) throw new TypeError("cannot be shown");
    return answer();
  };
const nothing = (): void => undefined;
const stage = () =>
  publish({
    history: {
      markRead: vi.fn(async (...about: readonly unknown[]) => {
        await Promise.resolve();
        calls.push(["mark read", ...about]);
        return { summary, readWireIds: [] };
      }),
    },
    conversations: {
      changed: note("changed", nothing),
      changedAll: note("changed all", nothing),
      summary: note("summary", nothing),
      typing: note("typing", nothing),
      count: note("count", async () => undefined),
    } as unknown as Conversations,
    requests: {
      file: note("file", nothing),
      unkept: note("unkept", nothing),
      get: () => waiting,
    } as unknown as Requests,
    log,
  });
const show = async (...items: readonly Received[]): Promise<readonly unknown[][]> => {
  const given = delivery(...items);
  expect(await passed(stage(), given)).toBe(given);
  return calls;
};
const over = (about: Partial<Outcome>): Partial<Outcome> => about;

describe("a message", () => {
  it("is shown, ends their typing, and is counted with those that came with it", async () => {
    const [one, two] = [outcome(), outcome({ id: "m2" })];
    expect(await show(one, two)).toEqual([
      ["changed", record],
      ["typing", conversationId, false],
      ["changed", record],
      ["typing", conversationId, false],
      ["count", conversationId, [one.outcome, two.outcome]],
    ]);
  });

  it("of one's own, from another device, ends no typing, and all before the last of them counts as read", async () => {
    const last = { ...record, id: "r2", direction: "out" } as MessageRecord;
    const own = outcome({ direction: "out" }, over({ record: last } as Partial<Outcome>));
    const theirs = outcome({ id: "m2" });
    expect(
      (await show(own, theirs)).map(([name, , id]) => [name, id].filter((one) => typeof one === "string")),
    ).toEqual([["changed"], ["changed"], ["typing"], ["count"], ["mark read", "r2"], ["summary"]]);
    expect(calls.at(-1)).toEqual(["summary", summary]);
  });

  it.each([
    [true, [["changed", record]]],
    [false, []],
  ])("that was here before is shown only where its state is another (%s)", async (isChanged, expected) => {
    expect(await show(outcome({}, over({ isNew: false, isChanged } as Partial<Outcome>)))).toEqual(expected);
  });

  it("of a stranger waits in Requests under the name that they give, and is counted nowhere else", async () => {
    const about = { accountId: account, protocol: "xmpp", address: bob, kind: "message", text: "hello" };
    const stranger = over({ isKnown: false } as Partial<Outcome>);
    expect(await show(outcome({}, stranger))).toEqual([["file", expect.objectContaining(about)]]);
    expect(calls[0]?.[1]).not.toHaveProperty("name");
    calls = [];
    const notice = { ...record, notice: { kind: "call" } } as MessageRecord;
    const named = outcome(
      { author: { address: bob, name: "Bob", isSelf: false } },
      over({ isKnown: false, record: notice } as Partial<Outcome>),
    );
    expect(await show(named)).toEqual([
      ["file", expect.objectContaining({ ...about, name: "Bob", notice: { kind: "call" } })],
    ]);
  });

  it("that a stranger has said before takes no room of theirs; an own one to them is no request", async () => {
    const again = over({ isKnown: false, isNew: false } as Partial<Outcome>);
    expect(await show(outcome({}, again))).toEqual([["unkept", account, bob, "hello".length]]);
    calls = [];
    const own = await show(outcome({ direction: "out" }, over({ isKnown: false } as Partial<Outcome>)));
    expect(own.map(([name]) => name)).toEqual(["changed", "count"]);
  });
});

describe("a change", () => {
  const changed = (direction: "in" | "out", about: Partial<Extract<Outcome, { kind: "change" }>> = {}): Received => ({
    event: change(direction),
    outcome: { kind: "change", change: changeOf(direction), record, summary, ...about },
  });

  it("is shown, with the line of its conversation", async () => {
    expect(await show(changed("in"))).toEqual([
      ["summary", summary],
      ["changed", record],
    ]);
  });

  it("of what is shown nowhere changes the line alone, and one without a line the message alone", async () => {
    expect(await show(changed("in", { record: undefined }))).toEqual([["summary", summary]]);
    calls = [];
    expect(await show(changed("in", { summary: undefined }))).toEqual([["changed", record]]);
  });

  it("of a stranger's is what waits in Requests now, where a message waits there", async () => {
    waiting = { kind: "message" };
    await show(changed("in"));
    expect(calls.at(-1)).toEqual([
      "file",
      expect.objectContaining({ address: bob, kind: "message", text: "new", notice: { kind: "call" } }),
    ]);
    calls = [];
    await show(changed("in", { summary: undefined }));
    expect(calls.at(-1)).toEqual(["file", expect.objectContaining({ text: "" })]);
    for (const [direction, kind] of [
      ["out", "message"],
      ["in", "presence"],
    ] as const) {
      calls = [];
      waiting = { kind };
      await show(changed(direction));
      expect(calls.map(([name]) => name)).toEqual(["summary", "changed"]);
    }
  });
});

describe("what is no message", () => {
  it.each<[string, Received, readonly unknown[]]>([
    ["typing", { event: { type: "typing", peer: bob, active: true } }, ["typing", conversationId, true]],
    [
      "a receipt",
      { event: { type: "delivery", id: "m", peer: bob, state: "read" }, outcome: { kind: "state", record } },
      ["changed", record],
    ],
    [
      "reading of theirs",
      {
        event: { type: "read-up-to", peer: bob, id: "m" },
        outcome: { kind: "read-there", conversationId, records: [record] },
      },
      ["changed all", conversationId, [record]],
    ],
    [
      "reading elsewhere",
      {
        event: { type: "read-elsewhere", peer: bob, author: { isSelf: true }, id: "m" },
        outcome: { kind: "read-here", summary },
      },
      ["summary", summary],
    ],
  ])("is shown as what it is: %s", async (_, item, expected) => {
    expect(await show(item)).toEqual([expected]);
  });

  it("and changed nothing is not shown", async () => {
    expect(await show({ event: change("in") }, { event: { type: "message", message: said() } })).toEqual([]);
  });
});

it.each(["changed", "count", "typing"])("what cannot be shown costs none of what came with it (%s)", async (name) => {
  failing = name;
  await show(outcome(), { event: { type: "read-up-to", peer: bob, id: "m" }, outcome: { kind: "read-here", summary } });
  expect(calls.at(-1)).toEqual(["summary", summary]);
});
