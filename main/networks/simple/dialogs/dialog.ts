import { parseNameAddress, type SipMessage, type SipRequest, tagOf } from "../wire/message.ts";
import { token } from "../wire/token.ts";
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

/**
 * One dialog as either side keeps it: tags, route set, remote target and sequence numbers. Source: RFC 3261 section 12.
 */
export class Dialog {
  readonly callId: string;
  readonly localTag: string;
  #remoteTag: string | undefined;
  #routes: readonly string[] = [];
  #target: string;
  #cseq = 0;
  #remoteCseq = -1;

  private constructor(callId: string, localTag: string, target: string) {
    this.callId = callId;
    this.localTag = localTag;
    this.#target = target;
  }

  /** Dialog that a request of ours is about to begin. */
  static outgoing(target: string): Dialog {
    return new Dialog(token(), token(8), target);
  }

  /** Dialog that a request of theirs begins; undefined when it names no place to send requests to (section 12.1.1). */
  static incoming(request: SipRequest): Dialog | undefined {
    const contact = request.headers.list("contact")[0];
    const remoteTag = tagOf(request.headers, "from");
    const target = contact === undefined ? undefined : parseNameAddress(contact).uri;
    if (target === undefined || remoteTag === undefined || !parseSipUri(target)) return undefined;
    const dialog = new Dialog(request.callId, token(8), target);
    dialog.establish(remoteTag, request.headers.list("record-route"));
    dialog.inOrder(request);
    return dialog;
  }

  get remoteTag(): string | undefined {
    return this.#remoteTag;
  }

  get target(): string {
    return this.#target;
  }

  /** Tag and route set of the other side; the first ones stay. */
  establish(remoteTag: string | undefined, routes: readonly string[]): void {
    if (this.#remoteTag !== undefined || remoteTag === undefined) return;
    this.#remoteTag = remoteTag;
    this.#routes = routes;
  }

  /** Whether a request or response belongs here. `ours`: which of its tags is ours. */
  owns(message: SipMessage, ours: "to" | "from" = "to"): boolean {
    const theirs = ours === "to" ? "from" : "to";
    if (message.callId !== this.callId || tagOf(message.headers, ours) !== this.localTag) return false;
    return this.#remoteTag === undefined || this.#remoteTag === tagOf(message.headers, theirs);
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
    const contact = message.headers.list("contact")[0];
    const uri = contact === undefined ? undefined : parseNameAddress(contact).uri;
    if (uri !== undefined && parseSipUri(uri)) this.#target = uri;
  }

  /** Place of the next request of ours. */
  place(): DialogPlace {
    return {
      callId: this.callId,
      fromTag: this.localTag,
      toTag: this.#remoteTag,
      ...(this.#remoteTag === undefined ? {} : { routes: this.#routes }),
      nextCseq: () => {
        this.#cseq += 1;
        return this.#cseq;
      },
    };
  }
}
