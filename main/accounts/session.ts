import { backoff } from "../../shared/backoff.ts";
import { type ErrorCode, type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig, AccountState } from "../../shared/model/account.ts";
import type { AccountFacets } from "../../shared/model/account-facets.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent, Stored } from "../networks/events.ts";
import type { Log } from "../networks/log.ts";
import type { Connection, Network, SignedIn } from "../networks/network.ts";
import type { AccountAudit } from "./account-audit.ts";
import { describeFacets } from "./describe-facets.ts";

/** What is known of an account's connection, as the account record shows it. */
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
  readonly refusal: (standing: SignedIn | undefined) => ErrorInfo | undefined;
  /** The presence to announce now. */
  readonly presence: () => OwnPresence;
  readonly onStatus: (status: SessionStatus) => void;
  readonly onEvent: (event: NetworkEvent) => Stored;
  /** What follows a sign-in: archive, waiting messages. Rejections are logged, not fatal. */
  readonly onSignedIn: (connection: Connection, resumed: boolean, signal: AbortSignal) => Promise<void>;
  /** Who writes down what became of it. */
  readonly audit: Pick<AccountAudit, "signedIn" | "refused" | "signedOut">;
  readonly log: Log;
  readonly now: () => number;
}

/** One account's life with its server. */
export interface Session {
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
  /**
   * What may be connected has changed: lets go of a connection that may not be, tries again where that was the reason.
   */
  obey(): void;
  /** After sleep or a change of network. */
  check(): void;
  close(): void;
}

/** Trying again by itself cannot help with these: a person has to act first. */
const needsPerson: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "wrong-password",
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "weaker-sign-in",
  "account-disabled",
  "no-common-authentication",
  "server-not-authentic",
  "certificate-untrusted",
  "certificate-wrong-name",
  "certificate-expired",
  "certificate-pin-mismatch",
  "certificate-revoked",
  "tls-required",
  "replaced-by-other-session",
  "vault-locked",
  "blocked-by-policy",
  "unsupported",
  "invalid-address",
]);

/** What a change of the rules may put right. */
const governed: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "blocked-by-policy",
  "certificate-untrusted",
  "certificate-pin-mismatch",
  "certificate-revoked",
]);

