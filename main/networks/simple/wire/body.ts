import { promisify } from "node:util";
import { unzip } from "node:zlib";
import type { MessageNotice } from "../../../../shared/model/notice.ts";
import { nodeCode } from "../errors.ts";
import { maxBodyBytes, parseParameters, type SipHeaders, type SipMessage } from "./message.ts";

/**
 * A body that cannot be taken, and how to answer it (RFC 3261 section 8.2.3). `what`: constant sentence for the log.
 */
export class BodyError extends Error {
  readonly status: number;
  readonly headers: readonly string[];
  /** Notices for the person, where it is legal; the sender is told in any case. */
  readonly notices: readonly MessageNotice[];

  constructor(status: number, what: string, answer: Partial<Pick<BodyError, "headers" | "notices">> = {}) {
    super(what);
    this.status = status;
    this.headers = answer.headers ?? [];
    this.notices = answer.notices ?? [];
  }
}

/** A body, or a part of one in several parts: bytes, until whoever knows the type says that they are text. */
export interface BodyPart {
  /** Content type in lower case, without parameters. */
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  /** Other MIME headers, names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Uint8Array;
}

const unreadable: readonly MessageNotice[] = [{ kind: "other", what: "text/plain" }];

const inflate = promisify(unzip);
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The body of a message without its Content-Encoding (deflate as linphone sends it, gzip; at most 1 MiB comes out).
 * Error: BodyError.
 */
export async function bodyOf({ headers, body }: Pick<SipMessage, "headers" | "body">): Promise<BodyPart> {
  const { value, params } = parseParameters(headers.get("content-type") ?? "text/plain");
  const mime = ["content-disposition", "content-transfer-encoding"].map(
    (name) => [name, headers.get(name) ?? ""] as const,
  );
  // RFC 3261 section 25.1: `SLASH` may have white space on either side.
  const type = value.toLowerCase().replace(/[ \t]*\/[ \t]*/, "/");
  return { type, params, headers: new Map(mime), content: await decompressed(headers, body) };
}

/**
 * The text of a part whose type is one of text. Charsets other than UTF-8 and its subset are refused rather than
 * guessed. Error: BodyError.
 */
export function textOf({ type, params, content }: Pick<BodyPart, "type" | "params" | "content">): string {
  checkCharset(type, params);
  try {
    return utf8.decode(content);
  } catch {
    throw new BodyError(400, "body that is not UTF-8");
  }
}

/** The bytes of a body without its Content-Encoding. Error: BodyError. */
async function decompressed(headers: SipHeaders, body: Uint8Array): Promise<Uint8Array> {
  const encoded = (what: string): BodyError =>
    new BodyError(415, what, {
      headers: ["Accept-Encoding: deflate, gzip, identity"],
      notices: [{ kind: "other" }],
    });
  let bytes = body;
  for (const encoding of headers.list("content-encoding")) {
    const name = encoding.toLowerCase();
    if (name === "identity") continue;
    if (name !== "deflate" && name !== "gzip") throw encoded("body in an unknown content encoding");
    if (bytes !== body) throw encoded("body encoded more than once");
    try {
      bytes = await inflate(bytes, { maxOutputLength: maxBodyBytes });
    } catch (error) {
      if (nodeCode(error) === "ERR_BUFFER_TOO_LARGE") throw new BodyError(413, "body too long when decompressed");
      throw new BodyError(400, "body that does not decompress");
    }
  }
  return bytes;
}

/** Refuses text in a charset other than UTF-8 and its subset. Error: BodyError. */
export function checkCharset(type: string, params: ReadonlyMap<string, string>): void {
  const charset = params.get("charset")?.toLowerCase();
  if (/^text\//i.test(type) && charset !== undefined && !["utf-8", "utf8", "us-ascii", "ascii"].includes(charset)) {
    throw new BodyError(415, "text in a charset other than UTF-8", {
      headers: ["Accept: text/plain;charset=utf-8"],
      notices: unreadable,
    });
  }
}
