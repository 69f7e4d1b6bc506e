import type { Element } from "@xmpp/xml";
import { HallwayError, toErrorInfo } from "../../../../shared/errors.ts";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import { atMost } from "../../at-most.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { Endpoint, Proof, SignedIn } from "../../network.ts";
import type { SignInMemory } from "../../sign-in-memory.ts";
import { seeOtherOf } from "../errors.ts";
import type { EventSink } from "../event-sink.ts";
import type { Jid } from "../jid.ts";
import type { Deliveries } from "../message/deliveries.ts";
import type { XmppSession } from "../session.ts";
import type { AccountSignIn } from "./account-sign-in.ts";
import type { CurrentStream } from "./current-stream.ts";
import { DroppedStreams } from "./dropped-streams.ts";
import { LostSession } from "./lost-session.ts";
import { type Loss, ManagedStream } from "./managed-stream.ts";
import type { Negotiated } from "./negotiate.ts";
import { redirected } from "./see-other.ts";
import { orAborted, type Reached } from "./sign-in.ts";
import { signedIn } from "./signed-in.ts";
import { idleSeconds, SizeLimit } from "./size-limit.ts";
import type { StreamManagement, Unacknowledged } from "./stream-management.ts";

/** All of signing in. */
const connectMs = 30_000;
/** How long signing in waits to hear what the server offers. */
const discoveryMs = 5000;
const goodbyeMs = 2000;

export interface LifecycleOptions {
  readonly environment: NetworkEnvironment;
  /** The domain as it stands in DNS and certificates. */
  readonly domain: string;
  readonly signIn: AccountSignIn;
  readonly memory: SignInMemory;
  readonly session: XmppSession;
  readonly current: CurrentStream;
  readonly deliveries: Deliveries;
  readonly events: EventSink;
}

