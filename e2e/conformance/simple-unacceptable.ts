import { randomUUID } from "node:crypto";
import net from "node:net";
import { gzipSync } from "node:zlib";
import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import type { IncomingItem, UnacceptableItems } from "../../main/networks/conformance/unacceptable.ts";
import { chooseChallenges, DigestAnswer } from "../../main/networks/simple/authentication/digest.ts";
import { SipFramer } from "../../main/networks/simple/transports/framer.ts";
import { parseMessage, type SipResponse } from "../../main/networks/simple/wire/message.ts";

/** How a stranger who has an account of their own reaches the server. */
export interface StrangersWay {
  readonly port: number;
  newAccount(): Promise<TestAccount>;
}

interface Shape {
  readonly what: string;
  readonly text?: string;
  /** Whole header lines; each character is a byte. */
  readonly lines?: readonly string[];
  /** Text before the URI in From. */
  readonly display?: string;
  readonly type?: string;
  readonly body?: string | Buffer;
}

const many = Array.from({ length: 300 }, (_, n) => `X-${n}: 1`);
const envelope = (head: string, body: string): Pick<Shape, "type" | "body"> => ({
  type: "message/cpim",
  body: `${head}\r\n\r\nContent-Type: text/plain\r\n\r\n${body}`,
});

const shapes: readonly Shape[] = [
  { what: "a Latin-1 display name", display: '"Jos\xe9" ', text: "from Jos", body: "from Jos" },
  { what: "a Latin-1 subject", lines: ["Subject: caf\xe9"], text: "about coffee", body: "about coffee" },
  {
    what: "a header of 60 kB",
    lines: [`X-Long: ${"x".repeat(60_000)}`],
    text: "behind a long one",
    body: "behind a long one",
  },
  { what: "more header lines than are read", lines: many },
  { what: "a longer header section than is read", lines: [`X-Long: ${"x".repeat(70_000)}`] },
  { what: "a bare LF in a header", lines: ["Subject: x\nX: y"] },
  { what: "a NUL in a header", lines: ["Subject: \0"] },
  { what: "a text over the limit", body: "x".repeat(70_000) },
  { what: "bytes that are no text", body: Buffer.from([0xff, 0xfe]) },
  { what: "a charset that is not read", type: "text/plain;charset=koi8-r" },
  { what: "a type that is not taken", type: "image/png" },
  {
    what: "a body that decompresses to over the limit",
    lines: ["Content-Encoding: gzip"],
    body: gzipSync(Buffer.alloc(4 << 20)),
  },
  {
    what: "an envelope with more headers than are read",
    ...envelope(Array.from({ length: 200 }, () => "A: b").join("\r\n"), "x"),
  },
  { what: "an envelope with a text over the limit", ...envelope("From: <im:a@b>", "x".repeat(70_000)) },
  { what: "a receipt that is no XML", type: "message/imdn+xml", body: "<imdn" },
  {
    what: "a receipt over its limit",
    type: "message/imdn+xml",
    body: `<imdn xmlns="urn:ietf:params:xml:ns:imdn">${"<x/>".repeat(5_000)}</imdn>`,
  },
  {
    what: "typing with too many levels",
    type: "application/im-iscomposing+xml",
    body: `${"<x>".repeat(100)}${"</x>".repeat(100)}`,
  },
];

/** The items of SIMPLE for the rule about unacceptable ones; `way` is asked when they are sent. */
export function simpleItems(way: () => StrangersWay): UnacceptableItems {
  const incoming = shapes.map(
    ({ what, text, ...shape }): IncomingItem => ({
      what,
      ...(text === undefined ? {} : { text }),
      send: (to) => send(way(), to, shape),
    }),
  );
  return { incoming, outgoing: [] };
}

/**
 * Sends a MESSAGE byte for byte, and again with the digest that the server asks for. Resolves with its final answer.
 */
async function send(
  { port, newAccount }: StrangersWay,
  to: string,
  { lines = [], display = "", type = "text/plain", body = "x" }: Omit<Shape, "what" | "text">,
): Promise<void> {
  const { address, password } = await newAccount();
  const uri = `sip:${to}`;
  const callId = randomUUID();
  const request = (cseq: number, authorization: readonly string[]): Buffer => {
    const head = [
      `MESSAGE ${uri} SIP/2.0`,
      `Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK${randomUUID()};rport`,
      "Max-Forwards: 70",
      `From: ${display}<sip:${address}>;tag=stranger`,
      `To: <${uri}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} MESSAGE`,
      ...authorization,
      ...lines,
      `Content-Type: ${type}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]);
  };
  const socket = net.connect(port, "127.0.0.1");
  try {
    const first = await answerTo(socket, request(1, []));
    const [challenge] = chooseChallenges(first.headers.all("proxy-authenticate"), () => true);
    if (!challenge) throw new Error(`the server answered ${first.status} where it should have asked who sends`);
    const answer = new DigestAnswer(challenge, address.slice(0, address.indexOf("@")), password);
    await answerTo(socket, request(2, [`Proxy-Authorization: ${answer.header({ method: "MESSAGE", uri, body: "" })}`]));
  } finally {
    socket.destroy();
  }
}

/** The next final answer. */
function answerTo(socket: net.Socket, request: Buffer): Promise<SipResponse> {
  const framer = new SipFramer();
  return new Promise((resolve, reject) => {
    socket.removeAllListeners("data");
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the server closed the connection")));
    socket.on("data", (chunk) => {
      for (const frame of framer.feed(chunk)) {
        if (frame.type !== "message") continue;
        const message = parseMessage(frame.head, frame.body);
        if (message.kind === "response" && message.status >= 200) resolve(message);
      }
    });
    socket.write(request);
  });
}
