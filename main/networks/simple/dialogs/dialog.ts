import { parseNameAddress, type SipMessage, type SipRequest, tagOf, token } from "../wire/message.ts";
import { parseSipUri } from "../wire/uri.ts";

/** Where in a dialog a request stands (RFC 3261 section 12.2.1.1). */
export interface DialogPlace {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag?: string | undefined;
  readonly routes?: readonly string[];
  /** The next sequence number; called again for each answered challenge. */
  readonly nextCseq: () => number;
}

/** Parts of a request that its dialog decides. */
export interface DialogRequest {
  readonly uri: string;
  readonly to: string;
  readonly dialog: DialogPlace;
}

/** Both ends of a dialog as its first request names them. */
interface DialogEnds {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteUri: string;
  readonly target: string;
}

/**
 * One dialog as either side keeps it: tags, route set, remote target, and a sequence number for each direction.
 *
 *   outgoing: begun -response or request with their tag-> established
 *   incoming: established from its first request
 *
 * It is a state without an end of its own: a usage (SUBSCRIBE, INVITE) decides when it is over, and drops it.
 * Source: RFC 3261 section 12.
 */
export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Whom it is with: To of our requests. */
  readonly remoteUri: string;
  #remoteTag: string | undefined;
  #routes: readonly string[] = [];
  #target: string;
  #cseq = 0;
  #remoteCseq = -1;

  private constructor({ callId, localTag, remoteUri, target }: DialogEnds) {
    this.callId = callId;
    this.localTag = localTag;
    this.remoteUri = remoteUri;
    this.#target = target;
  }

  /** Dialog that a request of ours is about to begin. */
  static outgoing(remoteUri: string): Dialog {
    return new Dialog({ callId: token(), localTag: token(8), remoteUri, target: remoteUri });
  }

  /** Dialog that a request of theirs begins; undefined when it names no place to send requests to (section 12.1.1). */
  static incoming(request: SipRequest): Dialog | undefined {
    const remoteTag = tagOf(request.headers, "from");
    const target = contactOf(request);
    if (target === undefined || remoteTag === undefined) return undefined;
    const remoteUri = parseNameAddress(request.headers.get("from") ?? "").uri;
    const dialog = new Dialog({ callId: request.callId, localTag: token(8), remoteUri, target });
    dialog.establish(remoteTag, request.headers.list("record-route"));
    dialog.inOrder(request);
    return dialog;
  }

  get remoteTag(): string | undefined {
    return this.#remoteTag;
  }

  /** Where its requests go, whatever proxies are on the way. */
  get target(): string {
    return this.#target;
  }

  /**
   * Takes the tag and the route set of the other side; the first ones stay. `routes`: in the order in which our
   * requests pass them (section 12.1.2: Record-Route reversed for who sent the first request).
   */
  establish(remoteTag: string | undefined, routes: readonly string[]): void {
    if (this.#remoteTag !== undefined || remoteTag === undefined) return;
    this.#remoteTag = remoteTag;
    this.#routes = routes;
  }

  /** Whether a request of the other side belongs here. */
  owns(request: SipRequest): boolean {
    if (request.callId !== this.callId || tagOf(request.headers, "to") !== this.localTag) return false;
    return this.#remoteTag === undefined || this.#remoteTag === tagOf(request.headers, "from");
  }

  /** False for a request that a later one has overtaken (section 12.2.2). */
  inOrder(request: SipRequest): boolean {
    if (request.cseq.number <= this.#remoteCseq) return false;
    this.#remoteCseq = request.cseq.number;
    return true;
  }

  /**
   * Takes over where requests are to go from now on (target refresh); a Contact that cannot be read changes nothing.
   */
  retarget(message: SipMessage): void {
    this.#target = contactOf(message) ?? this.#target;
  }

  /** URI, To and place of the next request of ours. */
  request(): DialogRequest {
    const [first, ...rest] = this.#routes;
    const firstUri = first === undefined ? "" : parseNameAddress(first).uri;
    // Section 12.2.1.1: a first proxy without `lr` is a strict router, and takes the request URI for its own.
    const isStrict = parseSipUri(firstUri)?.params.has("lr") === false;
    const routes = isStrict ? [...rest, `<${this.#target}>`] : this.#routes;
    return {
      uri: isStrict ? firstUri : this.#target,
      to: this.remoteUri,
      dialog: {
        callId: this.callId,
        fromTag: this.localTag,
        toTag: this.#remoteTag,
        ...(this.#remoteTag === undefined ? {} : { routes }),
        nextCseq: () => {
          this.#cseq += 1;
          return this.#cseq;
        },
      },
    };
  }
}

/** URI of the first Contact, if it is one that requests can go to. */
function contactOf(message: SipMessage): string | undefined {
  const contact = message.headers.list("contact")[0];
  const uri = contact === undefined ? undefined : parseNameAddress(contact).uri;
  return uri !== undefined && parseSipUri(uri) ? uri : undefined;
}