/**
 * The life of a connection:
 *
 *           connect            signed in
 *   [idle] --------> [busy] ------------> [online]
 *     ^                |  failed             |  lost, disconnect
 *     +----------------+---------------------+           close, from anywhere: [closed]
 *
 * A lost session is kept, with what was not acknowledged, until it is resumed or given up.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #limit = new SizeLimit();
  readonly #drops = new DroppedStreams();
  readonly #lost = new LostSession();
  #state: "idle" | "busy" | "online" | "closed" = "idle";
  #jid: Jid | undefined;
  #endpoint: Endpoint | undefined;
  #connecting: AbortController | undefined;
  #turn: Promise<void> = Promise.resolve();
  /** While signing in: told when the stream is lost, in place of an event. */
  #lostEarly: ((error: HallwayError) => void) | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** As `Connection.connect`. */
  connect(presence: OwnPresence, signal: AbortSignal): Promise<SignedIn> {
    return this.#inTurn(() => this.#connect(presence, signal));
  }

  /** As `Connection.disconnect`. */
  disconnect(): Promise<void> {
    return this.#inTurn(() => this.#leave());
  }

  /** As `Connection.close`. */
  close(): void {
    const { session, current, deliveries, events } = this.#options;
    if (this.#state === "closed") return;
    this.#connecting?.abort();
    if (current.stream) session.presence.announce({ availability: "offline" });
    this.#state = "closed";
    events.close();
    const left = current.stream?.management?.unacknowledged() ?? [];
    current.stream?.destroy();
    current.set(undefined);
    this.#lost.forget();
    deliveries.lost(messagesOf(left), false);
    session.end(new HallwayError("cancelled"));
    session.dispose();
  }

  /** One signing in or out at a time: the later one stops the earlier and waits for its end. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#connecting?.abort();
    const done = this.#turn.then(work);
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #connect(presence: OwnPresence, outer: AbortSignal): Promise<SignedIn> {
    if (this.#state === "online") await this.#leave();
    if (this.#state === "closed" || outer.aborted) throw new HallwayError("cancelled");
    this.#state = "busy";
    const own = new AbortController();
    this.#connecting = own;
    const limit = AbortSignal.timeout(connectMs);
    const signal = AbortSignal.any([outer, own.signal, limit]);
    try {
      const { environment, signIn, events } = this.#options;
      const made = { anchors: environment.extraTrust, proxy: environment.rules.proxy() };
      // Going on with a session says what was had of it.
      const isStored = await orAborted(events.settled(), signal);
      const previous = isStored ? this.#lost.offered() : undefined;
      return await this.#begin(await signIn.run(previous, signal), { presence, made, signal });
    } catch (error) {
      if (this.#state === "busy") this.#state = "idle";
      if (outer.aborted || own.signal.aborted) throw new HallwayError("cancelled", undefined, error);
      if (limit.aborted) throw new HallwayError("timed-out", { host: this.#options.domain }, error);
      throw error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
    } finally {
      if (this.#connecting === own) this.#connecting = undefined;
    }
  }

  async #begin({ transport, result }: Reached, { presence, made, signal }: Beginning): Promise<SignedIn> {
    const { session, current, events, memory } = this.#options;
    const remembered = result.mechanism === "PLAIN" ? undefined : memory.set(result.mechanism);
    let left: readonly Unacknowledged[];
    try {
      signal.throwIfAborted();
      left = this.#takeOver(result);
    } catch (error) {
      transport.destroy();
      throw error;
    }
    // What a session brought that could not be stored, the server brings again with the next.
    if (!result.resumed) events.renew();
    this.#limit.announced([result.features, result.offered]);
    const own = this.#manage({ transport, result });
    current.set(own);
    this.#endpoint = transport.endpoint;
    this.#jid = result.jid;
    this.#state = "online";
    const early = new Promise<never>((_, reject) => {
      this.#lostEarly = reject;
    });
    early.catch(() => undefined);
    try {
      const { gated } = session;
      const begun = result.resumed
        ? this.#goOn(own, result, { presence, left })
        : this.#startAnew(own, result, { presence, left });
      // What has to be done first is waited for as long as signing in may take; what the server offers is not.
      await orAborted(Promise.race([gated ? begun : atMost(begun, discoveryMs), early]), signal);
    } catch (error) {
      if (current.stream === own) {
        this.#state = "idle";
        current.set(undefined);
        own.destroy();
        this.#giveUp(new HallwayError("cancelled"), own.management);
      }
      throw error;
    } finally {
      this.#lostEarly = undefined;
    }
    await remembered;
    return signedIn({ transport, result }, made, session.commands);
  }

  #manage({ transport, result }: Reached): ManagedStream {
    const { session, deliveries, events, environment } = this.#options;
    return new ManagedStream({
      transport,
      management: result.management,
      stanza: (stanza) => this.#handle(stanza),
      stored: () => events.settled(),
      acknowledged: (stanzas) => deliveries.sent(messagesOf(stanzas)),
      lost: (error, how) => this.#lose(error, how),
      maxBytes: () => this.#limit.bytes,
      isLarge: session.isLarge,
      checkMs: environment.checkMs,
      idleSeconds: idleSeconds([result.features, result.offered]),
      ping: session.ping,
    });
  }

  /** A stanza counts as received when its content is stored, however long it takes to be read. */
  #handle(stanza: Element): void {
    this.#options.events.track(this.#options.session.handle(stanza));
  }

  /** Settles what the last session left. Answers what is not known to have arrived. */
  #takeOver(result: Negotiated): readonly Unacknowledged[] {
    const { deliveries } = this.#options;
    const { management } = this.#lost;
    if (!management) return [];
    const seen = result.previousH === undefined ? undefined : management.acknowledge(result.previousH);
    deliveries.sent(messagesOf(seen ?? []));
    const left = management.unacknowledged();
    if (!result.resumed || !seen) this.#giveUp(new HallwayError("connection-lost"), management);
    this.#lost.forget();
    // Going on with a session that the server counts otherwise would lose or double what is said.
    if (result.resumed && !seen) throw new HallwayError("protocol-error");
    return left;
  }

  /** XEP-0198 section 5: what was not acknowledged is sent again, in order; it counts already. */
  async #goOn(own: ManagedStream, result: Negotiated, { presence, left }: Handover): Promise<void> {
    const { session } = this.#options;
    own.repeat(left);
    for (const element of result.waiting) own.handle(element);
    await session.pass();
    session.presence.resume(presence);
  }

  async #startAnew(own: ManagedStream, result: Negotiated, { presence, left }: Handover): Promise<void> {
    const started = this.#options.session.start(result.jid.full, result.features, presence);
    own.carryOver(left.filter((s) => s.keep));
    for (const stanza of result.early) this.#handle(stanza);
    for (const element of result.waiting) own.handle(element);
    await started;
  }

  /** The stream is gone; its session may be resumed. */
  #lose(error: HallwayError, { resumable, refused: said, silent }: Loss): void {
    const { current, deliveries, events, signIn } = this.#options;
    const management = current.stream?.management;
    const left = (management?.unacknowledged() ?? []).map(({ xml, message }) => ({
      id: message?.id ?? xml,
      bytes: Buffer.byteLength(xml),
    }));
    const isRepeated = (said || silent) && this.#drops.dropped([...left, ...deliveries.unproven]);
    const refused = said || isRepeated;
    if (refused) this.#limit.refused(Math.max(0, ...left.map(({ bytes }) => bytes)));
    const target = seeOtherOf(error);
    signIn.goFirst(target === undefined || !this.#endpoint ? undefined : redirected(this.#endpoint, target));
    current.set(undefined);
    this.#state = "idle";
    if (resumable && !refused && this.#jid && management?.resumeId !== undefined)
      this.#lost.keep(management, this.#jid);
    else this.#giveUp(error, management, refused);
    deliveries.interrupted();
    if (this.#lostEarly) this.#lostEarly(error);
    else events.emit({ type: "connection-lost", error: toErrorInfo(error) });
  }

  /** The session is not coming back. */
  #giveUp(error: HallwayError, management: StreamManagement | undefined, refused = false): void {
    const { session, deliveries } = this.#options;
    this.#lost.forget();
    this.#jid = undefined;
    session.end(error);
    deliveries.lost(messagesOf(management?.unacknowledged() ?? []), refused);
  }

  async #leave(): Promise<void> {
    const { session, current } = this.#options;
    const own = current.stream;
    if (own) {
      // Messages that are being written go before the word that we do.
      await atMost(session.outgoing.settled(), goodbyeMs / 2);
      session.presence.announce({ availability: "offline" });
      await own.end(goodbyeMs);
      if (current.stream === own) {
        current.set(undefined);
        if (this.#state === "online") this.#state = "idle";
      }
    }
    if (this.#jid || this.#lost.management)
      this.#giveUp(new HallwayError("cancelled"), this.#lost.management ?? own?.management);
    await session.roster.save();
  }
}

interface Beginning {
  readonly presence: OwnPresence;
  readonly made: Pick<Proof, "anchors" | "proxy">;
  readonly signal: AbortSignal;
}

interface Handover {
  readonly presence: OwnPresence;
  /** Stanzas that are not known to have arrived. */
  readonly left: readonly Unacknowledged[];
}

function messagesOf(stanzas: readonly Unacknowledged[]): readonly Unacknowledged["message"][] {
  return stanzas.map((s) => s.message);
}
