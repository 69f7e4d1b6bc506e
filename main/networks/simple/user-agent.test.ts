import { describe, expect, it } from "vitest";
import { Pacer, politePace } from "./pacer.ts";
import type { SipTransport } from "./transports/transport.ts";
import { UserAgent } from "./user-agent.ts";
import { parseMessage } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";

/** A user agent whose answers are given by hand, and all that it writes. */
function agentOf(): {
  readonly agent: UserAgent;
  readonly written: string[];
  readonly replies: PromiseWithResolvers<Reply>[];
} {
  const written: string[] = [];
  const replies: PromiseWithResolvers<Reply>[] = [];
  const transport: SipTransport = {
    protocol: "TCP",
    security: undefined,
    key: undefined,
    revocation: "unchecked",
    local: { address: "127.0.0.1", port: 5060 },
    send: async (message) => void written.push(Buffer.from(message).toString()),
    ping: async () => true,
    close: () => undefined,
  };
  const agent = new UserAgent({
    transport,
    pacer: new Pacer(politePace),
    aor: "sip:alice@example.test",
    user: "alice",
    password: "secret",
    may: () => true,
    floor: () => undefined,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    onRequest: () => {
      const reply = Promise.withResolvers<Reply>();
      replies.push(reply);
      return reply.promise;
    },
  });
  return { agent, written, replies };
}

const request = (callId: string, method = "MESSAGE") =>
  parseMessage(
    Buffer.from(
      [
        `${method} sip:alice@example.test SIP/2.0`,
        "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKb",
        "From: <sip:bob@example.test>;tag=b",
        "To: <sip:alice@example.test>",
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
      ].join("\r\n"),
    ),
    new Uint8Array(),
  );
const soon = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

describe("an answer that is ready late", () => {
  it("goes out once, and again for the same request only when that comes again", async () => {
    const { agent, written, replies } = agentOf();
    agent.receive(request("one"));
    agent.receive(request("one"));
    agent.receive(request("two"));
    await expect.poll(() => replies.length).toBe(2);
    replies[0]?.resolve({ status: 200 });
    await expect.poll(() => written.length).toBe(1);
    agent.receive(request("one"));
    await expect.poll(() => written.length).toBe(2);
    expect(written[1]).toBe(written[0]);
    expect(replies).toHaveLength(2);
  });

  it("is not written to a connection that has gone meanwhile", async () => {
    const { agent, written, replies } = agentOf();
    agent.receive(request("one"));
    await expect.poll(() => replies.length).toBe(1);
    agent.dispose({ code: "connection-lost" });
    replies[0]?.resolve({ status: 200 });
    await soon();
    expect(written).toEqual([]);
    // Nor is it kept as one that was given.
    agent.receive(request("one"));
    await soon();
    expect(written.filter((text) => text.includes(" 200 "))).toEqual([]);
  });

  it("to an ACK there is none", async () => {
    const { agent, written, replies } = agentOf();
    agent.receive(request("one", "ACK"));
    await soon();
    expect([written, replies]).toEqual([[], []]);
  });
});
