import type { Address } from "../../../../shared/model/address.ts";
import { isRedirect, maxRedirects, messageTarget, type RedirectRules } from "../redirect.ts";
import type { UserAgent } from "../user-agent.ts";
import type { SipResponse } from "../wire/message.ts";
import type { SipBody } from "../wire/request.ts";
import { token } from "../wire/token.ts";
import { uriOfAddress } from "../wire/uri.ts";

/** A MESSAGE to send. */
export interface MessageRequest {
  readonly agent: UserAgent;
  readonly to: Address;
  readonly body: SipBody;
  readonly headers: readonly string[];
  /** Asked where it would go on to. */
  readonly redirects: RedirectRules;
  /** Id of a text, which is its Call-ID too: linphone confirms messages without an envelope under that. */
  readonly id?: string | undefined;
  /** Called each time that it has been written to the connection. */
  readonly onWritten?: (() => void) | undefined;
  /** Every final response, also those that send it on. */
  readonly onResponse: (response: SipResponse) => void;
}

/** Last response to a request, and whom the request went to in the end where that is somebody else. */
export interface Outcome {
  readonly response: SipResponse;
  readonly redirected: Address | undefined;
}

/**
 * Sends a MESSAGE and follows redirects (RFC 3261 section 8.1.3.4) to other SIP URIs that the rules allow, a few times.
 * Errors: those of UserAgent.request, `blocked-by-policy`.
 */
export async function sendMessageRequest(request: MessageRequest): Promise<Outcome> {
  const { agent, to, body, headers, redirects, id, onWritten, onResponse } = request;
  const own = uriOfAddress(to);
  const dialog =
    id === undefined ? {} : { dialog: { callId: id, fromTag: token(8), nextCseq: () => agent.nextCseq() } };
  let uri = own;
  let redirected: Address | undefined;
  const tried = new Set<string>();
  for (;;) {
    tried.add(uri);
    const response = await agent.request({ method: "MESSAGE", uri, to: own, headers, body, onWritten, ...dialog });
    onResponse(response);
    const next =
      isRedirect(response) && tried.size <= maxRedirects ? messageTarget(response, tried, redirects) : undefined;
    if (next === undefined) return { response, redirected };
    uri = next.uri;
    redirected = next.address === to ? undefined : next.address;
  }
}
