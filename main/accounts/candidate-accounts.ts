import { randomUUID } from "node:crypto";
import { type ErrorCode, HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, AccountId, Protocol, ServerSettings } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { AccountRules } from "../enforcement/rules.ts";
import type { LiveAccount } from "./live-account.ts";

export interface NewAccount {
  readonly address: Address;
  readonly password: string;
  /** Networks to try, in order. */
  readonly protocols: readonly Protocol[];
  readonly server: ServerSettings;
}

/** Accounts that are only tried: they sign in once, and all that this has brought goes again unless they are kept. */
export interface CandidateAccounts {
  /** Tries the networks in order, and keeps the account on the first that takes it. */
  add(account: NewAccount, signal: AbortSignal): Promise<LiveAccount>;
  /**
   * Signs in beside an account, as another device, and out again. False: the server refuses the password; rejects when
   * it cannot be asked.
   */
  passwordIsRight(config: AccountConfig, password: string): Promise<boolean>;
  /** Ends what is tried, and waits until nothing of it is left. */
  stop(): Promise<void>;
}

/** Longest time that asking a server about a password may take, in milliseconds. */
const signInWithin = 30_000;

interface TrialsParts {
  readonly rules: Pick<AccountRules, "refusal">;
  readonly make: (
    config: AccountConfig,
    password: () => Promise<string | undefined>,
    isKept: () => boolean,
  ) => LiveAccount;
  /** Stores what there is to store of an account that has signed in. */
  readonly keep: (config: AccountConfig, password: string) => Promise<void>;
  /** The password as it is stored. */
  readonly password: (config: AccountConfig) => Promise<string | undefined>;
  /** Copies what one account has learned about signing in to another. */
  readonly remember: (from: AccountId, to: AccountId) => Promise<void>;
  /** It is kept, and an account like every other from now. */
  readonly onKept: (account: LiveAccount) => void;
  /** Closes it and takes away what it has brought. */
  readonly discard: (account: LiveAccount) => Promise<void>;
}

export function createCandidateAccounts(parts: TrialsParts): CandidateAccounts {
  return new RunningTrials(parts);
}

class RunningTrials implements CandidateAccounts {
  readonly #parts: TrialsParts;
  readonly #running = new Set<Promise<unknown>>();
  readonly #ending = new AbortController();

  #whileRunning<T>(trial: Promise<T>): Promise<T> {
    this.#running.add(trial);
    return trial.finally(() => this.#running.delete(trial));
  }

  constructor(parts: TrialsParts) {
    this.#parts = parts;
  }

  async add(account: NewAccount, signal: AbortSignal): Promise<LiveAccount> {
    const { address, server, protocols } = account;
    let telling: unknown;
    const refusals = protocols.map((protocol) => this.#parts.rules.refusal({ protocol, address, server }, undefined));
    if (refusals[0] && refusals.every((refusal) => refusal))
      throw new HallwayError(refusals[0].code, refusals[0].params);
    for (const protocol of protocols.filter((_, index) => !refusals[index])) {
      try {
        return await this.#whileRunning(
          this.#tryProtocol(account, protocol, AbortSignal.any([signal, this.#ending.signal])),
        );
      } catch (error) {
        if (signal.aborted) throw new HallwayError("cancelled");
        // The network that came furthest has the say; of several, the first one asked.
        if (telling === undefined || reached(error) > reached(telling)) telling = error;
        if (reached(error) === answered) break;
      }
    }
    throw telling;
  }

  passwordIsRight(config: AccountConfig, password: string): Promise<boolean> {
    return this.#whileRunning(this.#signInBeside(config, password));
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#running);
  }

  async #tryProtocol(
    { address, server, password }: NewAccount,
    protocol: Protocol,
    signal: AbortSignal,
  ): Promise<LiveAccount> {
    const config: AccountConfig = {
      id: randomUUID(),
      protocol,
      address,
      enabled: true,
      server,
      deviceId: randomUUID(),
    };
    let isKept = false;
    const made = this.#parts.make(
      config,
      async () => (isKept ? ((await this.#parts.password(config)) ?? password) : password),
      () => isKept,
    );
    try {
      await made.session.tryOnce(signal);
      await this.#parts.keep(config, password);
      if (signal.aborted) throw new HallwayError("cancelled");
    } catch (error) {
      await this.#parts.discard(made);
      throw error;
    }
    isKept = true;
    this.#parts.onKept(made);
    return made;
  }

  async #signInBeside(config: AccountConfig, password: string): Promise<boolean> {
    const refusal = this.#parts.rules.refusal(config, undefined);
    if (refusal) throw new HallwayError(refusal.code, refusal.params);
    const id = randomUUID();
    await this.#parts.remember(config.id, id);
    const tried = this.#parts.make(
      { ...config, id, deviceId: randomUUID() },
      async () => password,
      () => false,
    );
    try {
      await tried.session.tryOnce(AbortSignal.any([AbortSignal.timeout(signInWithin), this.#ending.signal]));
      return true;
    } catch (error) {
      if (error instanceof HallwayError && error.code === "wrong-password") return false;
      throw error;
    } finally {
      await this.#parts.discard(tried);
    }
  }
}

const [notReached, notSecured, answered] = [0, 1, 2] as const;
const unreachable: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "unknown-host",
  "no-network",
  "connection-refused",
  "connection-lost",
  "timed-out",
  "unsupported",
]);

/**
 * How far a network was reached. A server that ends the handshake or does not speak TLS may be another one on that
 * port: the next network is tried. Certificates have codes of their own; who shows a bad one has answered.
 */
function reached(error: unknown): typeof notReached | typeof notSecured | typeof answered {
  if (!(error instanceof HallwayError)) return answered;
  if (unreachable.has(error.code)) return notReached;
  return error.code === "tls-failed" ? notSecured : answered;
}
