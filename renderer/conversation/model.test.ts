// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeMain, type FakeMain } from "../dev/fake-main.ts";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { createClient } from "../ipc/client.ts";
import { Replica } from "../state/replica.ts";
import { createUi } from "../state/ui.ts";
import { newUuid } from "../state/uuid.ts";
import { KeptWindow } from "../state/window-state.ts";
import { Conversation } from "./model.ts";

const juliet = `${xmppAccount.id}|juliet@bank.example`;
const bob = `${xmppAccount.id}|bob@corp.example`;
const carol = `${xmppAccount.id}|carol@partner.example`;

let fake: FakeMain;
let replica: Replica;
let attentive = true;
let make: (id: string) => Conversation;
const bodies = (conversation: Conversation): string[] => conversation.messages.value.map(({ body }) => body);
const kinds = (conversation: Conversation): string =>
  conversation.items.value.map(({ kind }) => kind.charAt(0)).join("");
const madeCalls = (method: string): unknown[] =>
  fake.calls.filter((call) => call.method === method).map(({ args }) => args);

beforeEach(async () => {
  attentive = true;
  fake = createFakeMain(scenarios.company());
  const client = createClient(fake.transport);
  replica = new Replica({
    client,
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
      attentive: () => attentive,
      newId: newUuid,
      now: () => Date.now(),
    });
  replica.start();
  await vi.waitFor(() => expect(replica.ready.value).toBe(true));
});

