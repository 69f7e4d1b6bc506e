import { backoff } from "../../shared/backoff.ts";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig, AccountState } from "../../shared/model/account.ts";
import type { AccountFacets } from "../../shared/model/account-facets.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent, Stored } from "../networks/events.ts";
import type { Log } from "../networks/log.ts";
import type { Connection, Network, SignedIn } from "../networks/network.ts";
import type { AccountAudit } from "./account-audit.ts";
import { describeFacets } from "./describe-facets.ts";
import { governed, needsPerson } from "./sign-in-errors.ts";

/** Status of an account's connection, as the account record shows it. */
export interface SessionStatus {
  readonly state: AccountState;
  readonly error?: ErrorInfo;
  /** Milliseconds since the epoch, in state `waiting`. */
  readonly retryAt?: number;
  readonly security?: string;
  readonly facets: AccountFacets;
  readonly syncing: boolean;
}

export interface SessionOptions {
  readonly config: AccountConfig;
  readonly network: Network;
  readonly password: () => Promise<string | undefined>;
  /** Why there may be no connection now, or why the one that stands may not stay; undefined when there may be. */
  readonly refusal: (current: SignedIn | undefined) => ErrorInfo | undefined;
  /** The presence to announce now. */
  readonly presence: () => OwnPresence;
  readonly onStatus: (status: SessionStatus) => void;
  readonly onEvent: (event: NetworkEvent) => Stored;
  /** Work that follows a sign-in: archive, waiting messages. Rejections are logged, not fatal. */
  readonly onSignedIn: (connection: Connection, resumed: boolean, signal: AbortSignal) => Promise<void>;
  /** Audit log of sign-ins and refusals. */
  readonly audit: Pick<AccountAudit, "signedIn" | "refused" | "signedOut">;
  readonly log: Log;
  readonly now: () => number;
}

/** One account's life with its server. */
export interface AccountSession {
  readonly status: SessionStatus;
  /** The connection while it is online. */
  readonly online: Connection | undefined;
  /** Signs in and stays signed in. */
  start(): void;
  /** Signs in once; rejects with what went wrong instead of trying again. For a new account. */
  tryOnce(signal: AbortSignal): Promise<void>;
  /** Tries now, whatever it waits for or failed with. */
  retry(): void;
  /**
   * Signs in with as little as the error `weaker-sign-in` has named; error `not-found` where it is not what the session
   * waits for.
   */
  allowWeaker(method: string): Promise<void>;
  /** The password is another: a sign-in that is under way with the old one begins again. */
  passwordChanged(): void;
  /** Signs out; `start` may follow. */
  stop(): Promise<void>;
  setPresence(presence: OwnPresence): Promise<void>;
  /** Applies changed rules: drops a connection that is no longer allowed, tries again where a rule was the reason. */
  applyPolicy(): void;
  /** After sleep or a change of network. */
  check(): void;
  close(): void;
}

/** A connection that lived this long counts as good: the next loss starts with a short wait again. */
const stableAfter = 30_000;

export function createAccountSession(parts: SessionOptions): AccountSession {
  return new ReconnectingSession(parts);
}

/**
 * The state machine of an account:
 *
 *   signed-out --start--> connecting --signed in--> online
 *                          |  ^  |                    |
 *            needs a person|  |  |other error         |connection lost
 *                          v  |  v                    v
 *                       failed|  waiting <------------+
 *                          |  |   |
 *                          +--+---+ retry, timer, wake
 *   any --stop--> signed-out
 */
class ReconnectingSession implements AccountSession {
  readonly #parts: SessionOptions;
  #status: SessionStatus;
  #tries = 0;
  #onlineSince = 0;
  #timer: NodeJS.Timeout | undefined;
  #attempt: AbortController | undefined;
  #work: AbortController | undefined;
  #closed = false;
  /** How the connection that was made last stands. */
  #current: SignedIn | undefined;
  /** Signing in or out that still goes on, also when nobody waits for it any more: a connection does one at a time. */
  #underway: Promise<unknown> = Promise.resolve();
  readonly #connection: Connection;
  /** For the log. */
  readonly #about: Readonly<Record<"account" | "protocol", string>>;

