import {
  IncomingRequestMessage,
  IncomingResponseMessage,
  LoggerFactory,
  NonInviteClientTransaction,
  NonInviteServerTransaction,
  OutgoingRequestMessage,
  URI,
} from "sip.js/lib/core/index.js";
import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import { type Audience, Authentication, type AuthenticationOptions } from "./authentication/authentication.ts";
import type { Strength } from "./authentication/digest-strength.ts";
import type { Pacer, Urgency } from "./pacer.ts";
import { Recent } from "./recent.ts";
import { MergedRequests } from "./transactions/merged-requests.ts";
import type { SipTransport } from "./transports/transport.ts";
import { branchOf, type SipMessage, type SipRequest, type SipResponse } from "./wire/message.ts";
import { type Reply, userAgentName, writeReply } from "./wire/reply.ts";
import { token } from "./wire/token.ts";
import { parseSipUri } from "./wire/uri.ts";

/** A body and its Content-Type. */
export interface SipBody {
  readonly type: string;
  readonly content: string;
}

/** Where in a dialog a request stands (RFC 3261 section 12.2.1.1). */
export interface DialogPlace {
  readonly callId: string;
  readonly fromTag: string;
  readonly toTag?: string | undefined;
  readonly routes?: readonly string[];
  /** The next sequence number; called again for each answered challenge. */
  readonly nextCseq: () => number;
}

/** A request to send. `headers` are whole lines without line end. */
export interface RequestOptions {
  readonly method: string;
  /** Request URI. */
  readonly uri: string;
  /** URI for the To header when it is not the request URI. */
  readonly to?: string;
  readonly headers?: readonly string[];
  readonly body?: SipBody;
  readonly dialog?: DialogPlace;
  /** Milliseconds until it counts as unanswered; not over 32 s (RFC 3261 timer F). */
  readonly timeout?: number;
  /** Default `prompt`. */
  readonly urgency?: Urgency;
  /** It goes without credentials, so that it is asked for them. */
  readonly anonymous?: boolean;
  /** Called once when the request has been written to the connection for the first time. */
  readonly onWritten?: () => void;
}

/** What a user agent is made with. */
export interface UserAgentOptions extends AuthenticationOptions {
  readonly transport: SipTransport;
  readonly pacer: Pacer;
  /** Own SIP URI, for From. */
  readonly aor: string;
  /** What whoever is to learn nothing is told, whatever they ask. */
  readonly hidden?: (request: SipRequest) => Reply | undefined;
  /** Answers requests. Whatever it throws becomes 500. */
  readonly onRequest: (request: SipRequest) => Reply | Promise<Reply>;
}

/** Extensions that a request may require of us (RFC 3261 section 8.2.2.3). */
const supported = new Set(["path", "outbound", "eventlist"]);
/** RFC 3261 section 17.1.2.2: 64 T1, in milliseconds. */
const timerF = 32_000;
/** More unanswered requests of the server than this and it is told to come back later. */
const maxServing = 2_000;
/** Responses remembered on one connection, and the longest of them, in bytes: a response repeats what anybody wrote. */
const maxAnswered = 200;
const maxAnswerBytes = 16_384;

/**
 * The message that sip.js' transaction works with. It asks for no more than a Via and a text; the rest of sip.js' own
 * message is left unused, since it writes guessable ids and throws on URIs it cannot read.
 */
class WireRequest extends OutgoingRequestMessage {
  readonly #write: () => string;

  constructor(method: string, write: () => string) {
    const nobody = new URI("sip", "nobody", "invalid");
    super(method, nobody, nobody, nobody);
    this.#write = write;
  }

  override setViaHeader(): void {
    // The text has its Via already.
  }

  override toString(): string {
    return this.#write();
  }
}

interface Pending {
  readonly method: string;
  readonly transaction: NonInviteClientTransaction;
  readonly settle: (outcome: SipResponse | HallwayError) => void;
}

/**
 * Sends requests and answers those of the server, over one connection: sip.js' non-INVITE transactions with our own
 * transport, ids, dispatch and digest around them. It lives as long as its connection.
 * Source: RFC 3261 sections 8 and 17, RFC 4320.
 */
export class UserAgent {
  /** Where requests outside of dialogs go through (RFC 3608); set after registration. */
  serviceRoute: readonly string[] = [];
  readonly #options: UserAgentOptions;
  readonly #loggers = new LoggerFactory();
  readonly #pending = new Map<string, Pending>();
  readonly #serving = new Map<string, NonInviteServerTransaction>();
  /** Responses given, for a request that is sent again (RFC 3261 section 17.2.2). */
  readonly #answered = new Recent<Uint8Array>(maxAnswered);
  readonly #authentication: Authentication;
  readonly #merged = new MergedRequests();
  #cseq = Math.floor(Date.now() / 1000) % 2 ** 30;
  #gone: HallwayError | undefined;

