import { HallwayError } from "../../../../shared/errors.ts";
import type { Log } from "../../log.ts";
import type { Announced } from "../feature.ts";
import { isRedirect, RegistrarRedirect } from "../redirect.ts";
import type { UserAgent } from "../user-agent.ts";
import { type SipResponse, token } from "../wire/message.ts";
import { flowTimer, minExpires, refreshDelay, retryAfter } from "../wire/timing-headers.ts";
import { ownBindings } from "./bindings.ts";
import type { LocalContact } from "./local-contact.ts";

/** Options of a registration. */
export interface RegistrationOptions {
  readonly agent: UserAgent;
  /** `sip:domain`. */
  readonly registrar: string;
  readonly contact: LocalContact;
  /** UUID of this device (RFC 5626 section 4.1). */
  readonly deviceId: string;
  readonly announced: Announced;
  readonly log: Log;
  /** Seconds after which the server takes a silent connection for dead (Flow-Timer); undefined: it did not say. */
  readonly onFlowTimer: (seconds: number | undefined) => void;
  /** The server no longer knows us and does not take us back. */
  readonly onFailed: (error: HallwayError) => void;
}

const wantedExpires = 3_600;

/**
 * Keeps this device registered at the domain for as long as the connection lives.
 *
 *   idle -register-> registered -timer-> refreshing -> registered
 *                        |                    \-> failed (onFailed), after some more tries
 *                        \-seen from elsewhere-> registered under the address that the server sees
 *
 * Source: RFC 3261 section 10, RFC 3581 section 4, RFC 5626 section 4.2, RFC 3608 (Service-Route).
 */
export class Registration {
  readonly #options: RegistrationOptions;
  readonly #callId = token();
  readonly #fromTag = token(8);
  #expires = wantedExpires;
  #outbound = true;
  /** URIs under which this connection was registered before. */
  readonly #former: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #ended = false;

  constructor(options: RegistrationOptions) {
    this.#options = options;
  }

