import { type ErrorInfo, HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { Endpoint, Log, NetworkEvent } from "../network.ts";
import { ContactPresence } from "./contact-presence.ts";
import type { ContactStore } from "./contact-store.ts";
import { acceptHeader } from "./incoming-messages.ts";
import { parseNameAddress, type SipMessage, type SipRequest } from "./message.ts";
import type { Messages } from "./messages.ts";
import { Pacer } from "./pacer.ts";
import { formatPidf } from "./payloads/rfc-3863-pidf.ts";
import { Publication } from "./publication.ts";
import { Registration } from "./registration.ts";
import type { Reply } from "./reply.ts";
import type { Subscription } from "./subscription.ts";
import { token } from "./token.ts";
import type { SipTransport } from "./transports/transport.ts";
import { parseSipUri, senderOfUri, uriOfAddress } from "./uri.ts";
import { allowedMethods, UserAgent } from "./user-agent.ts";
import { Watchers } from "./watchers.ts";
import { XcapContactList } from "./xcap/contact-list.ts";
import { XcapPresenceRules } from "./xcap/presence-rules.ts";
import type { XcapClient } from "./xcap/xcap-client.ts";

/** What a session is made of. */
export interface SessionOptions {
  readonly account: AccountConfig;
  readonly endpoint: Endpoint;
  readonly transport: SipTransport;
  readonly password: string;
  /** In which ways we may prove who we are. */
  readonly may: (method: string) => boolean;
  readonly store: ContactStore;
  readonly messages: Messages;
  /** The account's documents on its XCAP server, if it has one. Closed with the session. */
  readonly xcap: XcapClient | undefined;
  readonly log: Log;
  /** False: nobody learns from us that we are here. */
  readonly isSeen: () => boolean;
  /** Strangers learn nothing from us. */
  readonly isHiding: () => boolean;
  readonly emit: (event: NetworkEvent) => void;
  /** The server does not want us any more, or does not answer. */
  readonly onFailed: (error: ErrorInfo) => void;
}

/** Milliseconds between keep-alives, and for the answer to one (RFC 5626 section 4.4.1 says 10 s). */
const keepAliveEvery = 50_000;
const keepAliveTimeout = 10_000;
const checkTimeout = 4_000;
/** How many subscriptions are asked for at once. */
const concurrency = 8;

/** RFC 3261 section 19.1.1, RFC 7118 section 5.2.1: `ws` stands for both. */
const transportParameter = { TLS: "tls", TCP: "tcp", WSS: "ws" } as const;

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
  readonly #contactUser: string;
  #keepAlive: NodeJS.Timeout | undefined;
  #ponged = false;
  #ended = false;

  constructor(options: SessionOptions) {
    const { account, transport, store, messages, log, emit, password } = options;
    this.#options = options;
    this.transport = transport;
    this.endpoint = options.endpoint;
    this.contactList = options.xcap && new XcapContactList(options.xcap);
    const domain = asciiDomain(domainOf(account.address)) ?? domainOf(account.address);
    // Not guessable, so that requests that did not come through our registration find nobody.
    this.#contactUser = `h${token(10)}`;
    const { address, port } = transport.local;
    const contact = `sip:${this.#contactUser}@${address.includes(":") ? `[${address}]` : address}:${port};transport=${transportParameter[transport.protocol]}`;
    this.agent = new UserAgent({
      transport,
      aor: uriOfAddress(account.address),
      user: account.server.authUser ?? localOf(account.address),
      password,
      may: options.may,
      log,
      // As a server answers for somebody who is not there. What a stranger has to say is heard.
      hidden: (request) => (!spoken.has(request.method) && this.#hidesFrom(request) ? { status: 480, unsigned: true } : undefined),
      onRequest: (request) => this.#answer(request),
    });
    const { agent } = this;
    const dialogs = this.#dialogs;
    const pace = new Pacer(concurrency).run;
    this.#registration = new Registration({
      agent,
      registrar: `sip:${domain}`,
      contact,
      deviceId: account.deviceId,
      log,
      onFailed: (error) => options.onFailed(error.info),
    });
    this.#publication = new Publication(agent, log);
    this.#contactPresence = new ContactPresence({ agent, contact, dialogs, store, pace, emit, onHeard: (address) => messages.heardFrom(address) });
    this.#watchers = new Watchers({
      agent,
      contact,
      dialogs,
      own: account.address,
      store,
      rules: options.xcap && new XcapPresenceRules(options.xcap),
      pace,
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
    const published = this.publish(presence).catch((error: unknown) =>
      this.#options.log.debug("SIP presence could not be published", { error: toErrorInfo(error).code }),
    );
    // Whoever hears of our watching should find our presence there already.
    void published.then(() => {
      if (!this.#ended) return this.#watchers.start();
    });
    for (const address of this.#options.store.addresses()) this.#contactPresence.watch(address);
    this.#scheduleKeepAlive();
  }

  /** Says how we are, where anybody may know. */
  async publish(presence: OwnPresence): Promise<void> {
    const { account, isSeen } = this.#options;
    if (!isSeen()) return;
    await this.#publication.publish(formatPidf(presence, uriOfAddress(account.address), account.deviceId));
  }

  watch(address: Parameters<ContactPresence["watch"]>[0]): void {
    this.#contactPresence.watch(address);
  }

  /** Asks anew to see somebody who is not seen. */
  askAgain(address: Parameters<ContactPresence["askAgain"]>[0]): void {
    this.#contactPresence.askAgain(address);
  }

  unwatch(address: Parameters<ContactPresence["watch"]>[0]): Promise<void> {
    return this.#contactPresence.unwatch(address, keepAliveTimeout);
  }

  accept(address: Parameters<Watchers["accept"]>[0]): Promise<void> {
    return this.#watchers.accept(address);
  }

  decline(address: Parameters<Watchers["decline"]>[0]): Promise<void> {
    return this.#watchers.decline(address);
  }

  /** Takes them out of who may see us. */
  forget(address: Parameters<Watchers["forget"]>[0]): Promise<void> {
    return this.#watchers.forget(address);
  }

  /** Registers once more; a server that kept messages for the connection before this one hands them over now. */
  reregister(): void {
    this.#registration.register(keepAliveTimeout).catch(() => undefined);
  }

  /** Asks the server for a sign of life; reports `connection-lost` when there is none. */
  check(timeout: number = checkTimeout): void {
    void this.#alive(timeout).then((alive) => {
      if (!alive && !this.#ended) this.#options.onFailed({ code: "connection-lost" });
    });
  }

  /** Signs out in good order, in at most that many milliseconds: presence and subscriptions first, and the registration whatever became of them. */
  async signOut(timeout: number): Promise<void> {
    clearTimeout(this.#keepAlive);
    const first = 0.6 * timeout;
    await settledWithin(Promise.allSettled([this.#publication.remove(first), this.#contactPresence.stop(first), this.#watchers.stop(first)]), first);
    await settledWithin(this.#registration.unregister(timeout - first), timeout - first);
    this.end({ code: "offline" });
  }

  /** Ends at once; requests in flight are rejected with this error. */
  end(error: ErrorInfo): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#keepAlive);
    this.#registration.end();
    this.#publication.end();
    this.#contactPresence.end();
    this.#watchers.end();
    this.agent.dispose(error);
    this.transport.close();
    this.#options.xcap?.close();
  }

  #scheduleKeepAlive(): void {
    // RFC 5626 section 4.4.1: between 80 % and 100 % of the interval, at random.
    this.#keepAlive = setTimeout(
      () => {
        this.check(keepAliveTimeout);
        this.#scheduleKeepAlive();
      },
      keepAliveEvery * (0.8 + 0.2 * Math.random()),
    );
  }

  /** Servers that do not know the keep-alive of RFC 5626 still answer OPTIONS; it is asked beside until a pong was seen. */
  async #alive(timeout: number): Promise<boolean> {
    const ping = this.transport.ping(timeout).then((answered) => {
      this.#ponged ||= answered;
      return answered;
    });
    if (this.#ponged) return ping;
    const options = this.agent.request({ method: "OPTIONS", uri: `sip:${parseSipUri(this.agent.aor)?.host ?? ""}`, timeout }).then(
      () => true,
      () => false,
    );
    return Promise.any([ping, options].map((p) => p.then((ok) => ok || Promise.reject(new HallwayError("timed-out"))))).catch(() => false);
  }

  #answer(request: SipRequest): Reply | Promise<Reply> {
    switch (request.method) {
      case "MESSAGE":
        return this.#isForUs(request.uri) ? this.#options.messages.receive(request, this.#sender(request)) : { status: 404 };
      case "NOTIFY":
        return this.#notify(request);
      case "OPTIONS":
        return { status: 200, headers: [`Allow: ${allowedMethods}`, acceptHeader] };
      case "CANCEL":
        return { status: 481 };
      default:
        return { status: 405, headers: [`Allow: ${allowedMethods}`] };
    }
  }

  /** Whom a request is from; undefined for what is no address of a person. */
  #sender(request: SipRequest): Address | undefined {
    return senderOfUri(parseNameAddress(request.headers.get("from") ?? "").uri, this.endpoint.port);
  }

  /** Our server and people of ours may know what we take; a stranger, or who does not say who they are, does not learn from us that somebody is here. */
  #hidesFrom(request: SipRequest): boolean {
    const { account, store, isSeen, isHiding } = this.#options;
    const from = this.#sender(request);
    if (from === undefined) return !isSeen() || (isHiding() && !this.#isOwnServer(request));
    if (from === account.address) return false;
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

  /** The request URI is our contact, or the address of record where a proxy did not rewrite it. */
  #isForUs(uri: string): boolean {
    const parsed = parseSipUri(uri);
    return parsed?.user === this.#contactUser || parsed?.user === localOf(this.#options.account.address);
  }
}

/** Methods that carry something said, or belong to a dialog of ours: these are answered to everybody. */
const spoken: ReadonlySet<string> = new Set(["MESSAGE", "NOTIFY", "CANCEL"]);

function settledWithin(promise: Promise<unknown>, timeout: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeout);
    promise.then(
      () => {
        clearTimeout(timer);
        resolve();
      },
      () => {
        clearTimeout(timer);
        resolve();
      },
    );
  });
}
