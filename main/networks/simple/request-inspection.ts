import { MergedRequests } from "./transactions/merged-requests.ts";
import type { SipRequest } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";

/** What is looked at before a request reaches whoever answers its method. */
export interface RequestInspectionOptions {
  /** Reply for whoever is to learn nothing, whatever they ask; undefined: they may know. */
  readonly hidden: (request: SipRequest) => Reply | undefined;
  /** Option tags that a request may require of us. */
  readonly supported: readonly string[];
}

/**
 * Inspection of incoming requests: who learns nothing, what is broken, what came twice, and what requires an extension
 * that we do not have. Source: RFC 3261 section 8.2.
 */
export class RequestInspection {
  readonly #options: RequestInspectionOptions;
  readonly #merged = new MergedRequests();

  constructor(options: RequestInspectionOptions) {
    this.#options = options;
  }

  /** The reply that a request gets without being handled; undefined: it may be handled. Called once for each. */
  refuse(request: SipRequest): Reply | undefined {
    const hidden = this.#options.hidden(request);
    if (hidden) return hidden;
    if (request.flaw) return { status: request.flaw.status };
    if (this.#merged.has(request)) return { status: 482 };
    this.#merged.add(request);
    const unknown = request.headers
      .list("require")
      .filter((tag) => !this.#options.supported.includes(tag.toLowerCase()));
    // What a call requires does not matter: none is taken.
    if (unknown.length > 0 && request.method !== "INVITE")
      return { status: 420, headers: [`Unsupported: ${unknown.join(", ")}`] };
    return undefined;
  }
}
