import { HallwayError } from "../../../../shared/errors.ts";
import type { SipTransport } from "../transports/transport.ts";
import type { UserAgent } from "../user-agent.ts";

/** Options of keep-alives. */
export interface KeepAliveOptions {
  readonly agent: UserAgent;
  readonly transport: SipTransport;
  /** Own domain, A-labels. */
  readonly domain: string;
  /** The server gave no sign of life. */
  readonly onDead: () => void;
}

/**
 * Milliseconds between keep-alives where the server does not want them sooner, and for the answer to one (RFC 5626
 * section 4.4.1 says 10 s).
 */
const usualInterval = 50_000;
const answerTimeout = 10_000;

/** Signs of life on one connection, regularly and when asked for. Source: RFC 5626 section 4.4. */
export class KeepAlive {
  readonly #options: KeepAliveOptions;
  #interval = usualInterval;
  #timer: NodeJS.Timeout | undefined;
  #ponged = false;
  #started = false;
  #ended = false;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
  }

  start(): void {
    this.#started = true;
    this.#schedule();
  }

  /** Takes over after how many seconds of silence the server gives a connection up (Flow-Timer). */
  setFlowTimer(seconds: number | undefined): void {
    const interval = Math.min(usualInterval, seconds === undefined ? usualInterval : seconds * 1000);
    if (interval === this.#interval) return;
    this.#interval = interval;
    if (this.#started) this.#schedule();
  }

  /** Asks for a sign of life now, to come within `timeout` ms. */
  check(timeout: number): void {
    void this.#alive(timeout).then((alive) => {
      if (!alive && !this.#ended) this.#options.onDead();
    });
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    // RFC 5626 section 4.4.1: between 80 % and 100 % of the interval, at random.
    const delay = this.#interval * (0.8 + 0.2 * Math.random());
    this.#timer = setTimeout(() => {
      this.check(answerTimeout);
      this.#schedule();
    }, delay);
  }

  /**
   * Servers that do not know the keep-alive of RFC 5626 still answer OPTIONS; it is asked beside until a pong was seen.
   */
  async #alive(timeout: number): Promise<boolean> {
    const { agent, transport, domain } = this.#options;
    const ping = transport.ping(timeout).then((answered) => {
      this.#ponged ||= answered;
      return answered;
    });
    if (this.#ponged) return ping;
    const options = agent.request({ method: "OPTIONS", uri: `sip:${domain}`, timeout }).then(
      () => true,
      () => false,
    );
    return Promise.any(
      [ping, options].map((p) => p.then((ok) => ok || Promise.reject(new HallwayError("timed-out")))),
    ).catch(() => false);
  }
}
