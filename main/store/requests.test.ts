import { describe, expect, it } from "vitest";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import type { Profile } from "../profile/profile.ts";
import { createBlocklist } from "./blocklist.ts";
import { createRequests, type StrangerChoices } from "./requests.ts";
import { createTables } from "./tables.ts";

const account = "account-1";
const other = "account-2";
const bob = "bob@x.example";
const idOf = (address: string, of = account): string => `${of}|${address}`;

/** Requests over a disk that can refuse, with choices that can change. */
function open(kept = new Map<string, string>()) {
  const tables = createTables(() => undefined);
  tables.put("networks", xmppDescription);
  const disk = { isFull: false };
  const profile = {
    all: async () => new Map(kept),
    get: async () => undefined,
    put: async (entries: readonly { readonly namespace: string; readonly key: string; readonly value?: string }[]) => {
      if (disk.isFull) throw new Error("full");
      for (const { namespace, key, value } of entries)
        if (namespace === "request") value === undefined ? kept.delete(key) : kept.set(key, value);
    },
  } as unknown as Profile;
  const choices = {
    mode: "requests" as ReturnType<StrangerChoices["mode"]>,
    content: "full" as ReturnType<StrangerChoices["content"]>,
    keeps: true,
    burst: undefined as string | undefined,
  };
  const failed: unknown[] = [];
  let time = 0;
  const blocklist = createBlocklist({ tables, profile, now: () => 0 });
  const requests = createRequests({
    tables,
    profile,
    blocklist,
    choices: {
      mode: () => choices.mode,
      content: () => choices.content,
      keeps: () => choices.keeps,
      burst: () => choices.burst as ReturnType<StrangerChoices["burst"]>,
    },
    onFailed: (error) => failed.push(error),
    now: () => (time += 1),
  });
  const file = (address: string, more: Partial<RequestRecord> = {}): void =>
    requests.file({ accountId: account, protocol: "xmpp", address, kind: "message", at: 5, ...more });
  return { tables, requests, blocklist, choices, disk, failed, file, kept, shown: () => [...tables.all("requests")] };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a request", () => {
  it("is of one who wants to see us from then on, keeps its time and name, and says what came last", () => {
    const { file, shown } = open();
    file(bob, { text: "one", name: "Bob", notice: { kind: "call" } });
    file(bob, { kind: "presence", at: 9 });
    expect(shown()).toEqual([
      {
        id: idOf(bob),
        accountId: account,
        protocol: "xmpp",
        address: bob,
        kind: "presence",
        at: 5,
        text: "one",
        name: "Bob",
        notice: { kind: "call" },
      },
    ]);
    file(bob, { text: "two", name: "\u200B" });
    expect(shown()[0]).toMatchObject({ kind: "presence", text: "two", name: "Bob" });
    expect(shown()[0]).not.toHaveProperty("notice");
  });

  it("is cut to 500 characters of text and of name", () => {
    const { file, shown } = open();
    file(bob, { text: "t".repeat(501), name: "n".repeat(501) });
    expect([shown()[0]?.text?.length, shown()[0]?.name?.length]).toEqual([500, 500]);
  });

  it("shows nothing of what they said where that is to be hidden, keeps it in memory, and shows it again", () => {
    const { file, shown, requests, choices } = open();
    file(bob, { text: "secret", name: "Bob", notice: { kind: "call" } });
    choices.content = "hidden";
    requests.applyPolicy();
    expect(Object.keys(shown()[0] ?? {})).toEqual(["id", "accountId", "protocol", "address", "kind", "at"]);
    expect(requests.get(idOf(bob))?.text).toBe("secret");
    choices.content = "full";
    requests.applyPolicy();
    expect(shown()[0]?.text).toBe("secret");
  });

  it("has nothing of what they said on a disk where that may not be, from the first or later", async () => {
    const { file, kept, requests, choices } = open();
    file(bob, { text: "secret", name: "Bob", notice: { kind: "call" } });
    file("eve@x.example");
    expect(kept.get(idOf(bob))).toContain("secret");
    choices.keeps = false;
    const before = kept.get(idOf("eve@x.example"));
    await requests.purge();
    expect(JSON.parse(kept.get(idOf(bob)) ?? "")).not.toHaveProperty("text");
    expect(JSON.parse(kept.get(idOf(bob)) ?? "")).toMatchObject({ name: "Bob" });
    expect(kept.get(idOf("eve@x.example"))).toBe(before);
    file("new@x.example", { text: "secret" });
    expect(kept.get(idOf("new@x.example"))).not.toContain("secret");
  });

  it("is there after a restart, without those that cannot be read", async () => {
    const { file, kept } = open();
    file(bob, { text: "one" });
    kept.set("broken", "{");
    kept.set("odd", '{"id":"odd"}');
    const again = open(kept);
    await again.requests.restore();
    expect(again.shown().map(({ address, text }) => [address, text])).toEqual([[bob, "one"]]);
  });

  it("is told of as not kept where the disk takes nothing, and waits all the same", async () => {
    const { file, disk, failed, requests, shown } = open();
    disk.isFull = true;
    file(bob);
    await turn();
    expect([failed.length, shown().length]).toEqual([1, 1]);
    requests.settle(account, bob);
    await turn();
    expect([failed.length, shown()]).toEqual([2, []]);
  });

  it("is settled by an answer, for that account alone; writing answers what was said, no wish to see us", async () => {
    const { file, requests, shown, kept } = open();
    file(bob);
    file(bob, { accountId: other });
    file("eve@x.example", { kind: "presence" });
    requests.written(account, "eve@x.example");
    requests.written(account, bob);
    requests.written(account, "nobody@x.example");
    requests.settle(account, "nobody@x.example");
    expect(shown().map(({ id }) => id)).toEqual([idOf(bob, other), idOf("eve@x.example")]);
    await turn();
    expect([...kept.keys()]).toEqual([idOf(bob, other), idOf("eve@x.example")]);
  });
});