  constructor(options: UserAgentOptions) {
    this.#options = options;
    this.#authentication = new Authentication(options);
    this.#loggers.builtinEnabled = false;
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
   * `no-common-authentication`, `weaker-sign-in`.
   */
  async request(options: RequestOptions): Promise<SipResponse> {
    const place = options.dialog ?? this.#newPlace();
    const answered = new Set<string>();
    for (let attempt = 0; ; attempt += 1) {
      const response = await this.#once(options, place, attempt === 0 ? options.onWritten : undefined);
      if ((response.status !== 401 && response.status !== 407) || attempt >= 4) return response;
      let learned = this.#authentication.learn(this.#audience(options), response, answered);
      if (learned === "ask-registrar") {
        await this.#askRegistrar();
        learned = this.#authentication.learn(this.#audience(options), response, answered);
      }
      if (learned !== "answer") return response;
    }
  }

  /** Takes a message from the transport. Does not throw. */
  receive(message: SipMessage): void {
    if (message.kind === "response") this.#response(message);
    else void this.#request(message);
  }

  /** Asks the server for a response and answers with the Via branch that it will have (RFC 3261 section 11). */
  askForLandmark(): string | undefined {
    if (this.#gone) return undefined;
    const branch = newBranch();
    this.#once({ method: "OPTIONS", uri: this.#serverUri, anonymous: true }, this.#newPlace(), undefined, branch).catch(
      () => undefined,
    );
    return branch;
  }

  /** Ends everything; what is in flight is rejected with this error. */
  dispose(error: ErrorInfo): void {
    this.#gone ??= new HallwayError(error.code, error.params);
    this.#options.pacer.letGo(this);
    for (const pending of [...this.#pending.values()]) pending.settle(new HallwayError(error.code, error.params));
    for (const transaction of this.#serving.values()) transaction.dispose();
    this.#serving.clear();
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
    const place = { ...this.#newPlace(), routes: [] };
    const response = await this.#once(
      { method: "REGISTER", uri: this.#serverUri, to: this.aor, anonymous: true },
      place,
      undefined,
    );
    if (response.status === 401 || response.status === 407) this.#authentication.heardRegistrar(response);
  }

  async #once(
    options: RequestOptions,
    place: DialogPlace,
    onWritten: (() => void) | undefined,
    branch = newBranch(),
  ): Promise<SipResponse> {
    if (this.#gone) throw this.#gone;
    await this.#options.pacer.turn(options.urgency ?? "prompt", this);
    if (this.#gone) throw this.#gone;
    const text = this.#write(options, place, branch);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle: Pending["settle"] = (outcome) => {
        clearTimeout(timer);
        this.#pending.delete(branch);
        // Our transports are reliable: nothing is repeated, so nothing needs to be absorbed any more (timer K is zero).
        transaction.dispose();
        if (outcome instanceof HallwayError) reject(outcome);
        else resolve(outcome);
      };
      const timedOut = (): void => settle(new HallwayError("timed-out"));
      const transport = {
        protocol: this.transport.protocol,
        send: async (wire: string): Promise<void> => {
          await this.transport.send(wire);
          onWritten?.();
        },
      };
      const transaction = new NonInviteClientTransaction(new WireRequest(options.method, () => text), transport, {
        loggerFactory: this.#loggers,
        onTransportError: () => settle(this.#gone ?? new HallwayError("connection-lost")),
        onRequestTimeout: timedOut,
      });
      this.#pending.set(branch, { method: options.method, transaction, settle });
      timer = setTimeout(timedOut, Math.min(options.timeout ?? timerF, timerF));
    });
  }

  /**
   * By whom it is for, which we said ourselves; in a dialog or after a redirect the request URI is what others said.
   */
  #audience({ method, uri, to = uri }: RequestOptions): Audience {
    if (method === "REGISTER") return "registrar";
    return to === this.aor || to === this.#serverUri ? "own" : "anybody";
  }

  #write(options: RequestOptions, place: DialogPlace, branch: string): string {
    const { address, port } = this.transport.local;
    const host = address.includes(":") ? `[${address}]` : address;
    const lines = [
      `Via: SIP/2.0/${this.transport.protocol} ${host}:${port};branch=${branch};rport`,
      "Max-Forwards: 70",
      ...(place.routes ?? this.serviceRoute).map((route) => `Route: ${route}`),
      `From: <${this.#options.aor}>;tag=${place.fromTag}`,
      `To: <${options.to ?? options.uri}>${place.toTag === undefined ? "" : `;tag=${place.toTag}`}`,
      `Call-ID: ${place.callId}`,
      `CSeq: ${place.nextCseq()} ${options.method}`,
      ...(options.headers ?? []),
      ...(options.anonymous
        ? []
        : this.#authentication.headers(
            { method: options.method, uri: options.uri, body: options.body?.content ?? "" },
            this.#audience(options),
          )),
      `User-Agent: ${userAgentName}`,
      ...(options.body ? [`Content-Type: ${options.body.type}`] : []),
      `Content-Length: ${Buffer.byteLength(options.body?.content ?? "")}`,
    ];
    const first = `${options.method} ${options.uri} SIP/2.0`;
    // Where a dialog goes on is what the other side said.
    if (/[\s<>"]/.test(options.uri)) throw new HallwayError("invalid-argument");
    // A server could take any of these for the end of the line, and the rest of it for a header of its own.
    if ([first, ...lines].some((line) => /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)))
      throw new HallwayError("invalid-argument");
    return `${first}\r\n${lines.join("\r\n")}\r\n\r\n${options.body?.content ?? ""}`;
  }

  #response(response: SipResponse): void {
    // RFC 3261 section 8.1.3.3: more than one Via means that it was not for us.
    const pending =
      response.headers.list("via").length === 1 ? this.#pending.get(branchOf(response.headers) ?? "") : undefined;
    if (!pending || pending.method !== response.cseq.method || response.status < 200) return;
    const incoming = new IncomingResponseMessage();
    incoming.statusCode = response.status;
    // sip.js takes a 408 for its own time-out; here it is an answer, by somebody who waited for the recipient.
    if (response.status !== 408) pending.transaction.receiveResponse(incoming);
    pending.settle(response);
  }

  async #request(request: SipRequest): Promise<void> {
    if (request.method === "ACK") return;
    const key = transactionKey(request);
    const known = this.#serving.get(key);
    const incoming = new IncomingRequestMessage();
    incoming.method = request.method;
    incoming.viaBranch = key;
    if (known) {
      known.receiveRequest(incoming);
      return;
    }
    const answered = this.#answered.get(key);
    if (answered !== undefined) {
      await this.transport.send(answered).catch(() => undefined);
      return;
    }
    if (request.method === "CANCEL" && !request.flaw && this.#hasAnswered(request)) {
      // RFC 3261 section 9.2: it has no effect on a request that has its final response.
      await this.transport.send(writeReply(request, { status: 200 })).catch(() => undefined);
      return;
    }
    let answer: Uint8Array = new Uint8Array();
    const transaction = new NonInviteServerTransaction(
      incoming,
      { protocol: this.transport.protocol, send: () => this.transport.send(answer) },
      { loggerFactory: this.#loggers },
    );
    this.#serving.set(key, transaction);
    const reply = await this.#reply(request);
    if (!this.#serving.has(key)) return;
    answer = writeReply(request, reply);
    transaction.receiveResponse(reply.status, "");
    // Timer J is zero, as timer K above.
    transaction.dispose();
    this.#serving.delete(key);
    if (answer.byteLength <= maxAnswerBytes) this.#answered.set(key, answer);
  }

  /** A call that this CANCEL is for, by the branch and number that they share (section 9.1). */
  #hasAnswered(cancel: SipRequest): boolean {
    const key = transactionKey({ ...cancel, method: "INVITE" });
    return this.#answered.has(key) || this.#serving.has(key);
  }

  async #reply(request: SipRequest): Promise<Reply> {
    if (this.#serving.size > maxServing) return { status: 503, headers: ["Retry-After: 5"] };
    try {
      const hidden = this.#options.hidden?.(request);
      if (hidden) return hidden;
      if (request.flaw) return { status: request.flaw.status };
      if (this.#merged.has(request)) return { status: 482 };
      this.#merged.add(request);
      const unknown = request.headers.list("require").filter((tag) => !supported.has(tag.toLowerCase()));
      // What a call requires does not matter: none is taken.
      if (unknown.length > 0 && request.method !== "INVITE")
        return { status: 420, headers: [`Unsupported: ${unknown.join(", ")}`] };
      return await this.#options.onRequest(request);
    } catch (error) {
      this.#options.log.warn("SIP request could not be handled", { method: request.method, error });
      return { status: 500 };
    }
  }
}

/** With the Call-ID: stateless proxies of the OpenSER family give all requests that pass them the same branch. */
function transactionKey({ headers, callId, cseq, method }: SipRequest): string {
  return JSON.stringify([headers.list("via")[0], callId, cseq.number, method]);
}

/** RFC 3261 section 8.1.1.7: unique, and here unguessable. */
function newBranch(): string {
  return `z9hG4bK${token()}`;
}
