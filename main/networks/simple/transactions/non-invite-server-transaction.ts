import type { ServerTransaction, TransactionTransport } from "./transaction.ts";

/**
 * A request of the other side other than INVITE, until our final response and after it.
 *
 *   trying -200..699 from us-> completed -timer J-> terminated
 *   trying -same request-> trying (nothing is sent)
 *   completed -same request-> completed (the response is sent again)
 *
 * RFC 4320 section 4.1: no provisional response is sent, so there is no `proceeding`. Timer J is zero for reliable
 * transports; the transaction layer still keeps the last ones in `completed`, since proxies are known to repeat
 * requests over TCP. Source: RFC 3261 section 17.2.2 and figure 8.
 */
export class NonInviteServerTransaction implements ServerTransaction {
  readonly #transport: TransactionTransport;
  #response: Uint8Array | undefined;
  #isEnded = false;

  constructor(transport: TransactionTransport) {
    this.#transport = transport;
  }

  get state(): "trying" | "completed" | "terminated" {
    if (this.#isEnded) return "terminated";
    return this.#response === undefined ? "trying" : "completed";
  }

  receiveAgain(): void {
    if (this.#response !== undefined) void this.#send(this.#response);
  }

  async respond(response: Uint8Array): Promise<void> {
    if (this.state !== "trying") return;
    this.#response = response;
    await this.#send(response);
  }

  end(): void {
    this.#isEnded = true;
  }

  async #send(response: Uint8Array): Promise<void> {
    if (this.#isEnded) return;
    // Without a connection there is nobody to answer; the request comes again over the next one.
    await this.#transport.send(response).catch(() => undefined);
  }
}
