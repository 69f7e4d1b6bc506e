import { type ErrorCode, type ErrorInfo, HallwayError } from "../../../shared/errors.ts";
import type { AccountConfig } from "../../../shared/model/account.ts";
import { domainOf } from "../../../shared/model/address.ts";
import type { NetworkEnvironment } from "../environment.ts";
import { defaultLanguage } from "../languages.ts";
import type { Credentials, Endpoint } from "../network.ts";
import type { SignInMemory } from "../sign-in-memory.ts";
import { explainTls } from "../tls-version.ts";
import { accountTrust } from "./account-trust.ts";
import { type Strength, strengthName, strengthNamed } from "./authentication/digest-strength.ts";
import type { Paces } from "./paces.ts";
import { maxRedirects, RegistrarRedirect, redirectedEndpoints } from "./redirect.ts";
import { type LocateContext, lastResort, locate, resolveHost } from "./registration/locate.ts";
import { type SessionOptions, SimpleSession } from "./session.ts";
import { connectTransport } from "./transports/connect.ts";
import type { SipTransport, TransportHandlers } from "./transports/transport.ts";
import { accountXcap } from "./xcap/account-xcap.ts";

/** Options of signing in, and the parts of it that the session keeps. */
export interface SignInOptions
  extends Pick<SessionOptions, "capabilities" | "emit" | "messages" | "presenceAgent" | "publicationState" | "store"> {
  readonly account: AccountConfig;
  readonly credentials: Credentials;
  readonly environment: NetworkEnvironment;
  readonly memory: SignInMemory;
  readonly paces: Paces;
  /** The wire of a session broke, or the server gave us up; also while it still signs in. */
  readonly onLost: (session: SimpleSession, error: ErrorInfo) => void;
}

/** One endpoint, in milliseconds. */
const endpointTimeout = 8_000;

/** Errors that another server of the domain would give as well. */
const final: ReadonlySet<ErrorCode> = new Set([
  "wrong-password",
  "account-refused",
  "weaker-sign-in",
  "account-disabled",
  "no-common-authentication",
  "cancelled",
  "internal",
]);

/** How a signing in goes on from one server to the next. */
interface Attempt extends LocateContext {
  readonly password: string;
  /** Endpoints that sent us on. */
  readonly tried: Set<string>;
}

/** Finds a server of the account's domain that takes us, and registers there. Source: RFC 3263, RFC 3261 section 10. */
export class SignIn {
  readonly #options: SignInOptions;
  /** Least strength in memory: below it our own server is not answered. */
  #floor: Strength | undefined;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** A registered session. Errors: those of `Connection.connect`. */
  async run(signal: AbortSignal): Promise<SimpleSession> {
    const { account, credentials, environment, memory, store, publicationState } = this.#options;
    const password = await credentials.password();
    if (password === undefined) throw new HallwayError("password-needed");
    const [least] = await Promise.all([memory.get(), store.load(), publicationState.load()]);
    this.#floor = least === undefined ? undefined : strengthNamed(least);
    const { dns, allowCleartext, log } = environment;
    const context: LocateContext = { dns, allowCleartext, signal };
    const found = await locate(account.address, account.server, context);
    let failure: HallwayError | undefined;
    for (const endpoint of found.length > 0 ? found : [lastResort(account.address)]) {
      try {
        return await this.#reach(endpoint, { ...context, password, tried: new Set() });
      } catch (error) {
        const known = error instanceof HallwayError ? error : new HallwayError("internal", undefined, error);
        if (signal.aborted || final.has(known.code)) throw known;
        const { host, port } = endpoint;
        log.info("SIP server could not be used", { host, port, error: known.code });
        failure ??= known;
      }
    }
    throw failure ?? new HallwayError("unknown-host", { host: domainOf(account.address) });
  }

