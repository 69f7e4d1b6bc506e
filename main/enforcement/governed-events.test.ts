import { describe, expect, it, vi } from "vitest";
import type { NetworkEvent } from "../networks/events.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
import { govern } from "./governed-connection.test-helper.ts";

const signal = new AbortController().signal;
const good = "good@inside.test";
const bad = "bad@inside.test";
const outsider = "any@outside.test";
const available = { availability: "available" } as const;

describe("events of a governed connection", () => {
  it("are heard of nobody who is forbidden or blocked through anybody else, live and out of the archive", async () => {
    const said = (through?: string): IncomingMessage => ({
      peer: "rooms.inside.test",
      ...(through === undefined ? {} : { through }),
      direction: "in",
      author: { address: through ?? "rooms.inside.test", isSelf: false },
      id: through,
      archiveId: undefined,
      body: "hi",
      at: undefined,
      delayed: false,
      via: "live",
      wantsDelivered: false,
      wantsRead: false,
    });
    const messages = [undefined, "good@inside.test", "bad@inside.test", "any@outside.test"].map(said);
    const changes = messages.map((message): MessageChange => ({ ...message, kind: "retraction", targetId: "m" }));
    const { connection, inner, emit, events } = govern();
    for (const message of messages) emit({ type: "message", message });
    for (const change of changes) emit({ type: "change", change });
    expect(
      events.map((event) =>
        event.type === "message" ? event.message : event.type === "change" ? event.change : undefined,
      ),
    ).toEqual([...messages.slice(0, 2), ...changes.slice(0, 2)]);
    inner.archive.catchUp.mockImplementation(async (_since, take) =>
      take({ messages, changes, mark: "mark", exact: true }),
    );
    const pages: unknown[] = [];
    await connection.archive?.catchUp(undefined, async (page) => void pages.push(page), signal);
    expect(pages).toEqual([
      { messages: messages.slice(0, 2), changes: changes.slice(0, 2), mark: "mark", exact: true },
    ]);
  });

  it("are refused and told of where no rule knows them", () => {
    const { emit, events } = govern();
    emit({ type: "knock", peer: "good@inside.test" } as unknown as NetworkEvent);
    expect(events).toEqual([{ type: "refused", what: "an event that has no rule" }]);
  });

  it("that name somebody are heard of nobody who is forbidden or blocked", () => {
    const { emit, events } = govern();
    const all = [outsider, bad, good].flatMap((peer): NetworkEvent[] => [
      { type: "typing", peer, active: true },
      { type: "read-elsewhere", peer, author: { address: peer, isSelf: false }, id: "m" },
      { type: "subscription-request", address: peer, name: undefined, text: undefined },
      { type: "presence", address: peer, presence: available },
    ]);
    for (const event of all) emit(event);
    expect(events).toEqual(all.slice(-4));
  });

  it("are heard of nobody who is forbidden, in the name of somebody who is not", () => {
    const { emit, events } = govern();
    const author = { address: good, isSelf: false };
    const change = {
      peer: outsider,
      through: good,
      direction: "in",
      author,
      id: "c",
      targetId: "m",
      via: "live",
    } as const;
    emit({
      type: "change",
      change: { ...change, archiveId: undefined, at: undefined, kind: "retraction" },
    } as NetworkEvent);
    expect(events).toEqual([]);
  });

  it("of a gateway teach the rules, by which presence is shown and taken back from then on", () => {
    const gateways = new Set<string>();
    const { emit, events } = govern({
      talk: (address) => (gateways.has(address.split("@")[1] ?? "") ? { code: "blocked-by-policy" } : undefined),
      learnGateway: (domain) => void gateways.add(domain),
    });
    emit({ type: "presence", address: good, presence: available });
    emit({ type: "gateway", domain: "inside.test" });
    expect([...gateways]).toEqual(["inside.test"]);
    expect(events).toMatchObject([
      { type: "presence", address: good, presence: available },
      { type: "presence", address: good, presence: { availability: "unknown" } },
    ]);
    emit({ type: "presence", address: good, presence: available });
    expect(events).toHaveLength(2);
  });

  it("of presence follow a change of the rules until the connection is closed", () => {
    const talk = vi.fn((): { code: "blocked-by-policy" } | undefined => ({ code: "blocked-by-policy" }));
    const { connection, governed, emit, events } = govern({ talk });
    emit({ type: "presence", address: good, presence: available });
    expect(events).toEqual([]);
    talk.mockReturnValue(undefined);
    governed.applyPolicy();
    expect(events).toEqual([{ type: "presence", address: good, presence: available }]);
    connection.close();
    talk.mockReturnValue({ code: "blocked-by-policy" });
    governed.applyPolicy();
    expect(events).toHaveLength(1);
  });
});