/** A connection that lived this long counts as good: the next loss starts with a short wait again. */
const stableAfter = 30_000;

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
export function createSession(options: SessionOptions): Session {
  const { config, network, log, now } = options;
  let tries = 0;
  let onlineSince = 0;
  let timer: NodeJS.Timeout | undefined;
  let attempt: AbortController | undefined;
  let work: AbortController | undefined;
  let closed = false;
  /** How the connection that was made last stands. */
  let standing: SignedIn | undefined;
  /** Signing in or out that still goes on, also when nobody waits for it any more: a connection does one at a time. */
  let underway: Promise<unknown> = Promise.resolve();
  const connection = network.open(config, { password: options.password }, onEvent);
  let status: SessionStatus = { state: "signed-out", facets: describeFacets(connection), syncing: false };

  function set(next: Partial<SessionStatus> & { state: AccountState }): void {
    status = { facets: describeFacets(connection), syncing: false, ...next };
    if (!closed) options.onStatus(status);
  }

  function onEvent(event: NetworkEvent): Stored {
    // Nobody is there to store it.
    if (closed) return Promise.resolve(false);
    if (event.type === "facets") set(status);
    const stored = options.onEvent(event);
    if (event.type === "connection-lost" && status.state === "online") lost(event.error);
    return stored;
  }

  function lost(error: ErrorInfo): void {
    work?.abort();
    options.audit.signedOut(error);
    log.info("Connection lost", { account: config.id, protocol: config.protocol, code: error.code });
    if (now() - onlineSince > stableAfter) tries = 0;
    if (needsPerson.has(error.code)) set({ state: "failed", error });
    else waitFor(error);
  }

  function waitFor(error: ErrorInfo): void {
    const wait = backoff(tries);
    tries += 1;
    set({ state: "waiting", error, retryAt: now() + wait });
    clearTimeout(timer);
    timer = setTimeout(() => void connect().catch(() => undefined), wait);
    timer.unref();
  }

  async function connect(outer?: AbortSignal): Promise<void> {
    clearTimeout(timer);
    attempt?.abort();
    const controller = new AbortController();
    attempt = controller;
    const signal = outer ? AbortSignal.any([controller.signal, outer]) : controller.signal;
    set({ state: "connecting" });
    try {
      await underway;
      if (signal.aborted || closed) {
        // Somebody stopped between the server's yes and our looking: the connection must not stay up unseen.
        void connection.disconnect().catch(() => undefined);
        throw new HallwayError("cancelled");
      }
      const refusal = options.refusal(undefined);
      if (refusal) throw new HallwayError(refusal.code, refusal.params);
      const presence = options.presence();
      const connecting = connection.connect(presence, signal);
      underway = connecting.catch(() => undefined);
      const result = await connecting;
      if (signal.aborted || closed) {
        // Somebody stopped between the server's yes and our looking: the connection must not stay up unseen.
        void connection.disconnect().catch(() => undefined);
        throw new HallwayError("cancelled");
      }
      // The rules may have changed while the server said yes.
      const broken = options.refusal(result);
      if (broken) {
        underway = connection.disconnect().catch(() => undefined);
        throw new HallwayError(broken.code, broken.params);
      }
      attempt = undefined;
      standing = result;
      onlineSince = now();
      log.info("Signed in", {
        account: config.id,
        protocol: config.protocol,
        resumed: result.resumed,
        host: result.endpoint.host,
        transport: result.endpoint.transport,
      });
      options.audit.signedIn(result);
      set({ state: "online", syncing: true, ...(result.security ? { security: result.security } : {}) });
      followPresence(presence);
      void afterSignIn(result.resumed);
    } catch (error) {
      if (attempt !== controller) throw error; // A newer attempt or a stop has taken over the state.
      attempt = undefined;
      const info = toErrorInfo(error);
      log.warn("Could not sign in", { account: config.id, protocol: config.protocol, code: info.code, error });
      options.audit.refused(info);
      if (info.code === "cancelled") set({ state: "signed-out" });
      else if (outer || needsPerson.has(info.code)) set({ state: "failed", error: info });
      else waitFor(info);
      throw error;
    }
  }

  /** What the person chose while signing in was under way is announced now. */
  function followPresence(announced: OwnPresence): void {
    const wanted = options.presence();
    if (JSON.stringify(wanted) === JSON.stringify(announced)) return;
    connection.presence
      .set(wanted)
      .catch((error: unknown) => log.info("Presence could not be announced", { account: config.id, error }));
  }

  async function afterSignIn(resumed: boolean): Promise<void> {
    const controller = new AbortController();
    work?.abort();
    work = controller;
    try {
      await options.onSignedIn(connection, resumed, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) log.warn("Catching up after sign-in failed", { account: config.id, error });
    } finally {
      if (work === controller && status.state === "online") set({ ...status, syncing: false });
    }
  }

  function retry(): void {
    tries = 0;
    if (status.state === "waiting" || status.state === "failed") void connect().catch(() => undefined);
  }

  /** Ends whatever is going on, and is then in the state given. */
  async function leave(next: Pick<SessionStatus, "state" | "error">): Promise<void> {
    clearTimeout(timer);
    attempt?.abort();
    attempt = undefined;
    work?.abort();
    const wasOnline = status.state === "online";
    set(next);
    if (!wasOnline) return;
    options.audit.signedOut(next.error);
    const leaving = connection
      .disconnect()
      .catch((error: unknown) => log.info("Signing out was not clean", { account: config.id, error }));
    underway = leaving;
    await leaving;
  }

  return {
    get status() {
      return status;
    },
    get online() {
      return status.state === "online" ? connection : undefined;
    },
    start() {
      if (status.state === "signed-out" || status.state === "failed") void connect().catch(() => undefined);
    },
    tryOnce: (signal) => connect(signal),
    retry,
    async allowWeaker(method) {
      const { state, error } = status;
      if (state !== "failed" || error?.code !== "weaker-sign-in" || error.params?.["now"] !== method)
        throw new HallwayError("not-found");
      await connection.allowWeaker?.(method);
      retry();
    },
    passwordChanged() {
      tries = 0;
      if (status.state === "waiting" || status.state === "failed" || status.state === "connecting")
        void connect().catch(() => undefined);
    },
    stop: () => leave({ state: "signed-out" }),
    obey() {
      const refusal = options.refusal(status.state === "online" ? standing : undefined);
      if (!refusal) {
        if (status.state === "failed" && status.error && governed.has(status.error.code)) retry();
      } else if (status.state !== "signed-out" && status.state !== "failed") {
        void leave({ state: "failed", error: refusal });
        // Where only this connection broke a rule, another may keep it: another server, a newer TLS, another mechanism.
        if (!options.refusal(undefined)) retry();
      }
    },
    async setPresence(presence) {
      if (status.state === "online") await connection.presence.set(presence);
    },
    check() {
      if (status.state === "online") connection.check();
      else if (status.state === "waiting") retry();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      attempt?.abort();
      work?.abort();
      connection.close();
    },
  };
}
