import { randomUUID } from "node:crypto";
import type { Element } from "@xmpp/xml";
import { HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Emit, NetworkEvent, Stored } from "../events.ts";
import type { Connection, Credentials, Endpoint, Proof, SignedIn } from "../network.ts";
import { createSignInMemory } from "../sign-in-memory.ts";
import { type Awaitable, after } from "./awaitable.ts";
import { createDeliveries } from "./deliveries.ts";
import { createDroppedStreams } from "./dropped-streams.ts";
import { seeOtherOf } from "./errors.ts";
import { extensions } from "./extensions.ts";
import type { Jid } from "./jid.ts";
import { atMost, createManagedStream, type Loss, type ManagedStream } from "./managed-stream.ts";
import type { Negotiated, PreviousSession } from "./negotiate.ts";
import { strengthOf } from "./sasl/strength.ts";
import { redirected } from "./see-other.ts";
import { XmppSession } from "./session.ts";
import { orAborted, type Reached, type SignInOptions, signIn } from "./sign-in.ts";
import { createSizeLimit } from "./size-limit.ts";
import { createStoring } from "./storing.ts";
import type { StreamManagement, Unacknowledged } from "./stream-management.ts";
import { serialize } from "./xml/element.ts";

/** All of signing in. */
const connectMs = 30_000;
/** How long signing in waits to hear what the server offers. */
const discoveryMs = 5000;
const goodbyeMs = 2000;
/** How often a server is asked to go on with a session before a new one is begun. */
const maxResumptions = 2;

export interface ConnectionOptions extends Pick<SignInOptions, "endpoints" | "reach"> {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  /** The domain as it stands in DNS and certificates. */
  readonly domain: string;
  readonly emit: Emit;
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
  let stream: ManagedStream | undefined;
  let jid: Jid | undefined;
  let previous: PreviousSession | undefined;
  /** How often it was asked for, in vain. */
  let resumptions = 0;
  let endpoint: Endpoint | undefined;
  let moved: Endpoint | undefined;
  let abortConnect: AbortController | undefined;
  let turn: Promise<void> = Promise.resolve();
  /** While signing in: told when the stream is lost, in place of an event. */
  let lostEarly: ((error: HallwayError) => void) | undefined;

  const emit = (event: NetworkEvent): Stored => {
    if (state === "closed") return undefined;
    if (event.type === "delivery" && event.state === "failed") deliveries.failed(event.id);
    try {
      const stored = options.emit(event) ?? undefined;
      if (stored) storing.add(stored);
      return stored;
    } catch (error) {
      // What cannot be taken in costs that event, not the stream that brought it.
      log.warn("an event could not be taken in", { type: event.type, error });
      return undefined;
    }
  };
  /** What it brings counts as had when it is stored, however long it takes to be read. */
  const handle = (stanza: Element): void => {
    const stored = session.handle(stanza);
    if (stored) storing.add(stored);
  };
  let storing = createStoring();
  const memory = createSignInMemory(account.id, environment);
  const ping = () => session.ping();
  const deliveries = createDeliveries(emit, ping);
  const limit = createSizeLimit();
  const drops = createDroppedStreams();
  /**
   * Nobody who was told it in an earlier run can address this one (RFC 6120 section 7.6.2.1); the same in every session
   * of a run, so that a new one takes the place of its predecessor.
   */
  const resource = `Hallway.${randomUUID().replaceAll("-", "").slice(0, 16)}`;
  const session = new XmppSession({
    address,
    domain: domainOf(address),
    cacheKey: `xmpp-roster|${account.id}`,
    environment,
    extensions,
    emit,
    send: (stanza, how) => (stream ? stream.send(stanza, how) : "offline"),
  });

  const { commands } = session;
  const { block, unblock, catchUp, markAt } = commands;

