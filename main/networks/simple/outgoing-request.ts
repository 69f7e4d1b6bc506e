import { HallwayError } from "../../../shared/errors.ts";
import type { DialogPlace } from "./dialogs/dialog.ts";
import type { Urgency } from "./pacer.ts";
import type { SipTransport } from "./transports/transport.ts";
import { userAgentName } from "./wire/reply.ts";

/** Request content. `headers` are whole lines without line end. */
export interface RequestContent {
  readonly headers?: readonly string[];
  readonly body?: SipBody;
}

/** A request to send. */
export interface RequestOptions extends RequestContent {
  readonly method: string;
  /** Request URI. */
  readonly uri: string;
  /** URI for the To header when it is not the request URI. */
  readonly to?: string;
  /**
   * Content of a request that tells a state, instead of `headers` and `body`: called when the turn of the request has
   * come, and again for the answer to a challenge. What it throws, the request is rejected with.
   */
  readonly compose?: () => RequestContent;
  readonly dialog?: DialogPlace;
  /** Milliseconds until it counts as unanswered; not over 32 s (RFC 3261 timer F). */
  readonly timeout?: number;
  /** Default `prompt`. */
  readonly urgency?: Urgency;
  /** It goes without credentials, so that it is asked for them. */
  readonly anonymous?: boolean;
  /** Called once when the request has been written to the connection for the first time. */
  readonly onWritten?: (() => void) | undefined;
}

/** Parts of a request that its sender, its connection and its transaction decide. */
export interface RequestFrame {
  readonly branch: string;
  readonly transport: Pick<SipTransport, "protocol" | "local">;
  /** Own SIP URI. */
  readonly from: string;
  readonly place: DialogPlace;
  readonly routes: readonly string[];
  /** Authorization and Proxy-Authorization. */
  readonly credentials: readonly string[];
}

/** A request as bytes. Error: `invalid-argument`, as writeRequest. Source: RFC 3261 section 8.1.1. */
export function writeOutgoing(options: RequestOptions, frame: RequestFrame): Buffer {
  const { branch, transport, from, place, routes, credentials } = frame;
  const { address, port } = transport.local;
  const host = address.includes(":") ? `[${address}]` : address;
  return writeRequest({
    method: options.method,
    uri: options.uri,
    headers: [
      `Via: SIP/2.0/${transport.protocol} ${host}:${port};branch=${branch};rport`,
      "Max-Forwards: 70",
      ...routes.map((route) => `Route: ${route}`),
      `From: <${from}>;tag=${place.fromTag}`,
      `To: <${options.to ?? options.uri}>${place.toTag === undefined ? "" : `;tag=${place.toTag}`}`,
      `Call-ID: ${place.callId}`,
      `CSeq: ${place.nextCseq()} ${options.method}`,
      ...(options.headers ?? []),
      ...credentials,
      `User-Agent: ${userAgentName}`,
    ],
    body: options.body,
  });
}

/** A body and its Content-Type: bytes, whatever they mean. */
export interface SipBody {
  readonly type: string;
  readonly content: Uint8Array;
}

/** A text as a body, in UTF-8, which is what every text of ours is in. */
export function textBody(type: string, text: string): SipBody {
  return { type, content: Buffer.from(text) };
}

/** A request as it is written. `headers`: whole lines without line end, in their order. */
export interface RequestParts {
  readonly method: string;
  /** Request URI. */
  readonly uri: string;
  readonly headers: readonly string[];
  readonly body?: SipBody | undefined;
}

/**
 * A request as bytes. Error: `invalid-argument` for a URI or header that a server could take for more than one line.
 * Source: RFC 3261 section 7.1.
 */
export function writeRequest({ method, uri, headers, body }: RequestParts): Buffer {
  // Where a dialog goes on is what the other side said.
  if (/[\s<>"]/.test(uri)) throw new HallwayError("invalid-argument");
  const lines = [
    `${method} ${uri} SIP/2.0`,
    ...headers,
    ...(body ? [`Content-Type: ${body.type}`] : []),
    `Content-Length: ${body?.content.byteLength ?? 0}`,
  ];
  // A server could take any of these for the end of the line, and the rest of it for a header of its own.
  if (lines.some((line) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line))) throw new HallwayError("invalid-argument");
  const head = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
  return body ? Buffer.concat([head, body.content]) : head;
}
