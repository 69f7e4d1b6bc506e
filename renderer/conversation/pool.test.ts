// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeMain, type FakeMain } from "../dev/fake-main.ts";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { createClient } from "../ipc/client.ts";
import { Replica } from "../state/replica.ts";
import { createUi } from "../state/ui.ts";
import { newUuid } from "../state/uuid.ts";
import { KeptWindow } from "../state/window-state.ts";
import { Conversation } from "./model.ts";
import { ConversationPool } from "./pool.ts";

const juliet = `${xmppAccount.id}|juliet@bank.example`;
const bob = `${xmppAccount.id}|bob@corp.example`;

let fake: FakeMain;
let replica: Replica;
let pool: ConversationPool;
const count = (conversation: Conversation): number => conversation.messages.value.length;
const asked = (): number => fake.calls.filter(({ method }) => method === "conversations.open").length;

beforeEach(async () => {
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
  pool = new ConversationPool(
    (id) =>
      new Conversation({
        id,
        client,
        replica,
        place: kept.placeOf(id),
        attentive: () => true,
        newId: newUuid,
        now: Date.now,
      }),
    replica,
  );
  replica.start();
  await vi.waitFor(() => expect(replica.ready.value).toBe(true));
});
afterEach(() => pool.dispose());

/** One that is open, and one that was. */
async function both(): Promise<{ readonly open: Conversation; readonly closed: Conversation }> {
  const closed = pool.get(bob);
  await closed.open();
  closed.close();
  const open = pool.get(juliet);
  await open.open();
  expect([count(open), count(closed)]).toEqual([31, 3]);
  return { open, closed };
}

describe("when main says to forget", () => {
  it("an open chat shows what there is now, one that was open holds nothing any more", async () => {
    const { open, closed } = await both();
    fake.lose(juliet);
    fake.publish([{ op: "forget", table: "messages", id: "all" }]);
    await vi.waitFor(() => expect([count(open), count(closed)]).toEqual([0, 0]));
    expect(open.items.value.map(({ kind }) => kind)).toEqual(["start"]);
    expect(closed.state.value).toBe("loading");
    await closed.open();
    expect(count(closed)).toBe(3);
  });

  it("one conversation, the others keep theirs and are not asked for again", async () => {
    const { open, closed } = await both();
    const before = asked();
    fake.publish([{ op: "forget", table: "messages", id: bob }]);
    await vi.waitFor(() => expect(count(closed)).toBe(0));
    expect([count(open), asked()]).toEqual([31, before]);
  });

  it("nothing stays on the screen when it cannot be asked for again", async () => {
    const { open } = await both();
    fake.failNext("conversations.open", { code: "storage-failed" });
    fake.publish([{ op: "forget", table: "messages", id: juliet }]);
    await vi.waitFor(() => expect(open.state.value).toBe("failed"));
    expect(count(open)).toBe(0);
  });

  it("what is being sent stays", async () => {
    const { open } = await both();
    const release = fake.hold("messages.send");
    const sending = open.send("Still on its way");
    fake.lose(juliet);
    fake.publish([{ op: "forget", table: "messages", id: juliet }]);
    await vi.waitFor(() => expect(open.messages.value.map(({ body }) => body)).toEqual(["Still on its way"]));
    release();
    await sending;
  });
});