  /** The stream is gone; its session may be resumed. */
  function lose(error: HallwayError, { resumable, refused: said, silent }: Loss): void {
    const management = stream?.management;
    const left = (management?.unacknowledged() ?? []).map(({ xml, message }) => ({
      id: message?.id ?? xml,
      bytes: Buffer.byteLength(xml),
    }));
    const refused = said || (silent && drops.dropped([...left, ...deliveries.unproven()]));
    if (refused) limit.refused(Math.max(0, ...left.map(({ bytes }) => bytes)));
    const target = seeOtherOf(error);
    moved = target === undefined || !endpoint ? undefined : redirected(endpoint, target);
    stream = undefined;
    state = "idle";
    resumptions = 0;
    if (resumable && !refused && jid && management?.resumeId !== undefined)
      previous = { management, jid, asked: () => void (resumptions += 1) };
    else giveUp(error, management, refused);
    if (lostEarly) lostEarly(error);
    else emit({ type: "connection-lost", error: toErrorInfo(error) });
  }

  /** The ways to the server; first the one that it sent us to when it ended the last stream. */
  async function* endpoints(signal: AbortSignal): AsyncGenerator<Endpoint, void, undefined> {
    const first = moved;
    moved = undefined;
    if (first) yield first;
    yield* options.endpoints(signal);
  }

  /** The session is not coming back. */
  function giveUp(error: HallwayError, management: StreamManagement | undefined, refused = false): void {
    previous = undefined;
    jid = undefined;
    session.end(error);
    deliveries.lost(messagesOf(management?.unacknowledged() ?? []), refused);
  }

  /** One signing in or out at a time: the later one stops the earlier and waits for its end. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    abortConnect?.abort();
    const done = turn.then(work);
    turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async function connect(presence: OwnPresence, outer: AbortSignal): Promise<SignedIn> {
    if (state === "online") await leave();
    if (state === "closed" || outer.aborted) throw new HallwayError("cancelled");
    state = "busy";
    const own = new AbortController();
    abortConnect = own;
    const limit = AbortSignal.timeout(connectMs);
    const signal = AbortSignal.any([outer, own.signal, limit]);
    try {
      const made = { anchors: environment.extraTrust, proxy: environment.rules.proxy() };
      const password = await orAborted(options.credentials.password(), signal);
      if (password === undefined) throw new HallwayError("password-needed");
      const strongest = await orAborted(memory.get(), signal);
      // Going on with a session says what was had of it.
      const isStored = await orAborted(storing.settled(), signal);
      const reached = await signIn(
        { endpoints, reach: options.reach, domain, log },
        {
          bare: address,
          domain: domainOf(address),
          username: account.server.authUser ?? localOf(address),
          password,
          resource,
          // A session that the server fails at must not stand in the way of a new one.
          previous: isStored && resumptions < maxResumptions ? previous : undefined,
          floor: strongest === undefined ? undefined : strengthOf(strongest),
          unbound: false,
          may: (mechanism) => environment.rules.method(mechanism),
        },
        signal,
      );
      return await begin(reached, presence, made, signal);
    } catch (error) {
      if (isBusy()) state = "idle";
      if (outer.aborted || own.signal.aborted) throw new HallwayError("cancelled", undefined, error);
      if (limit.aborted) throw new HallwayError("timed-out", { host: domain }, error);
      throw error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
    } finally {
      if (abortConnect === own) abortConnect = undefined;
    }
  }

  /** For the compiler, which does not see that others change the state. */
  function isBusy(): boolean {
    return state === "busy";
  }

  /** Settles what the last session left. Answers what is not known to have arrived. */
  function takeOver(result: Negotiated): readonly Unacknowledged[] {
    const old = previous;
    if (!old) return [];
    const seen = result.previousH === undefined ? undefined : old.management.acknowledge(result.previousH);
    deliveries.sent(messagesOf(seen ?? []));
    const left = old.management.unacknowledged();
    if (!result.resumed || !seen) giveUp(new HallwayError("connection-lost"), old.management);
    previous = undefined;
    // Going on with a session that the server counts otherwise would lose or double what is said.
    if (result.resumed && !seen) throw new HallwayError("protocol-error");
    return left;
  }