describe("conversation", () => {
  it("opens at the first unread message with a divider above it, which stays after reading", async () => {
    const conversation = make(bob);
    await conversation.open();
    expect(kinds(conversation)).toBe("sdmnmm");
    conversation.seen(conversation.messages.value.at(-1)?.id ?? "");
    await vi.waitFor(() => expect(replica.conversations.peek(bob)?.unread).toBe(0));
    expect(kinds(conversation)).toBe("sdmnmm");
  });

  it("marks as read only what is unread, and never backwards", async () => {
    const conversation = make(bob);
    await conversation.open();
    conversation.seen(conversation.messages.value[0]?.id ?? "");
    expect(madeCalls("conversations.markRead")).toEqual([]);
  });

  it("loads older messages a page at a time until the start", async () => {
    const conversation = make(juliet);
    await conversation.open();
    const first = conversation.messages.value.length;
    expect(conversation.before.value).toBe(true);
    await Promise.all([conversation.loadOlder(), conversation.loadOlder()]);
    expect(madeCalls("conversations.page")).toHaveLength(1);
    expect(conversation.messages.value.length).toBe(first + 60);
    while (conversation.before.value) await conversation.loadOlder();
    expect(conversation.items.value[0]?.kind).toBe("start");
  });

  it("goes to the very beginning in one step, and forward from there", async () => {
    const conversation = make(juliet);
    await conversation.open();
    await conversation.toStart();
    expect(conversation.items.value[0]?.kind).toBe("start");
    expect([conversation.before.value, conversation.after.value]).toEqual([false, true]);
    const first = conversation.messages.value.length;
    await conversation.loadNewer();
    expect(conversation.messages.value.length).toBeGreaterThan(first);
    expect(madeCalls("conversations.page")).toHaveLength(2);
  });

  it("opens around a search hit, and goes to the end from there", async () => {
    const conversation = make(juliet);
    await conversation.open("m40");
    expect(conversation.target.value).toBe("m40");
    expect(bodies(conversation).join()).toContain("Line 39");
    expect(conversation.after.value).toBe(true);
    await conversation.toEnd();
    expect(conversation.after.value).toBe(false);
    expect(bodies(conversation).at(-1)).toContain("CPIM");
  });

  it("shows a message at once, then its states as they come", async () => {
    const conversation = make(carol);
    await conversation.open();
    const sent = conversation.send("Hello");
    expect(conversation.messages.value.at(-1)).toMatchObject({ body: "Hello", state: "waiting", direction: "out" });
    await sent;
    expect(conversation.messages.value).toHaveLength(1);
    await vi.waitFor(() => expect(conversation.messages.value[0]?.state).toBe("delivered"));
    expect(conversation.messages.value[0]?.seq).toBeLessThan(Number.MAX_SAFE_INTEGER);
    expect(madeCalls("messages.send")).toEqual([
      { conversationId: carol, messageId: expect.stringMatching(/^[0-9a-f-]{36}$/), body: "Hello" },
    ]);
  });

  it("takes a message back when main refuses it, with the reason", async () => {
    const conversation = make(carol);
    await conversation.open();
    fake.failNext("messages.send", { code: "blocked-by-policy" });
    await expect(conversation.send("Hello")).rejects.toMatchObject({ code: "blocked-by-policy" });
    expect(conversation.messages.value).toEqual([]);
  });

  it("puts the divider above what came while nobody was looking", async () => {
    const conversation = make(carol);
    await conversation.open();
    fake.receive(carol, "seen at once");
    await vi.waitFor(() => expect(kinds(conversation)).toBe("sdm"));
    attentive = false;
    fake.receive(carol, "while away");
    fake.receive(carol, "and more");
    await vi.waitFor(() => expect(kinds(conversation)).toBe("sdmnmm"));
    await conversation.send("Back");
    expect(kinds(conversation)).not.toContain("n");
  });

  describe("with the end out of view", () => {
    const seeAll = (conversation: Conversation): void =>
      conversation.seen(conversation.messages.value.findLast(({ direction }) => direction === "in")?.id ?? "");
    const below = (conversation: Conversation): string[] => {
      const items = conversation.items.value;
      const at = items.findIndex(({ kind }) => kind === "new");
      return at === -1 ? [] : items.slice(at).flatMap((item) => (item.kind === "message" ? [item.message.body] : []));
    };
    const arrives = async (conversation: Conversation, body: string): Promise<void> => {
      fake.receive(conversation.id, body);
      await vi.waitFor(() => expect(bodies(conversation)).toContain(body));
    };

    it("puts the divider above the first that arrives, and moves it only once all under it has been seen", async () => {
      const conversation = make(carol);
      await conversation.open();
      await arrives(conversation, "seen at once");
      seeAll(conversation);
      expect(below(conversation)).toEqual([]);
      conversation.place.move({ atEnd: false });
      await arrives(conversation, "one");
      await arrives(conversation, "two");
      expect(below(conversation)).toEqual(["one", "two"]);
      // Whoever looks at an older one has seen no more than before.
      conversation.seen(conversation.messages.value[0]?.id ?? "");
      await arrives(conversation, "three");
      expect(below(conversation)).toEqual(["one", "two", "three"]);
      seeAll(conversation);
      await arrives(conversation, "four");
      expect(below(conversation)).toEqual(["four"]);
    });

    it("takes it away when more comes that is seen as it comes", async () => {
      const conversation = make(carol);
      await conversation.open();
      conversation.place.move({ atEnd: false });
      await arrives(conversation, "one");
      conversation.place.move({ atEnd: true });
      await arrives(conversation, "two");
      expect(below(conversation)).toEqual(["one", "two"]);
      seeAll(conversation);
      await arrives(conversation, "three");
      expect(below(conversation)).toEqual([]);
    });

    it("finds the first of those that came beyond what is loaded, when the end is shown", async () => {
      const conversation = make(juliet);
      await conversation.open("m40");
      conversation.place.move({ atEnd: false });
      expect(conversation.after.value).toBe(true);
      const before = replica.conversations.peek(juliet)?.unread ?? 0;
      fake.receive(juliet, "beyond");
      fake.receive(juliet, "and further");
      await vi.waitFor(() => expect(replica.conversations.peek(juliet)?.unread).toBe(before + 2));
      expect(bodies(conversation)).not.toContain("beyond");
      await conversation.toEnd();
      expect(below(conversation).slice(-2)).toEqual(["beyond", "and further"]);
      expect(below(conversation)).toHaveLength(before + 2);
    });

    it("lets messages of other conversations be", async () => {
      const conversation = make(carol);
      await conversation.open();
      conversation.place.move({ atEnd: false });
      fake.receive(bob, "elsewhere");
      await arrives(conversation, "here");
      expect(below(conversation)).toEqual(["here"]);
    });
  });

  it("says what went wrong when it cannot be loaded, and loads on the next try", async () => {
    const conversation = make(carol);
    fake.failNext("conversations.open", { code: "storage-failed" });
    await conversation.open();
    expect(conversation.state.value).toBe("failed");
    expect(conversation.error.value?.code).toBe("storage-failed");
    await conversation.open();
    expect(conversation.state.value).toBe("ready");
  });

  it("hears nothing more once it is closed", async () => {
    const conversation = make(carol);
    await conversation.open();
    conversation.close();
    fake.receive(carol, "too late");
    await vi.waitFor(() => expect(replica.conversations.peek(carol)?.unread).toBe(1));
    expect(conversation.messages.value).toEqual([]);
    expect(madeCalls("conversations.close")).toEqual([{ conversationId: carol }]);
  });

  it("stays short in a long sitting, whether they read at the end or further up", async () => {
    const flood = (to: Conversation, name: string): void => {
      const last = to.messages.value.at(-1);
      if (last === undefined) throw new Error("nothing was loaded");
      fake.publish(
        Array.from({ length: 1_000 }, (_, n) => ({
          op: "put",
          table: "messages",
          id: `${name}${n}`,
          record: { ...last, id: `${name}${n}`, seq: last.seq + n + 1 },
        })),
      );
    };
    const conversation = make(juliet);
    await conversation.open();
    flood(conversation, "y");
    await vi.waitFor(() => expect(conversation.messages.value.at(-1)?.id).toBe("y999"));
    expect(conversation.messages.value.length).toBeLessThanOrEqual(660);
    expect(conversation.before.value).toBe(true);
    expect(conversation.after.value).toBe(false);
    const top = conversation.messages.value[0]?.id;
    conversation.place.move({ anchor: top, atEnd: false });
    flood(conversation, "z");
    await vi.waitFor(() => expect(conversation.after.value).toBe(true));
    expect(conversation.messages.value[0]?.id).toBe(top);
    expect(conversation.messages.value.length).toBeLessThanOrEqual(660);
  });

  it("keeps no more than it may, letting go of the far end", async () => {
    const conversation = make(juliet);
    await conversation.open("m200");
    const [one] = conversation.messages.value;
    if (one === undefined) throw new Error("nothing was loaded");
    fake.publish(
      Array.from({ length: 600 }, (_, n) => ({
        op: "put",
        table: "messages",
        id: `x${n}`,
        record: { ...one, id: `x${n}` },
      })),
    );
    // All of them: what comes while the next page is asked for stands beside it.
    await vi.waitFor(() => expect(conversation.messages.value.some(({ id }) => id === "x599")).toBe(true));
    await conversation.loadOlder();
    expect(conversation.messages.value).toHaveLength(600);
    expect(conversation.after.value).toBe(true);
  });
});
