import { createHash } from "node:crypto";
import { Recent } from "../recent.ts";
import { type SipRequest, tagOf } from "../wire/message.ts";

/** Requests remembered, at most; copies of one request come close together. */
const maxRemembered = 2_000;

/**
 * Requests outside of dialogs that were here before, to recognize copies of them that come another way: after forking,
 * or sent again over another connection. Source: RFC 3261 section 8.2.2.2.
 */
export class MergedRequests<Value = true> {
  readonly #seen = new Recent<Value>(maxRemembered);

  /** True for a copy of a request that was added. */
  has(request: SipRequest): boolean {
    return this.get(request) !== undefined;
  }

  /** Value that was added with a request that this is a copy of. */
  get(request: SipRequest): Value | undefined {
    const key = identity(request);
    return key === undefined ? undefined : this.#seen.get(key);
  }

  add(request: SipRequest, value: Value): void {
    const key = identity(request);
    if (key !== undefined) this.#seen.set(key, value);
  }

  /** The request was not taken after all. */
  delete(request: SipRequest): void {
    const key = identity(request);
    if (key !== undefined) this.#seen.delete(key);
  }
}

/**
 * From tag, Call-ID and CSeq as the RFC says, and the body, so that nothing of a sender who reuses them is lost;
 * undefined inside of a dialog.
 */
function identity(request: SipRequest): string | undefined {
  if (tagOf(request.headers, "to") !== undefined) return undefined;
  const { callId, cseq, method, headers, body } = request;
  const named = JSON.stringify([callId, tagOf(headers, "from"), cseq.number, method]);
  return createHash("sha256").update(named).update(body).digest("base64");
}