  async function begin(
    { transport, result }: Reached,
    presence: OwnPresence,
    made: Pick<Proof, "anchors" | "proxy">,
    signal: AbortSignal,
  ): Promise<SignedIn> {
    const remembered = result.mechanism === "PLAIN" ? undefined : memory.set(result.mechanism);
    let left: readonly Unacknowledged[];
    try {
      signal.throwIfAborted();
      left = takeOver(result);
    } catch (error) {
      transport.destroy();
      throw error;
    }
    // What a session brought that could not be stored, the server brings again with the next.
    if (!result.resumed) storing = createStoring();
    limit.announced([result.features, result.offered]);
    const own = createManagedStream({
      transport,
      management: result.management,
      stanza: handle,
      stored: () => storing.settled(),
      acknowledged: (stanzas) => deliveries.sent(messagesOf(stanzas)),
      lost: lose,
      maxBytes: () => limit.bytes,
      isLarge: session.isLarge,
      checkMs: environment.checkMs,
      ping,
    });
    stream = own;
    endpoint = transport.endpoint;
    jid = result.jid;
    state = "online";
    const early = new Promise<never>((_, reject) => {
      lostEarly = reject;
    });
    early.catch(() => undefined);
    session.setFeature("resume", result.management?.resumeId !== undefined);
    try {
      const { gated } = session;
      const begun = result.resumed ? goOn(own, result, presence, left) : startAnew(own, result, presence, left);
      // What has to be done first is waited for as long as signing in may take; what the server offers is not.
      await orAborted(Promise.race([gated ? begun : atMost(begun, discoveryMs), early]), signal);
    } catch (error) {
      if (stream === own) {
        state = "idle";
        stream = undefined;
        own.destroy();
        giveUp(new HallwayError("cancelled"), own.management);
      }
      throw error;
    } finally {
      lostEarly = undefined;
    }
    await remembered;
    const archiving = commands.archiving?.();
    const audience = commands.audience?.();
    return {
      ...(audience === undefined ? {} : { audience }),
      ...(archiving === undefined ? {} : { archiving }),
      resumed: result.resumed,
      security: transport.security,
      endpoint: transport.endpoint,
      proof: { method: result.mechanism, key: transport.key, revocation: transport.revocation, ...made },
    };
  }

  /** XEP-0198 section 5: what was not acknowledged is sent again, in order; it counts already. */
  async function goOn(
    own: ManagedStream,
    result: Negotiated,
    presence: OwnPresence,
    left: readonly Unacknowledged[],
  ): Promise<void> {
    own.repeat(left);
    for (const element of result.waiting) own.handle(element);
    await session.pass();
    session.presence.resume(presence);
  }

  async function startAnew(
    own: ManagedStream,
    result: Negotiated,
    presence: OwnPresence,
    left: readonly Unacknowledged[],
  ): Promise<void> {
    const started = session.start(result.jid.full, result.features, presence);
    own.carryOver(left.filter((s) => s.keep));
    for (const stanza of result.early) handle(stanza);
    for (const element of result.waiting) own.handle(element);
    await started;
  }

  /**
   * Sends what is reported on under its id, after what was said to the same person before. `write` makes the stanza;
   * undefined: this cannot be said here.
   */
  async function sendStanza(
    { id, to }: { readonly id: string; readonly to: Address },
    write: () => Awaitable<Element> | undefined,
  ): Promise<void> {
    if (!stream) throw new HallwayError("offline");
    const what = { id, peer: to };
    const { written } = await session.outgoing.run(to, () => {
      const own = stream;
      const writing = write();
      if (!writing) throw new HallwayError("unsupported");
      // The next one waits until this one stands in the stream, not until it is out of the house.
      return after(writing, (stanza) => ({ written: handOver(own, stanza, what) }));
    });
    await written;
  }

