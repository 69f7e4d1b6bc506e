import { expect, it } from "vitest";
import type { NetworkEvent } from "../networks/events.ts";
import { createIngest, type IngestParts } from "./ingest.ts";
import { createTables } from "./tables.ts";

const account = "account-1";

/** Everything that events are handed to, noting what it is told. */
function made(reception: "refuse" | "ask" | "open" | "fold" = "ask") {
  const told: unknown[][] = [];
  const note =
    (name: string) =>
    (...about: unknown[]): void =>
      void told.push([name, ...about]);
  const noting = (part: string, ...methods: readonly string[]) =>
    Object.fromEntries(methods.map((method) => [method, note(`${part} ${method}`)]));
  const tables = createTables(() => undefined);
  const stored = Promise.resolve(true);
  let accept = (address: string): Promise<void> => {
    told.push(["accept", address]);
    return Promise.resolve();
  };
  const parts = {
    tables,
    contacts: noting("contacts", "roster", "rosterItem", "rosterRemoved", "presence"),
    requests: { ...noting("requests", "fold", "file", "settle"), reception: () => reception },
    blocklist: noting("blocklist", "listed", "pushed"),
    messages: {
      live: (...about: unknown[]) => {
        note("live")(...about);
        return stored;
      },
    },
    connections: {
      get: (id: string) => (id === account ? { contacts: { accept: (who: string) => accept(who) } } : undefined),
      address: () => "me@x.example",
    },
    guard: { received: ({ body }: { body: string }) => `${body} seen` },
    log: { debug: () => undefined, info: note("log"), warn: note("warn") },
    now: () => 7,
  } as unknown as IngestParts;
  const ingest = createIngest(parts);
  return {
    told,
    tables,
    stored,
    take: (event: unknown, id = account) => ingest(id, "xmpp", event as NetworkEvent),
    refuse: () => {
      accept = () => Promise.reject(new Error("no"));
    },
  };
}
const asks = { type: "subscription-request", address: "bob@x.example", name: "Bob", text: "hi" };
const filed = { accountId: account, protocol: "xmpp", address: "bob@x.example", kind: "presence", at: 7 };
const known = (more: object) => ({ id: `${account}|bob@x.example`, listed: true, asked: false, ...more }) as never;

it("hands each event to the one part that it concerns, and waits for messages alone", () => {
  const { take, told, stored } = made();
  for (const type of ["message", "change", "delivery", "read-up-to", "read-elsewhere", "typing"])
    expect(take({ type })).toBe(stored);
  expect(told.map(([name]) => name)).toEqual(Array(6).fill("live"));
  told.length = 0;
  const others: readonly object[] = [
    { type: "roster", items: [1] },
    { type: "roster-item", item: 2 },
    { type: "roster-removed", address: "a" },
    { type: "presence", address: "b", presence: 3 },
    { type: "subscription-settled", address: "c" },
    { type: "block-list", addresses: ["d"] },
    { type: "block-changed", addresses: ["e"], isBlocked: true },
    { type: "refused", what: "odd" },
    { type: "connection-lost" },
    { type: "facets" },
    { type: "gateway" },
  ];
  for (const event of others) expect(take(event)).toBeUndefined();
  expect(told).toEqual([
    ["contacts roster", account, "xmpp", [1]],
    ["contacts rosterItem", account, "xmpp", 2],
    ["contacts rosterRemoved", account, "a"],
    ["contacts presence", account, "b", 3],
    ["requests settle", account, "c"],
    ["blocklist listed", account, ["d"]],
    ["blocklist pushed", account, ["e"], true],
    ["log", expect.any(String), { account, what: "odd" }],
  ]);
});

it("files who wants to see us, with what they say as the guard lets it in, and no words where they say none", () => {
  const { take, told } = made();
  take(asks);
  take({ type: "subscription-request", address: "bob@x.example" });
  expect(told).toEqual([
    ["requests file", { ...filed, name: "Bob", text: "hi seen" }],
    ["requests file", filed],
  ]);
  expect(Object.keys(told[1]?.[1] as object)).not.toContain("text");
});

it("files nothing of who is refused, and counts who is one of a burst", () => {
  const [refused, folded] = [made("refuse"), made("fold")];
  refused.take(asks);
  folded.take(asks);
  expect([refused.told, folded.told]).toEqual([[], [["requests fold", account, "xmpp", "bob@x.example"]]]);
});

it.each<[string, object, boolean]>([
  ["whom we asked", { asked: true, subscription: "none" }, true],
  ["whom we see", { subscription: "to" }, true],
  ["whom we see and who saw us", { subscription: "both" }, true],
  ["on the list alone", { subscription: "from" }, false],
  ["on the list without anything", { subscription: "none" }, false],
  ["off the list whom we asked", { listed: false, asked: true, subscription: "to" }, false],
])("answers somebody %s at once: %#", (_, contact, isAccepted) => {
  const { take, told, tables } = made("open");
  tables.put("contacts", known(contact));
  take(asks);
  expect(told.map(([name]) => name)).toEqual([isAccepted ? "accept" : "requests file"]);
});

it("says in the log that an answer could not be sent, and needs no connection to stay alive", async () => {
  const { take, told, tables, refuse } = made("open");
  tables.put("contacts", known({ asked: true }));
  tables.put("contacts", { ...(known({ asked: true }) as object), id: "account-2|bob@x.example" } as never);
  refuse();
  take(asks);
  take(asks, "account-2");
  await new Promise((resolve) => setImmediate(resolve));
  expect(told.map(([name]) => name)).toEqual(["log"]);
});
