import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { parseMessage, type SipMessage, type SipRequest, type SipResponse } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { NonInviteClientTransaction } from "./non-invite-client-transaction.ts";
import { NonInviteServerTransaction } from "./non-invite-server-transaction.ts";
import { TransactionLayer } from "./transaction-layer.ts";

const head = (first: string, branch: string, method: string): SipMessage =>
  parseMessage(
    Buffer.from(
      [
        first,
        `Via: SIP/2.0/TCP 127.0.0.1;branch=${branch}`,
        "From: <sip:bob@example.test>;tag=b",
        "To: <sip:alice@example.test>",
        "Call-ID: c",
        `CSeq: 1 ${method}`,
      ].join("\r\n"),
    ),
    new Uint8Array(),
  );
const response = (status: number, branch = "z9hG4bKa", method = "MESSAGE"): SipResponse =>
  head(`SIP/2.0 ${status} X`, branch, method) as SipResponse;
const request = (method = "MESSAGE", branch = "z9hG4bKb"): SipRequest =>
  head(`${method} sip:alice@example.test SIP/2.0`, branch, method) as SipRequest;
const bytes = Buffer.from("MESSAGE sip:bob@example.test SIP/2.0\r\n\r\n");
/** A transport and what was written to it. */
function wire(send: (message: Uint8Array) => Promise<void> = async () => undefined) {
  const written: string[] = [];
  return {
    written,
    transport: {
      send: (message: Uint8Array) => {
        written.push(Buffer.from(message).toString());
        return send(message);
      },
    },
  };
}

