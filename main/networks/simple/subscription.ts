import { HallwayError } from "../../../shared/errors.ts";
import { parseNameAddress, parseParameters, type SipRequest, type SipResponse, tagOf } from "./message.ts";
import { refreshDelay } from "./registration.ts";
import type { Reply } from "./reply.ts";
import { minExpires, retryAfter } from "./timing-headers.ts";
import { token } from "./token.ts";
import type { UserAgent } from "./user-agent.ts";

/**
 * Where a subscription stands, as its owner needs it. `refused`: they or the server said no; `unknown`: there is nobody
 * of that address; `unsupported`: the server has no such package; `waiting`: it will be tried again by itself.
 */
export type SubscriptionState = "pending" | "active" | "refused" | "unknown" | "unsupported" | "waiting";

/** What a subscription is made with. */
export interface SubscriptionOptions {
  readonly agent: UserAgent;
  /** URI of whom to watch. */
  readonly target: string;
  /** Event package. */
  readonly event: string;
  /** Types of the bodies taken. */
  readonly accept: string;
  /** Own contact URI. */
  readonly contact: string;
  /** Subscriptions by Call-ID, to find whom a NOTIFY is for; it enters itself. */
  readonly dialogs: Map<string, Subscription>;
  /** Runs requests a few at a time, so that a long contact list does not flood the server. */
  readonly pace: <T>(task: () => Promise<T>) => Promise<T>;
  readonly onState: (state: SubscriptionState) => void;
  /** A NOTIFY with or without body, in a subscription that is not terminated. */
  readonly onNotify: (request: SipRequest, state: "pending" | "active") => void;
}

interface Dialog {
  readonly callId: string;
  readonly fromTag: string;
  remoteTag: string | undefined;
  routes: readonly string[];
  target: string;
  cseq: number;
  remoteCseq: number;
}

const wantedExpires = 1_800;
/** RFC 6665 section 4.1.2.4: how long to wait for the first NOTIFY after the 200. */
const timerN = 32_000;
/** Soon again the first time, since a busy database of a server passes; then ever later. */
const firstBackOff = 1_000;
const backOffFactor = 4;
const longestBackOff = 1_800_000;

/**
 * One subscription, kept alive through refreshes, ends and failures.
 *
 *   idle -> subscribing -2xx/NOTIFY-> pending <-> active -refresh-> ...
 *               |                         \-terminated-> waiting -> subscribing, or over
 *               \-4xx..6xx-> waiting (back-off, Retry-After) or over (refused, unknown, unsupported)
 *
 * Source: RFC 6665 section 4.1, RFC 3856.
 */
