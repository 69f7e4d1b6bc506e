import { createHash } from "node:crypto";
import type { Address } from "../../../shared/model/address.ts";
import type { Capabilities } from "./capabilities.ts";
import type { FeatureSession, MethodHandler, SipMethod } from "./feature.ts";
import { notHere } from "./presence/presence-agent.ts";
import { Recent } from "./recent.ts";
import { type SipRequest, tagOf } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";

/** Sender of a request, and what they may know. */
export interface RequestDispatchOptions {
  readonly capabilities: Capabilities;
  readonly session: FeatureSession;
  /** Whose request it is; undefined: nobody's. */
  readonly senderOf: (request: SipRequest) => Address | undefined;
  /** They are to learn nothing, not even that somebody is here. */
  readonly hidesFrom: (request: SipRequest, from: Address | undefined) => boolean;
}

interface AttachedMethod {
  readonly method: SipMethod;
  readonly handler: MethodHandler;
}

/**
 * Inspection of the requests of the server, and the way to the feature that answers their method. Source: RFC 3261
 * section 8.2.
 */
export class RequestDispatch {
  readonly #options: RequestDispatchOptions;
  readonly #methods = new Map<string, AttachedMethod>();
  readonly #merged = new MergedRequests();

  constructor(options: RequestDispatchOptions) {
    this.#options = options;
    const { capabilities, session } = options;
    for (const [name, method] of capabilities.methods)
      this.#methods.set(name, { method, handler: method.attach(session) });
  }

  /** Answers a request; called once for each. */
  answer(request: SipRequest): Reply | Promise<Reply> {
    const { session, senderOf, hidesFrom } = this.#options;
    const from = senderOf(request);
    const known = this.#methods.get(request.method);
    if (!known?.method.answersEverybody && hidesFrom(request, from)) {
      if (!request.flaw) known?.handler.unseen?.(request, from);
      return notHere;
    }
    if (request.flaw) return { status: request.flaw.status };
    if (this.#merged.has(request)) return { status: 482 };
    this.#merged.add(request, true);
    // Section 8.2.1: the method is looked at before what else the request requires.
    if (!known) return { status: 405, headers: [session.announced.allow] };
    const unknown = this.#unknownTags(request);
    // What is always refused may require what it likes.
    if (unknown.length > 0 && known.method.allowed !== "never")
      return { status: 420, headers: [`Unsupported: ${unknown.join(", ")}`] };
    return known.handler.answer(request, from);
  }

  /** Section 8.2.2.3. */
  #unknownTags(request: SipRequest): readonly string[] {
    const { supported } = this.#options.capabilities;
    return request.headers.list("require").filter((tag) => !supported.includes(tag.toLowerCase()));
  }
}

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