  /** Signs in at an endpoint or where it sends us, each under the same rules as the first. */
  async #reach(endpoint: Endpoint, attempt: Attempt): Promise<SimpleSession> {
    try {
      return await this.#tryEndpoint(endpoint, attempt);
    } catch (error) {
      const { tried } = attempt;
      if (!(error instanceof RegistrarRedirect) || tried.size >= maxRedirects) throw error;
      tried.add(nameOf(endpoint));
      let failure: unknown;
      for (const next of await redirectedEndpoints(error.contacts, endpoint, attempt)) {
        if (tried.has(nameOf(next))) continue;
        this.#options.environment.log.info("SIP server sent us to another one", { host: next.host, port: next.port });
        try {
          return await this.#reach(next, attempt);
        } catch (thrown) {
          failure ??= thrown;
        }
      }
      throw failure ?? error;
    }
  }

  /** Tries the addresses of an endpoint until one can be connected to. */
  async #tryEndpoint(endpoint: Endpoint, attempt: Attempt): Promise<SimpleSession> {
    const { environment, paces } = this.#options;
    const refusal = environment.rules.host(endpoint.host);
    if (refusal) throw new HallwayError(refusal.code, refusal.params);
    const xcap = accountXcap(this.#options.account, environment, attempt.password);
    let failure: unknown;
    const target = { host: endpoint.host, port: endpoint.port };
    const tunnelled = await environment.tunnel?.(
      target,
      AbortSignal.any([attempt.signal, AbortSignal.timeout(endpointTimeout)]),
    );
    for (const address of tunnelled ? [endpoint.host] : await resolveHost(endpoint.host, attempt)) {
      const opening = new Opening(this.#options.emit, this.#options.onLost);
      let transport: SipTransport;
      const trust = accountTrust(this.#options.account, environment, endpoint.host);
      try {
        transport = await connectTransport(
          { endpoint, address, tunnelled, trust, timeout: endpointTimeout, signal: attempt.signal },
          opening,
        );
      } catch (error) {
        failure = explainTls(error, trust.minVersion, endpoint.host);
        continue;
      }
      const { password } = attempt;
      const session = this.#createSession({ endpoint, transport, password, xcap, pacer: paces.of(address) });
      opening.begin(session);
      return await this.#register(session, opening, attempt.signal);
    }
    throw failure ?? new HallwayError("unknown-host", { host: endpoint.host });
  }

  #createSession(
    opened: Pick<SessionOptions, "endpoint" | "transport" | "password" | "xcap" | "pacer">,
  ): SimpleSession {
    const { environment, onLost, ...options } = this.#options;
    const { rules, checkMs, log } = environment;
    const session: SimpleSession = new SimpleSession({
      ...options,
      ...opened,
      may: (method) => rules.method(method),
      floor: () => this.#floor,
      isSeen: () => rules.audience() === "contacts",
      isHiding: () => rules.hiding(),
      language: () => environment.language ?? defaultLanguage,
      checkMs,
      log,
      onFailed: (error) => onLost(session, error),
    });
    return session;
  }

  async #register(session: SimpleSession, opening: Opening, signal: AbortSignal): Promise<SimpleSession> {
    const onAbort = (): void => session.end({ code: "cancelled" });
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      if (opening.error) throw new HallwayError(opening.error.code, opening.error.params);
      this.#options.messages.registering();
      await session.register(endpointTimeout);
      await this.#remember(session);
      return session;
    } catch (error) {
      session.end({ code: "connection-lost" });
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #remember({ agent }: SimpleSession): Promise<void> {
    // A server that does not ask has been told nothing.
    if (!agent.strength) return;
    this.#floor = agent.strength;
    await this.#options.memory.set(strengthName(agent.strength));
  }
}

/** Handlers of a transport that is there before its session. */
class Opening implements TransportHandlers {
  readonly #emit: SignInOptions["emit"];
  readonly #onLost: SignInOptions["onLost"];
  #session: SimpleSession | undefined;
  message: TransportHandlers["message"] = () => undefined;
  /** Why the transport was lost, if it was. */
  error: ErrorInfo | undefined;

  constructor(emit: SignInOptions["emit"], onLost: SignInOptions["onLost"]) {
    this.#emit = emit;
    this.#onLost = onLost;
  }

  /** The session is there; from here on it gets what comes. */
  begin(session: SimpleSession): void {
    this.#session = session;
    this.message = session.receive;
  }

  readonly lost: TransportHandlers["lost"] = (error) => {
    this.error = error;
    if (this.#session) this.#onLost(this.#session, error);
  };

  readonly refused: TransportHandlers["refused"] = (what) => void this.#emit({ type: "refused", what });

  readonly astray = (): string | undefined => this.#session?.agent.askForLandmark();
}

function nameOf({ host, port, transport }: Endpoint): string {
  return `${transport} ${host.toLowerCase()} ${port}`;
}
