import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import {
  type Audience,
  Authentication,
  type AuthenticationOptions,
  type Challenged,
} from "./authentication/authentication.ts";
import type { Strength } from "./authentication/digest-strength.ts";
import type { DialogPlace } from "./dialogs/dialog.ts";
import { type RequestOptions, writeOutgoing } from "./outgoing-request.ts";
import type { Pacer } from "./pacer.ts";
import { TransactionLayer } from "./transactions/transaction-layer.ts";
import type { SipTransport } from "./transports/transport.ts";
import { type SipMessage, type SipRequest, type SipResponse, token } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";
import { parseSipUri } from "./wire/uri.ts";

/** Options of a user agent. */
export interface UserAgentOptions extends AuthenticationOptions {
  readonly transport: SipTransport;
  readonly pacer: Pacer;
  /** Own SIP URI, for From. */
  readonly aor: string;
  /** Answers a request; called once for each. What it rejects with becomes 500. */
  readonly onRequest: (request: SipRequest) => Reply | Promise<Reply>;
}

/** Challenges of one request that are answered, at most. */
const maxChallenges = 4;

/**
 * Sends requests over one connection and answers their challenges; requests of the server go to `onRequest`. It lives
 * as long as its connection. Source: RFC 3261 section 8.
 */
export class UserAgent {
  /** Where requests outside of dialogs go through (RFC 3608); set after registration. */
  serviceRoute: readonly string[] = [];
  readonly #options: UserAgentOptions;
  readonly #transactions: TransactionLayer;
  readonly #authentication: Authentication;
  #cseq = Math.floor(Date.now() / 1000) % 2 ** 30;
  #gone: HallwayError | undefined;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#authentication = new Authentication(options);
    const { transport } = options;
    this.#transactions = new TransactionLayer({ transport, onRequest: (request) => this.#answer(request) });
  }

  get transport(): SipTransport {
    return this.#options.transport;
  }

  /** How our own server was answered; undefined: it has not asked. */
  get method(): string | undefined {
    return this.#authentication.method;
  }

  /** The least that our own server was answered with; undefined: it has not asked. */
  get strength(): Strength | undefined {
    return this.#authentication.strength;
  }

  get aor(): string {
    return this.#options.aor;
  }

  /** Sequence numbers for requests outside of dialogs; they begin with the clock so that they grow over restarts. */
  nextCseq(): number {
    this.#cseq += 1;
    return this.#cseq;
  }

  /**
   * Sends a request, answers challenges, and resolves with the final response whatever its status; a 401 or 407 comes
   * back when our answer was not taken. Errors: `connection-lost` (at once when the connection ends), `timed-out`,
   * `no-common-authentication`, `weaker-sign-in`, `invalid-argument`, `server-error` where challenges do not end.
   */
  async request(options: RequestOptions): Promise<SipResponse> {
    const place = options.dialog ?? this.#newPlace();
    const challenged: Challenged = { answered: new Set(), carried: new Map() };
    for (let attempt = 0; ; attempt += 1) {
      const onWritten = attempt === 0 ? options.onWritten : undefined;
      const response = await this.#once({ ...options, onWritten }, place, { challenged });
      if (response.status !== 401 && response.status !== 407) return response;
      let learned = this.#authentication.learn(this.#audience(options), response, challenged);
      if (learned === "ask-registrar") {
        await this.#askRegistrar();
        learned = this.#authentication.learn(this.#audience(options), response, challenged);
      }
      if (learned !== "answer") return response;
      // Nonces that are stale each time, or one realm after another: no answer of ours was called wrong.
      if (attempt >= maxChallenges) throw new HallwayError("server-error");
    }
  }

  /** Takes a message from the transport. Does not throw. */
  receive(message: SipMessage): void {
    this.#transactions.receive(message);
  }

  /** Asks the server for a response and answers with the Via branch that it will have (RFC 3261 section 11). */
  askForLandmark(): string | undefined {
    if (this.#gone) return undefined;
    const branch = newBranch();
    const request = { method: "OPTIONS", uri: this.#serverUri, anonymous: true, urgency: "vital" } as const;
    this.#once(request, this.#newPlace(), { branch }).catch(() => undefined);
    return branch;
  }

  /** Ends everything; what is in flight is rejected with this error. */
  dispose({ code, params }: ErrorInfo): void {
    this.#gone ??= new HallwayError(code, params);
    this.#options.pacer.letGo(this);
    this.#transactions.end(new HallwayError(code, params));
  }

  /** URI of the account's domain: whoever serves it is meant, and nobody behind it. */
  get #serverUri(): string {
    return `sip:${parseSipUri(this.aor)?.host ?? ""}`;
  }

  /** Place of a request that belongs to no dialog. */
  #newPlace(): DialogPlace {
    return { callId: token(), fromTag: token(8), nextCseq: () => this.nextCseq() };
  }

  /** Has our own server ask for credentials once more; nothing is registered or changed by it. */
  async #askRegistrar(): Promise<void> {
    const request = { method: "REGISTER", uri: this.#serverUri, to: this.aor, anonymous: true };
    const response = await this.#once(request, { ...this.#newPlace(), routes: [] });
    if (response.status === 401 || response.status === 407) this.#authentication.heardRegistrar(response);
  }

  /** One transaction. */
  async #once(
    options: RequestOptions,
    place: DialogPlace,
    { branch = newBranch(), challenged }: { readonly branch?: string; readonly challenged?: Challenged } = {},
  ): Promise<SipResponse> {
    if (this.#gone) throw this.#gone;
    await this.#options.pacer.turn(options.urgency ?? "prompt", this);
    if (this.#gone) throw this.#gone;
    const { method, uri, timeout, onWritten, compose } = options;
    const composed = compose ? { ...options, ...compose() } : options;
    const answered = { method, uri, body: composed.body?.content ?? "" };
    const request = writeOutgoing(composed, {
      branch,
      transport: this.transport,
      from: this.aor,
      place,
      routes: place.routes ?? this.serviceRoute,
      credentials: options.anonymous ? [] : this.#authentication.headers(answered, this.#audience(options), challenged),
    });
    return this.#transactions.send({ branch, method, request, timeout, onWritten });
  }

  /**
   * By whom it is for, which we said ourselves; in a dialog or after a redirect the request URI is what others said.
   */
  #audience({ method, uri, to = uri }: RequestOptions): Audience {
    if (method === "REGISTER") return "registrar";
    return to === this.aor || to === this.#serverUri ? "own" : "anybody";
  }

  async #answer(request: SipRequest): Promise<Reply> {
    try {
      return await this.#options.onRequest(request);
    } catch (error) {
      this.#options.log.warn("SIP request could not be handled", { method: request.method, error });
      return { status: 500 };
    }
  }
}

/** RFC 3261 section 8.1.1.7: unique, and here unguessable. */
function newBranch(): string {
  return `z9hG4bK${token()}`;
}
