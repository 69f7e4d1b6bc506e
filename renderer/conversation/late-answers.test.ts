import { effect } from "@preact/signals";
import { expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { MessageOp } from "../state/replica.ts";
import { Conversation } from "./model.ts";

const id = "account-1|bob@x.example";
const message = (n: number, fields: Partial<MessageRecord> = {}): MessageRecord => ({
  id: `m${n}`,
  conversationId: id,
  accountId: "account-1",
  direction: "in",
  author: { isSelf: false },
  body: `Line ${n}.`,
  at: n,
  seq: n,
  state: "received",
  ...fields,
});

/** A main that answers when the test says so, in whatever order. */
interface Asked {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  answer(result?: unknown): Promise<void>;
  refuse(code: "storage-failed" | "blocked-by-policy"): Promise<void>;
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function setUp() {
  const asked: Asked[] = [];
  let follow: (op: MessageOp) => void = () => undefined;
  const request = (method: string, args: Readonly<Record<string, unknown>>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asked.push({
        method,
        args,
        answer(result = {}) {
          resolve(result);
          return settle();
        },
        refuse(code) {
          reject(new HallwayError(code));
          return settle();
        },
      });
    });
  let n = 0;
  const conversation = new Conversation({
    id,
    client: { request } as never,
    replica: {
      onMessage(listener: typeof follow) {
        follow = listener;
        return () => {
          follow = () => undefined;
        };
      },
      conversations: { peek: () => undefined },
      places: { of: () => undefined },
    } as never,
    place: { atEnd: true, anchor: undefined, move: () => undefined } as never,
    attentive: () => true,
    newId: () => `own-${++n}`,
    now: () => 1_000 + n,
  });
  const last = (method: string): Asked => {
    const found = asked.findLast((one) => one.method === method);
    if (!found) throw new Error(`${method} was not asked`);
    return found;
  };
  return {
    conversation,
    asked,
    last,
    publish: (record: MessageRecord) => follow({ op: "put", table: "messages", id: record.id, record }),
  };
}

const page = (from: number, to: number, more: { readonly before?: boolean; readonly after?: boolean } = {}) => ({
  messages: Array.from({ length: to - from }, (_, n) => message(from + n)),
  before: more.before ?? false,
  after: more.after ?? false,
});
const ids = ({ messages }: Conversation): readonly string[] => messages.value.map((one) => one.id);
/** State of a promise by now. */
function watch(promise: Promise<unknown>) {
  const seen = { state: "pending" };
  promise.then(
    () => (seen.state = "done"),
    (error: unknown) => (seen.state = error instanceof HallwayError ? error.code : String(error)),
  );
  return seen;
}

async function opened(more: Parameters<typeof page>[2] = {}) {
  const made = setUp();
  const opening = made.conversation.open();
  await made.last("conversations.open").answer(page(100, 103, more));
  await opening;
  return made;
}

it("is loading until main has answered, and ready only then", async () => {
  const { conversation, last } = setUp();
  const opening = watch(conversation.open());
  await settle();
  expect([conversation.state.value, opening.state]).toEqual(["loading", "pending"]);
  await last("conversations.open").answer(page(1, 3));
  expect([conversation.state.value, opening.state, ids(conversation)]).toEqual(["ready", "done", ["m1", "m2"]]);
});

it("holds what was asked for last, in whatever order the answers come, and no late failure of the first is told", async () => {
  for (const end of ["answer", "refuse"] as const) {
    const { conversation, asked } = setUp();
    const first = watch(conversation.open("m1"));
    const second = watch(conversation.open("m50"));
    await asked[1]?.answer(page(49, 52, { before: true, after: true }));
    if (end === "answer") await asked[0]?.answer(page(0, 3));
    else await asked[0]?.refuse("storage-failed");
    expect([first.state, second.state, conversation.state.value, conversation.error.value]).toEqual([
      "done",
      "done",
      "ready",
      undefined,
    ]);
    expect(ids(conversation)).toEqual(["m49", "m50", "m51"]);
  }
});

it("a message is sent when main says so: until then it waits, and what was sent after it stays when it is refused", async () => {
  const { conversation, asked } = await opened();
  const [one, two] = [watch(conversation.send("one")), watch(conversation.send("two"))];
  await settle();
  const sends = asked.filter(({ method }) => method === "messages.send");
  expect([sends.length, one.state, two.state]).toEqual([2, "pending", "pending"]);
  expect(conversation.messages.value.slice(-2).map(({ state, body }) => `${state} ${body}`)).toEqual([
    "waiting one",
    "waiting two",
  ]);
  await sends[0]?.refuse("blocked-by-policy");
  expect([one.state, two.state, ids(conversation)]).toEqual([
    "blocked-by-policy",
    "pending",
    ["m100", "m101", "m102", "own-2"],
  ]);
  await sends[1]?.answer(message(103, { id: "own-2", direction: "out", state: "sent" }));
  expect([two.state, conversation.messages.value.at(-1)?.seq, conversation.messages.value.length]).toEqual([
    "done",
    103,
    4,
  ]);
});

it("what is published before main answers is not put back by the answer", async () => {
  const { conversation, last, publish } = await opened();
  const sending = conversation.send("one");
  publish(message(103, { id: "own-1", direction: "out", state: "delivered" }));
  await last("messages.send").answer(message(103, { id: "own-1", direction: "out", state: "waiting" }));
  await sending;
  expect(conversation.messages.value.filter((one) => one.id === "own-1").map(({ state }) => state)).toEqual([
    "delivered",
  ]);
});

it("sent from further up, a message is there when both answers are, whichever comes first, and the end is asked for once", async () => {
  for (const first of ["messages.send", "conversations.page"]) {
    const { conversation, asked, last } = await opened({ before: true, after: true });
    const [one, two] = [watch(conversation.send("one")), watch(conversation.send("two"))];
    await settle();
    expect(asked.filter(({ method }) => method === "conversations.page")).toHaveLength(1);
    const sends = asked.filter(({ method }) => method === "messages.send");
    const send = async (): Promise<void> => {
      for (const [n, own] of sends.entries())
        await own.answer(message(200 + n, { id: `own-${n + 1}`, direction: "out", state: "sent" }));
    };
    const jump = () => last("conversations.page").answer(page(190, 193, { before: true }));
    await (first === "messages.send" ? send() : jump());
    expect([one.state, two.state]).toEqual(["pending", "pending"]);
    await (first === "messages.send" ? jump() : send());
    expect([one.state, two.state]).toEqual(["done", "done"]);
    expect(ids(conversation)).toEqual(["m190", "m191", "m192", "own-1", "own-2"]);
  }
});

it("where the end cannot be loaded, a message that was sent is shown alone", async () => {
  const { conversation, last } = await opened({ before: true, after: true });
  const sending = watch(conversation.send("one"));
  await last("messages.send").answer(message(200, { id: "own-1", direction: "out", state: "sent" }));
  expect(sending.state).toBe("pending");
  await last("conversations.page").refuse("storage-failed");
  expect([sending.state, ids(conversation), conversation.before.value, conversation.after.value]).toEqual([
    "done",
    ["own-1"],
    true,
    false,
  ]);
});

it("trying again waits for main, and fails as it does", async () => {
  const { conversation, last } = await opened();
  const good = watch(conversation.retry("m1"));
  await settle();
  expect(good.state).toBe("pending");
  await last("messages.retry").answer();
  expect(good.state).toBe("done");
  const bad = watch(conversation.retry("m1"));
  await last("messages.retry").refuse("storage-failed");
  expect(bad.state).toBe("storage-failed");
});

it("a page of older messages that comes after the end was loaded belongs to nothing", async () => {
  const { conversation, asked } = await opened({ before: true, after: true });
  const older = watch(conversation.loadOlder());
  const end = watch(conversation.toEnd());
  const [pageOlder, pageEnd] = asked.filter(({ method }) => method === "conversations.page");
  await pageEnd?.answer(page(190, 193, { before: true }));
  await pageOlder?.answer(page(97, 100));
  expect([older.state, end.state, ids(conversation)]).toEqual(["done", "done", ["m190", "m191", "m192"]]);
  // And the next one is asked for as if it had never been.
  void conversation.loadOlder();
  expect(asked.at(-1)?.args).toMatchObject({ before: "m190" });
});

it("a page that fails leaves all as it is, and is asked for again", async () => {
  const { conversation, asked } = await opened({ before: true });
  const older = watch(conversation.loadOlder());
  expect(conversation.loadOlder()).toBeInstanceOf(Promise);
  expect(asked.filter(({ method }) => method === "conversations.page")).toHaveLength(1);
  await asked.at(-1)?.refuse("storage-failed");
  expect([older.state, ids(conversation), conversation.state.value]).toEqual([
    "done",
    ["m100", "m101", "m102"],
    "ready",
  ]);
  const again = watch(conversation.loadOlder());
  await asked.at(-1)?.answer(page(97, 100));
  expect([again.state, ids(conversation)[0]]).toEqual(["done", "m97"]);
});

it("an answer that comes after it was closed changes nothing", async () => {
  const { conversation, asked, last } = await opened({ before: true });
  void conversation.loadOlder();
  const older = last("conversations.page");
  conversation.close();
  await older.answer(page(97, 100));
  expect(ids(conversation)).toEqual(["m100", "m101", "m102"]);
  await last("conversations.close").refuse("storage-failed");
  expect(asked.at(-1)?.method).toBe("conversations.close");
});

it("asks for the next older page as soon as one is there, for whoever asks while it is drawn", async () => {
  const { conversation, asked, last } = await opened({ before: true });
  void conversation.loadOlder();
  const stop = effect(() => {
    if (conversation.messages.value.length === 6) void conversation.loadOlder();
  });
  await last("conversations.page").answer(page(97, 100, { before: true }));
  stop();
  const pages = asked.filter(({ method }) => method === "conversations.page");
  expect(pages.map(({ args }) => args["before"])).toEqual(["m100", "m97"]);
  // The second is under way: the end of the first has not let go of it.
  void conversation.loadOlder();
  expect(asked.filter(({ method }) => method === "conversations.page")).toHaveLength(2);
});
