import { beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import type { WaitingMessage } from "../history/history.ts";
import { placed } from "./placed.test-helper.ts";
import { tablesWithBob } from "./send/items.test-helper.ts";
import { Sending, type SendingParts } from "./sending.ts";

const accountId = "account-1";
const bob = "bob@x.example";
const conversationId = directConversation(accountId, bob);
const message = (over: Partial<MessageRecord> = {}): MessageRecord =>
  ({ id: "m1", conversationId, direction: "out", body: "hello", at: 1, state: "failed", ...over }) as MessageRecord;
const change = placed({ kind: "correction", id: "c1", conversationId, targetId: "m1", body: "new", at: 2 } as const);

let steps: string[];
let stored: MessageRecord | undefined;
let failedChange: typeof change | undefined;
let waitingTexts: readonly WaitingMessage[];
let waitingChanges: readonly (typeof change)[];
let mayWrite: () => void;
let sending: Sending;
const live = new AbortController().signal;

beforeEach(() => {
  steps = [];
  stored = message();
  failedChange = undefined;
  waitingTexts = [];
  waitingChanges = [];
  mayWrite = () => void steps.push("may write");
  const send =
    (kind: string) =>
    async ({ id, body }: { readonly id: string; readonly body?: string }): Promise<void> =>
      void steps.push(`${kind} ${id} ${body}`);
  const messages = { send: send("text"), correct: send("correction"), retract: send("retraction") };
  sending = new Sending({
    tables: tablesWithBob(),
    mayWrite: () => mayWrite(),
    guard: { outgoing: ({ body }: { body: string }) => body, stillAllowed: () => undefined },
    history: {
      get: async () => stored,
      waiting: async () => waitingTexts,
      async setState({ wireId, state }: { wireId: string; state: string }) {
        await Promise.resolve();
        steps.push(`${wireId} is ${state}`);
        return stored && { ...stored, state };
      },
    },
    conversations: { changed: ({ id, state }: MessageRecord) => void steps.push(`shown ${id} ${state}`) },
    ownChanges: { again: () => failedChange, waiting: () => waitingChanges },
    clearance: () => undefined,
    methods: [],
    connections: { address: () => "me@x.example", get: () => ({ messages }) },
    retractionText: () => "",
    now: () => 5,
  } as unknown as SendingParts);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));
const retry = async (): Promise<string> => {
  try {
    await sending.retry("m1");
    await settled();
    return "";
  } catch (error) {
    return error instanceof HallwayError ? error.code : String(error);
  }
};

describe("a message that failed", () => {
  it("waits again once that is stored and shown, and goes out", async () => {
    await sending.release(accountId, live);
    expect(await retry()).toBe("");
    expect(steps).toEqual(["may write", "m1 is waiting", "shown m1 waiting", "text m1 hello"]);
  });

  it.each<[string, Partial<MessageRecord> | undefined, string]>([
    ["is not there", undefined, "not-found"],
    ["is somebody else's", { direction: "in" }, "not-found"],
    ["was sent", { state: "sent" }, ""],
    ["waits already", { state: "waiting" }, ""],
    ["was taken back", { retracted: true }, ""],
  ])("and %s does not go out", async (_, over, expected) => {
    await sending.release(accountId, live);
    stored = over && message(over);
    expect(await retry()).toBe(expected);
    expect(steps).toEqual([]);
  });

  it("stays failed where nothing may be said to them any more", async () => {
    await sending.release(accountId, live);
    mayWrite = () => {
      throw new HallwayError("blocked-by-policy");
    };
    expect(await retry()).toBe("blocked-by-policy");
    expect(steps).toEqual([]);
  });

  it("of which a change failed has that sent, and itself only where it failed, too", async () => {
    await sending.release(accountId, live);
    failedChange = change;
    stored = message({ state: "sent" });
    await retry();
    expect(steps).toEqual(["correction c1 new"]);
  });
});

describe("what waits", () => {
  it("goes out when the account is online, texts before their changes, without what was taken back", async () => {
    waitingTexts = [message({ id: "m1" }), message({ id: "m2", retracted: true }), message({ id: "m3" })].map(placed);
    waitingChanges = [change];
    await sending.release(accountId, live);
    await settled();
    expect(steps).toEqual(["text m1 hello", "text m3 hello", "correction c1 new"]);
  });

  it("stays where the account is gone meanwhile, and while it is held", async () => {
    waitingTexts = [placed(message())];
    const gone = new AbortController();
    const released = sending.release(accountId, gone.signal);
    gone.abort();
    await released;
    await settled();
    expect(steps).toEqual([]);
    waitingTexts = [];
    await sending.release(accountId, live);
    sending.hold(accountId);
    await retry();
    expect(steps).not.toContain("text m1 hello");
    await sending.release(accountId, live);
    await settled();
    expect(steps.at(-1)).toBe("text m1 hello");
  });
});