  constructor(parts: SessionOptions) {
    this.#parts = parts;
    const { network, config, password } = parts;
    this.#about = { account: config.id, protocol: config.protocol };
    this.#connection = network.open(config, { credentials: { password }, emit: (event) => this.#onEvent(event) });
    this.#status = { state: "signed-out", facets: describeFacets(this.#connection), syncing: false };
  }

  get status(): SessionStatus {
    return this.#status;
  }

  get online(): Connection | undefined {
    return this.#status.state === "online" ? this.#connection : undefined;
  }

  start(): void {
    if (this.#status.state === "signed-out" || this.#status.state === "failed")
      void this.#connect().catch(() => undefined);
  }

  tryOnce(signal: AbortSignal): Promise<void> {
    return this.#connect(signal);
  }

  async allowWeaker(method: string): Promise<void> {
    const { state, error } = this.#status;
    if (state !== "failed" || error?.code !== "weaker-sign-in" || error.params?.["now"] !== method)
      throw new HallwayError("not-found");
    await this.#connection.allowWeaker?.(method);
    this.retry();
  }

  passwordChanged(): void {
    this.#tries = 0;
    if (this.#status.state === "waiting" || this.#status.state === "failed" || this.#status.state === "connecting")
      void this.#connect().catch(() => undefined);
  }

  stop(): Promise<void> {
    return this.#leave({ state: "signed-out" });
  }

  applyPolicy(): void {
    const refusal = this.#parts.refusal(this.#status.state === "online" ? this.#current : undefined);
    if (!refusal) {
      if (this.#status.state === "failed" && this.#status.error && governed.has(this.#status.error.code)) this.retry();
    } else if (this.#status.state !== "signed-out" && this.#status.state !== "failed") {
      void this.#leave({ state: "failed", error: refusal });
      // Where only this connection broke a rule, another may keep it: another server, a newer TLS, another mechanism.
      if (!this.#parts.refusal(undefined)) this.retry();
    }
  }

  async setPresence(presence: OwnPresence): Promise<void> {
    if (this.#status.state === "online") await this.#connection.presence.set(presence);
  }

  check(): void {
    if (this.#status.state === "online") this.#connection.check();
    else if (this.#status.state === "waiting") this.retry();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#attempt?.abort();
    this.#work?.abort();
    this.#connection.close();
  }

  #set(next: Partial<SessionStatus> & { state: AccountState }): void {
    this.#status = { syncing: false, ...next, facets: describeFacets(this.#connection) };
    if (!this.#closed) this.#parts.onStatus(this.#status);
  }

  #onEvent(event: NetworkEvent): Stored {
    // Nobody is there to store it.
    if (this.#closed) return Promise.resolve(false);
    if (event.type === "facets") this.#set(this.#status);
    const stored = this.#parts.onEvent(event);
    if (event.type === "connection-lost" && this.#status.state === "online") this.#lost(event.error);
    return stored;
  }

  #lost(error: ErrorInfo): void {
    this.#work?.abort();
    this.#parts.audit.signedOut(error);
    this.#parts.log.info("Connection lost", {
      ...this.#about,
      code: error.code,
    });
    if (this.#parts.now() - this.#onlineSince > stableAfter) this.#tries = 0;
    if (needsPerson.has(error.code)) this.#set({ state: "failed", error });
    else this.#waitFor(error);
  }

  #waitFor(error: ErrorInfo): void {
    const wait = backoff(this.#tries);
    this.#tries += 1;
    this.#set({ state: "waiting", error, retryAt: this.#parts.now() + wait });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect().catch(() => undefined), wait);
    this.#timer.unref();
  }

  async #connect(outer?: AbortSignal): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt?.abort();
    const controller = new AbortController();
    this.#attempt = controller;
    const signal = outer ? AbortSignal.any([controller.signal, outer]) : controller.signal;
    this.#set({ state: "connecting" });
    try {
      await this.#underway;
      this.#endIfStopped(signal);
      const refusal = this.#parts.refusal(undefined);
      if (refusal) throw new HallwayError(refusal.code, refusal.params);
      const presence = this.#parts.presence();
      const connecting = this.#connection.connect(presence, signal);
      this.#underway = connecting.catch(() => undefined);
      const result = await connecting;
      this.#endIfStopped(signal);
      // The rules may have changed while the server said yes.
      const broken = this.#parts.refusal(result);
      if (broken) {
        this.#underway = this.#connection.disconnect().catch(() => undefined);
        throw new HallwayError(broken.code, broken.params);
      }
      this.#attempt = undefined;
      this.#current = result;
      this.#onlineSince = this.#parts.now();
      this.#parts.log.info("Signed in", {
        ...this.#about,
        resumed: result.resumed,
        host: result.endpoint.host,
        transport: result.endpoint.transport,
      });
      this.#parts.audit.signedIn(result);
      this.#set({ state: "online", syncing: true, ...(result.security ? { security: result.security } : {}) });
      this.#followPresence(presence);
      void this.#afterSignIn(result.resumed);
    } catch (error) {
      if (this.#attempt !== controller) throw error; // A newer attempt or a stop has taken over the state.
      this.#attempt = undefined;
      const info = toErrorInfo(error);
      this.#parts.log.warn("Could not sign in", {
        ...this.#about,
        code: info.code,
        error,
      });
      this.#parts.audit.refused(info);
      if (info.code === "cancelled") this.#set({ state: "signed-out" });
      else if (outer || needsPerson.has(info.code)) this.#set({ state: "failed", error: info });
      else this.#waitFor(info);
      throw error;
    }
  }

  /** Error: `cancelled`. */
  #endIfStopped(signal: AbortSignal): void {
    if (!signal.aborted && !this.#closed) return;
    // Somebody stopped between the server's yes and our looking: the connection must not stay up unseen.
    void this.#connection.disconnect().catch(() => undefined);
    throw new HallwayError("cancelled");
  }

  /** Announces the presence that the person chose while the sign-in was under way. */
  #followPresence(announced: OwnPresence): void {
    const wanted = this.#parts.presence();
    if (JSON.stringify(wanted) === JSON.stringify(announced)) return;
    this.#connection.presence
      .set(wanted)
      .catch((error: unknown) => this.#parts.log.info("Presence could not be announced", { ...this.#about, error }));
  }

  async #afterSignIn(resumed: boolean): Promise<void> {
    const controller = new AbortController();
    this.#work?.abort();
    this.#work = controller;
    try {
      await this.#parts.onSignedIn(this.#connection, resumed, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted)
        this.#parts.log.warn("Catching up after sign-in failed", { ...this.#about, error });
    } finally {
      if (this.#work === controller && this.#status.state === "online") this.#set({ ...this.#status, syncing: false });
    }
  }

  retry(): void {
    this.#tries = 0;
    if (this.#status.state === "waiting" || this.#status.state === "failed")
      void this.#connect().catch(() => undefined);
  }

  /** Ends whatever is going on, and is then in the state given. */
  async #leave(next: Pick<SessionStatus, "state" | "error">): Promise<void> {
    clearTimeout(this.#timer);
    this.#attempt?.abort();
    this.#attempt = undefined;
    this.#work?.abort();
    const wasOnline = this.#status.state === "online";
    this.#set(next);
    if (!wasOnline) return;
    this.#parts.audit.signedOut(next.error);
    const leaving = this.#connection
      .disconnect()
      .catch((error: unknown) => this.#parts.log.info("Signing out was not clean", { ...this.#about, error }));
    this.#underway = leaving;
    await leaving;
  }
}
