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

/** Keeps the head of the chain in the secret store. */
export interface Seal {
  /** The head is this one now; it is sealed within the time given. */
  put(head: AuditPosition): void;
  /** Seals what is not sealed yet. */
  close(): Promise<void>;
}

export function createSeal(options: {
  readonly secrets: Secrets;
  /** Milliseconds. */
  readonly within: number;
  /** It could not be sealed; told once, until it could. */
  readonly onTrouble: (error: ErrorInfo) => void;
}): Seal {
  let head: AuditPosition | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let troubled = false;

  async function write(): Promise<void> {
    const current = head;
    if (!current) return;
    head = undefined;
    try {
      await options.secrets.set(name, JSON.stringify({ n: current.n, hash: current.hash }));
      troubled = false;
    } catch (error) {
      // It is tried again with the next entry, and at the end.
      head ??= current;
      if (!troubled) options.onTrouble(toErrorInfo(error));
      troubled = true;
    }
  }

  function inTurn(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  }

  return {
    put(next) {
      head = next;
      timer ??= setTimeout(() => void inTurn(), options.within).unref();
    },
    close: inTurn,
  };
}
