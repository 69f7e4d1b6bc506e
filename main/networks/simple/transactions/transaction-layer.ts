import type { HallwayError } from "../../../../shared/errors.ts";
import { Recent } from "../recent.ts";
import { branchOf, type SipMessage, type SipRequest, type SipResponse } from "../wire/message.ts";
import { type Reply, writeReply } from "../wire/reply.ts";
import { type ClientTransactionOptions, NonInviteClientTransaction } from "./non-invite-client-transaction.ts";
import { NonInviteServerTransaction } from "./non-invite-server-transaction.ts";
import type { ClientTransaction, ServerTransaction, TransactionTransport } from "./transaction.ts";

/** The two neighbours of the transaction layer (RFC 3261 section 5). */
export interface TransactionLayerOptions {
  readonly transport: TransactionTransport;
  /** The transaction user: answers a request, each once. Must not reject. */
  readonly onRequest: (request: SipRequest) => Promise<Reply>;
}

/** More unanswered requests of the server than this and it is told to come back later. */
const maxServing = 2_000;
/** Completed server transactions that are kept, and the longest response of one, in bytes: it repeats what anybody wrote. */
const maxCompleted = 200;
const maxCompletedBytes = 16_384;

/**
 * Transactions of one connection: finds the one that a message belongs to, and begins one for what is new. It knows
 * nothing of dialogs, credentials or what a request means. Source: RFC 3261 section 17.
 */
export class TransactionLayer {
  readonly #options: TransactionLayerOptions;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #serving = new Map<string, ServerTransaction>();
  readonly #completed = new Recent<ServerTransaction>(maxCompleted);

  constructor(options: TransactionLayerOptions) {
    this.#options = options;
  }

  /** Sends a request other than INVITE and answers with its final response. Errors: as ClientTransaction.response. */
  async send(options: Omit<ClientTransactionOptions, "transport">): Promise<SipResponse> {
    const transaction = new NonInviteClientTransaction({ ...options, transport: this.#options.transport });
    this.#clients.set(transaction.branch, transaction);
    try {
      return await transaction.response;
    } finally {
      this.#clients.delete(transaction.branch);
    }
  }

  /** Takes a message from the transport. Does not throw. */
  receive(message: SipMessage): void {
    if (message.kind === "response") this.#response(message);
    else void this.#request(message);
  }

  /** Ends all transactions; those of ours are rejected with this error. */
  end(error: HallwayError): void {
    for (const transaction of [...this.#clients.values()]) transaction.end(error);
    for (const transaction of this.#serving.values()) transaction.end();
    this.#serving.clear();
  }

  #response(response: SipResponse): void {
    // Section 8.1.3.3: more than one Via means that it was not for us.
    if (response.headers.list("via").length !== 1) return;
    const transaction = this.#clients.get(branchOf(response.headers) ?? "");
    // Section 17.1.3: the method tells a CANCEL from what it cancels.
    if (transaction?.method === response.cseq.method) transaction.receive(response);
  }

  async #request(request: SipRequest): Promise<void> {
    // It belongs to the INVITE that it acknowledges (section 17.2.1); there is no response to it.
    if (request.method === "ACK") return;
    const key = serverKey(request);
    const known = this.#serving.get(key) ?? this.#completed.get(key);
    if (known) {
      known.receiveAgain();
      return;
    }
    const transaction = new NonInviteServerTransaction(this.#options.transport);
    if (request.method === "CANCEL" && !request.flaw && this.#hasInvite(request)) {
      // Section 9.2: it has no effect on a request that has its final response.
      await transaction.respond(writeReply(request, { status: 200 }));
      return;
    }
    this.#serving.set(key, transaction);
    const reply = await this.#reply(request);
    this.#serving.delete(key);
    const response = writeReply(request, reply);
    const isEnded = transaction.state === "terminated";
    if (!isEnded && response.byteLength <= maxCompletedBytes) this.#completed.set(key, transaction);
    await transaction.respond(response);
  }

  async #reply(request: SipRequest): Promise<Reply> {
    if (this.#serving.size > maxServing) return { status: 503, headers: ["Retry-After: 5"] };
    return this.#options.onRequest(request);
  }

  /** An INVITE that this CANCEL is for, by the branch and number that they share (section 9.1). */
  #hasInvite(cancel: SipRequest): boolean {
    const key = serverKey({ ...cancel, method: "INVITE" });
    return this.#completed.has(key) || this.#serving.has(key);
  }
}

/**
 * Section 17.2.3, with the Call-ID: stateless proxies of the OpenSER family give all requests that pass them the same
 * branch.
 */
function serverKey({ headers, callId, cseq, method }: SipRequest): string {
  return JSON.stringify([headers.list("via")[0], callId, cseq.number, method]);
}
