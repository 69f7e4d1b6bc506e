import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Address } from "../../../../shared/model/address.ts";
import { ContactStore } from "../contact-store.ts";
import { Pacer, politePace } from "../pacer.ts";
import { LocalContact } from "../registration/local-contact.ts";
import type { SipTransport } from "../transports/transport.ts";
import { UserAgent } from "../user-agent.ts";
import { parseMessage, type SipRequest } from "../wire/message.ts";
import { type Reply, writeReply } from "../wire/reply.ts";
import { PresenceAgent } from "./presence-agent.ts";

const nothing = (): void => undefined;
const log = { debug: nothing, info: nothing, warn: nothing };
const colleagues = Array.from({ length: 1_000 }, (_, n): Address => `colleague-${n}@example.test`);
const separator = Buffer.from("\r\n\r\n");

interface Written {
  readonly request: SipRequest;
  readonly to: string;
  readonly document: string;
  readonly at: number;
}

interface Stage {
  readonly presence: PresenceAgent;
  readonly agent: UserAgent;
  readonly store: ContactStore;
  readonly written: Written[];
}

/** A presence agent whose person has a thousand contacts, and what it writes to a server that takes it all. */
async function stage(): Promise<Stage> {
  const written: Written[] = [];
  const transport: SipTransport = {
    protocol: "TCP",
    security: undefined,
    key: undefined,
    revocation: "unchecked",
    local: { address: "127.0.0.1", port: 5060 },
    async send(bytes) {
      const message = Buffer.from(bytes);
      const end = message.indexOf(separator);
      const request = parseMessage(message.subarray(0, end), message.subarray(end + separator.length));
      if (request.kind === "response") return;
      const document = Buffer.from(request.body).toString();
      written.push({ request, to: request.uri, document, at: Date.now() });
      const reply = writeReply(request, { status: 200 });
      setImmediate(() => agent.receive(parseMessage(reply.subarray(0, -separator.length), new Uint8Array())));
    },
    ping: async () => true,
    close: nothing,
  };
  const agent = new UserAgent({
    transport,
    pacer: new Pacer({ ...politePace, now: () => Date.now() }),
    aor: "sip:alice@example.test",
    user: "alice",
    password: "secret",
    may: () => true,
    floor: () => undefined,
    log,
    onRequest: () => ({ status: 405 }),
  });
  const store = new ContactStore({ get: async () => undefined, set: async () => undefined }, "account-1", log);
  await store.replace(colleagues.map((address) => ({ address, name: undefined, groups: [] })));
  const presence = new PresenceAgent({
    own: "alice@example.test",
    store,
    isHiding: () => false,
    gone: "<gone/>",
    emit: nothing,
  });
  presence.attach({ agent, contact: new LocalContact(transport) });
  return { presence, agent, store, written };
}

function subscribe(presence: PresenceAgent, from: Address, device = "desk"): Reply {
  const head = [
    "SUBSCRIBE sip:alice@example.test SIP/2.0",
    "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKb",
    `From: <sip:${from}>;tag=watcher`,
    "To: <sip:alice@example.test>",
    `Call-ID: ${from} ${device}`,
    "CSeq: 1 SUBSCRIBE",
    `Contact: <sip:${from};device=${device}>`,
    "Event: presence",
    "Expires: 3600",
  ];
  return presence.answer(parseMessage(Buffer.from(head.join("\r\n")), new Uint8Array()) as SipRequest, from);
}

describe("a presence agent with a thousand watchers", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells all at a polite pace, of several changes the last, and leaves room for what a person says", async () => {
    const { presence, agent, written } = await stage();
    presence.publish("<first/>");
    for (const address of colleagues) expect(subscribe(presence, address).status).toBe(200);
    await vi.advanceTimersByTimeAsync(100_000);
    presence.publish("<second/>");
    presence.publish("<third/>");
    const now = Date.now();
    void agent.request({ method: "MESSAGE", uri: "sip:bob@example.test" });
    // Shorter than the 600 seconds after which they would have to ask again.
    await vi.advanceTimersByTimeAsync(450_000);
    expect(written.find(({ request }) => request.method === "MESSAGE")?.at).toBe(now);
    const notifies = written.filter(({ request }) => request.method === "NOTIFY");
    const last = new Map(notifies.map(({ to, document }) => [to, document]));
    expect([last.size, new Set(last.values())]).toEqual([1_000, new Set(["<third/>"])]);
    expect(notifies.filter(({ document }) => document === "<second/>")).toEqual([]);
    expect(notifies.length).toBeLessThanOrEqual(2_000);
    const { background, window } = politePace;
    for (const [index, { at }] of notifies.entries()) {
      const later = notifies[index + background];
      if (later) expect(later.at - at).toBeGreaterThanOrEqual(window);
    }
    presence.end();
    agent.dispose({ code: "cancelled" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends a subscription with the NOTIFY that waits, which shows nothing to who is blocked meanwhile", async () => {
    const { presence, agent, store, written } = await stage();
    presence.publish("<first/>");
    const asking = colleagues.slice(0, 2 * politePace.background);
    for (const address of asking) subscribe(presence, address);
    await vi.advanceTimersByTimeAsync(100);
    expect(written).toHaveLength(politePace.background);
    const blocked = asking.at(-1) ?? "alice@example.test";
    await store.setBlocked(blocked, true);
    presence.decided(blocked);
    await vi.advanceTimersByTimeAsync(10_000);
    const told = written.filter(({ to }) => to === `sip:${blocked};device=desk`);
    expect(told.map(({ request, document }) => [request.headers.get("subscription-state"), document])).toEqual([
      ["terminated;reason=deactivated", ""],
    ]);
    expect(written).toHaveLength(asking.length);
    presence.end();
    agent.dispose({ code: "cancelled" });
  });

  it("says nothing more to whom it has forgotten while their NOTIFY waited", async () => {
    const { presence, agent, written } = await stage();
    presence.publish("<first/>");
    for (const address of colleagues.slice(0, 2 * politePace.background)) subscribe(presence, address);
    await vi.advanceTimersByTimeAsync(100);
    presence.end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written).toHaveLength(politePace.background);
    agent.dispose({ code: "cancelled" });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps so many dialogs and no more: of all, of strangers who wait, and of one person", async () => {
    const { presence, written } = await stage();
    presence.publish("<first/>");
    const strangers = Array.from({ length: 300 }, (_, n) => subscribe(presence, `stranger-${n}@example.test`));
    expect(strangers.filter(({ status }) => status === 200)).toHaveLength(200);
    expect(strangers.at(-1)).toEqual({ status: 503, headers: ["Retry-After: 60"] });
    const [first = "colleague-0@example.test"] = colleagues;
    for (let device = 0; device < 20; device += 1) subscribe(presence, first, `${device}`);
    await vi.advanceTimersByTimeAsync(60_000);
    const ended = written.filter(({ request }) => request.headers.get("subscription-state")?.includes("deactivated"));
    expect(ended.map(({ to }) => to)).toEqual([0, 1, 2, 3].map((device) => `sip:${first};device=${device}`));
    const answers = colleagues.flatMap((address) =>
      Array.from({ length: 5 }, (_, device) => subscribe(presence, address, `${device}`).status),
    );
    expect(answers.filter((status) => status === 503).length).toBeGreaterThan(0);
    expect(answers.filter((status) => status === 200).length).toBeLessThanOrEqual(5_000);
    presence.end();
  });
});
