import fc from "fast-check";
import {
  DigestAuthentication,
  IncomingRequestMessage,
  IncomingResponseMessage,
  LoggerFactory,
  NonInviteClientTransaction,
  OutgoingRequestMessage,
  Parser,
  URI,
} from "sip.js/lib/core/index.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { chooseChallenges } from "./authentication/digest.ts";
import { textBody, writeOutgoing } from "./outgoing-request.ts";
import { parseMessage, type SipRequest, token } from "./wire/message.ts";
import { writeReply } from "./wire/reply.ts";

const loggers = new LoggerFactory();
loggers.builtinEnabled = false;
const parse = (text: string) => Parser.parseMessage(text, loggers.getLogger("sip-js.test"));
const mandatory = [
  "Via: SIP/2.0/TCP h;branch=z9hG4bK1",
  "From: <sip:bob@example.test>;tag=1",
  "To: <sip:alice@example.test>;tag=2",
  "Call-ID: x",
  "CSeq: 1 MESSAGE",
];
const wireText = (first: string, headers: readonly string[], body = ""): string =>
  `${[first, ...headers, `Content-Length: ${body.length}`].join("\r\n")}\r\n\r\n${body}`;
const ours = (text: string) => parseMessage(Buffer.from(text.slice(0, text.indexOf("\r\n\r\n"))), new Uint8Array());
const uri = (user: string): URI => new URI("sip", user, "example.test");
const outgoing = (content = ""): OutgoingRequestMessage =>
  new OutgoingRequestMessage("MESSAGE", uri("bob"), uri("alice"), uri("bob"), {}, [], {
    contentDisposition: "render",
    contentType: "application/octet-stream",
    content,
  });
const transactionOver = (protocol: string) => {
  const [sent, responses, timeouts]: [string[], number[], string[]] = [[], [], []];
  const transaction = new NonInviteClientTransaction(
    outgoing(),
    { protocol, send: async (text: string) => void sent.push(text) },
    {
      loggerFactory: loggers,
      receiveResponse: ({ statusCode }: IncomingResponseMessage) => void responses.push(statusCode ?? 0),
      onRequestTimeout: () => void timeouts.push("timed out"),
      onTransportError: () => undefined,
    },
  );
  return { transaction, sent, responses, timeouts };
};

/** Why no part of sip.js is on the wire; the table in README.md names these tests. */
describe("sip.js", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("has transactions for reliable transports only: over UDP it sends a request once and waits", async () => {
    vi.useFakeTimers();
    const { transaction, sent } = transactionOver("UDP");
    await vi.advanceTimersByTimeAsync(31_000);
    expect(sent).toHaveLength(1);
    transaction.dispose();
  });

  it("takes a 408 that somebody answered for a time-out of its own, and keeps the response", () => {
    const { transaction, responses, timeouts } = transactionOver("TCP");
    const response = new IncomingResponseMessage();
    response.statusCode = 408;
    transaction.receiveResponse(response);
    transaction.dispose();
    expect([responses, timeouts]).toEqual([[], ["timed out"]]);
  });

  it("makes Call-IDs and tags of Math.random, which can be guessed; ours are not", () => {
    vi.spyOn(Math, "random").mockReturnValue(0.5);
    expect([outgoing().callId, outgoing().fromTag]).toEqual([outgoing().callId, outgoing().fromTag]);
    expect(token()).not.toBe(token());
  });

  it("has bodies of text: a byte that is no UTF-8 does not come out as it went in", () => {
    const bytes = Buffer.from([0x80]);
    for (const encoding of ["latin1", "utf8"] as const) {
      const written = Buffer.from(outgoing(bytes.toString(encoding)).toString());
      expect(written.subarray(written.indexOf("\r\n\r\n") + 4)).not.toEqual(bytes);
    }
  });

  it("drops a response for a Contact that nobody needs", () => {
    const text = wireText("SIP/2.0 200 OK", [...mandatory, "Contact: <sip:"]);
    expect(parse(text)).toBeUndefined();
    expect(ours(text)).toMatchObject({ kind: "response", status: 200 });
  });

  it("drops a request that it cannot read, so that its sender never hears why", () => {
    const text = wireText("MESSAGE sip:alice@example.test SIP/2.0", [
      ...mandatory.filter((line) => !line.startsWith("CSeq")),
      "CSeq: x MESSAGE",
    ]);
    expect(parse(text)).toBeUndefined();
    expect(ours(text)).toMatchObject({ kind: "request", flaw: { status: 400 } });
  });

  it("answers no challenge but MD5", () => {
    const challenge = 'Digest realm="example.test", nonce="n", algorithm=SHA-256, qop="auth"';
    const digest = new DigestAuthentication(loggers, undefined, "alice", "secret");
    const answered = digest.authenticate(outgoing(), {
      algorithm: "SHA-256",
      realm: "example.test",
      nonce: "n",
      qop: "auth",
    });
    expect(answered).toBe(false);
    expect(chooseChallenges([challenge], () => true)).toMatchObject([{ algorithm: { name: "SHA-256" } }]);
  });
});

/** Strength of sip.js: it reads, as somebody else's program, what we write. */
describe("sip.js as a judge", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/);
  const text = fc.string({ unit: "grapheme", maxLength: 200 });

  it("reads our requests as we mean them", () => {
    fc.assert(
      fc.property(word, word, fc.nat(2 ** 31 - 1), text, (to, callId, cseq, content) => {
        const written = writeOutgoing(
          {
            method: "MESSAGE",
            uri: `sip:${to}@example.test`,
            body: textBody("text/plain;charset=utf-8", content),
            headers: ["Accept: text/plain"],
          },
          {
            branch: "z9hG4bKours",
            transport: { protocol: "TCP", local: { address: "::1", port: 5060 } },
            from: "sip:alice@example.test",
            place: { callId, fromTag: "a", nextCseq: () => cseq },
            routes: ["<sip:edge.example.test;lr>"],
            credentials: [],
          },
        );
        const read = parse(written.toString());
        if (!(read instanceof IncomingRequestMessage)) throw new Error("not read as a request");
        const { method, ruri, callId: id, cseq: number, fromTag, viaBranch, body } = read;
        expect([method, ruri?.toString(), id, number, fromTag, viaBranch, body]).toEqual([
          "MESSAGE",
          `sip:${to}@example.test`,
          callId,
          cseq,
          "a",
          "z9hG4bKours",
          content,
        ]);
        expect(read.getHeader("route")).toBe("<sip:edge.example.test;lr>");
      }),
    );
  });

  it("reads our responses as we mean them", () => {
    fc.assert(
      fc.property(word, fc.constantFrom(200, 202, 404, 415, 480, 488, 500), (callId, status) => {
        const request = ours(
          wireText("MESSAGE sip:alice@example.test SIP/2.0", [
            ...mandatory.filter((line) => !/^(?:Call-ID|To)/.test(line)),
            "To: <sip:alice@example.test>",
            `Call-ID: ${callId}`,
          ]),
        ) as SipRequest;
        const read = parse(writeReply(request, { status, toTag: "mine" }).toString());
        if (!(read instanceof IncomingResponseMessage)) throw new Error("not read as a response");
        const { statusCode, callId: id, cseq, toTag, fromTag, viaBranch } = read;
        expect([statusCode, id, cseq, toTag, fromTag, viaBranch]).toEqual([status, callId, 1, "mine", "1", "z9hG4bK1"]);
      }),
    );
  });
});