  /**
   * Registers. Errors: `wrong-password`, `account-refused`, `weaker-sign-in`, `account-disabled`,
   * `no-common-authentication`, `server-error`, `rate-limited`, `timed-out`, `connection-lost`.
   */
  async register(timeout?: number): Promise<void> {
    const response = await this.#send([this.#contact(this.#expires)], this.#expires, timeout);
    if (response.status === 423) {
      const least = minExpires(response);
      if (least === undefined || least <= this.#expires) throw new HallwayError("server-error");
      this.#expires = least;
      return this.register(timeout);
    }
    // RFC 5626 section 11.6: the first hop cannot do outbound; without it the registration is worth as much to us.
    if ((response.status === 439 || response.status === 420) && this.#outbound) {
      this.#outbound = false;
      return this.register(timeout);
    }
    if (response.status >= 300) throw registrationError(response);
    this.#accepted((await this.#correct(response, timeout)) ?? response);
  }

  /** Takes this device off; what comes back is not looked at. */
  async unregister(timeout: number): Promise<void> {
    this.end();
    await this.#send([this.#contact(0)], 0, timeout);
  }

  /** Stops refreshing. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  /**
   * Registers once more where the server sees us at another address than ours: behind a NAT a plain registrar would
   * send everything into the void. With outbound the connection itself is registered (RFC 5626 section 6), and the
   * address does not matter. The first binding is removed once the server lists it beside the second: where both count
   * as one (same instance and reg-id), removing it would remove both. A registrar that allows no second one is asked to
   * put it in the place of the first; one that refuses that, too, keeps the first.
   */
  async #correct(response: SipResponse, timeout: number | undefined): Promise<SipResponse | undefined> {
    const { contact, log } = this.#options;
    const isOutbound = response.headers.list("require").some((tag) => tag.toLowerCase() === "outbound");
    const place = isOutbound ? undefined : contact.seenAt(response);
    if (!place) return undefined;
    const former = contact.uri;
    const wanted = this.#contact(this.#expires, contact.uriAt(place));
    for (const contacts of [[wanted], [wanted, `<${former}>;expires=0`]]) {
      if (this.#ended) break;
      const corrected = await this.#send(contacts, this.#expires, timeout);
      if (corrected.status < 300) {
        contact.moveTo(place);
        this.#former.push(former);
        return corrected;
      }
      log.warn("SIP registrar did not take the address at which it sees us", { status: corrected.status });
    }
    return undefined;
  }

  #send(contacts: readonly string[], expires: number, timeout?: number): Promise<SipResponse> {
    const { agent, registrar, announced } = this.#options;
    return agent.request({
      method: "REGISTER",
      uri: registrar,
      to: agent.aor,
      urgency: "vital",
      headers: [
        ...contacts.map((c) => `Contact: ${c}`),
        `Expires: ${expires}`,
        announced.supported(this.#outbound ? undefined : "outbound"),
        announced.allow,
      ],
      dialog: { callId: this.#callId, fromTag: this.#fromTag, routes: [], nextCseq: () => agent.nextCseq() },
      ...(timeout === undefined ? {} : { timeout }),
    });
  }

  #contact(expires: number, uri = this.#options.contact.uri): string {
    const instance = `+sip.instance="<urn:uuid:${this.#options.deviceId}>"`;
    return `<${uri}>;${instance}${this.#outbound ? ";reg-id=1" : ""};expires=${expires}`;
  }

  #accepted(response: SipResponse): void {
    const { agent, contact, deviceId, log, onFlowTimer } = this.#options;
    this.#failures = 0;
    agent.serviceRoute = response.headers.list("service-route");
    onFlowTimer(flowTimer(response));
    const { uri, expires, stale } = ownBindings(response, contact, { deviceId, former: this.#former.splice(0) });
    contact.listedAs(uri);
    // Earlier connections of this device that the server still believes in would each get a copy of every message.
    if (stale.length > 0) {
      this.#send(
        stale.slice(0, 8).map((uri) => `<${uri}>;expires=0`),
        0,
      ).catch(() => log.debug("SIP: stale bindings could not be removed"));
    }
    const granted = expires ?? Number(response.headers.get("expires") ?? this.#expires);
    this.#schedule(refreshDelay(Number.isFinite(granted) && granted > 0 ? granted : this.#expires));
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    this.#timer = setTimeout(() => void this.#refresh(), delay);
  }

  async #refresh(): Promise<void> {
    try {
      await this.register();
    } catch (error) {
      if (this.#ended) return;
      const known = error instanceof HallwayError ? error : new HallwayError("server-error", undefined, error);
      // Whoever connects anew follows it.
      if (known instanceof RegistrarRedirect) return this.#options.onFailed(new HallwayError("connection-lost"));
      this.#failures += 1;
      const passing = known.code === "server-error" || known.code === "timed-out" || known.code === "rate-limited";
      if (!passing || this.#failures >= 3) this.#options.onFailed(known);
      else this.#schedule(Number(known.params?.retryAfter ?? 5 * this.#failures) * 1000);
    }
  }
}

function registrationError(response: SipResponse): HallwayError {
  if (isRedirect(response) || response.status === 305) return new RegistrarRedirect(response);
  switch (response.status) {
    // Challenged again after an answer to a fresh nonce.
    case 401:
    case 407:
      return new HallwayError("wrong-password");
    // RFC 3261 section 10.3, steps 4 and 5: the user may not register, or is not known. Some servers mean a password.
    case 403:
    case 404:
      return new HallwayError("account-refused");
    case 410:
    case 604:
      return new HallwayError("account-disabled");
    case 429:
    case 503: {
      const seconds = retryAfter(response);
      return seconds === undefined
        ? new HallwayError("server-error")
        : new HallwayError("rate-limited", { retryAfter: seconds });
    }
    default:
      return new HallwayError("server-error");
  }
}
