import { type SipRequest, tagOf, token } from "./message.ts";

/** Our name in User-Agent headers; no version, which would only help attackers. */
export const userAgentName = "Hallway";

/** Answer to a request of the server. */
export interface Reply {
  readonly status: number;
  readonly headers?: readonly string[];
  /** Tag of To, where this response begins a dialog; absent: one that nobody else knows. */
  readonly toTag?: string;
  /** It does not say which program answers, as that would say that one is there. */
  readonly unsigned?: boolean;
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  420: "Bad Extension",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  482: "Loop Detected",
  488: "Not Acceptable Here",
  489: "Bad Event",
  500: "Server Internal Error",
  503: "Service Unavailable",
  505: "Version Not Supported",
  513: "Message Too Large",
  603: "Decline",
};

/**
 * The response to a request, as bytes: what it repeats is repeated byte for byte, but for control characters, which a
 * server could take for the end of a line. Source: RFC 3261 section 8.2.6.
 */
export function writeReply(request: SipRequest, reply: Reply): Buffer {
  const { headers } = request;
  const repeat = (name: string, title: string): readonly string[] =>
    headers
      .bytes(name)
      .slice(0, 1)
      .map((value) => `${title}: ${value}`);
  const own = [
    ...(reply.headers ?? []),
    ...(reply.unsigned ? [] : [`User-Agent: ${userAgentName}`]),
    "Content-Length: 0",
  ];
  const lines = [
    `SIP/2.0 ${reply.status} ${reasons[reply.status] ?? ""}`,
    ...headers.bytes("via").map((via) => `Via: ${via}`),
    ...repeat("from", "From"),
    ...repeat("to", "To").map((to) =>
      tagOf(headers, "to") === undefined ? `${to};tag=${reply.toTag ?? token(8)}` : to,
    ),
    ...repeat("call-id", "Call-ID"),
    ...repeat("cseq", "CSeq"),
    ...own.map((line) => Buffer.from(line).toString("latin1")),
  ].map((line) => line.replace(/[\u0000-\u0008\u000a-\u001f\u007f]/g, " "));
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
