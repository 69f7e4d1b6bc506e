import { HallwayError } from "../../../../shared/errors.ts";

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
