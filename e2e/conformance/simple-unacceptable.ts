import { gzipSync } from "node:zlib";
import type { TestAccount } from "../../main/networks/conformance/harness.ts";
import type { IncomingItem, UnacceptableItems } from "../../main/networks/conformance/unacceptable.ts";
import { RawSip } from "./simple-raw.ts";

/** How a stranger who has an account of their own reaches the server. */
export interface StrangersWay {
  readonly port: number;
  newAccount(): Promise<TestAccount>;
}

/** Items that do not pass a server as they are, by `what`. */
export interface ServersWays {
  /** Why it passes them on to nobody. */
  readonly keptBack?: Readonly<Record<string, string>>;
  /** Text of those that it brings in order. */
  readonly mended?: Readonly<Record<string, string>>;
}

/** Kamailio's usual buffer (tcp_rd_buf_size) has 16 kB for a message with its head; for more it ends the connection. */
export const kamailiosWays: ServersWays = {
  keptBack: Object.fromEntries(
    [
      "a header of 60 kB",
      "a longer header section than is read",
      "a text over the limit",
      "an envelope with a text over the limit",
      "a receipt over its limit",
    ].map((what) => [what, "over 16 kB"]),
  ),
};

/** It takes LF for the end of a line, as CR LF, and writes what it passes on anew. */
export const ejabberdsWays: ServersWays = { mended: { "a bare LF in a header": "x" } };

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
    text: "behind many headers",
    ...envelope(Array.from({ length: 200 }, () => "A: b").join("\r\n"), "behind many headers"),
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
export function simpleItems(
  way: () => StrangersWay,
  { keptBack = {}, mended = {} }: ServersWays = {},
): UnacceptableItems {
  const incoming = shapes.map(
    ({ what, text = mended[what], ...shape }): IncomingItem => ({
      what,
      keptBack: keptBack[what],
      ...(text === undefined ? {} : { text }),
      send: (to) => send(way(), to, shape),
    }),
  );
  return { incoming, outgoing: [] };
}

/** Sends a MESSAGE byte for byte. Resolves with its final answer. */
async function send(
  { port, newAccount }: StrangersWay,
  to: string,
  { lines = [], display = "", type = "text/plain", body = "x" }: Omit<Shape, "what" | "text">,
): Promise<void> {
  const account = await newAccount();
  const stranger = await RawSip.connect(port, account);
  try {
    await stranger.ask({
      method: "MESSAGE",
      uri: `sip:${to}`,
      lines: [
        `From: ${display}<sip:${account.address}>;tag=stranger`,
        `To: <sip:${to}>`,
        ...lines,
        `Content-Type: ${type}`,
      ],
      body,
    });
  } finally {
    stranger.close();
  }
}
