// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeMain, type FakeMain } from "../dev/fake-main.ts";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { type Client, createClient } from "../ipc/client.ts";
import { Replica } from "../state/replica.ts";
import { createUi } from "../state/ui.ts";
import { newUuid } from "../state/uuid.ts";
import { KeptWindow } from "../state/window-state.ts";
import { Conversation } from "./model.ts";

const juliet = `${xmppAccount.id}|juliet@bank.example`;
const carol = `${xmppAccount.id}|carol@partner.example`;
const unread = 150;

let fake: FakeMain;
let replica: Replica;
/** Answers wait for this, after main has made them. */
let onTheWay: Promise<void> | undefined;
let make: (id: string) => Conversation;

const bodies = (conversation: Conversation): string[] => conversation.messages.value.map(({ body }) => body);
const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => `Line ${from + n}.`);

/** All of the conversation as it can be scrolled through, from what is loaded now. */
async function wholeText(conversation: Conversation): Promise<string[]> {
  while (conversation.before.value) await conversation.loadOlder();
  while (conversation.after.value) await conversation.loadNewer();
  return bodies(conversation);
}

async function openUnread(): Promise<Conversation> {
  for (const line of lines(0, unread)) fake.receive(carol, line);
  await vi.waitFor(() => expect(replica.conversations.peek(carol)?.unread).toBe(unread));
  const conversation = make(carol);
  await conversation.open();
  expect(conversation.after.value).toBe(true);
  return conversation;
}

beforeEach(async () => {
  onTheWay = undefined;
  fake = createFakeMain(scenarios.company());
  const direct = createClient(fake.transport);
  const client: Pick<Client, "request"> = {
    async request(method, args) {
      const result = await direct.request(method, args);
      await onTheWay;
      return result;
    },
  };
  replica = new Replica({
    client: direct,
    schedule: (work) => {
      const timer = setTimeout(work);
      return () => clearTimeout(timer);
    },
    elapsed: () => performance.now(),
  });
  const kept = new KeptWindow({ client, replica, ui: createUi() });
  make = (id) =>
    new Conversation({
      id,
      client,
      replica,
      place: kept.placeOf(id),
      attentive: () => true,
      newId: newUuid,
      now: () => Date.now(),
    });
  replica.start();
  await vi.waitFor(() => expect(replica.ready.value).toBe(true));
});