  /** Resolves when it was written and another message may follow it. */
  function handOver(
    own: ManagedStream | undefined,
    stanza: Element,
    what: { readonly id: string; readonly peer: Address },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      // Nothing was sent where the stream went while it was being written.
      if (!own || own !== stream) {
        reject(new HallwayError("offline"));
        return;
      }
      deliveries.begin(what);
      const follow = deliveries.mayFollow(what.id);
      // Once it is in the queue of XEP-0198 it is in good hands, whatever becomes of this write.
      const written = (error: Error | undefined) =>
        error && !own.management ? reject(new HallwayError("offline", undefined, error)) : void follow.then(resolve);
      const refusal = own.send(stanza, { message: what, written });
      if (refusal) reject(new HallwayError(refusal));
      else if (!own.management) deliveries.prove({ ...what, bytes: Buffer.byteLength(serialize(stanza)) });
    });
  }

  async function leave(): Promise<void> {
    const own = stream;
    if (own) {
      session.presence.announce({ availability: "offline" });
      await own.end(goodbyeMs);
      if (stream === own) {
        stream = undefined;
        if (state === "online") state = "idle";
      }
    }
    if (jid || previous) giveUp(new HallwayError("cancelled"), previous?.management ?? own?.management);
    await session.roster.save();
  }

  function close(): void {
    if (state === "closed") return;
    abortConnect?.abort();
    if (stream) session.presence.announce({ availability: "offline" });
    state = "closed";
    const left = stream?.management?.unacknowledged() ?? [];
    stream?.destroy();
    stream = undefined;
    previous = undefined;
    deliveries.lost(messagesOf(left), false);
    session.end(new HallwayError("cancelled"));
    session.dispose();
  }

  /** Requests need a stream. */
  async function online<T>(work: () => Promise<T> | T): Promise<T> {
    if (!stream) throw new HallwayError("offline");
    return work();
  }

  return {
    features: session.features,
    connect: (presence, signal) => inTurn(() => connect(presence, signal)),
    disconnect: () => inTurn(leave),
    close,
    setPresence: (presence) =>
      online(async () => {
        await session.pass();
        const refusal = session.presence.announce(presence);
        if (refusal) throw new HallwayError(refusal);
      }),
    contacts: {
      add: (who, name, groups) => online(() => session.subscriptions.add(who, name, groups)),
      update: (who, name, groups) => online(() => session.roster.set(who, name, groups)),
      ask: (who) => online(() => session.subscriptions.ask(who)),
      remove: (who) => online(() => session.roster.remove(who)),
      accept: (who) => online(() => session.subscriptions.accept(who)),
      decline: (who) => online(() => session.subscriptions.decline(who)),
      ...(block ? { block: (who) => online(() => block(who)) } : {}),
      ...(unblock ? { unblock: (who) => online(() => unblock(who)) } : {}),
    },
    sendMessage: (message) => sendStanza(message, () => session.writer.message(message)),
    correctMessage: (correction) => sendStanza(correction, () => session.writer.correction(correction)),
    retractMessage: (retraction) => sendStanza(retraction, () => session.writer.retraction(retraction)),
    sendTyping: (to, active) => commands.sendTyping?.(to, active),
    sendReceipt: ({ to, messageId, kind }) =>
      kind === "read" ? commands.sendRead?.(to, messageId) : commands.sendDelivered?.(to, messageId),
    ...(catchUp
      ? {
          catchUp: (since, page, signal) =>
            online(async () => {
              await session.discovered();
              await catchUp(since, page, signal);
            }),
        }
      : {}),
    ...(markAt ? { markAt } : {}),
    check: () => stream?.check(),
    allowWeaker: (mechanism) => memory.set(mechanism),
  };
}

function messagesOf(stanzas: readonly Unacknowledged[]): readonly Unacknowledged["message"][] {
  return stanzas.map((s) => s.message);
}
