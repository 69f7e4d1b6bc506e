import { randomUUID } from "node:crypto";
import { HallwayError } from "../../shared/errors.ts";
import type { SecretStore } from "./secret-store.ts";

/**
 * The part of keytar that is used. `findCredentials` is left out on purpose: it ends the process when the keyring is
 * locked.
 */
export interface KeytarModule {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

export interface KeytarStoreOptions {
  /** Under which the system lists our entries; `Hallway`. */
  readonly service?: string;
  /** Loads the native module; a failure means that there is no secret store. */
  readonly load?: () => Promise<KeytarModule>;
  /** How long one call may take, in milliseconds; 20 s, in which a person can answer the system's question. */
  readonly timeout?: number;
}

/** Longest value, in UTF-8 bytes (measured to work with gnome-keyring). */
const maxValueBytes = 65_536;

/** Words of systems when there is nobody to ask at all; "Could not connect: Permission denied" is of these. */
const unreachableWords = /connect|autolaunch|d-?bus|spawn|no such/iu;
/** Words of systems when the store is there but locked, or the person did not open it. */
const lockedWords = /locked|dismissed|cancell?ed|denied|not allowed|prompt/iu;

/**
 * The system's secret store through keytar: Secret Service on Linux, Keychain on macOS, Credential Vault on Windows.
 * A call that does not come back keeps a thread of Node's pool; after one, further calls are refused until it does.
 */
export class KeytarStore implements SecretStore {
  readonly #service: string;
  readonly #load: () => Promise<KeytarModule>;
  readonly #timeout: number;
  #loaded: Promise<KeytarModule> | undefined;
  #hanging = 0;

  constructor({ service = "Hallway", load = loadKeytar, timeout = 20_000 }: KeytarStoreOptions = {}) {
    this.#service = service;
    this.#load = load;
    this.#timeout = timeout;
  }

  async probe(): Promise<"available" | "absent" | "locked"> {
    try {
      await this.#module();
    } catch {
      return "absent";
    }
    const service = this.#service;
    const name = `probe-${randomUUID()}`;
    const value = randomUUID();
    try {
      await this.#call((keytar) => keytar.setPassword(service, name, value));
      const read = await this.#call((keytar) => keytar.getPassword(service, name));
      await this.#call((keytar) => keytar.deletePassword(service, name));
      return read === value ? "available" : "absent";
    } catch (error) {
      if (error instanceof TimedOut) return "locked";
      const said = error instanceof Error ? error.message : "";
      return lockedWords.test(said) && !unreachableWords.test(said) ? "locked" : "absent";
    }
  }

  async get(name: string): Promise<string | undefined> {
    return (await this.#safely((keytar) => keytar.getPassword(this.#service, name))) ?? undefined;
  }

  async set(name: string, value: string): Promise<void> {
    if (Buffer.byteLength(value) > maxValueBytes) throw new HallwayError("too-large");
    await this.#safely((keytar) => keytar.setPassword(this.#service, name, value));
  }

  async delete(name: string): Promise<void> {
    await this.#safely((keytar) => keytar.deletePassword(this.#service, name));
  }

  #module(): Promise<KeytarModule> {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  async #call<T>(work: (keytar: KeytarModule) => Promise<T>): Promise<T> {
    const keytar = await this.#module().catch((error: unknown) => {
      throw new HallwayError("vault-unavailable", { reason: "no-secret-store" }, error);
    });
    if (this.#hanging > 0) throw new TimedOut();
    const running = work(keytar);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#hanging += 1;
        const back = (): void => {
          this.#hanging -= 1;
        };
        running.then(back, back);
        reject(new TimedOut());
      }, this.#timeout);
    });
    try {
      return await Promise.race([running, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** For callers: one of our codes, without a word of the value. */
  async #safely<T>(work: (keytar: KeytarModule) => Promise<T>): Promise<T> {
    try {
      return await this.#call(work);
    } catch (error) {
      throw error instanceof HallwayError
        ? error
        : new HallwayError("vault-unavailable", { reason: "secret-store-failed" }, error);
    }
  }
}

class TimedOut extends Error {
  constructor() {
    super("the secret store does not answer");
  }
}

async function loadKeytar(): Promise<KeytarModule> {
  const module = await import("keytar");
  return "default" in module ? (module.default as KeytarModule) : module;
}
