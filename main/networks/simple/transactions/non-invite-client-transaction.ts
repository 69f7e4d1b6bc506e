import { HallwayError } from "../../../../shared/errors.ts";
import type { SipResponse } from "../wire/message.ts";
import { type ClientTransaction, type TransactionTransport, timerF } from "./transaction.ts";

/** A request and how it is sent. */
export interface ClientTransactionOptions {
  /** Via branch of the request. */
  readonly branch: string;
  readonly method: string;
  readonly request: Uint8Array;
  readonly transport: TransactionTransport;
  /** Milliseconds until it counts as unanswered; at most, and by default, timer F. */
  readonly timeout?: number | undefined;
  /** The request has been handed to the operating system. */
  readonly onWritten?: (() => void) | undefined;
}

/**
 * A request of ours other than INVITE, from its first byte to its final response.
 *
 *   trying -1xx-> proceeding -1xx-> proceeding
 *      |               |
 *      +-200..699------+-> completed -timer K-> terminated
 *      |               |
 *      +-timer F-------+-> terminated (`timed-out`)
 *      +-not written---+-> terminated (`connection-lost`)
 *
 * RFC 3261 section 17.1.2.2: "If an unreliable transport is in use, the client transaction MUST set timer E": none is,
 * so the request is written once. Timer K is "zero seconds for reliable transports": `completed` passes at once.
 * A 408 is a response like any other: somebody on the way has waited for the recipient.
 * Source: RFC 3261 section 17.1.2 and figure 6, RFC 4320.
 */
export class NonInviteClientTransaction implements ClientTransaction {
  readonly branch: string;
  readonly method: string;
  readonly response: Promise<SipResponse>;
  readonly #settle: PromiseWithResolvers<SipResponse>;
  readonly #timerF: NodeJS.Timeout;
  #state: "trying" | "proceeding" | "terminated" = "trying";

  constructor({ branch, method, request, transport, timeout = timerF, onWritten }: ClientTransactionOptions) {
    this.branch = branch;
    this.method = method;
    this.#settle = Promise.withResolvers();
    this.response = this.#settle.promise;
    this.#timerF = setTimeout(() => this.end(new HallwayError("timed-out")), Math.min(timeout, timerF));
    transport.send(request).then(
      () => onWritten?.(),
      () => this.end(new HallwayError("connection-lost")),
    );
  }

  get state(): "trying" | "proceeding" | "terminated" {
    return this.#state;
  }

  receive(response: SipResponse): void {
    if (this.#state === "terminated") return;
    if (response.status < 200) {
      this.#state = "proceeding";
      return;
    }
    this.#terminate();
    this.#settle.resolve(response);
  }

  end(error: HallwayError): void {
    if (this.#state === "terminated") return;
    this.#terminate();
    this.#settle.reject(error);
  }

  #terminate(): void {
    this.#state = "terminated";
    clearTimeout(this.#timerF);
  }
}
