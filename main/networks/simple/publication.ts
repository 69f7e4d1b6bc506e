import { setTimeout as setTimeoutPromise } from "node:timers/promises";
import { HallwayError } from "../../../shared/errors.ts";
import type { Log } from "../network.ts";
import { pidfType } from "./payloads/rfc-3863-pidf.ts";
import { refreshDelay } from "./registration.ts";
import { minExpires, retryAfter } from "./timing-headers.ts";
import type { UserAgent } from "./user-agent.ts";

/** Short, so that somebody whose machine died is not seen as present for long. */
const wantedExpires = 300;
/** Servers whose database is busy for a moment answer 500 (Kamailio does): tried again soon before it counts as a failure; in ms. */
const quickRetries = 3;
const quickRetryAfter = 200;
const firstBackOff = 5_000;
const backOffFactor = 4;
const longestBackOff = 900_000;

/**
 * Own presence as the server publishes it, kept alive. One request at a time; of several wishes the last counts.
 *
 *   empty -PUBLISH-> published(ETag) -refresh/modify-> published(ETag')
 *                        \-412-> empty, PUBLISH again        \-remove-> empty
 *
 * Source: RFC 3903 section 4.
 */
export class Publication {
  readonly #agent: UserAgent;
  readonly #log: Log;
  #etag: string | undefined;
  #body: string | undefined;
  #expires = wantedExpires;
  #backOff = firstBackOff;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #dirty = false;
  #ended = false;
  #unsupported = false;

  constructor(agent: UserAgent, log: Log) {
    this.#agent = agent;
    this.#log = log;
  }

  /** Publishes a presence document; resolves when the server has it. Errors: `server-error`, `not-allowed`, `timed-out`, `connection-lost`. A server without presence is no error. */
  publish(body: string): Promise<void> {
    this.#body = body;
    this.#dirty = true;
    return this.#work();
  }

  /** Takes the presence of this device back. */
  async remove(timeout: number): Promise<void> {
    this.end();
    await this.#running?.catch(() => undefined);
    if (this.#etag === undefined) return;
    await this.#request(undefined, 0, timeout);
    this.#etag = undefined;
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
      await this.#once(this.#body);
    }
  }

  async #once(body: string | undefined): Promise<void> {
    let response = await this.#request(body, this.#expires);
    for (let attempt = 1; attempt <= quickRetries && response.status === 500 && !this.#ended; attempt += 1) {
      await setTimeoutPromise(quickRetryAfter * attempt, undefined, { ref: false });
      response = await this.#request(body, this.#expires);
    }
    if (response.status < 300) {
      this.#backOff = firstBackOff;
      this.#etag = response.headers.get("sip-etag");
      const granted = Number(response.headers.get("expires") ?? this.#expires);
      this.#again(refreshDelay(Number.isFinite(granted) && granted > 0 ? granted : this.#expires));
      return;
    }
    const least = response.status === 423 ? minExpires(response) : undefined;
    if (response.status === 412 && this.#etag !== undefined) {
      // RFC 3903 section 4.4: the server has forgotten it; say all of it again, as new.
      this.#etag = undefined;
      this.#dirty = true;
    } else if (least !== undefined && least > this.#expires) {
      this.#expires = least;
      this.#dirty = true;
    } else if ([404, 405, 415, 489, 501].includes(response.status)) {
      this.#unsupported = true;
      this.#log.info("SIP server does not take presence", { status: response.status });
    } else {
      this.#etag = undefined;
      this.#again(Math.max((retryAfter(response) ?? 0) * 1000, this.#backOff));
      this.#backOff = Math.min(backOffFactor * this.#backOff, longestBackOff);
      throw new HallwayError(response.status === 403 || response.status === 401 || response.status === 407 ? "not-allowed" : "server-error");
    }
  }

  /** A refresh carries no body; without an ETag all is published anew. */
  async #refresh(): Promise<void> {
    try {
      if (this.#etag === undefined || this.#running) {
        this.#dirty = true;
        await this.#work();
      } else {
        this.#running = this.#once(undefined).finally(() => {
          this.#running = undefined;
        });
        await this.#running;
        await this.#work();
      }
    } catch (error) {
      if (error instanceof HallwayError && error.code === "timed-out" && !this.#ended) this.#again(this.#backOff);
      this.#log.debug("SIP presence could not be refreshed", { error });
    }
  }

  #again(delay: number): void {
    clearTimeout(this.#timer);
    if (!this.#ended) this.#timer = setTimeout(() => void this.#refresh(), delay);
  }

  #request(body: string | undefined, expires: number, timeout?: number): ReturnType<UserAgent["request"]> {
    return this.#agent.request({
      method: "PUBLISH",
      uri: this.#agent.aor,
      headers: ["Event: presence", `Expires: ${expires}`, ...(this.#etag === undefined ? [] : [`SIP-If-Match: ${this.#etag}`])],
      ...(body === undefined ? {} : { body: { type: pidfType, content: body } }),
      ...(timeout === undefined ? {} : { timeout }),
    });
  }
}
