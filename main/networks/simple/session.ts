import { type ErrorInfo, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { NetworkEvent } from "../events.ts";
import type { Log } from "../log.ts";
import type { Endpoint } from "../network.ts";
import type { Strength } from "./authentication/digest-strength.ts";
import { Announcement, type Capabilities } from "./capabilities.ts";
import type { ContactStore } from "./contact-store.ts";
import { DialogTable } from "./dialogs/dialog-table.ts";
import type { EventSubscription } from "./dialogs/subscription.ts";
import { Disclosure } from "./disclosure.ts";
import type { Messages } from "./messages/messages.ts";
import type { Pacer } from "./pacer.ts";
import { ContactPresence } from "./presence/contact-presence.ts";
import { OwnPresencePublisher } from "./presence/own-presence.ts";
import type { PresenceAgent } from "./presence/presence-agent.ts";
import { Publication } from "./presence/publication.ts";
import type { PublicationState } from "./presence/publication-state.ts";
import type { NotifierLine } from "./presence/watcher-dialog.ts";
import { Watchers } from "./presence/watchers.ts";
import { KeepAlive } from "./registration/keep-alive.ts";
import { LocalContact } from "./registration/local-contact.ts";
import { Registration } from "./registration/registration.ts";
import { RequestDispatch } from "./request-dispatch.ts";
import { settledWithin } from "./settled-within.ts";
import type { SipTransport } from "./transports/transport.ts";
import { UserAgent } from "./user-agent.ts";
import type { SipMessage } from "./wire/message.ts";
import { parseSipUri, senderOf, uriOfAddress } from "./wire/uri.ts";
import { XcapContactList } from "./xcap/contact-list.ts";
import { XcapPresenceRules } from "./xcap/presence-rules.ts";
import type { XcapClient } from "./xcap/xcap-client.ts";

/** Options of a session. */
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
  readonly capabilities: Capabilities;
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

/** One signed-in connection: from REGISTER to the end of the wire. What outlives it is with the Connection. */
export class SimpleSession {
  readonly agent: UserAgent;
  readonly endpoint: Endpoint;
  readonly transport: SipTransport;
  /** The contact list that the server keeps, if it does. */
  readonly contactList: XcapContactList | undefined;
  readonly #options: SessionOptions;
  readonly #registration: Registration;
  readonly #publication: Publication;
  readonly #ownPresence: OwnPresencePublisher;
  readonly #contactPresence: ContactPresence;
  readonly #watchers: Watchers;
  readonly #keepAlive: KeepAlive;
  readonly #dispatch: RequestDispatch;
  readonly #line: NotifierLine;
  #ended = false;

  constructor(options: SessionOptions) {
    const { account, transport, store, messages, log, emit, capabilities, presenceAgent } = options;
    this.#options = options;
    this.transport = transport;
    this.endpoint = options.endpoint;
    this.contactList = options.xcap && new XcapContactList(options.xcap);
    const domain = asciiDomain(domainOf(account.address)) ?? domainOf(account.address);
    const contact = new LocalContact(transport);
    const agent = this.#createAgent();
    this.agent = agent;
    this.#line = { agent, contact };
    this.#publication = new Publication(agent, options.publicationState, log);
    const announced = new Announcement(capabilities, this.#publication);
    const subscriptions = new DialogTable<EventSubscription>();
    const watching = { agent, contact, announced, subscriptions, store, emit };
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
      announced,
      log,
      onFlowTimer: (seconds) => this.#keepAlive.setFlowTimer(seconds),
      onFailed: (error) => options.onFailed(error.info),
    });
    this.#ownPresence = new OwnPresencePublisher({ ...options, publication: this.#publication });
    this.#contactPresence = new ContactPresence({
      ...watching,
      language: options.language,
      onHeard: (address) => messages.heardFrom(address),
    });
    this.#watchers = new Watchers({
      ...watching,
      own: account.address,
      rules: options.xcap && new XcapPresenceRules(options.xcap),
    });
    const disclosure = new Disclosure({ ...options, own: account.address, aor: agent.aor });
    this.#dispatch = new RequestDispatch({
      capabilities,
      session: {
        packages: capabilities.packages,
        announced,
        messages,
        contactPresence: this.#contactPresence,
        presenceAgent,
        subscriptions,
        isForUs: (uri) => isFor(uri, contact, account.address),
      },
      senderOf: (request) => senderOf(request, this.endpoint.port),
      hidesFrom: (request, from) => disclosure.hidesFrom(request, from),
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Takes a message from the transport. */
  readonly receive = (message: SipMessage): void => {
    if (!this.#ended) this.agent.receive(message);
  };

  /** Registers. Errors: those of Registration.register. */
  register(timeout: number): Promise<void> {
    return this.#registration.register(timeout);
  }

  /** After registering: presence out, contacts and watchers in. */
  begin(presence: OwnPresence): void {
    const { presenceAgent, store, log } = this.#options;
    presenceAgent.attach(this.#line);
    const published = this.#ownPresence
      .announce(presence)
      .catch((error: unknown) => log.debug("SIP presence could not be published", { error: toErrorInfo(error).code }));
    // Whoever hears of our watching should find our presence there already.
    void published.then(() => {
      if (!this.#ended) return this.#watchers.start();
    });
    for (const address of store.addresses()) if (!store.isBlocked(address)) this.#contactPresence.watch(address);
    this.#keepAlive.start();
  }

  /** Says how we are. Errors: those of OwnPresencePublisher.publish. */
  publish(presence: OwnPresence): Promise<void> {
    return this.#ownPresence.publish(presence);
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
    const taken = [this.#ownPresence.remove(first), this.#contactPresence.stop(first), this.#watchers.stop(first)];
    await settledWithin(Promise.allSettled(taken), first);
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

  #createAgent(): UserAgent {
    const { account, transport, pacer, password, may, floor, log } = this.#options;
    return new UserAgent({
      transport,
      pacer,
      aor: uriOfAddress(account.address),
      user: account.server.authUser ?? localOf(account.address),
      password,
      may,
      floor,
      log,
      onRequest: (request) => this.#dispatch.answer(request),
    });
  }
}

/** As FeatureSession.isForUs. */
function isFor(uri: string, contact: LocalContact, own: Address): boolean {
  const user = parseSipUri(uri)?.user;
  return contact.isUser(user) || user === localOf(own);
}