describe("between two messages that are shown, none is missing", () => {
  it("after a quick answer under many unread messages, and the answer stands at the end", async () => {
    const conversation = await openUnread();
    await conversation.send("my answer");
    expect(bodies(conversation).slice(-3)).toEqual(["Line 148.", "Line 149.", "my answer"]);
    expect(conversation.after.value).toBe(false);
    expect(conversation.editing.beginLast()).toBe(true);
    expect(await wholeText(conversation)).toEqual([...lines(0, unread), "my answer"]);
  });

  it("after an answer that is typed before anything was shown", async () => {
    for (const line of lines(0, unread)) fake.receive(carol, line);
    await vi.waitFor(() => expect(replica.conversations.peek(carol)?.unread).toBe(unread));
    const conversation = make(carol);
    await Promise.all([conversation.open(), conversation.send("my answer")]);
    expect(bodies(conversation).slice(-2)).toEqual(["Line 149.", "my answer"]);
    expect(await wholeText(conversation)).toEqual([...lines(0, unread), "my answer"]);
  });

  it("after two answers in a row", async () => {
    const conversation = await openUnread();
    await Promise.all([conversation.send("one"), conversation.send("two")]);
    expect(bodies(conversation).slice(-3)).toEqual(["Line 149.", "one", "two"]);
    expect(await wholeText(conversation)).toEqual([...lines(0, unread), "one", "two"]);
  });

  it("after an answer to what a search has led to", async () => {
    const conversation = make(juliet);
    await conversation.open("m40");
    await conversation.send("found it");
    expect(bodies(conversation).at(-1)).toBe("found it");
    expect(bodies(conversation).at(-2)).toContain("CPIM");
    expect(conversation.target.value).toBeUndefined();
  });

  it("when the end cannot be loaded for an answer: it stands alone, and what is before it comes by pages", async () => {
    const conversation = await openUnread();
    fake.failNext("conversations.page", { code: "storage-failed" });
    await conversation.send("my answer");
    expect(bodies(conversation)).toEqual(["my answer"]);
    expect(await wholeText(conversation)).toEqual([...lines(0, unread), "my answer"]);
  });

  it("when an answer is refused: what was being read stays whole", async () => {
    const conversation = await openUnread();
    fake.failNext("messages.send", { code: "blocked-by-policy" });
    await expect(conversation.send("my answer")).rejects.toMatchObject({ code: "blocked-by-policy" });
    expect(await wholeText(conversation)).toEqual(lines(0, unread));
  });

  it("when messages, corrections of messages that are not loaded, and another device's answer come while an older page is shown", async () => {
    const conversation = await openUnread();
    const shown = bodies(conversation);
    const [older] = conversation.messages.value;
    const last = conversation.messages.value.at(-1);
    if (!older || !last) throw new Error("nothing is loaded");
    await conversation.toStart();
    while (conversation.after.value) await conversation.loadNewer();
    const [first, far] = [conversation.messages.value[0], conversation.messages.value.at(-1)];
    if (!first || !far) throw new Error("nothing is loaded");
    const again = make(carol);
    await again.open();
    expect(bodies(again)).toEqual(shown);
    fake.receive(carol, "one more");
    fake.publish([
      {
        op: "put",
        table: "messages",
        id: far.id,
        record: { ...far, body: "Line 149, corrected.", corrected: Date.now() },
      },
      {
        op: "put",
        table: "messages",
        id: "carbon",
        record: { ...far, id: "carbon", direction: "out", seq: far.seq + 5_000, at: Date.now(), otherDevice: true },
      },
    ]);
    await vi.waitFor(() => expect(bodies(conversation)).toContain("one more"));
    expect(bodies(again)).toEqual(shown);
  });

  it("when an old message that is not loaded is corrected or comes late", async () => {
    const conversation = make(juliet);
    await conversation.open();
    const shown = bodies(conversation);
    const [first] = conversation.messages.value;
    if (!first || !conversation.before.value) throw new Error("older ones are missing");
    fake.publish([
      {
        op: "put",
        table: "messages",
        id: "m1",
        record: { ...first, id: "m1", at: first.at - 86_400_000, body: "corrected", corrected: Date.now() },
      },
    ]);
    fake.receive(juliet, "after it");
    await vi.waitFor(() => expect(bodies(conversation)).toContain("after it"));
    expect(bodies(conversation)).toEqual([...shown, "after it"]);
  });

  it.each(["the next page", "the end", "the conversation"])(
    "when a message comes while %s is on the way",
    async (asked) => {
      const conversation = await openUnread();
      while (conversation.messages.value.length < unread - 60) await conversation.loadNewer();
      const { promise, resolve } = Promise.withResolvers<void>();
      onTheWay = promise;
      const loading =
        asked === "the next page"
          ? conversation.loadNewer()
          : asked === "the end"
            ? conversation.toEnd()
            : conversation.open("in-none");
      fake.receive(carol, "meanwhile");
      await vi.waitFor(() => expect(replica.conversations.peek(carol)?.unread).toBe(unread + 1));
      resolve();
      await loading;
      expect(await wholeText(conversation)).toEqual([...lines(0, unread), "meanwhile"]);
    },
  );

  it("and what is read at the end counts as read, though the first unread message is not loaded", async () => {
    const conversation = await openUnread();
    await conversation.send("my answer");
    conversation.seen(conversation.messages.value.at(-2)?.id ?? "");
    await vi.waitFor(() => expect(replica.conversations.peek(carol)?.unread).toBe(0));
  });
});
