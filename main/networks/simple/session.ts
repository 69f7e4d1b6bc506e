import { type ErrorInfo, HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { type Address, domainOf, isPersonal, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { NetworkEvent } from "../events.ts";
import type { Log } from "../log.ts";
import type { Endpoint } from "../network.ts";
import type { Strength } from "./authentication/digest-strength.ts";
import type { ContactStore } from "./contact-store.ts";
import type { Subscription } from "./dialogs/subscription.ts";
import { acceptHeader } from "./messages/accepted-types.ts";
import { invitationOf } from "./messages/invitations.ts";
import type { Messages } from "./messages/messages.ts";
import type { Pacer } from "./pacer.ts";
import { formatPidf } from "./payloads/rfc-3863-pidf.ts";
import { ContactPresence } from "./presence/contact-presence.ts";
import { notHere, type PresenceAgent } from "./presence/presence-agent.ts";
import { Publication } from "./presence/publication.ts";
import type { PublicationState } from "./presence/publication-state.ts";
import type { NotifierLine } from "./presence/watcher-dialog.ts";
import { Watchers } from "./presence/watchers.ts";
import { KeepAlive } from "./registration/keep-alive.ts";
import { LocalContact } from "./registration/local-contact.ts";
import { Registration } from "./registration/registration.ts";
import { RequestInspection } from "./request-inspection.ts";
import { settledWithin } from "./settled-within.ts";
import type { SipTransport } from "./transports/transport.ts";
import { UserAgent } from "./user-agent.ts";
import { parseNameAddress, type SipMessage, type SipRequest, tagOf } from "./wire/message.ts";
import type { Reply } from "./wire/reply.ts";
import { senderOf } from "./wire/sender.ts";
import { parseSipUri, uriOfAddress } from "./wire/uri.ts";
import { XcapContactList } from "./xcap/contact-list.ts";
import { XcapPresenceRules } from "./xcap/presence-rules.ts";
import type { XcapClient } from "./xcap/xcap-client.ts";

/** What a session is made of. */
export interface SessionOptions {
  readonly account: AccountConfig;
  readonly endpoint: Endpoint;
  readonly transport: SipTransport;
  readonly pacer: Pacer;
  readonly password: string;
  /** In which ways we may prove who we are. */
  readonly may: (method: string) => boolean;
  /** As AuthenticationOptions.floor. */
  readonly floor: () => Strength | undefined;
  readonly store: ContactStore;
  readonly messages: Messages;
  readonly publicationState: PublicationState;
  readonly presenceAgent: PresenceAgent;
  /** The account's documents on its XCAP server, if it has one. Closed with the session. */
  readonly xcap: XcapClient | undefined;
  /** As NetworkEnvironment.checkMs. */
  readonly checkMs: number | undefined;
  readonly log: Log;
  /** False: nobody learns from us that we are here. */
  readonly isSeen: () => boolean;
  /** Strangers learn nothing from us. */
  readonly isHiding: () => boolean;
  /** BCP 47 tag of the person's language. */
  readonly language: () => string;
  readonly emit: (event: NetworkEvent) => void;
  /** The server does not want us any more, or does not answer. */
  readonly onFailed: (error: ErrorInfo) => void;
}

/**
 * How long a server may take to give a sign of life, in ms: at a keep-alive (RFC 5626 section 4.4.1), and when somebody
 * waits for it.
 */
const keepAliveTimeout = 10_000;
const checkTimeout = 4_000;
/**
 * Longest presence document that is published, in bytes; Kamailio as it is shipped closes the connection for a request
 * of 16 kB.
 */
const maxPublished = 12_000;

/** One signed-in connection: from REGISTER to the end of the wire. What outlives it is with the Connection. */
export class Session {
  readonly agent: UserAgent;
  readonly endpoint: Endpoint;
  readonly transport: SipTransport;
  /** The contact list that the server keeps, if it does. */
  readonly contactList: XcapContactList | undefined;
  readonly #options: SessionOptions;
  readonly #registration: Registration;
  readonly #publication: Publication;
  readonly #contactPresence: ContactPresence;
  readonly #watchers: Watchers;
  readonly #dialogs = new Map<string, Subscription>();
  readonly #contact: LocalContact;
  readonly #keepAlive: KeepAlive;
  readonly #line: NotifierLine;
  readonly #inspection = new RequestInspection({
    // As a server answers for somebody who is not there. What a stranger has to say is heard.
    hidden: (request) => (!spoken.has(request.method) && this.#hidesFrom(request) ? this.#hide(request) : undefined),
    supported: ["path", "outbound", "eventlist"],
  });
  #ended = false;

  constructor(options: SessionOptions) {
    const { account, transport, store, messages, log, emit, password } = options;
    this.#options = options;
    this.transport = transport;
    this.endpoint = options.endpoint;
    this.contactList = options.xcap && new XcapContactList(options.xcap);
    const domain = asciiDomain(domainOf(account.address)) ?? domainOf(account.address);
    const contact = new LocalContact(transport);
    this.#contact = contact;
    this.agent = new UserAgent({
      transport,
      pacer: options.pacer,
      aor: uriOfAddress(account.address),
      user: account.server.authUser ?? localOf(account.address),
      password,
      may: options.may,
      floor: options.floor,
      log,
      onRequest: (request) => this.#inspection.refuse(request) ?? this.#answer(request),
    });
    const { agent } = this;
    this.#line = { agent, contact };
    const dialogs = this.#dialogs;
    const allow = (): string => this.#allow();
    this.#keepAlive = new KeepAlive({
      transport,
      agent,
      domain,
      onDead: () => options.onFailed({ code: "connection-lost" }),
    });
    this.#registration = new Registration({
      agent,
      registrar: `sip:${domain}`,
      contact,
      deviceId: account.deviceId,
      allow,
      log,
      onFlowTimer: (seconds) => this.#keepAlive.setFlowTimer(seconds),
      onFailed: (error) => options.onFailed(error.info),
    });
    this.#publication = new Publication(agent, options.publicationState, log);
    this.#contactPresence = new ContactPresence({
      agent,
      contact,
      allow,
      dialogs,
      store,
      emit,
      language: options.language,
      onHeard: (address) => messages.heardFrom(address),
    });
    this.#watchers = new Watchers({
      agent,
      contact,
      allow,
      dialogs,
      own: account.address,
      store,
      rules: options.xcap && new XcapPresenceRules(options.xcap),
      emit,
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  receive(message: SipMessage): void {
    if (!this.#ended) this.agent.receive(message);
  }

  /** Registers. Errors: those of Registration.register. */
  register(timeout: number): Promise<void> {
    return this.#registration.register(timeout);
  }

  /** After registering: presence out, contacts and watchers in. */
  begin(presence: OwnPresence): void {
    this.#options.presenceAgent.attach(this.#line);
    const published = this.#announce(presence).catch((error: unknown) =>
      this.#options.log.debug("SIP presence could not be published", { error: toErrorInfo(error).code }),
    );
    // Whoever hears of our watching should find our presence there already.
    void published.then(() => {
      if (!this.#ended) return this.#watchers.start();
    });
    const { store } = this.#options;
    for (const address of store.addresses()) if (!store.isBlocked(address)) this.#contactPresence.watch(address);
    this.#keepAlive.start();
  }

  /**
   * Says how we are, where anybody may know; else what was said before is taken back. Errors: those of
   * Publication.publish, `too-large` for a status that servers close the connection for.
   */
  async publish(presence: OwnPresence): Promise<void> {
    const { isSeen, presenceAgent } = this.#options;
    const document = this.#document(presence);
    if (isSeen()) {
      if (Buffer.byteLength(document) > maxPublished) throw new HallwayError("too-large");
      presenceAgent.publish(document);
      await this.#publication.publish(document);
    } else {
      void presenceAgent.stop(this.#document({ availability: "offline" }));
      await this.#publication.withdraw(keepAliveTimeout);
    }
  }

  /** Signing in does not fail for a status that is too long: whether we are there is said without it. */
  async #announce(presence: OwnPresence): Promise<void> {
    try {
      await this.publish(presence);
    } catch (error) {
      if (toErrorInfo(error).code !== "too-large") throw error;
      this.#options.log.warn("SIP status is too long for the server and was left out");
      await this.publish({ availability: presence.availability });
    }
  }

  watch(address: Address): void {
    this.#contactPresence.watch(address);
  }

  /** Asks anew to see somebody who is not seen. */
  askAgain(address: Address): void {
    this.#contactPresence.askAgain(address);
  }

  unwatch(address: Address): Promise<void> {
    return this.#contactPresence.unwatch(address, keepAliveTimeout);
  }

  async accept(address: Address): Promise<void> {
    await this.#watchers.accept(address);
    this.#options.presenceAgent.decided(address);
  }

  async decline(address: Address): Promise<void> {
    try {
      await this.#watchers.decline(address);
    } finally {
      this.#options.presenceAgent.decided(address);
    }
  }

  /** They see nothing of us, and we stop looking at them, or all that as it was before. */
  async block(address: Address): Promise<void> {
    this.#options.presenceAgent.decided(address);
    void this.unwatch(address);
    await this.#watchers.block(address);
  }

  async unblock(address: Address): Promise<void> {
    this.#options.presenceAgent.decided(address);
    if (this.#options.store.has(address)) this.watch(address);
    await this.#watchers.unblock(address);
  }

  /** Takes them out of who may see us. */
  async forget(address: Address): Promise<void> {
    this.#options.presenceAgent.decided(address);
    await this.#watchers.forget(address);
  }

  /** Registers once more; a server that kept messages for the connection before this one hands them over now. */
  reregister(): void {
    this.#registration.register(keepAliveTimeout).catch(() => undefined);
  }

  /** Asks the server for a sign of life; reports `connection-lost` when there is none. */
  check(): void {
    this.#keepAlive.check(this.#options.checkMs ?? checkTimeout);
  }

  /**
   * Signs out in good order, in at most that many milliseconds: presence and subscriptions first, and the registration
   * whatever became of them.
   */
  async signOut(timeout: number): Promise<void> {
    this.#keepAlive.end();
    const first = 0.6 * timeout;
    const { presenceAgent } = this.#options;
    const told = presenceAgent.stop(this.#document({ availability: "offline" }));
    await settledWithin(
      Promise.allSettled([
        this.#publication.remove(first),
        told,
        this.#contactPresence.stop(first),
        this.#watchers.stop(first),
      ]),
      first,
    );
    await settledWithin(this.#registration.unregister(timeout - first), timeout - first);
    this.end({ code: "offline" });
  }

  /** Ends at once; requests in flight are rejected with this error. */
  end(error: ErrorInfo): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#keepAlive.end();
    this.#options.presenceAgent.detach(this.#line);
    this.#registration.end();
    this.#publication.end();
    this.#contactPresence.end();
    this.#watchers.end();
    this.agent.dispose(error);
    this.transport.close();
    this.#options.xcap?.close();
  }

  #document(presence: OwnPresence): string {
    const { account } = this.#options;
    return formatPidf(presence, uriOfAddress(account.address), account.deviceId);
  }

  /** Methods that we take: SUBSCRIBE only where no server takes our presence, so that we are asked for it. */
  #allow(): string {
    return this.#publication.accepted ? "MESSAGE, NOTIFY, OPTIONS" : "MESSAGE, NOTIFY, OPTIONS, SUBSCRIBE";
  }

  #answer(request: SipRequest): Reply | Promise<Reply> {
    switch (request.method) {
      case "MESSAGE":
        if (!this.#isForUs(request.uri)) return { status: 404 };
        this.#heard(request);
        return this.#options.messages.receive(request, senderOf(request, this.endpoint.port));
      case "SUBSCRIBE":
        return this.#subscribe(request);
      case "NOTIFY":
        return this.#notify(request);
      case "OPTIONS":
        return { status: 200, headers: [`Allow: ${this.#allow()}`, acceptHeader] };
      case "CANCEL":
        return { status: 481 };
      case "INVITE":
        return this.#invite(request);
      case "REFER":
        this.#tellInvitation(request);
        return { status: 405, headers: [`Allow: ${this.#allow()}`] };
      default:
        return { status: 405, headers: [`Allow: ${this.#allow()}`] };
    }
  }

  /**
   * No calls here: 488 lets a proxy go on to the person's other devices (RFC 3261 section 21.4.26), which a 6xx would
   * end. One that goes on with a dialog belongs to none of ours.
   */
  #invite(request: SipRequest): Reply {
    if (tagOf(request.headers, "to") !== undefined) return { status: 481 };
    if (!this.#isForUs(request.uri)) return { status: 404 };
    this.#tellInvitation(request);
    return {
      status: 488,
      headers: [`Warning: 304 ${warningAgent} "Media type not available"`, acceptHeader, `Allow: ${this.#allow()}`],
    };
  }

  #tellInvitation(request: SipRequest): void {
    if (request.flaw || tagOf(request.headers, "to") !== undefined || !this.#isForUs(request.uri)) return;
    const [from, notice] = [senderOf(request, this.endpoint.port), invitationOf(request)];
    if (from !== undefined && notice !== undefined) this.#options.messages.invited(request, from, notice);
  }

  #subscribe(request: SipRequest): Reply {
    if (this.#publication.accepted) return { status: 405, headers: [`Allow: ${this.#allow()}`] };
    if (tagOf(request.headers, "to") === undefined && !this.#isForUs(request.uri)) return { status: 404 };
    const from = senderOf(request, this.endpoint.port);
    if (from !== undefined) this.#contactPresence.asked(from);
    return this.#options.presenceAgent.answer(request, from);
  }

  /** Whoever sends something is there: what we could not learn of them may be had now. */
  #heard(request: SipRequest): void {
    const from = senderOf(request, this.endpoint.port);
    if (from !== undefined) this.#contactPresence.heard(from);
  }

  /**
   * Answers as a server does for somebody who is not there; of a wish to see us, a call or an invitation the person
   * learns.
   */
  #hide(request: SipRequest): Reply {
    const isAsking =
      request.method === "SUBSCRIBE" && !request.flaw && !this.#publication.accepted && this.#isForUs(request.uri);
    if (isAsking) this.#options.presenceAgent.askedBy(request, senderOf(request, this.endpoint.port));
    this.#tellInvitation(request);
    return notHere;
  }

  /**
   * Our server and people of ours may know what we take; a stranger, or who does not say who they are, does not learn
   * from us that somebody is here.
   */
  #hidesFrom(request: SipRequest): boolean {
    const { account, store, isSeen, isHiding } = this.#options;
    const from = senderOf(request, this.endpoint.port);
    if (from === account.address) return false;
    if (from !== undefined && store.isBlocked(from)) return true;
    if (from === undefined || !isPersonal(from))
      return !isSeen() || (isHiding() && !(from !== undefined && store.knows(from)) && !this.#isOwnServer(request));
    return !isSeen() || (isHiding() && !store.knows(from));
  }

  /** A host of the own domain asks, without a user, as servers do that look whether a connection lives. */
  #isOwnServer(request: SipRequest): boolean {
    const from = parseSipUri(parseNameAddress(request.headers.get("from") ?? "").uri);
    const own = parseSipUri(this.agent.aor)?.host;
    return own !== undefined && from?.userinfo === undefined && `.${from?.host.toLowerCase()}`.endsWith(`.${own}`);
  }

  /** RFC 6665 section 4.1.3: a NOTIFY of a subscription that we do not have gets 481, which ends it. */
  #notify(request: SipRequest): Reply {
    const subscription = this.#dialogs.get(request.callId);
    return subscription?.owns(request) ? subscription.notify(request) : { status: 481 };
  }

  /**
   * The request URI is our contact, as we or the registrar wrote it, or the address of record where a proxy did not
   * rewrite it.
   */
  #isForUs(uri: string): boolean {
    const parsed = parseSipUri(uri);
    return this.#contact.isUser(parsed?.user) || parsed?.user === localOf(this.#options.account.address);
  }
}

/** RFC 3261 section 20.43: who warns; which program it is says nothing. */
const warningAgent = "client.invalid";

/** Methods that carry something said, or belong to a dialog of ours: these are answered to everybody. */
const spoken: ReadonlySet<string> = new Set(["MESSAGE", "NOTIFY", "CANCEL"]);