export class Subscription {
  readonly #options: SubscriptionOptions;
  #dialog: Dialog;
  #expires = wantedExpires;
  #timer: NodeJS.Timeout | undefined;
  #backOff = firstBackOff;
  #state: SubscriptionState | undefined;
  #lastStart = 0;
  #ended = false;

  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#dialog = this.#newDialog();
  }

  /** Over: refused, given up or stopped; to ask again takes a new one. */
  get ended(): boolean {
    return this.#ended;
  }

  /** They are seen. */
  get active(): boolean {
    return this.#state === "active";
  }

  start(): void {
    this.#lastStart = Date.now();
    void this.#options.pace(() => this.#subscribe());
  }

  /** Ends it: nothing is reported any more. Resolves when the server has answered, or could not. */
  async stop(timeout: number): Promise<void> {
    if (this.#ended) return;
    this.end();
    if (this.#dialog.remoteTag === undefined) return;
    await this.#options.pace(() => this.#send(0, timeout)).catch(() => undefined);
  }

  /** Forgets it without telling the server; a NOTIFY that still comes is answered with 481. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.dialogs.delete(this.#dialog.callId);
  }

  /** Whether a NOTIFY belongs to this subscription. */
  owns(request: SipRequest): boolean {
    if (request.callId !== this.#dialog.callId || tagOf(request.headers, "to") !== this.#dialog.fromTag) return false;
    // A forked SUBSCRIBE can be answered by several; the first NOTIFY decides whom we stay with.
    return this.#dialog.remoteTag === undefined || this.#dialog.remoteTag === tagOf(request.headers, "from");
  }

  /** Takes a NOTIFY that it owns. */
  notify(request: SipRequest): Reply {
    const { headers } = request;
    const event = parseParameters(headers.get("event") ?? "").value.toLowerCase();
    if (event !== this.#options.event) return { status: 489, headers: [`Allow-Events: ${this.#options.event}`] };
    const { value, params } = parseParameters(headers.get("subscription-state") ?? "");
    const state = value.toLowerCase();
    if (state === "") return { status: 400 };
    const dialog = this.#dialog;
    // RFC 3261 section 12.2.2: an old request that was overtaken.
    if (request.cseq.number <= dialog.remoteCseq) return { status: 500 };
    dialog.remoteCseq = request.cseq.number;
    this.#establish(tagOf(headers, "from"), headers.list("record-route"));
    const contact = headers.list("contact")[0];
    if (contact !== undefined) dialog.target = parseNameAddress(contact).uri;
    if (state === "terminated") {
      this.#terminated(params);
      return { status: 200 };
    }
    this.#backOff = firstBackOff;
    const expires = Number(params.get("expires"));
    if (Number.isFinite(expires) && expires > 0) this.#again(refreshDelay(expires), () => this.#refresh());
    const known = state === "active" ? "active" : "pending";
    this.#report(known);
    this.#options.onNotify(request, known);
    return { status: 200 };
  }

  async #subscribe(): Promise<void> {
    if (this.#ended) return;
    const dialog = this.#dialog;
    // A NOTIFY that came right behind the answer may already have ended this dialog.
    const over = (): boolean => this.#ended || this.#dialog !== dialog;
    try {
      const response = await this.#send(this.#expires);
      if (over()) return;
      if (response.status < 300) this.#accepted(response);
      else this.#rejected(response);
    } catch (error) {
      if (over()) return;
      // The connection is gone: whoever connects again makes new subscriptions.
      if (error instanceof HallwayError && error.code === "connection-lost") return;
      this.#restart(undefined);
    }
  }

  /** The dialog goes on; only a 481 and its like mean that a new one is needed. */
  #refresh(): void {
    void this.#options.pace(() => this.#subscribe());
  }

  #accepted(response: SipResponse): void {
    const granted = Number(response.headers.get("expires") ?? this.#expires);
    this.#establish(tagOf(response.headers, "to"), response.headers.list("record-route").toReversed());
    const contact = response.headers.list("contact")[0];
    if (contact !== undefined) this.#dialog.target = parseNameAddress(contact).uri;
    const first = this.#state === undefined || this.#state === "waiting";
    // A NOTIFY may have come before this answer and have set the timer already.
    if (first) this.#again(timerN, () => this.#restart(undefined));
    else this.#again(refreshDelay(Number.isFinite(granted) && granted > 0 ? granted : this.#expires), () => this.#refresh());
  }

  #rejected(response: SipResponse): void {
    const { status } = response;
    const least = status === 423 ? minExpires(response) : undefined;
    if (least !== undefined && least > this.#expires) {
      this.#expires = least;
      this.#refresh();
      return;
    }
    // RFC 6665 section 4.1.2.2, RFC 5057 section 5.1: these end the dialog; the server has forgotten us.
    if (this.#dialog.remoteTag !== undefined && status !== 403 && status !== 603) {
      this.#restart(status === 481 ? 0 : retryAfter(response));
      return;
    }
    switch (status) {
      case 401:
      case 403:
      case 407:
      case 603:
      case 606:
        this.#over("refused");
        return;
      case 404:
      case 410:
      case 416:
      case 484:
      case 485:
      case 604:
        this.#over("unknown");
        return;
      case 405:
      case 489:
      case 501:
        this.#over("unsupported");
        return;
      default:
        this.#restart(retryAfter(response));
    }
  }

  /** RFC 6665 section 4.1.3: what each reason means. */
  #terminated(params: ReadonlyMap<string, string>): void {
    const after = Number(params.get("retry-after") ?? Number.NaN);
    const wait = Number.isFinite(after) && after >= 0 ? Math.min(after, 86_400) : undefined;
    switch (params.get("reason")?.toLowerCase()) {
      case "rejected":
        this.#over("refused");
        return;
      case "noresource":
        if (wait === undefined) this.#over("unknown");
        else this.#restart(wait);
        return;
      case "invariant":
        this.#over("active");
        return;
      case "deactivated":
      case "timeout":
        this.#restart(0);
        return;
      default:
        this.#restart(wait);
    }
  }

  #over(state: SubscriptionState): void {
    this.end();
    this.#report(state);
  }

  /** Begins anew with a new dialog: at once for `wait` 0 unless that was tried just now, else after a growing time. */
  #restart(wait: number | undefined): void {
    this.#options.dialogs.delete(this.#dialog.callId);
    this.#dialog = this.#newDialog();
    const calm = Date.now() - this.#lastStart > 60_000;
    const delay = wait === 0 && calm ? 0 : Math.max((wait ?? 0) * 1000, this.#backOff * (0.8 + 0.4 * Math.random()));
    if (delay > 0) this.#backOff = Math.min(this.#backOff * backOffFactor, longestBackOff);
    this.#report("waiting");
    this.#again(delay, () => this.start());
  }

  #again(delay: number, what: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(what, delay);
  }

  #report(state: SubscriptionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #establish(remoteTag: string | undefined, routes: readonly string[]): void {
    if (this.#dialog.remoteTag !== undefined || remoteTag === undefined) return;
    this.#dialog.remoteTag = remoteTag;
    this.#dialog.routes = routes;
  }

  #newDialog(): Dialog {
    const callId = token();
    this.#options.dialogs.set(callId, this);
    return { callId, fromTag: token(8), remoteTag: undefined, routes: [], target: this.#options.target, cseq: 0, remoteCseq: -1 };
  }

  #send(expires: number, timeout?: number): Promise<SipResponse> {
    const { agent, target, event, accept, contact } = this.#options;
    const dialog = this.#dialog;
    return agent.request({
      method: "SUBSCRIBE",
      uri: dialog.target,
      to: target,
      headers: [`Contact: <${contact}>`, `Event: ${event}`, `Expires: ${expires}`, `Accept: ${accept}`, "Allow: MESSAGE, NOTIFY, OPTIONS"],
      dialog: {
        callId: dialog.callId,
        fromTag: dialog.fromTag,
        toTag: dialog.remoteTag,
        ...(dialog.remoteTag === undefined ? {} : { routes: dialog.routes }),
        nextCseq: () => {
          dialog.cseq += 1;
          return dialog.cseq;
        },
      },
      ...(timeout === undefined ? {} : { timeout }),
    });
  }
}
