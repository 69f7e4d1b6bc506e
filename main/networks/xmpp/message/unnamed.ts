import type { Address } from "../../../../shared/model/address.ts";
import type { MessageDraft } from "./drafts.ts";

/** The shortest time between two tellings of one kind of thing, in milliseconds. */
const toldEvery = 10 * 60_000;
const maxTold = 500;

interface Told {
  readonly at: number;
  readonly id: string | undefined;
}

/**
 * Things without a name that were told of. One kind is told of once in a while for each person: what comes more often
 * is said between programs, unless its sender wants to know whether the person has it.
 */
export class Unnamed {
  readonly #now: () => number;
  readonly #live = new Map<string, Told>();
  readonly #archived = new Map<string, Told>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** May it be told that this one sent something? */
  mayTell(
    {
      via,
      id,
      at: stamp,
      wantsDelivered,
      wantsRead,
    }: Pick<MessageDraft, "via" | "id" | "at" | "wantsDelivered" | "wantsRead">,
    peer: Address,
    what: string,
  ): boolean {
    if (wantsDelivered || wantsRead) return true;
    const key = `${peer} ${what}`;
    if (via !== "archive") {
      const at = this.#now();
      return !isNear(this.#live.get(key), at) && put(this.#live, key, { at, id });
    }
    // The archive brings again what was told live, and, where a page could not be kept, what it has brought.
    const at = stamp ?? this.#now();
    const before = this.#archived.get(key);
    if (isNear(before, at)) return before.at === at && before.id === id;
    const lately = this.#live.get(key);
    if (isNear(lately, at) && (id === undefined || lately.id !== id)) return false;
    return put(this.#archived, key, { at, id });
  }
}

function isNear(last: Told | undefined, at: number): last is Told {
  return last !== undefined && Math.abs(at - last.at) < toldEvery;
}

function put(told: Map<string, Told>, key: string, entry: Told): true {
  told.delete(key);
  told.set(key, entry);
  for (const oldest of told.keys()) if (told.size > maxTold) told.delete(oldest);
  return true;
}
