import { beforeEach, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import { createTables } from "../store/tables.ts";
import { Sending, type SendingParts } from "./sending.ts";

/** The stages of sending in their order: each is passed once, and what one refuses goes no further. */
const accountId = "account-1";
const bob = "bob@x.example";
const conversationId = directConversation(accountId, bob);
const order = ["may write", "inspect", "limit", "store", "shown", "still allowed", "protect", "wire"] as const;
type Step = (typeof order)[number];

let steps: string[];
let refusing: Step | undefined;
let sending: Sending;

/** Notes that a step was reached with this text, and refuses there where it is to. */
function reach(step: Step, text = ""): void {
  steps.push(text === "" ? step : `${step}: ${text}`);
  if (refusing === step) throw new HallwayError("not-allowed");
}

beforeEach(async () => {
  steps = [];
  refusing = undefined;
  const tables = createTables(() => undefined);
  tables.put("contacts", {
    ...{ id: `${accountId}|${bob}`, accountId, address: bob, name: "Bob", groups: [], listed: true, asked: false },
    ...{ subscription: "both", presence: { availability: "available" } },
  } as never);
  const parts = {
    tables,
    mayWrite: () => reach("may write"),
    guard: {
      outgoing({ body }: { body: string }) {
        reach("inspect", body);
        return "inspected";
      },
      stillAllowed: ({ body }: { body: string }) => reach("still allowed", body),
    },
    firstMessages: { admit: () => reach("limit") },
    history: {
      waiting: async () => [],
      async append([message]: [{ body: string }]) {
        reach("store", message.body);
        return [{ record: { ...message, seq: 1 }, isNew: true, changed: false }];
      },
    },
    conversations: { count: () => undefined, changed: ({ body }: { body: string }) => reach("shown", body) },
    contacts: { save: async () => undefined },
    requests: { written: () => undefined },
    ownChanges: { waiting: () => [] },
    times: { own: () => 1 },
    clearance: () => undefined,
    methods: [
      {
        async protect(item: { body: string }, [recipient]: string[]) {
          reach("protect", `${item.body} for ${recipient}`);
          return { ...item, body: "protected" };
        },
      },
    ],
    connections: {
      address: () => "me@x.example",
      get: () => ({
        messages: { send: async ({ to, body }: { to: string; body: string }) => reach("wire", `${body} to ${to}`) },
      }),
    },
    now: () => 1,
  } as unknown as SendingParts;
  sending = new Sending(parts);
  await sending.release(accountId, new AbortController().signal);
});

const say = () => sending.say({ kind: "text", id: "m1", conversationId, body: "typed" });

it("passes a text from top to bottom, each stage with what the one before made of it", async () => {
  await say();
  await vi.waitFor(() => expect(steps).toHaveLength(order.length));
  expect(steps).toEqual([
    "may write",
    "inspect: typed",
    "limit",
    "store: inspected",
    "shown: inspected",
    "still allowed: inspected",
    `protect: inspected for ${bob}`,
    `wire: protected to ${bob}`,
  ]);
});

it.each(order.slice(0, 5))("goes no further than where it is refused: %s", async (step) => {
  refusing = step;
  await expect(say()).rejects.toMatchObject({ code: "not-allowed" });
  expect(steps.map((text) => text.split(":")[0])).toEqual(order.slice(0, order.indexOf(step) + 1));
});

it.each(order.slice(5))("is told of as failed where it is refused after it was stored: %s", async (step) => {
  refusing = step;
  const failed = Promise.withResolvers<string>();
  sending.failures.add(({ item, error }) => failed.resolve(`${item.id} ${(error as HallwayError).code}`));
  await say();
  expect(await failed.promise).toBe("m1 not-allowed");
  expect(steps.map((text) => text.split(":")[0])).toEqual(order.slice(0, order.indexOf(step) + 1));
});
