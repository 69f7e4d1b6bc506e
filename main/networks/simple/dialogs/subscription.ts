import { HallwayError } from "../../../../shared/errors.ts";
import type { Announced, EventPackage } from "../feature.ts";
import type { LocalContact } from "../registration/local-contact.ts";
import type { UserAgent } from "../user-agent.ts";
import { parseParameters, type SipRequest, type SipResponse, tagOf } from "../wire/message.ts";
import type { Reply } from "../wire/reply.ts";
import { minExpires, refreshDelay, retryAfter } from "../wire/timing-headers.ts";
import { Dialog } from "./dialog.ts";
import type { DialogTable } from "./dialog-table.ts";
import { refusalMeaning, type SubscriptionState } from "./refusal-meaning.ts";

/** Options of a subscription. */
export interface EventSubscriptionOptions {
  readonly agent: UserAgent;
  /** URI of whom to watch. */
  readonly target: string;
  readonly eventPackage: EventPackage;
  readonly contact: LocalContact;
  /** Header lines that say what we can do. */
  readonly announced: Announced;
  /** Where a NOTIFY finds whom it is for; it enters itself. */
  readonly subscriptions: DialogTable<EventSubscription>;
  readonly onState: (state: SubscriptionState) => void;
  /** A NOTIFY with or without body; one that ends the subscription has a body. */
  readonly onNotify: (request: SipRequest, state: "pending" | "active") => void;
}

const wantedExpires = 1_800;
/** RFC 6665 section 4.1.2.4: how long to wait for the first NOTIFY after the 200. */
const timerN = 32_000;
/** Soon again the first time, since a busy database of a server passes; then ever later. */
const firstBackOff = 1_000;
const backOffFactor = 4;
const longestBackOff = 1_800_000;
/** Somebody who is not signed in may come back at any time, and no server says so. */
const longestAbsence = 600_000;
/**
 * How soon a sign of life may cut a wait short again, in ms; longer each time, so that two who refuse each other come
 * to rest.
 */
const firstWakeGap = 2_000;
const longestWakeGap = 120_000;
/** How long the end of a dialog may take that nobody waits for, in ms. */
const endTimeout = 10_000;

/**
 * One subscription, kept alive through refreshes, ends and failures.
 *
 *   idle -> subscribing -2xx/NOTIFY-> pending <-> active -refresh-> ...
 *               |                         \-terminated-> waiting -> subscribing, or over
 *               \-4xx..6xx-> waiting (back-off, Retry-After) or over (refused, unknown, unsupported)
 *
 * Source: RFC 6665 section 4.1, RFC 3856.
 */
export class EventSubscription {
  readonly #options: EventSubscriptionOptions;
  #dialog: Dialog;
  /** Seconds that the last 200 granted, for a NOTIFY that says nothing of it. */
  #granted: number = wantedExpires;
  /** A NOTIFY since the last SUBSCRIBE has said how long this holds; it counts, also where it overtook the 200. */
  #isTimed = false;
  /** The timer that runs waits for the first NOTIFY. */
  #isGuarding = false;
  #isResting = false;
  #wakeGap = firstWakeGap;
  #lastWake = Number.NEGATIVE_INFINITY;
  #expires = wantedExpires;
  #timer: NodeJS.Timeout | undefined;
  #backOff = firstBackOff;
  #state: SubscriptionState | undefined;
  #lastStart = 0;
  #ended = false;

  constructor(options: EventSubscriptionOptions) {
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
    this.#isResting = false;
    this.#lastStart = Date.now();
    void this.#subscribe();
  }

