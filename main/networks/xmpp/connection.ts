import xml, { type Element } from "@xmpp/xml";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { Connection, Credentials, Endpoint, NetworkEnvironment, NetworkEvent, OutgoingMessage, SignedIn } from "../network.ts";
import { isFinal, nsStreamErrors, nsStreams, streamError } from "./errors.ts";
import { extensions } from "./extensions.ts";
import type { Jid } from "./jid.ts";
import { type Negotiated, negotiate } from "./negotiate.ts";
import { createSession } from "./session.ts";
import { nsSm, type StreamManagement, type Unacknowledged } from "./stream-management.ts";
import { maxAnswer, type Transport } from "./transport.ts";
import { serialize } from "./xml/element.ts";

/** All of signing in, and one endpoint's part of it. */
const connectMs = 30_000;
const endpointMs = 10_000;
/** How long the server may take to prove that it lives. */
const checkMs = 10_000;
/** Silence after which we ask. */
const silenceMs = 60_000;
/** Own stanzas that may wait for their acknowledgement. */
const maxUnacknowledged = 5000;
const maxFailed = 500;
const goodbyeMs = 2000;
const nsPing = "urn:xmpp:ping";

export interface ConnectionOptions {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  /** The domain as it stands in DNS and certificates. */
  readonly domain: string;
  readonly emit: (event: NetworkEvent) => void;
  readonly endpoints: (signal: AbortSignal) => Promise<readonly Endpoint[]>;
  readonly reach: (endpoint: Endpoint, signal: AbortSignal) => Promise<Transport>;
}

/**
 *           connect            signed in
 *   [idle] --------> [busy] ------------> [online]
 *     ^                |  failed             |  lost, disconnect
 *     +----------------+---------------------+           close, from anywhere: [closed]
 *
 * A lost session stays in `previous`, with what was not acknowledged, until it is resumed or given up.
 */
