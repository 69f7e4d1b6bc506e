import { type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { domainOf } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import type { Audience } from "../connection-rules.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Emit } from "../events.ts";
import type { BlockingFacet } from "../facets/blocking.ts";
import type { ContactsFacet } from "../facets/contacts.ts";
import type { MessagesFacet } from "../facets/messages.ts";
import type { PresenceFacet } from "../facets/presence.ts";
import type { Connection, Credentials, Reach, SignedIn } from "../network.ts";
import { SignInMemory } from "../sign-in-memory.ts";
import { Capabilities } from "./capabilities.ts";
import { ContactStore } from "./contact-store.ts";
import { createBlocking, createContacts, loadContacts } from "./contacts.ts";
import { features } from "./features.ts";
import { Messages } from "./messages/messages.ts";
import type { Paces } from "./paces.ts";
import { formatPidf } from "./payloads/rfc-3863-pidf.ts";
import { PresenceAgent } from "./presence/presence-agent.ts";
import { PublicationState } from "./presence/publication-state.ts";
import type { SimpleSession } from "./session.ts";
import { SignIn } from "./sign-in.ts";
import { uriOfAddress } from "./wire/uri.ts";

/** The whole of connect, and signing out, in milliseconds. */
const connectTimeout = 30_000;
const signOutTimeout = 1_800;
/**
 * When to register once more after a lost connection: later than a proxy's time-out for what it sent into the old one.
 */
const secondRegistration = 7_000;

/** Options of a connection, as in `Network.open`. */
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
  readonly contacts: ContactsFacet;
  readonly blocking: BlockingFacet;
  readonly #account: AccountConfig;
  readonly #environment: NetworkEnvironment;
  readonly #emitter: Emit;
  readonly #store: ContactStore;
  readonly #messages: Messages;
  readonly #publicationState: PublicationState;
  readonly #presenceAgent: PresenceAgent;
  readonly #memory: SignInMemory;
  readonly #signIn: SignIn;
  #session: SimpleSession | undefined;
  #connecting: AbortController | undefined;
  #second: NodeJS.Timeout | undefined;
  #wasLost = false;
  #closed = false;

  constructor({ account, credentials, environment, emit, reach = () => undefined, paces }: SimpleConnectionOptions) {
    this.#account = account;
    this.#environment = environment;
    this.#emitter = emit;
    this.#memory = new SignInMemory(account.id, environment);
    this.#store = new ContactStore(environment.cache, account.id, environment.log);
    this.#publicationState = new PublicationState(environment, account.id);
    this.#presenceAgent = new PresenceAgent({
      own: account.address,
      store: this.#store,
      isHiding: () => environment.rules.hiding(),
      gone: formatPidf({ availability: "offline" }, uriOfAddress(account.address), account.deviceId),
      emit: this.#emit,
    });
    const kept = {
      store: this.#store,
      presenceAgent: this.#presenceAgent,
      emit: this.#emit,
      session: () => this.#signedIn(),
    };
    this.contacts = createContacts(kept);
    this.blocking = createBlocking(kept);
    const capabilities = new Capabilities(features);
    this.#messages = new Messages({
      capabilities,
      own: account.address,
      store: this.#store,
      emit: this.#emit,
      now: environment.now,
      log: environment.log,
      redirects: { reach, host: (host) => environment.rules.host(host) },
    });
    this.#signIn = new SignIn({
      account,
      credentials,
      environment,
      paces,
      capabilities,
      memory: this.#memory,
      store: this.#store,
      messages: this.#messages,
      publicationState: this.#publicationState,
      presenceAgent: this.#presenceAgent,
      emit: this.#emit,
      onLost: (session, error) => this.#lost(session, error),
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
      const session = await this.#signIn.run(abort.signal);
      abort.signal.addEventListener("abort", () => session.end({ code: "cancelled" }), { once: true });
      await loadContacts(session, this.#store, this.#environment.log);
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

  readonly presence: PresenceFacet = { set: async (presence) => this.#signedIn().publish(presence) };

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

  #signedIn(): SimpleSession {
    if (!this.#session) throw new HallwayError("offline");
    return this.#session;
  }

  /** Without a way to tell the server who is in a group, "groups" is nobody. */
  #audience(): Audience {
    return this.#environment.rules.audience();
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
    session.end(error);
    if (!online) return;
    this.#wasLost = true;
    this.#messages.lost();
    this.#offline();
    this.#emit({ type: "connection-lost", error });
  }
}