describe("a client transaction", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const start = (transport = wire().transport, timeout?: number) =>
    new NonInviteClientTransaction({ branch: "z9hG4bKa", method: "MESSAGE", request: bytes, transport, timeout });

  it("writes its request once, whatever time passes, since the transport is reliable", async () => {
    const { written, transport } = wire();
    const transaction = start(transport);
    const failed = expect(transaction.response).rejects.toMatchObject({ code: "timed-out" });
    await vi.advanceTimersByTimeAsync(31_999);
    expect([written.length, transaction.state]).toEqual([1, "trying"]);
    await vi.advanceTimersByTimeAsync(1);
    await failed;
    expect([written.length, transaction.state]).toEqual([1, "terminated"]);
  });

  it("waits on after a provisional response, and no longer for it", async () => {
    const transaction = start();
    const failed = expect(transaction.response).rejects.toMatchObject({ code: "timed-out" });
    transaction.receive(response(100));
    expect(transaction.state).toBe("proceeding");
    await vi.advanceTimersByTimeAsync(32_000);
    await failed;
  });

  it.each([200, 299, 302, 408, 486, 503, 600])("ends with the first final response, also %s", async (status) => {
    const transaction = start();
    transaction.receive(response(180));
    transaction.receive(response(status));
    transaction.receive(response(500));
    expect((await transaction.response).status).toBe(status);
    expect([transaction.state, vi.getTimerCount()]).toEqual(["terminated", 0]);
  });

  it("may be given less time than timer F, and not more", async () => {
    const [short, long] = [start(undefined, 1_000), start(undefined, 90_000)];
    const failed = Promise.allSettled([short.response, long.response]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([short.state, long.state]).toEqual(["terminated", "trying"]);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(await failed).toMatchObject([{ reason: { code: "timed-out" } }, { reason: { code: "timed-out" } }]);
  });

  it("ends at once where its request cannot be written, and says when it was", async () => {
    const { transport } = wire(() => Promise.reject(new Error("gone")));
    await expect(start(transport).response).rejects.toMatchObject({ code: "connection-lost" });
    const onWritten = vi.fn();
    const options = { branch: "z9hG4bKa", method: "MESSAGE", request: bytes, onWritten };
    const failing = new NonInviteClientTransaction({ ...options, transport });
    await expect(failing.response).rejects.toMatchObject({ code: "connection-lost" });
    expect(onWritten).not.toHaveBeenCalled();
    const written = new NonInviteClientTransaction({ ...options, transport: wire().transport });
    await vi.advanceTimersByTimeAsync(0);
    expect(onWritten).toHaveBeenCalledOnce();
    written.receive(response(200));
    written.end(new HallwayError("cancelled"));
    expect((await written.response).status).toBe(200);
  });

  it("settles once, in whatever order everything comes", async () => {
    const step = fc.oneof(
      fc.integer({ min: 100, max: 699 }).map((status) => ({ status })),
      fc.constant({ end: true } as const),
      fc.nat(40_000).map((wait) => ({ wait })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const transaction = start();
        const outcomes: unknown[] = [];
        transaction.response.then(
          ({ status }) => outcomes.push(status),
          (error: HallwayError) => outcomes.push(error.code),
        );
        let expected: unknown;
        let passed = 0;
        for (const one of steps) {
          if ("status" in one) {
            if (one.status >= 200) expected ??= one.status;
            transaction.receive(response(one.status));
          } else if ("end" in one) {
            expected ??= "cancelled";
            transaction.end(new HallwayError("cancelled"));
          } else {
            passed += one.wait;
            if (passed >= 32_000) expected ??= "timed-out";
            await vi.advanceTimersByTimeAsync(one.wait);
          }
        }
        await vi.advanceTimersByTimeAsync(40_000);
        expect(outcomes).toEqual([expected ?? "timed-out"]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a server transaction", () => {
  it("says nothing until it is told what, and the same again as often as it is asked", async () => {
    const { written, transport } = wire();
    const transaction = new NonInviteServerTransaction(transport);
    transaction.receiveAgain();
    expect([written, transaction.state]).toEqual([[], "trying"]);
    await transaction.respond(Buffer.from("first"));
    await transaction.respond(Buffer.from("second"));
    transaction.receiveAgain();
    expect([written, transaction.state]).toEqual([["first", "first"], "completed"]);
  });

  it("writes nothing once it has ended, and outlives a transport that does not take it", async () => {
    const { written, transport } = wire(() => Promise.reject(new Error("gone")));
    const transaction = new NonInviteServerTransaction(transport);
    await transaction.respond(Buffer.from("x"));
    transaction.end();
    transaction.receiveAgain();
    await new NonInviteServerTransaction(transport).respond(Buffer.from("y"));
    expect([written, transaction.state]).toEqual([["x", "y"], "terminated"]);
  });
});

describe("the transaction layer", () => {
  function layer(onRequest: (request: SipRequest) => Promise<Reply> = async () => ({ status: 200 })) {
    const { written, transport } = wire();
    return { written, transactions: new TransactionLayer({ transport, onRequest }) };
  }
  const send = { branch: "z9hG4bKa", method: "MESSAGE", request: bytes };

  it("takes a response for the transaction of its branch and method alone, and only with one Via", async () => {
    const { transactions } = layer();
    const outcome = transactions.send(send);
    transactions.receive(response(200, "z9hG4bKother"));
    transactions.receive(response(200, "z9hG4bKa", "CANCEL"));
    const twoVias = Buffer.from(
      "SIP/2.0 200 X\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKa\r\nVia: SIP/2.0/TCP i;branch=z\r\nCall-ID: c\r\nCSeq: 1 MESSAGE",
    );
    transactions.receive(parseMessage(twoVias, new Uint8Array()));
    transactions.receive(response(404));
    expect((await outcome).status).toBe(404);
  });

  it("rejects what is on its way when it ends, and answers nothing more", async () => {
    const reply = Promise.withResolvers<Reply>();
    const { written, transactions } = layer(() => reply.promise);
    const outcome = transactions.send(send);
    transactions.receive(request());
    transactions.end(new HallwayError("cancelled"));
    await expect(outcome).rejects.toMatchObject({ code: "cancelled" });
    reply.resolve({ status: 200 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toHaveLength(1);
  });

  it("answers a CANCEL itself where it knows the call, and passes it on where it does not", async () => {
    const asked: string[] = [];
    const { written, transactions } = layer(async ({ method }) => {
      asked.push(method);
      return { status: method === "INVITE" ? 488 : 481 };
    });
    transactions.receive(request("INVITE"));
    await expect.poll(() => written.length).toBe(1);
    transactions.receive(request("CANCEL"));
    transactions.receive(request("CANCEL", "z9hG4bKunknown"));
    await expect.poll(() => written.map((text) => text.slice(8, 11))).toEqual(["488", "200", "481"]);
    expect(asked).toEqual(["INVITE", "CANCEL"]);
  });

  it("repeats a response of 16,384 bytes, and asks again instead of keeping a longer one", async () => {
    let padding = 0;
    let asked = 0;
    const { written, transactions } = layer(async () => {
      asked += 1;
      return { status: 200, headers: [`X: ${"x".repeat(padding)}`] };
    });
    const receive = async (branch: string): Promise<void> => {
      const before = written.length;
      transactions.receive(request("MESSAGE", branch));
      await expect.poll(() => written.length).toBe(before + 1);
    };
    await receive("z9hG4bK1");
    padding = 16_384 - (written[0]?.length ?? 0);
    for (const branch of ["z9hG4bK2", "z9hG4bK2"]) await receive(branch);
    expect([asked, written[1]?.length, written[2]]).toEqual([2, 16_384, written[1]]);
    padding += 1;
    for (const branch of ["z9hG4bK3", "z9hG4bK3"]) await receive(branch);
    expect([asked, written[3]?.length]).toEqual([4, 16_385]);
  });

  it("tells the server to come back later when it waits for too many answers", async () => {
    const { written, transactions } = layer(() => new Promise(() => undefined));
    for (let n = 0; n < 2_010; n++) transactions.receive(request("MESSAGE", `z9hG4bK${n}`));
    await expect.poll(() => written.length).toBe(10);
    expect(written.every((text) => text.startsWith("SIP/2.0 503 ") && text.includes("Retry-After: 5"))).toBe(true);
  });
});
