import xml, { type Element } from "@xmpp/xml";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { Connection, Credentials, NetworkEnvironment, NetworkEvent, OutgoingMessage, SignedIn } from "../network.ts";
import { createDeliveries } from "./deliveries.ts";
import { nsStreamErrors, nsStreams, streamError } from "./errors.ts";
import { extensions } from "./extensions.ts";
import type { Jid } from "./jid.ts";
import type { Negotiated } from "./negotiate.ts";
import { createSession } from "./session.ts";
import { orAborted, type SignInOptions, signIn } from "./sign-in.ts";
import { nsSm, type StreamManagement, type Unacknowledged } from "./stream-management.ts";
import { maxAnswer, type Transport } from "./transport.ts";
import { serialize } from "./xml/element.ts";

/** All of signing in. */
const connectMs = 30_000;
/** How long signing in waits to hear what the server offers. */
const discoveryMs = 5000;
/** How long the server may take to prove that it lives. */
const checkMs = 10_000;
/** Silence after which we ask. */
const silenceMs = 60_000;
/** Own stanzas that may wait for their acknowledgement. */
const maxUnacknowledged = 5000;
const goodbyeMs = 2000;
const nsPing = "urn:xmpp:ping";

export interface ConnectionOptions extends Pick<SignInOptions, "endpoints" | "reach"> {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  /** The domain as it stands in DNS and certificates. */
  readonly domain: string;
  readonly emit: (event: NetworkEvent) => void;
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
  /** While signing in: told when the stream is lost, in place of an event. */
  let lostEarly: ((error: HallwayError) => void) | undefined;
  const idleWaiters: (() => void)[] = [];

  const emit = (event: NetworkEvent) => {
    if (state === "closed") return;
    if (event.type === "delivery" && event.state === "failed") deliveries.failed(event.id);
    options.emit(event);
  };
  const deliveries = createDeliveries(emit, () => session.ping(xml("ping", nsPing)));
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
        lose(new HallwayError("protocol-error"));
        deliveries.lost(messagesOf(lost));
        return;
      }
      deliveries.sent(messagesOf(settled));
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
      deliveries.lost(messagesOf(lost));
    }
    management = undefined;
    log.info("the connection was lost", { code: error.code });
    if (lostEarly) lostEarly(error);
    else emit({ type: "connection-lost", error: toErrorInfo(error) });
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
    session.end(error);
    deliveries.reset();
  }

  /** For the compiler, which does not see that others change the state. */
  function isBusy(): boolean {
    return state === "busy";
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
      const { transport: reached, result } = await signIn(
        { endpoints: options.endpoints, reach: options.reach, domain, log },
        {
          bare: address,
          domain: domainOf(address),
          username: account.server.authUser ?? localOf(address),
          password,
          resource: `Hallway.${account.deviceId.slice(0, 8)}`,
          previous,
          mutual,
        },
        signal,
      );
      if (signal.aborted) {
        reached.destroy();
        throw new HallwayError("cancelled");
      }
      return await begin(reached, result, presence, signal);
    } catch (error) {
      if (isBusy()) state = "idle";
      if (outer.aborted || own.signal.aborted) throw new HallwayError("cancelled", undefined, error);
      if (limit.aborted) throw new HallwayError("timed-out", { host: domain }, error);
      throw error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
    } finally {
      if (abortConnect === own) abortConnect = undefined;
    }
  }

  /** Settles what the last session left. Answers what is not known to have arrived. */
  function takeOver(result: Negotiated): readonly Unacknowledged[] {
    const old = previous;
    previous = undefined;
    if (!old) return [];
    const seen = result.previousH === undefined ? [] : old.management.acknowledge(result.previousH);
    deliveries.sent(messagesOf(seen ?? []));
    const left = old.management.unacknowledged();
    // Going on with a session that the server counts otherwise would lose or double what is said.
    const unsound = result.resumed && (result.previousH === undefined || !seen);
    if (!result.resumed || unsound) {
      forget(new HallwayError("connection-lost"));
      deliveries.lost(messagesOf(left));
    }
    if (unsound) throw new HallwayError("protocol-error");
    return left;
  }

  async function begin(reached: Transport, result: Negotiated, presence: OwnPresence, signal: AbortSignal): Promise<SignedIn> {
    mutual ||= result.mechanism.startsWith("SCRAM");
    let left: readonly Unacknowledged[];
    try {
      left = takeOver(result);
    } catch (error) {
      reached.destroy();
      throw error;
    }
    transport = reached;
    management = result.management;
    jid = result.jid;
    state = "online";
    asked = false;
    heard = environment.now();
    const early = new Promise<never>((_, reject) => {
      lostEarly = reject;
    });
    early.catch(() => undefined);
    reached.listen({
      opened: () => lose(new HallwayError("protocol-error")),
      element: handle,
      allowance: (start) => (session.isLarge(start) ? maxAnswer : undefined),
      closed: (error) => lose(error ?? new HallwayError("connection-lost", { host: reached.endpoint.host })),
    });
    silence = setInterval(() => {
      if (environment.now() - heard >= silenceMs) check();
    }, silenceMs);
    session.setFeature("resume", result.management?.resumeId !== undefined);
    try {
      const started = result.resumed ? goOn(reached, result, presence, left) : startAnew(reached, result, presence, left);
      await orAborted(Promise.race([started, early, delay(discoveryMs)]), signal);
    } catch (error) {
      if (transport === reached) {
        const lost = management?.unacknowledged() ?? [];
        leaveStream();
        management = undefined;
        forget(new HallwayError("cancelled"));
        deliveries.lost(messagesOf(lost));
      }
      throw error;
    } finally {
      lostEarly = undefined;
    }
    return { resumed: result.resumed, security: reached.security, endpoint: reached.endpoint };
  }

  /** XEP-0198 section 5: what was not acknowledged is sent again, in order; it counts already. */
  async function goOn(reached: Transport, result: Negotiated, presence: OwnPresence, left: readonly Unacknowledged[]): Promise<void> {
    for (const { xml: text } of left) reached.send(text);
    for (const element of result.waiting) handle(element);
    session.resume(presence);
    if (left.length > 0) requestAck();
  }

  async function startAnew(reached: Transport, result: Negotiated, presence: OwnPresence, left: readonly Unacknowledged[]): Promise<void> {
    const started = session.start(result.jid.full, result.features, presence);
    for (const stanza of left) {
      if (!stanza.keep) continue;
      management?.sent(stanza);
      reached.send(stanza.xml);
    }
    for (const element of result.waiting) handle(element);
    await started;
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

  function sendMessage(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      if (state !== "online") {
        reject(new HallwayError("offline"));
        return;
      }
      const what = { id: message.id, peer: message.to };
      const managed = management !== undefined;
      deliveries.begin(what);
      // Once it is in the queue of XEP-0198 it is in good hands, whatever becomes of this write.
      const written = (error: Error | undefined) => (error && !managed ? reject(new HallwayError("offline", undefined, error)) : resolve());
      if (!transmit(session.write(message), what, false, written)) reject(new HallwayError(state === "online" ? "rate-limited" : "offline"));
      else if (!managed) deliveries.prove(what);
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
    deliveries.lost(messagesOf(lost));
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

function messagesOf(stanzas: readonly Unacknowledged[]): readonly Unacknowledged["message"][] {
  return stanzas.map((s) => s.message);
}
