import { beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { directConversation } from "../../shared/model/conversation-id.ts";
import type { Connection } from "../networks/network.ts";
import { createStrangers, type Strangers, type StrangersParts } from "./strangers.ts";

const accountId = "account-1";
const bob = "bob@x.example";
const id = `${accountId}|${bob}`;
const conversationId = directConversation(accountId, bob);
let calls: string[];
let request: RequestRecord | undefined;
let isOnline: boolean;
let untold: readonly { readonly address: string; readonly isBlocked: boolean }[];
let fail: Readonly<Record<string, string>>;
let hasServices: boolean;
let strangers: Strangers;

beforeEach(() => {
  calls = [];
  request = { id, accountId, protocol: "xmpp", address: bob, kind: "message", name: "Bob", at: 1 } as RequestRecord;
  isOnline = true;
  untold = [];
  fail = {};
  hasServices = true;
  const note =
    (name: string) =>
    async (...about: readonly unknown[]): Promise<void> => {
      await Promise.resolve();
      calls.push([name, ...about.filter((one) => one !== accountId)].join(" "));
      const code = fail[name];
      if (code !== undefined) throw new HallwayError(code as "offline");
    };
  const connection = {
    contacts: { accept: note("accept"), add: note("add"), decline: note("decline") },
    blocking: { everyDevice: true, block: note("tell"), unblock: note("tell no more") },
  } as unknown as Connection;
  const sync =
    (name: string) =>
    (...about: readonly unknown[]): void =>
      void calls.push([name, ...about.filter((one) => one !== accountId)].join(" "));
  strangers = createStrangers({
    tables: { get: () => ({ services: hasServices }) },
    connections: {
      protocol: () => "xmpp",
      address: () => "me@x.example",
      get: () => (isOnline ? connection : undefined),
      online: () => {
        if (!isOnline) throw new HallwayError("offline");
        return connection;
      },
    },
    contacts: { ensure: sync("ensure") },
    requests: {
      get: () => request,
      block: note("block"),
      blockDomain: note("block domain"),
      dismiss: note("dismiss"),
      settle: sync("settle"),
    },
    blocklist: { untold: () => untold, told: note("told"), unblock: note("unblock") },
    conversations: {
      typing: sync("typing"),
      summary: vi.fn(({ conversationId: one }) => calls.push(`summary ${one}`)),
    },
    history: { conversations: async () => [{ conversationId: "another" }, { conversationId }] },
  } as unknown as StrangersParts);
});

const answer = (how: "accept" | "block" | "decline", groups?: string[]) =>
  strangers.answer({ requestId: id, answer: how, ...(groups ? { groups } : {}) });

describe("a request", () => {
  it("that is accepted is on the list, in the groups that were said, and its conversation is there", async () => {
    await answer("accept", ["Work"]);
    expect(calls).toEqual([`add ${bob} Bob Work`, `ensure xmpp ${bob}`, `summary ${conversationId}`, `settle ${bob}`]);
  });

  it("to see the person is accepted on the network, too", async () => {
    request = { ...request, kind: "presence" } as RequestRecord;
    await answer("accept");
    expect(calls.slice(0, 2)).toEqual([`accept ${bob}`, `add ${bob} Bob `]);
  });

  it.each([
    ["nobody can answer", "anonymous@anonymous.invalid", true],
    ["is a service", "gateway.x.example", true],
  ])("of one who %s is read, and puts nobody on the list", async (_, address) => {
    request = { ...request, address } as RequestRecord;
    await answer("accept");
    expect(calls).toEqual([`ensure xmpp ${address}`, `settle ${address}`]);
  });

  it("of a host is on the list where the network knows no services", async () => {
    hasServices = false;
    request = { ...request, address: "gateway.x.example" } as RequestRecord;
    await answer("accept");
    expect(calls[0]).toBe("add gateway.x.example Bob ");
  });

  it("that is declined is declined on the network where it asked to see the person, and gone", async () => {
    await answer("decline");
    expect(calls).toEqual([`settle ${bob}`]);
    calls = [];
    request = { ...request, kind: "presence" } as RequestRecord;
    await answer("decline");
    expect(calls).toEqual([`decline ${bob}`, `settle ${bob}`]);
  });

  it("is answered for good where the network cannot decline, and stays where it may later", async () => {
    request = { ...request, kind: "presence" } as RequestRecord;
    fail = { decline: "unsupported" };
    await expect(answer("decline")).rejects.toMatchObject({ code: "unsupported" });
    expect(calls).toEqual([`decline ${bob}`, `settle ${bob}`]);
    calls = [];
    fail = { decline: "timed-out" };
    await expect(answer("decline")).rejects.toMatchObject({ code: "timed-out" });
    expect(calls).toEqual([`decline ${bob}`]);
  });

  it("that is blocked is so here first, and settled whatever a network without block lists makes of it", async () => {
    untold = [{ address: bob, isBlocked: true }];
    await answer("block");
    expect(calls.slice(0, 2)).toEqual([`block ${bob}`, `tell ${bob}`]);
    expect(calls.at(-1)).toBe(`settle ${bob}`);
    calls = [];
    request = { ...request, kind: "presence" } as RequestRecord;
    fail = { decline: "unsupported" };
    await answer("block");
    expect(calls).toContain(`decline ${bob}`);
    expect(calls.at(-1)).toBe(`settle ${bob}`);
    calls = [];
    fail = { decline: "server-error" };
    await expect(answer("block")).rejects.toMatchObject({ code: "server-error" });
    expect(calls).not.toContain(`settle ${bob}`);
  });

  it("needs the account online to be accepted or declined, and not to be blocked", async () => {
    isOnline = false;
    for (const how of ["accept", "decline"] as const)
      await expect(answer(how)).rejects.toMatchObject({ code: "offline" });
    expect(calls).toEqual([]);
    request = { ...request, kind: "presence" } as RequestRecord;
    await answer("block");
    expect(calls).toEqual([`block ${bob}`, `settle ${bob}`]);
  });

  it("that is not there is not answered", async () => {
    request = undefined;
    await expect(answer("accept")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("a burst of requests", () => {
  const burst = (address: string) => {
    request = { ...request, kind: "burst", address } as RequestRecord;
  };

  it("of a domain is blocked or dismissed as one, and never accepted", async () => {
    burst("*@evil.example");
    await answer("block");
    await answer("decline");
    expect(calls).toEqual(["block domain evil.example", `dismiss ${id}`]);
    await expect(answer("accept")).rejects.toMatchObject({ code: "not-allowed" });
  });

  it("of many domains cannot be blocked", async () => {
    burst("*@*");
    await expect(answer("block")).rejects.toMatchObject({ code: "not-allowed" });
    await answer("decline");
    expect(calls).toEqual([`dismiss ${id}`]);
  });
});

describe("a block", () => {
  it("counts at once, ends their typing, and is told to the network", async () => {
    untold = [{ address: bob, isBlocked: true }];
    await strangers.block(`${accountId}|Bob@X.example`);
    expect(calls.slice(0, 3)).toEqual([`block ${bob}`, `typing ${conversationId} false`, `tell ${bob}`]);
  });

  it("of a host is of that host", async () => {
    await strangers.block(`${accountId}|gateway.x.example`);
    expect(calls[0]).toBe("block gateway.x.example");
  });

  it.each([
    ["oneself", "me@x.example"],
    ["nobody", ""],
    ["no address", "a b@"],
  ])("of %s is none", async (_, address) => {
    await expect(strangers.block(`${accountId}|${address}`)).rejects.toMatchObject({ code: "invalid-address" });
    expect(calls).toEqual([]);
  });

  it("that is taken back is so here first, and told to the network", async () => {
    untold = [{ address: bob, isBlocked: false }];
    await strangers.unblock(id);
    expect(calls.slice(0, 2)).toEqual([`unblock ${id}`, `tell no more ${bob}`]);
  });
});
