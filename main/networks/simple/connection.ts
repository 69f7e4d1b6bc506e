import { isIP } from "node:net";
import { type ErrorCode, type ErrorInfo, HallwayError, toErrorInfo } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { parseHostPort } from "../../addressing/host-port.ts";
import { asciiDomain } from "../../addressing/parse-address.ts";
import type { Audience } from "../connection-rules.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Emit } from "../events.ts";
import type { BlockingFacet } from "../facets/blocking.ts";
import type { ContactsFacet } from "../facets/contacts.ts";
import type { MessagesFacet } from "../facets/messages.ts";
import type { PresenceFacet } from "../facets/presence.ts";
import { defaultLanguage } from "../languages.ts";
import type { Connection, Credentials, Endpoint, Reach, SignedIn } from "../network.ts";
import { createSignInMemory, type SignInMemory } from "../sign-in-memory.ts";
import { type Strength, strengthName, strengthNamed } from "./authentication/digest-strength.ts";
import { Capabilities } from "./capabilities.ts";
import { ContactStore } from "./contact-store.ts";
import { features } from "./features.ts";
import { Messages } from "./messages/messages.ts";
import type { Paces } from "./paces.ts";
import { PresenceAgent } from "./presence/presence-agent.ts";
import { PublicationState } from "./presence/publication-state.ts";
import { maxRedirects, RegistrarRedirect, redirectedEndpoints } from "./redirect.ts";
import { type LocateContext, lastResort, locate, resolveHost } from "./registration/locate.ts";
import { SimpleSession } from "./session.ts";
import { connectTransport } from "./transports/connect.ts";
import type { SipTransport, TransportHandlers } from "./transports/transport.ts";
import type { Trust } from "./transports/trust.ts";
import { XcapClient } from "./xcap/xcap-client.ts";

/** The whole of connect, one endpoint, and signing out, in milliseconds. */
const connectTimeout = 30_000;
const endpointTimeout = 8_000;
const signOutTimeout = 1_800;
/**
 * When to register once more after a lost connection: later than a proxy's time-out for what it sent into the old one.
 */
const secondRegistration = 7_000;

/** What another server of the domain would not say otherwise. */
const final: ReadonlySet<ErrorCode> = new Set([
  "wrong-password",
  "sign-in-refused",
  "weaker-sign-in",
  "account-disabled",
  "no-common-authentication",
  "cancelled",
  "internal",
]);

/** What a connection is made with, as `Network.open`. */
export interface SimpleConnectionOptions {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  readonly emit: Emit;
  readonly reach?: Reach | undefined;
  readonly paces: Paces;
}

/**
 * A SIMPLE account (RFC 3261, 3428, 3856, 3903): presence and page-mode messages through the server of its domain.
 *
 *   idle -connect-> connecting -> online -lost-> idle
 *                        \-error-> idle   \-disconnect-> idle      (close: from anywhere, for good)
 */
export class SimpleConnection implements Connection {
  readonly #account: AccountConfig;
  readonly #credentials: Credentials;
  readonly #environment: NetworkEnvironment;
  readonly #emitter: Emit;
  readonly #store: ContactStore;
  readonly #capabilities = new Capabilities(features);
  readonly #messages: Messages;
  readonly #publicationState: PublicationState;
  readonly #presenceAgent: PresenceAgent;
  readonly #memory: SignInMemory;
  readonly #paces: Paces;
  /** What `#memory` holds: below this our own server is not answered. */
  #floor: Strength | undefined;
  #session: SimpleSession | undefined;
  #connecting: AbortController | undefined;
  #second: NodeJS.Timeout | undefined;
  #wasLost = false;
  #closed = false;