describe("reception", () => {
  it.each([
    ["open", "open"],
    ["requests", "ask"],
    ["contacts-only", "refuse"],
  ] as const)("where strangers are %s is %s, of contacts open, and of who is blocked none", async (mode, expected) => {
    const { requests, choices, tables } = open();
    choices.mode = mode;
    tables.put("contacts", { id: idOf("ann@x.example") } as never);
    await requests.block(account, "eve@x.example");
    expect([bob, "ann@x.example", "eve@x.example"].map((address) => requests.reception(account, address))).toEqual([
      expected,
      "open",
      "refuse",
    ]);
    expect(requests.reception(other, "ann@x.example")).toBe(expected);
    expect([requests.isBlocked(account, "eve@x.example"), requests.isBlocked(other, "eve@x.example")]).toEqual([
      true,
      false,
    ]);
  });

  it("of a burst is a count, but not of who has asked before, nor where strangers are let in or kept out", () => {
    const { requests, choices, file } = open();
    file(bob);
    choices.burst = "x.example";
    expect([requests.reception(account, bob), requests.reception(account, "new@x.example")]).toEqual(["ask", "fold"]);
    choices.mode = "contacts-only";
    expect(requests.reception(account, "new@x.example")).toBe("refuse");
    choices.mode = "open";
    expect(requests.reception(account, "new@x.example")).toBe("open");
  });

  it("of the own server and what belongs to it is open, where nobody else can use its name", () => {
    const { requests, tables, choices } = open();
    choices.mode = "contacts-only";
    const those = [
      "x.example",
      "rooms.x.example",
      "notx.example",
      "x.example.evil.test",
      "evil.test",
      "admin@x.example",
    ];
    const heard = (): readonly string[] => those.filter((address) => requests.reception(account, address) === "open");
    expect(heard()).toEqual([]);
    tables.put("accounts", { id: account, address: "me@x.example", protocol: "xmpp" } as never);
    expect(heard()).toEqual(["x.example", "rooms.x.example"]);
    tables.put("accounts", { id: account, address: "me@x.example", protocol: "simple" } as never);
    expect(heard()).toEqual([]);
  });
});

