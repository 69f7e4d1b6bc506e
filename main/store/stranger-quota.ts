import type { ContactId } from "../../shared/model/contact.ts";

/** Room for what a stranger says before there is an answer, in UTF-16 units; one message more may begin within it. */
const maxKept = 65_536;
/** Room that a message takes up beside its text. */
const perMessage = 256;

/** Room that messages of strangers take up, also of those whose request is about to be filed. */
export class StrangerQuota {
  readonly #used = new Map<ContactId, number>();
  /** Strangers who said more than that. */
  readonly #exceeded = new Set<ContactId>();

  /** Takes up what was counted before a restart. */
  restore(id: ContactId, used: number): void {
    this.#used.set(id, used);
  }

  /** Undefined: nothing they said was counted. */
  usedBy(id: ContactId): number | undefined {
    return this.#used.get(id);
  }

  isExceededBy(id: ContactId): boolean {
    return this.#exceeded.has(id);
  }

  /** Counts a message of this length; false: there is no room for it. */
  take(id: ContactId, length: number): boolean {
    const before = this.#used.get(id) ?? 0;
    if (before < maxKept) this.#used.set(id, before + length + perMessage);
    else this.#exceeded.add(id);
    return before < maxKept;
  }

  /** Counts a message no longer. `isWaiting`: of somebody whose request is filed. */
  giveBack(id: ContactId, length: number, isWaiting: boolean): void {
    const left = Math.max(0, (this.#used.get(id) ?? 0) - length - perMessage);
    if (left > 0 || isWaiting) this.#used.set(id, left);
    else this.#used.delete(id);
  }

  forget(id: ContactId): void {
    this.#used.delete(id);
    this.#exceeded.delete(id);
  }
}