  constructor({ account, credentials, environment, emit, reach = () => undefined, paces }: SimpleConnectionOptions) {
    this.#account = account;
    this.#credentials = credentials;
    this.#environment = environment;
    this.#emitter = emit;
    this.#paces = paces;
    this.#memory = createSignInMemory(account.id, environment);
    this.#store = new ContactStore(environment.cache, account.id, environment.log);
    this.#publicationState = new PublicationState(environment, account.id);
    this.#presenceAgent = new PresenceAgent({
      own: account.address,
      store: this.#store,
      isHiding: () => environment.rules.hiding(),
      emit: this.#emit,
    });
    this.#messages = new Messages({
      capabilities: this.#capabilities,
      own: account.address,
      store: this.#store,
      emit: this.#emit,
      now: environment.now,
      log: environment.log,
      redirects: { reach, host: (host) => environment.rules.host(host) },
    });
  }

  async connect(presence: OwnPresence, signal: AbortSignal): Promise<SignedIn> {
    if (this.#closed) throw new HallwayError("cancelled");
    if (this.#session || this.#connecting) throw new HallwayError("already-exists");
    if (this.#environment.rules.archive() === "require")
      throw new HallwayError("blocked-by-policy", { setting: "ServerArchiveMode" });
    const abort = new AbortController();
    this.#connecting = abort;
    const onAbort = (): void => abort.abort();
    if (signal.aborted) abort.abort();
    signal.addEventListener("abort", onAbort, { once: true });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, connectTimeout);
    try {
      const made = { anchors: this.#environment.extraTrust, proxy: this.#environment.rules.proxy() };
      const session = await this.#signIn(abort.signal);
      abort.signal.addEventListener("abort", () => session.end({ code: "cancelled" }), { once: true });
      await this.#loadContacts(session);
      if (session.ended && !abort.signal.aborted) throw new HallwayError("connection-lost");
      if (abort.signal.aborted || this.#closed) {
        session.end({ code: "cancelled" });
        throw new HallwayError("cancelled");
      }
      this.#online(session, presence);
      const { security, key, revocation } = session.transport;
      // SIMPLE has no archive on the server.
      return {
        resumed: false,
        archiving: "never",
        audience: this.#audience(),
        security,
        endpoint: session.endpoint,
        proof: { method: session.agent.method, key, revocation, ...made },
      };
    } catch (error) {
      if (timedOut) throw new HallwayError("timed-out", { host: domainOf(this.#account.address) });
      if (abort.signal.aborted) throw new HallwayError("cancelled");
      throw error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      this.#connecting = undefined;
    }
  }

  async disconnect(): Promise<void> {
    this.#connecting?.abort();
    const session = this.#session;
    if (!session) return;
    this.#offline();
    this.#wasLost = false;
    await session.signOut(signOutTimeout);
    await this.#store.flush();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connecting?.abort();
    const session = this.#session;
    this.#offline();
    session?.end({ code: "cancelled" });
    this.#presenceAgent.end();
    void this.#store.flush();
  }

  readonly presence: PresenceFacet = { set: async (presence) => this.#online_().publish(presence) };

  readonly contacts: ContactsFacet = {
    add: async (address, name, groups) => {
      const session = this.#online_();
      await session.contactList?.put([{ address, name, groups }]);
      await this.#store.put(address, name, groups);
      this.#emitItem(address);
      if (!this.#store.isBlocked(address)) session.watch(address);
      this.#presenceAgent.decided(address);
    },
    update: async (address, name, groups) => {
      const session = this.#online_();
      if (!this.#store.has(address)) throw new HallwayError("not-found");
      await session.contactList?.put([{ address, name, groups }]);
      await this.#store.put(address, name, groups);
      this.#emitItem(address);
    },
    ask: async (address) => {
      const session = this.#online_();
      if (!this.#store.has(address)) throw new HallwayError("not-found");
      session.askAgain(address);
    },
    remove: async (address) => {
      const session = this.#online_();
      if (!this.#store.has(address)) throw new HallwayError("not-found");
      await session.contactList?.remove(address);
      await this.#store.remove(address);
      this.#emit({ type: "roster-removed", address });
      // Nothing of them is reported from here on; when the server has heard of it does not matter to the person.
      void session.unwatch(address);
      await session.forget(address);
    },
    accept: (address) => this.#withSession((session) => session.accept(address)),
    decline: (address) => this.#withSession((session) => session.decline(address)),
  };

  /** No SIP server keeps a block list: who is blocked is not heard (main/enforcement), and sees nothing of us. */
  readonly blocking: BlockingFacet = {
    everyDevice: false,
    block: (address) => this.#setBlocked(address, true),
    unblock: (address) => this.#setBlocked(address, false),
  };

  readonly messages: MessagesFacet = {
    send: (message) => this.#messages.send(message),
    sendTyping: (to, active) => this.#messages.sendTyping(to, active),
    sendReceipt: (receipt) => this.#messages.sendReceipt(receipt),
  };

  check(): void {
    this.#session?.check();
  }

  async allowWeaker(method: string): Promise<void> {
    await this.#memory.set(method);
  }

  readonly #emit: Emit = (event) => {
    // Nobody is there to store it.
    return this.#closed ? Promise.resolve(false) : this.#emitter(event);
  };

  #emitItem(address: Address): void {
    const item = this.#store.item(address);
    if (item) this.#emit({ type: "roster-item", item });
  }

  #online_(): SimpleSession {
    if (!this.#session) throw new HallwayError("offline");
    return this.#session;
  }

  async #setBlocked(address: Address, isBlocked: boolean): Promise<void> {
    const session = this.#online_();
    // Done anew as often as it is asked for: what is remembered here says nothing about the rules of the server.
    await this.#store.setBlocked(address, isBlocked);
    try {
      await (isBlocked ? session.block(address) : session.unblock(address));
    } catch (error) {
      // A rule that still stands would otherwise be taken for the person's own refusal at the next sign-in, and stand
      // for good.
      if (!isBlocked && toErrorInfo(error).code !== "unsupported") await this.#store.setBlocked(address, true);
      throw error;
    }
  }

  async #withSession(action: (session: SimpleSession) => Promise<void>): Promise<void> {
    await action(this.#online_());
  }

  async #signIn(signal: AbortSignal): Promise<SimpleSession> {
    const password = await this.#credentials.password();
    if (password === undefined) throw new HallwayError("password-needed");
    const [least] = await Promise.all([this.#memory.get(), this.#store.load(), this.#publicationState.load()]);
    this.#floor = least === undefined ? undefined : strengthNamed(least);
    const { dns, allowCleartext } = this.#environment;
    const context: LocateContext = { dns, allowCleartext, signal };
    const found = await locate(this.#account.address, this.#account.server, context);
    let failure: HallwayError | undefined;
    for (const endpoint of found.length > 0 ? found : [lastResort(this.#account.address)]) {
      try {
        return await this.#reachServer(endpoint, password, context);
      } catch (error) {
        const known = error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
        if (signal.aborted || final.has(known.code)) throw known;
        this.#environment.log.info("SIP server could not be used", {
          host: endpoint.host,
          port: endpoint.port,
          error: known.code,
        });
        failure ??= known;
      }
    }
    throw failure ?? new HallwayError("unknown-host", { host: domainOf(this.#account.address) });
  }

  /**
   * Signs in at an endpoint or where it sends us, each under the same rules as the first. `tried`: endpoints that sent
   * us on.
   */
  async #reachServer(
    endpoint: Endpoint,
    password: string,
    context: LocateContext,
    tried: Set<string> = new Set(),
  ): Promise<SimpleSession> {
    try {
      return await this.#tryEndpoint(endpoint, password, context);
    } catch (error) {
      if (!(error instanceof RegistrarRedirect) || tried.size >= maxRedirects) throw error;
      tried.add(nameOf(endpoint));
      let failure: unknown;
      for (const next of await redirectedEndpoints(error.contacts, endpoint, context)) {
        if (tried.has(nameOf(next))) continue;
        this.#environment.log.info("SIP server sent us to another one", { host: next.host, port: next.port });
        try {
          return await this.#reachServer(next, password, context, tried);
        } catch (thrown) {
          failure ??= thrown;
        }
      }
      throw failure ?? error;
    }
  }

  async #tryEndpoint(endpoint: Endpoint, password: string, context: LocateContext): Promise<SimpleSession> {
    const refusal = this.#environment.rules.host(endpoint.host);
    if (refusal) throw new HallwayError(refusal.code, refusal.params);
    const xcap = this.#xcap(password);
    const trust = this.#trust(endpoint.host);
    let failure: unknown;
    const target = { host: endpoint.host, port: endpoint.port };
    const tunnelled = await this.#environment.tunnel?.(
      target,
      AbortSignal.any([context.signal, AbortSignal.timeout(endpointTimeout)]),
    );
    for (const address of tunnelled ? [endpoint.host] : await resolveHost(endpoint.host, context)) {
      let session: SimpleSession | undefined;
      let lost: ErrorInfo | undefined;
      const handlers: TransportHandlers = {
        message: (message) => session?.receive(message),
        lost: (error) => {
          lost = error;
          if (session) this.#lost(session, error);
        },
        refused: (what) => this.#emit({ type: "refused", what }),
        astray: () => session?.agent.askForLandmark(),
      };
      let transport: SipTransport;
      try {
        transport = await connectTransport(
          { endpoint, address, tunnelled, trust, timeout: endpointTimeout, signal: context.signal },
          handlers,
        );
      } catch (error) {
        failure = error;
        continue;
      }
      session = new SimpleSession({
        account: this.#account,
        endpoint,
        transport,
        pacer: this.#paces.of(address),
        password,
        may: this.#may,
        floor: () => this.#floor,
        isSeen: () => this.#audience() === "contacts",
        isHiding: () => this.#environment.rules.hiding(),
        language: () => this.#environment.language ?? defaultLanguage,
        store: this.#store,
        messages: this.#messages,
        capabilities: this.#capabilities,
        publicationState: this.#publicationState,
        presenceAgent: this.#presenceAgent,
        xcap,
        checkMs: this.#environment.checkMs,
        log: this.#environment.log,
        emit: this.#emit,
        onFailed: (error) => session && this.#lost(session, error),
      });
      const opened = session;
      const onAbort = (): void => opened.end({ code: "cancelled" });
      context.signal.addEventListener("abort", onAbort, { once: true });
      try {
        if (lost) throw new HallwayError(lost.code, lost.params);
        await opened.register(endpointTimeout);
        await this.#remember(opened);
        return opened;
      } catch (error) {
        opened.end({ code: "connection-lost" });
        throw error;
      } finally {
        context.signal.removeEventListener("abort", onAbort);
      }
    }
    throw failure ?? new HallwayError("unknown-host", { host: endpoint.host });
  }

  async #remember({ agent }: SimpleSession): Promise<void> {
    // A server that does not ask has been told nothing.
    if (!agent.strength) return;
    this.#floor = agent.strength;
    await this.#memory.set(strengthName(agent.strength));
  }

  #xcap(password: string): XcapClient | undefined {
    const { address, server } = this.#account;
    if (server.xcapRoot === undefined) return undefined;
    const { allowCleartext, rules } = this.#environment;
    const host = URL.canParse(server.xcapRoot) ? new URL(server.xcapRoot).hostname : "";
    const refusal = rules.host(host);
    if (refusal) throw new HallwayError(refusal.code, refusal.params);
    const user = server.authUser ?? localOf(address);
    return new XcapClient({
      root: server.xcapRoot,
      own: address,
      user,
      password,
      trust: () => this.#trust(host),
      lookup: (name) => this.#environment.dns.lookup(name),
      tunnel: this.#environment.tunnel,
      may: this.#may,
      allowCleartext,
    });
  }

  /** Without a way to tell the server who is in a group, "groups" is nobody. */
  #audience(): Audience {
    return this.#environment.rules.audience();
  }

  readonly #may = (method: string): boolean => this.#environment.rules.method(method);

  /** `host`: the server's, which pins may name beside the domain. */
  #trust(host: string): Trust {
    const { server, address } = this.#account;
    const domain = asciiDomain(domainOf(address)) ?? domainOf(address);
    const { extraTrust, minTlsVersion, revocation, rules } = this.#environment;
    const said = server.host === undefined ? undefined : parseHostPort(server.host)?.host;
    return {
      // A host that the person fixed by hand is one whom they trust; one that DNS named is not (RFC 5922 section 7.3).
      names: said !== undefined && isIP(said) === 0 ? [domain, said] : [domain],
      anchors: [...extraTrust, ...(server.caPem === undefined ? [] : [server.caPem])],
      pins: server.pins ?? [],
      mayHave: (names, key) => rules.key([host, ...names], key),
      minVersion: minTlsVersion,
      revocation,
    };
  }

  /**
   * The server's list counts; where it has none yet it gets ours. When it cannot be had now, the list as it was last
   * seen has to do: signing in does not fail for it.
   */
  async #loadContacts(session: SimpleSession): Promise<void> {
    const { contactList } = session;
    if (!contactList) return;
    try {
      const listed = await contactList.load();
      if (listed) await this.#store.replace(listed);
      else if (this.#store.items().length > 0) await contactList.put(this.#store.items());
    } catch (error) {
      this.#environment.log.warn("SIP contact list could not be had from its server", {
        error: toErrorInfo(error).code,
      });
    }
  }

  #online(session: SimpleSession, presence: OwnPresence): void {
    this.#session = session;
    this.#messages.attach(session.agent);
    this.#emit({ type: "roster", items: this.#store.items() });
    session.begin(presence);
    if (this.#wasLost) this.#second = setTimeout(() => session.reregister(), secondRegistration);
    this.#wasLost = false;
  }

  #offline(): void {
    clearTimeout(this.#second);
    this.#session = undefined;
    this.#messages.detach();
  }

  /** The wire broke, or the server gave us up. While still signing in, the request in flight says so. */
  #lost(session: SimpleSession, error: ErrorInfo): void {
    const online = this.#session === session;
    session.end(
      toErrorInfo(new HallwayError(error.code === "connection-lost" ? "connection-lost" : error.code, error.params)),
    );
    if (!online) return;
    this.#wasLost = true;
    this.#messages.lost();
    this.#offline();
    this.#emit({ type: "connection-lost", error });
  }
}

function nameOf({ host, port, transport }: Endpoint): string {
  return `${transport} ${host.toLowerCase()} ${port}`;
}
