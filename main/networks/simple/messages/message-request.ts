import type { Address } from "../../../../shared/model/address.ts";
import type { SipBody } from "../outgoing-request.ts";
import { Recent } from "../recent.ts";
import { isRedirect, maxRedirects, messageTarget, type RedirectRules } from "../redirect.ts";
import type { UserAgent } from "../user-agent.ts";
import { type SipResponse, token } from "../wire/message.ts";
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
    if (response.status < 300) return { response, redirected };
    const next =
      isRedirect(response) && tried.size <= maxRedirects ? messageTarget(response, tried, redirects) : undefined;
    if (next === undefined) return { response, redirected };
    uri = next.uri;
    redirected = next.address === to ? undefined : next.address;
  }
}

/**
 * RFC 3428 section 8: a message may always be this large, in bytes; what is not larger is not what a server closes the
 * connection for.
 */
const alwaysFits = 1_300;
/** Losses of the connection after which a message that was under way at each of them is held to be their cause. */
const maxLosses = 2;

/**
 * Texts that were sent and are not answered. A server that closes the connection for a message that is too large for it
 * gives no other reason; sent again first each time, the message would keep all others from going. So the largest that
 * is under way when the connection is lost is suspected, and after the second time it is not sent again.
 */
export class Flights {
  readonly #bytes = new Map<string, number>();
  readonly #losses = new Recent<number>(200);

  /** It is under way. `bytes`: of its body on the wire. */
  begin(id: string, bytes: number): void {
    this.#bytes.set(id, bytes);
  }

  /** It was answered, or given up. */
  end(id: string): void {
    this.#bytes.delete(id);
  }

  /** The connection is gone, by itself or not: nothing is under way any more. */
  clear(): void {
    this.#bytes.clear();
  }

  /** The connection was lost. The id of the message that is held to be the cause; undefined: none is, or not yet. */
  lost(): string | undefined {
    const [largest] = [...this.#bytes].sort(([, a], [, b]) => b - a);
    this.clear();
    if (!largest || largest[1] <= alwaysFits) return undefined;
    const [id] = largest;
    const losses = (this.#losses.get(id) ?? 0) + 1;
    this.#losses.set(id, losses);
    return losses >= maxLosses ? id : undefined;
  }
}
