import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Log } from "../../log.ts";
import { type RequestContent, textBody } from "../outgoing-request.ts";
import { pidfType } from "../payloads/rfc-3863-pidf.ts";
import type { UserAgent } from "../user-agent.ts";
import type { SipResponse } from "../wire/message.ts";
import { minExpires, refreshDelay, retryAfter } from "../wire/timing-headers.ts";
import type { PublicationState } from "./publication-state.ts";

/** Short, so that somebody whose machine died is not seen as present for long. */
const wantedExpires = 300;
/**
 * Servers whose database is busy for a moment answer 500 (Kamailio does): tried again soon before it counts as a
 * failure; in ms.
 */
const quickRetries = 3;
const quickRetryAfter = 200;
const firstBackOff = 5_000;
const backOffFactor = 4;
const longestBackOff = 900_000;

/** Content of a PUBLISH: the document of the moment when it goes out, or none, so that the last one holds or ends. */
type Content = "document" | "refresh" | "removal";

/**
 * Own presence as the server publishes it, kept alive. One request at a time; of several wishes the last counts.
 *
 *   empty, or published by an earlier connection
 *     -PUBLISH-> published(ETag) -refresh/modify-> published(ETag')
 *                        \-412-> empty, PUBLISH again        \-remove-> empty
 *
 * Source: RFC 3903 section 4.
 */
export class Publication {
  readonly #agent: UserAgent;
  readonly #state: PublicationState;
  readonly #log: Log;
  #body: string | undefined;
  #expires = wantedExpires;
  #backOff = firstBackOff;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #dirty = false;
  #ended = false;
  #unsupported = false;
  #accepted = false;
  /** The server has not heard of the newest document. */
  #unsaid = false;

  constructor(agent: UserAgent, state: PublicationState, log: Log) {
    this.#agent = agent;
    this.#state = state;
    this.#log = log;
  }

  /** The server publishes presence: it has taken ours on this connection. */
  get accepted(): boolean {
    return this.#accepted;
  }

  /**
   * Publishes a presence document; resolves when the server has it. Errors: `server-error`, `not-allowed`, `timed-out`,
   * `connection-lost`. A server without presence is no error.
   */
  publish(body: string): Promise<void> {
    this.#body = body;
    this.#dirty = true;
    return this.#work();
  }

  /** Takes the presence of this device back, for good. */
  async remove(timeout: number): Promise<void> {
    this.end();
    await this.#running?.catch(() => undefined);
    await this.withdraw(timeout);
  }

  /**
   * Takes back what this connection or one before it has published. What the server did not hear of stays known, to be
   * taken back later.
   */
  async withdraw(timeout: number): Promise<void> {
    const { etag } = this.#state;
    if (etag === undefined) return;
    const { status } = await this.#request("removal", timeout);
    if (status < 500) this.#state.clear();
    await this.#state.flush();
  }

  /** Stops refreshing. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #work(): Promise<void> {
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#dirty && !this.#ended && !this.#unsupported) {
      this.#dirty = false;
      await this.#once("document");
    }
  }

  /** One request until it is answered; those of a server whose database is busy are repeated soon. */
  async #ask(content: Content): Promise<SipResponse> {
    let response = await this.#request(content);
    for (let attempt = 1; attempt <= quickRetries && response.status === 500 && !this.#ended; attempt += 1) {
      await setTimeoutPromise(quickRetryAfter * attempt, undefined, { ref: false });
      response = await this.#request(content);
    }
    return response;
  }

  async #once(content: Content): Promise<void> {
    this.#unsaid ||= content === "document";
    let response: SipResponse;
    try {
      response = await this.#ask(content);
    } catch (error) {
      const isPassing = error instanceof HallwayError && ["timed-out", "server-error"].includes(error.code);
      if (isPassing) this.#later();
      throw error;
    }
    if (response.status < 300) {
      this.#backOff = firstBackOff;
      this.#accepted = true;
      if (content === "document") this.#unsaid = false;
      const granted = Number(response.headers.get("expires") || Number.NaN);
      const seconds = Number.isFinite(granted) && granted > 0 ? granted : this.#expires;
      this.#state.set(response.headers.get("sip-etag"), seconds);
      this.#again(refreshDelay(seconds));
      return;
    }
    const least = response.status === 423 ? minExpires(response) : undefined;
    if (response.status === 412 && this.#state.etag !== undefined) {
      // RFC 3903 section 4.4: the server has forgotten it; say all of it again, as new.
      this.#state.clear();
      this.#dirty = true;
    } else if (least !== undefined && least > this.#expires) {
      this.#expires = least;
      this.#dirty = true;
    } else if ([404, 405, 415, 489, 501].includes(response.status)) {
      this.#unsupported = true;
      this.#state.clear();
      this.#log.info("SIP server does not take presence", { status: response.status });
    } else {
      // A server in trouble still has what it had; the tag goes only with what it will not take again.
      if (response.status < 500 && response.status !== 408) this.#state.clear();
      this.#later((retryAfter(response) ?? 0) * 1000);
      throw new HallwayError(
        response.status === 403 || response.status === 401 || response.status === 407 ? "not-allowed" : "server-error",
      );
    }
  }

  /** Tries once more, after ever longer times. `atLeast`: milliseconds. */
  #later(atLeast = 0): void {
    this.#again(Math.max(atLeast, this.#backOff));
    this.#backOff = Math.min(backOffFactor * this.#backOff, longestBackOff);
  }

  /** A refresh carries no body; without an entity-tag, or where the last document did not arrive, all is published. */
  async #refresh(): Promise<void> {
    try {
      if (this.#state.etag === undefined || this.#unsaid || this.#running) {
        this.#dirty = true;
        await this.#work();
      } else {
        this.#running = this.#once("refresh").finally(() => {
          this.#running = undefined;
        });
        await this.#running;
        await this.#work();
      }
    } catch (error) {
      this.#log.debug("SIP presence could not be refreshed", { error });
    }
  }

  #again(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(() => void this.#refresh(), delay);
  }

  #request(content: Content, timeout?: number): Promise<SipResponse> {
    return this.#agent.request({
      method: "PUBLISH",
      uri: this.#agent.aor,
      compose: () => this.#compose(content),
      ...(timeout === undefined ? {} : { timeout }),
    });
  }

  #compose(content: Content): RequestContent {
    const { etag } = this.#state;
    const expires = content === "removal" ? 0 : this.#expires;
    const headers = [
      "Event: presence",
      `Expires: ${expires}`,
      ...(etag === undefined ? [] : [`SIP-If-Match: ${etag}`]),
    ];
    if (content !== "document" || this.#body === undefined) return { headers };
    this.#dirty = false;
    return { headers, body: textBody(pidfType, this.#body) };
  }
}