describe("room for strangers", () => {
  it("is 65,536 characters for each, 256 more a message; what is over it is said once, and comes back", () => {
    const { requests, file, shown } = open();
    expect(requests.admits(account, bob, 65_279)).toBe(true);
    file(bob, { text: "one" });
    // One character is left: one message more may begin in it.
    expect([shown()[0]?.kept, requests.admits(account, bob, 0)]).toEqual([65_535, true]);
    expect(requests.admits(account, bob, 0)).toBe(false);
    expect(shown()[0]?.more).toBe(true);
    expect(requests.admits(account, "eve@x.example", 1)).toBe(true);
    requests.unkept(account, bob, 10_000);
    expect(requests.admits(account, bob, 1)).toBe(true);
    file(bob, { text: "two" });
    expect(shown()[0]?.more).toBe(true);
    requests.settle(account, bob);
    file(bob, { text: "three" });
    expect(Object.keys(shown()[0] ?? {})).not.toContain("kept");
    expect(Object.keys(shown()[0] ?? {})).not.toContain("more");
  });

  it("that was exceeded before the request was filed is said in it", () => {
    const { requests, file, shown } = open();
    requests.admits(account, bob, 70_000);
    requests.admits(account, bob, 1);
    file(bob);
    expect(shown()[0]).toMatchObject({ more: true, kept: 70_256 });
  });

  it("that is given back of who has not asked is forgotten, and of who waits is noted as none", () => {
    const { requests, file, shown } = open();
    requests.admits(account, bob, 10);
    requests.unkept(account, bob, 10);
    file(bob);
    expect(shown()[0]).not.toHaveProperty("kept");
    requests.admits(account, bob, 10);
    requests.unkept(account, bob, 10_000);
    file(bob);
    expect(shown()[0]?.kept).toBe(0);
  });

  it("is for 200 who wait; one more makes the oldest of the busiest domain one of a count, and nobody else's", () => {
    const { file, shown, requests } = open();
    file(bob, { accountId: other });
    file("first@good.test");
    for (let n = 0; n < 199; n++) file(`p${n}@evil.test`);
    expect(shown()).toHaveLength(201);
    file("p0@evil.test");
    expect(shown()).toHaveLength(201);
    file("late@good.test");
    const ids = shown().map(({ id }) => id);
    expect([ids.includes(idOf("p0@evil.test")), ids.includes(idOf("first@good.test")), ids.length]).toEqual([
      false,
      true,
      202,
    ]);
    expect(requests.get(`${account}|@*`)).toMatchObject({ kind: "burst", address: "*@*", count: 1 });
    file("later@good.test");
    expect(requests.get(`${account}|@*`)?.count).toBe(2);
    expect(requests.get(idOf("p1@evil.test"))).toBeUndefined();
    expect(requests.get(idOf(bob, other))).toBeDefined();
  });

  it("of a burst is one line, written to the disk seldom", () => {
    const { requests, choices, kept, shown } = open();
    requests.fold(account, "xmpp", bob);
    expect(shown()).toEqual([]);
    choices.burst = "x.example";
    const written: (number | undefined)[] = [];
    for (let n = 1; n <= 9; n++) {
      requests.fold(account, "xmpp", `p${n}@x.example`);
      written.push(JSON.parse(kept.get(`${account}|@x.example`) ?? "{}").count);
    }
    expect([written, shown().map(({ count }) => count)]).toEqual([[1, 2, 2, 4, 4, 4, 4, 8, 8], [9]]);
  });
});

describe("what the person does about them", () => {
  it("shuts out those of a domain and no others, once that is kept", async () => {
    const { requests, file, shown, tables } = open();
    for (const address of ["a@evil.test", "b@evil.test", "c@sub.evil.test"]) file(address);
    file("a@evil.test", { accountId: other });
    await requests.blockDomain(account, "evil.test");
    expect(shown().map(({ id }) => id)).toEqual([idOf("c@sub.evil.test"), idOf("a@evil.test", other)]);
    expect(requests.reception(account, "d@evil.test")).toBe("refuse");
    expect(tables.size("blocked")).toBe(1);
  });

  it("dismisses one line, blocks one person, and forgets one account", async () => {
    const { requests, file, shown } = open();
    for (const address of [bob, "eve@x.example", "ann@x.example"]) file(address);
    file(bob, { accountId: other });
    await requests.dismiss(idOf(bob));
    await requests.block(account, "eve@x.example");
    expect(shown().map(({ id }) => id)).toEqual([idOf("ann@x.example"), idOf(bob, other)]);
    await requests.forgetAccount(account);
    expect([shown().map(({ id }) => id), requests.isBlocked(account, "eve@x.example")]).toEqual([
      [idOf(bob, other)],
      false,
    ]);
  });
});