  /** They gave a sign of life: what waits to be tried again is tried now. */
  wake(): void {
    const now = performance.now();
    if (this.#ended || !this.#isResting || now - this.#lastWake < this.#wakeGap) return;
    this.#lastWake = now;
    this.#wakeGap = Math.min(2 * this.#wakeGap, longestWakeGap);
    clearTimeout(this.#timer);
    this.start();
  }

  /** Ends it: nothing is reported any more. Resolves when the server has answered, or could not. */
  async stop(timeout: number): Promise<void> {
    if (this.#ended) return;
    this.end();
    if (this.#dialog.remoteTag === undefined) return;
    await this.#send(this.#dialog, 0, timeout).catch(() => undefined);
  }

  /** Forgets it without telling the server; a NOTIFY that still comes is answered with 481. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#options.subscriptions.delete(this.#dialog);
  }

  /**
   * Takes a NOTIFY of its dialog. A forked SUBSCRIBE can be answered by several; the first NOTIFY decides whom we stay
   * with.
   */
  notify(request: SipRequest): Reply {
    const { headers } = request;
    const event = parseParameters(headers.get("event") ?? "").value.toLowerCase();
    const { eventPackage, announced } = this.#options;
    if (event !== eventPackage.event) return { status: 489, headers: [announced.allowEvents] };
    const { value, params } = parseParameters(headers.get("subscription-state") ?? "");
    const state = value.toLowerCase();
    if (state === "") return { status: 400 };
    const dialog = this.#dialog;
    if (!dialog.inOrder(request)) return { status: 500 };
    dialog.establish(tagOf(headers, "from"), headers.list("record-route"));
    dialog.retarget(request);
    if (state === "terminated") {
      // The last word of somebody who leaves may say that they are gone.
      if (this.active && request.body.byteLength > 0) this.#options.onNotify(request, "active");
      this.#terminated(params);
      return { status: 200 };
    }
    this.#backOff = firstBackOff;
    this.#wakeGap = firstWakeGap;
    const expires = Number(params.get("expires") || Number.NaN);
    // RFC 6665 section 4.1.3 only recommends `expires`; without it what the 200 said goes on.
    this.#isTimed = Number.isFinite(expires) && expires > 0;
    if (this.#isTimed) this.#again(refreshDelay(expires), () => this.#refresh());
    else if (this.#isGuarding) this.#again(refreshDelay(this.#granted), () => this.#refresh());
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
    this.#isTimed = false;
    try {
      const response = await this.#send(dialog, this.#expires);
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
    void this.#subscribe();
  }

  #accepted(response: SipResponse): void {
    const granted = Number(response.headers.get("expires") || Number.NaN);
    this.#granted = Number.isFinite(granted) && granted > 0 ? granted : this.#expires;
    this.#dialog.establish(tagOf(response.headers, "to"), response.headers.list("record-route").toReversed());
    this.#dialog.retarget(response);
    // A NOTIFY may have come before this answer.
    const notified = this.#state === "active" || this.#state === "pending";
    if (notified && this.#isTimed) return;
    if (notified) this.#again(refreshDelay(this.#granted), () => this.#refresh());
    else {
      this.#again(timerN, () => this.#unheard());
      this.#isGuarding = true;
    }
  }

  /** The server said yes and no more: it may still believe in this dialog, which is ended before another begins. */
  #unheard(): void {
    void this.#send(this.#dialog, 0, endTimeout).catch(() => undefined);
    this.#restart(undefined);
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
    const meaning = refusalMeaning(status);
    if (meaning === "absent" || meaning === "waiting") this.#restart(retryAfter(response), meaning);
    else this.#over(meaning);
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
  #restart(wait: number | undefined, state: "waiting" | "absent" = "waiting"): void {
    this.#options.subscriptions.delete(this.#dialog);
    this.#dialog = this.#newDialog();
    const calm = Date.now() - this.#lastStart > 60_000;
    const delay = wait === 0 && calm ? 0 : Math.max((wait ?? 0) * 1000, this.#backOff * (0.8 + 0.4 * Math.random()));
    if (delay > 0)
      this.#backOff = Math.min(this.#backOff * backOffFactor, state === "absent" ? longestAbsence : longestBackOff);
    this.#report(state);
    this.#again(delay, () => this.start());
    this.#isResting = true;
  }

  #again(delay: number, what: () => void): void {
    clearTimeout(this.#timer);
    this.#isGuarding = false;
    if (!this.#ended) this.#timer = setTimeout(what, delay);
  }

  #report(state: SubscriptionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #newDialog(): Dialog {
    const dialog = Dialog.outgoing(this.#options.target);
    this.#options.subscriptions.add(dialog, this);
    return dialog;
  }

  #send(dialog: Dialog, expires: number, timeout?: number): Promise<SipResponse> {
    const { agent, eventPackage, contact, announced } = this.#options;
    return agent.request({
      method: "SUBSCRIBE",
      ...dialog.request(),
      headers: [
        contact.dialogHeader,
        `Event: ${eventPackage.event}`,
        `Expires: ${expires}`,
        `Accept: ${eventPackage.accept.join(", ")}`,
        announced.allow,
      ],
      urgency: "background",
      ...(timeout === undefined ? {} : { timeout }),
    });
  }
}