export function createConnection(options: ConnectionOptions): Connection {
  const { account, environment, domain } = options;
  const { log } = environment;
  const address = account.address;
  let state: "idle" | "busy" | "online" | "closed" = "idle";
  let transport: Transport | undefined;
  let management: StreamManagement | undefined;
  let previous: { readonly management: StreamManagement; readonly jid: Jid } | undefined;
  let jid: Jid | undefined;
  /** An `<r/>` is under way. */
  let asked = false;
  /** The server has proved itself by SCRAM once. */
  let mutual = false;
  let silence: NodeJS.Timeout | undefined;
  let verdict: NodeJS.Timeout | undefined;
  let heard = 0;
  let abortConnect: AbortController | undefined;
  /** Own messages that wait for the answer to a ping, where there is no stream management. */
  const unproven: { readonly id: string; readonly peer: string }[] = [];
  let proving = false;
  /** Grows with every session that is given up. */
  let era = 0;
  const idleWaiters: (() => void)[] = [];

  /** Own messages that came back before the server's acknowledgement did: theirs is the last word. */
  const failed = new Set<string>();

  const emit = (event: NetworkEvent) => {
    if (state === "closed") return;
    if (event.type === "delivery" && event.state === "failed") {
      for (const oldest of failed) if (failed.size >= maxFailed) failed.delete(oldest);
      failed.add(event.id);
    }
    options.emit(event);
  };
  const session = createSession({
    address,
    domain: domainOf(address),
    cacheKey: `xmpp-roster|${account.id}`,
    environment,
    extensions,
    emit,
    send: (stanza, keep) => void transmit(stanza, undefined, keep),
  });

  /** Puts a stanza on the wire and into the queue of XEP-0198. False: not connected, or too much is under way. */
  function transmit(stanza: Element, message: Unacknowledged["message"], keep: boolean, written?: (error: Error | undefined) => void): boolean {
    if (state !== "online" || !transport) return false;
    if (management && management.pending >= maxUnacknowledged) return false;
    const text = serialize(stanza);
    const counts = stanza.name === "message" || stanza.name === "presence" || stanza.name === "iq";
    if (counts) management?.sent({ xml: text, message, keep });
    transport.send(text, written);
    if (message || keep) requestAck();
    return true;
  }

  function requestAck(): void {
    if (!management || asked || state !== "online") return;
    asked = true;
    transport?.send(`<r xmlns='${nsSm}'/>`);
  }

  /** What we have had so far, said before going, so that the server need not keep it for another time. */
  function acknowledge(): void {
    if (management) transport?.send(`<a xmlns='${nsSm}' h='${management.inbound}'/>`);
  }

  /**
   * `sent`: the server has them. `waiting`: lost with their session; the account compares with the archive and sends
   * again what is missing.
   */
  function conclude(messages: readonly (Unacknowledged["message"] | undefined)[], outcome: "sent" | "waiting"): void {
    for (const message of messages) if (message && !failed.delete(message.id)) emit({ type: "delivery", ...message, state: outcome });
  }
  const settle = (settled: readonly Unacknowledged[]) =>
    conclude(
      settled.map((s) => s.message),
      "sent",
    );
  const giveUp = (lost: readonly Unacknowledged[]) =>
    conclude(
      lost.map((s) => s.message),
      "waiting",
    );

  function handleManagement(element: Element): void {
    if (element.name === "r") {
      acknowledge();
    } else if (element.name === "a" && management) {
      asked = false;
      const settled = management.acknowledge(element.attrs["h"]);
      if (!settled) {
        // XEP-0198 section 4: such a server cannot be counted with.
        log.warn("the server acknowledged more than was sent");
        transport?.send(`<stream:error><undefined-condition xmlns='${nsStreamErrors}'/></stream:error>`);
        previous = undefined;
        const lost = management.unacknowledged();
        management = undefined;
        giveUp(lost);
        lose(new HallwayError("protocol-error"));
        return;
      }
      settle(settled);
      if (management.pending > 0) requestAck();
      else for (const waiter of idleWaiters.splice(0)) waiter();
    }
  }

  function handle(element: Element): void {
    heard = environment.now();
    if (verdict) {
      clearTimeout(verdict);
      verdict = undefined;
    }
    if (element.getNS() === nsSm) handleManagement(element);
    else if (element.is("error", nsStreams)) lose(streamError(element));
    else {
      if (element.name === "message" || element.name === "presence" || element.name === "iq") management?.received();
      session.handle(element);
    }
  }

  /** The stream is gone; the session may be resumed. */
  function lose(error: HallwayError): void {
    if (state !== "online") return;
    leaveStream();
    if (management?.resumeId !== undefined && jid && error.code !== "replaced-by-other-session") previous = { management, jid };
    else {
      const lost = management?.unacknowledged() ?? [];
      forget(error);
      giveUp(lost);
    }
    management = undefined;
    log.info("the connection was lost", { code: error.code });
    emit({ type: "connection-lost", error: toErrorInfo(error) });
  }

  function leaveStream(): void {
    state = "idle";
    asked = false;
    clearInterval(silence);
    clearTimeout(verdict);
    verdict = undefined;
    const gone = transport;
    transport = undefined;
    gone?.destroy();
    for (const waiter of idleWaiters.splice(0)) waiter();
  }

  /** The session is not coming back. */
  function forget(error: HallwayError): void {
    previous = undefined;
    jid = undefined;
    const lost = unproven.splice(0);
    proving = false;
    era += 1;
    session.end(error);
    conclude(lost, "waiting");
  }

  async function signIn(signal: AbortSignal, password: string): Promise<{ reached: Transport; result: Negotiated }> {
    const found = await options.endpoints(signal);
    let worst: HallwayError | undefined;
    if (found.length === 0) throw new HallwayError("unknown-host", { host: domain });
    for (const endpoint of found.slice(0, 16)) {
      const own = AbortSignal.any([signal, AbortSignal.timeout(endpointMs)]);
      let reached: Transport | undefined;
      try {
        reached = await options.reach(endpoint, own);
        const opened = reached;
        const cut = () => opened.destroy();
        const result = await raceAbort(
          negotiate(reached, {
            bare: address,
            domain: domainOf(address),
            username: account.server.authUser ?? localOf(address),
            password,
            resource: `Hallway.${account.deviceId.slice(0, 8)}`,
            previous,
            mutual,
          }),
          own,
          cut,
        );
        return { reached, result };
      } catch (error) {
        reached?.destroy();
        if (signal.aborted) throw error;
        const mapped = error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
        log.info("an endpoint did not work", { host: endpoint.host, port: endpoint.port, transport: endpoint.transport, code: mapped.code });
        if (isFinal(mapped)) throw mapped;
        worst = moreTelling(worst, mapped);
      }
    }
    throw worst ?? new HallwayError("unknown-host", { host: domain });
  }

  async function connect(presence: OwnPresence, outer: AbortSignal): Promise<SignedIn> {
    if (state === "closed") throw new HallwayError("cancelled");
    if (state !== "idle") throw new HallwayError("internal");
    state = "busy";
    const own = new AbortController();
    abortConnect = own;
    const limit = AbortSignal.timeout(connectMs);
    const signal = AbortSignal.any([outer, own.signal, limit]);
    try {
      const password = await options.credentials.password();
      if (password === undefined) throw new HallwayError("password-needed");
      const { reached, result } = await signIn(signal, password);
      if (signal.aborted) {
        reached.destroy();
        throw new HallwayError("cancelled");
      }
      return await begin(reached, result, presence);
    } catch (error) {
      if (stateNow() === "busy") state = "idle";
      if (outer.aborted || own.signal.aborted) throw new HallwayError("cancelled", undefined, error);
      if (limit.aborted) throw new HallwayError("timed-out", { host: domain }, error);
      throw error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
    } finally {
      if (abortConnect === own) abortConnect = undefined;
    }
  }

  /** `state` as it is now, for the compiler, which does not see that others change it. */
  function stateNow(): string {
    return state;
  }

  async function begin(reached: Transport, result: Negotiated, presence: OwnPresence): Promise<SignedIn> {
    transport = reached;
    mutual ||= result.mechanism.startsWith("SCRAM");
    asked = false;
    heard = environment.now();
    const old = previous;
    previous = undefined;
    const settled = old && result.previousH !== undefined ? old.management.acknowledge(result.previousH) : [];
    settle(settled ?? []);
    const left = old?.management.unacknowledged() ?? [];
    if (old && !result.resumed) {
      forget(new HallwayError("connection-lost"));
      giveUp(left);
    }
    management = result.management;
    jid = result.jid;
    state = "online";
    reached.listen({
      opened: () => lose(new HallwayError("protocol-error")),
      element: handle,
      allowance: (start) => (session.isLarge(start) ? maxAnswer : undefined),
      closed: (error) => lose(error ?? new HallwayError("connection-lost", { host: reached.endpoint.host })),
    });
    session.setFeature("resume", result.management?.resumeId !== undefined);
    const done: SignedIn = { resumed: result.resumed, security: reached.security, endpoint: reached.endpoint };
    silence = setInterval(() => {
      if (environment.now() - heard >= silenceMs) check();
    }, silenceMs);
    if (result.resumed) {
      // XEP-0198 section 5: what was not acknowledged is sent again, in order; it counts already.
      for (const { xml: text } of left) reached.send(text);
      for (const element of result.waiting) handle(element);
      session.resume(presence);
      if (left.length > 0) requestAck();
      return done;
    }
    const started = session.start(result.jid.full, result.features, presence);
    for (const { xml: text, keep } of left) {
      if (!keep) continue;
      management?.sent({ xml: text, message: undefined, keep });
      reached.send(text);
    }
    for (const element of result.waiting) handle(element);
    await started;
    if (stateNow() !== "online" || transport !== reached) throw new HallwayError("connection-lost", { host: reached.endpoint.host });
    return done;
  }

  function check(): void {
    if (state !== "online" || verdict) return;
    verdict = setTimeout(() => {
      verdict = undefined;
      lose(new HallwayError("timed-out"));
    }, checkMs);
    if (management) {
      asked = true;
      transport?.send(`<r xmlns='${nsSm}'/>`);
    } else {
      session.ping(xml("ping", nsPing)).catch(() => undefined);
    }
  }

  /** Without stream management, a reply to a later request shows that the server has what came before it. */
  function prove(): void {
    const count = unproven.length;
    if (proving || count === 0) return;
    proving = true;
    const during = era;
    const done = (outcome: "sent" | "waiting") => {
      // With the session gone they have been given up, and others may be in their place.
      if (during !== era) return;
      proving = false;
      conclude(unproven.splice(0, count), outcome);
      prove();
    };
    session.ping(xml("ping", nsPing)).then(
      () => done("sent"),
      (error: unknown) => done(error instanceof HallwayError && error.code === "timed-out" ? "waiting" : "sent"),
    );
  }

  function sendMessage(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (state !== "online") {
        reject(new HallwayError("offline"));
        return;
      }
      const what = { id: message.id, peer: message.to };
      const managed = management !== undefined;
      // Once it is in the queue of XEP-0198 it is in good hands, whatever becomes of this write.
      const written = (error: Error | undefined) => (error && !managed ? reject(new HallwayError("offline", undefined, error)) : resolve());
      if (!transmit(session.write(message), what, false, written)) reject(new HallwayError(state === "online" ? "rate-limited" : "offline"));
      else if (!managed) {
        unproven.push(what);
        prove();
      }
    });
  }

  async function disconnect(): Promise<void> {
    abortConnect?.abort();
    if (state === "online" && transport) {
      const closing = transport;
      session.announce({ availability: "offline" });
      if (management && management.pending > 0) {
        requestAck();
        await Promise.race([new Promise<void>((resolve) => idleWaiters.push(resolve)), delay(goodbyeMs / 2)]);
      }
      if (transport === closing) {
        acknowledge();
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, goodbyeMs / 2);
          closing.listen({
            opened: () => undefined,
            element: (element) => {
              if (element.getNS() === nsSm) handleManagement(element);
            },
            closed: () => {
              clearTimeout(timer);
              resolve();
            },
          });
          closing.end();
        });
      }
      if (transport === closing) leaveStream();
    }
    const lost = (management ?? previous?.management)?.unacknowledged() ?? [];
    management = undefined;
    if (jid || previous) forget(new HallwayError("cancelled"));
    giveUp(lost);
    await session.roster.save();
  }

  function close(): void {
    if (state === "closed") return;
    abortConnect?.abort();
    if (state === "online") {
      session.announce({ availability: "offline" });
      acknowledge();
      leaveStream();
    }
    state = "closed";
    management = undefined;
    previous = undefined;
    session.end(new HallwayError("cancelled"));
    session.dispose();
  }

  /** Requests need a stream. */
  async function online<T>(work: () => Promise<T> | T): Promise<T> {
    if (state !== "online") throw new HallwayError("offline");
    return work();
  }

  const { commands } = session;
  const { block, catchUp } = commands;
  return {
    features: session.features,
    connect,
    disconnect,
    close,
    setPresence: (presence) => online(() => session.announce(presence)),
    contacts: {
      add: (who, name, groups) => online(() => session.addContact(who, name, groups)),
      update: (who, name, groups) => online(() => session.roster.set(who, name, groups)),
      remove: (who) => online(() => session.roster.remove(who)),
      accept: (who) => online(() => session.acceptContact(who)),
      decline: (who) => online(() => session.declineContact(who)),
      ...(block ? { block: (who) => online(() => block(who)) } : {}),
    },
    sendMessage,
    sendTyping: (to, active) => commands.sendTyping?.(to, active),
    sendReceipt: ({ to, messageId, kind }) => (kind === "read" ? commands.sendRead?.(to, messageId) : commands.sendDelivered?.(to, messageId)),
    ...(catchUp
      ? {
          catchUp: (since, page, signal) =>
            online(async () => {
              await session.discovered();
              await catchUp(since, page, signal);
            }),
        }
      : {}),
    check,
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Runs `cut` at an abort, and rejects then even if the work does not. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal, cut: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      cut();
      reject(new HallwayError("timed-out"));
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Of several endpoints' failures, the one that tells the person most: who the server is before whether it is there. */
function moreTelling(a: HallwayError | undefined, b: HallwayError): HallwayError {
  return a && weight(a) >= weight(b) ? a : b;
}

function weight({ code }: HallwayError): number {
  if (code.startsWith("certificate-")) return 5;
  if (code.startsWith("tls-")) return 4;
  if (code === "unknown-host" || code === "no-network") return 0;
  return code === "timed-out" || code === "connection-refused" || code === "connection-lost" ? 1 : 3;
}
