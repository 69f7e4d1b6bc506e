import { type SipRequest, tagOf } from "./message.ts";
import { token } from "./token.ts";

/** Our name in User-Agent headers; no version, which would only help attackers. */
export const userAgentName = "Hallway";

/** Answer to a request of the server. */
export interface Reply {
  readonly status: number;
  readonly headers?: readonly string[];
  /** It does not say which program answers, as that would say that one is there. */
  readonly unsigned?: boolean;
}

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  413: "Request Entity Too Large",
  415: "Unsupported Media Type",
  420: "Bad Extension",
  480: "Temporarily Unavailable",
  481: "Call/Transaction Does Not Exist",
  489: "Bad Event",
  500: "Server Internal Error",
  503: "Service Unavailable",
};

/** The response to a request, as text. Source: RFC 3261 section 8.2.6. */
export function writeReply(request: SipRequest, reply: Reply): string {
  const { headers } = request;
  const to = headers.get("to") ?? "";
  const lines = [
    `SIP/2.0 ${reply.status} ${reasons[reply.status] ?? ""}`,
    ...headers.all("via").map((via) => `Via: ${via}`),
    `From: ${headers.get("from") ?? ""}`,
    `To: ${tagOf(headers, "to") === undefined ? `${to};tag=${token(8)}` : to}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.cseq.number} ${request.cseq.method}`,
    ...(reply.headers ?? []),
    ...(reply.unsigned ? [] : [`User-Agent: ${userAgentName}`]),
    "Content-Length: 0",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
