import { describe, expect, it } from "vitest";
import { contactId } from "../../shared/model/contact.ts";
import type { IncomingMessage } from "../networks/facets/messages.ts";
import { simpleDescription } from "../networks/simple/description.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import type { Profile } from "../profile/profile.ts";
import { createBlocklist } from "../store/blocklist.ts";
import { createRequests } from "../store/requests.ts";
import { createTables } from "../store/tables.ts";
import { MessageTimes } from "./message-times.ts";
import { Acknowledgements } from "./receive/acknowledge.ts";
import { gather } from "./receive/gather.ts";
import { inOrder } from "./receive/unprotect.ts";
import { compose } from "./stage.ts";

const account = "account-1";
const spam = "spam@evil.example";

function message(n: number): IncomingMessage {
  return {
    peer: spam,
    direction: "in",
    author: { address: spam, isSelf: false },
    id: `${n}`,
    archiveId: undefined,
    body: "hello",
    at: undefined,
    delayed: false,
    via: "live",
    wantsDelivered: false,
    wantsRead: false,
  };
}

function openRequests() {
  const tables = createTables(() => undefined);
  for (const network of [xmppDescription, simpleDescription]) tables.put("networks", network);
  const profile = {
    put: async () => undefined,
    all: async () => new Map(),
    get: async () => undefined,
  } as unknown as Profile;
  const requests = createRequests({
    ...{ tables, profile, blocklist: createBlocklist({ tables, profile, now: () => 1 }) },
    choices: { mode: () => "requests", content: () => "full", burst: () => undefined, keeps: () => true },
    onFailed: () => undefined,
    now: () => 1,
  });
  const request = (address: string) => tables.get("requests", contactId(account, address));
  return { requests, request };
}

describe("what strangers say", () => {
  it("is kept up to 65,536 characters, 256 more for each message; one message more may begin within them", () => {
    const { requests } = openRequests();
    expect(requests.admits(account, spam, 65_535 - 256)).toBe(true);
    expect(requests.admits(account, spam, 1_000_000)).toBe(true);
    expect(requests.admits(account, spam, 0)).toBe(false);
    const other = openRequests().requests;
    expect(other.admits(account, spam, 65_536 - 256)).toBe(true);
    expect(other.admits(account, spam, 0)).toBe(false);
    // The stranger beside them is heard.
    expect(other.admits(account, "shy@good.example", 10)).toBe(true);
    other.unkept(account, spam, 65_536 - 256);
    expect(other.admits(account, spam, 0)).toBe(true);
  });

  it("is shown up to 500 characters", () => {
    const { requests, request } = openRequests();
    for (const [name, length] of [
      ["a", 500],
      ["b", 501],
    ] as const)
      requests.file({
        accountId: account,
        protocol: "xmpp",
        address: `${name}@x.example`,
        kind: "message",
        text: "x".repeat(length),
        at: 1,
      });
    expect([request("a@x.example")?.text, request("b@x.example")?.text?.length]).toEqual(["x".repeat(500), 500]);
  });
});

describe("times of messages", () => {
  it("are remembered for 1,000 conversations when the clock is set back, those that were used last", () => {
    let now = 10_000;
    const times = new MessageTimes({ tables: createTables(() => undefined), now: () => now, earliest: () => 0 });
    for (let n = 0; n < 1_000; n++) times.own(`${account}|p${n}@x.example`);
    now = 5;
    expect(times.own(`${account}|p0@x.example`).at).toBe(10_000);
    // Now the second is the one that was used longest ago.
    expect(times.own(`${account}|new@x.example`).at).toBe(5);
    expect(["p2", "p0"].map((name) => times.own(`${account}|${name}@x.example`).at)).toEqual([10_000, 10_000]);
    expect(times.own(`${account}|p1@x.example`).at).toBe(5);
  });
});

describe("live messages", () => {
  it("are stored 500 at a time, in order", async () => {
    const stored: number[] = [];
    const none = () => undefined;
    const list = compose([
      gather(),
      async (delivery, next) => {
        stored.push(delivery.items.length);
        return next(delivery);
      },
    ]);
    const through = Array.from({ length: 501 }, (_, n) => {
      const items = [{ event: { type: "message" as const, message: message(n) } }];
      return list({ accountId: account, protocol: "xmpp", items, acknowledgements: [] }, async () => none());
    });
    await Promise.all(through);
    expect(stored).toEqual([500, 1]);
  });

  it("wait in 10,000 deliveries at most; one more fails and joins nothing", async () => {
    const passed: string[] = [];
    const stage = gather();
    const say = (peer: string) =>
      stage(
        {
          accountId: account,
          protocol: "xmpp",
          items: [{ event: { type: "typing" as const, peer, active: true } }],
          acknowledgements: [],
        },
        async () => void passed.push(peer),
      );
    const waiting = Array.from({ length: 10_000 }, (_, n) => say(`p${n}@x.example`));
    expect(() => say(spam)).toThrow(expect.objectContaining({ code: "rate-limited" }));
    await Promise.all(waiting);
    await say("later@x.example");
    expect([passed.length, passed.at(-1), passed.includes(spam)]).toEqual([10_001, "later@x.example", false]);
  });
});

describe("marks in the archive", () => {
  it("wait for 50,000 messages that are being stored; one more is not taken, and stops them", async () => {
    const told: string[] = [];
    const acknowledgements = new Acknowledgements({
      heard: {
        stored: (_account, [id]) => void told.push(id ?? "none"),
        notStored: (accountId) => void told.push(`gap of ${accountId}`),
      },
      keeps: () => true,
    });
    const of = (n: number, accountId = account) =>
      acknowledgements.of(accountId, { type: "message", message: { ...message(n), archiveId: `${n}` } });
    const waiting = Array.from({ length: 50_000 }, (_, n) => of(n));
    expect(waiting.every((one) => one !== undefined)).toBe(true);
    expect([of(50_000), of(1, "account-2"), told]).toEqual([
      undefined,
      undefined,
      [`gap of ${account}`, "gap of account-2"],
    ]);
    // What moves no mark takes no place.
    expect(acknowledgements.of(account, { type: "typing", peer: spam, active: true })).toBeDefined();
    for (const one of waiting.toReversed()) one?.stored();
    await acknowledgements.idle();
    expect(told.slice(2)).toEqual(Array.from({ length: 50_000 }, (_, n) => `${n}`));
    expect(of(50_001)).toBeDefined();
  });
});

describe("places in order", () => {
  it("are 50,000; an item that finds none fails and gives back what it took", async () => {
    const gate = Promise.withResolvers<void>();
    const stage = inOrder<readonly string[], string>(
      (keys) => keys,
      async (keys, next) => {
        await gate.promise;
        await next(keys);
      },
    );
    const pass = (keys: readonly string[]) => stage(keys, async () => undefined);
    const held = pass(Array.from({ length: 49_999 }, (_, n) => `${n}`));
    await expect(pass(["new", "newer"])).rejects.toMatchObject({ code: "rate-limited" });
    const fits = pass(["newest"]);
    gate.resolve();
    await Promise.all([held, fits]);
  });
});
