import { type ErrorInfo, toErrorInfo } from "../../../shared/errors.ts";
import type { Secrets } from "../../secrets/secrets.ts";
import { type AuditPosition, origin, readPosition } from "./entry.ts";

const name = "audit-head";

/**
 * The head of the chain as it was sealed last, where whoever changes files does not reach it; undefined: the seal is
 * gone.
 */
export async function readSeal(secrets: Secrets): Promise<AuditPosition | undefined> {
  return readPosition(await secrets.get(name));
}

/** Before there is a device key: from now on, a seal that is gone was taken away. */
export async function sealNothing(secrets: Secrets): Promise<void> {
  await secrets.set(name, JSON.stringify(origin));
}

export interface SealOptions {
  readonly secrets: Secrets;
  /** Milliseconds. */
  readonly within: number;
  /** It could not be sealed; told once, until it could. */
  readonly onTrouble: (error: ErrorInfo) => void;
}

/** The head of the chain on its way into the secret store. */
export class Seal {
  readonly #options: SealOptions;
  /** Not sealed yet. */
  #head: AuditPosition | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isTroubled = false;

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /** The head is this one now; it is sealed within the time given. */
  put(head: AuditPosition): void {
    this.#head = head;
    this.#timer ??= setTimeout(() => void this.close(), this.#options.within).unref();
  }

  /** Seals what is not sealed yet. */
  close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    const current = this.#head;
    if (!current) return;
    this.#head = undefined;
    try {
      await this.#options.secrets.set(name, JSON.stringify({ n: current.n, hash: current.hash }));
      this.#isTroubled = false;
    } catch (error) {
      // It is tried again with the next entry, and at the end.
      this.#head ??= current;
      if (!this.#isTroubled) this.#options.onTrouble(toErrorInfo(error));
      this.#isTroubled = true;
    }
  }
}
