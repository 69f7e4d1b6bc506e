import { type CdpParams, isRecord } from "./pipe.ts";
import { pageOrigin } from "./request-answer.ts";

/** Execution contexts of our own page, in its main frame: only these may call. */
export class OwnContexts {
  /** Unique ids by id. */
  readonly #all = new Map<number, string>();
  /** Known once the page is attached to. */
  mainFrame: string | undefined;

  get isAny(): boolean {
    return this.#all.size > 0;
  }

  /** Unique id of the context that was created last. */
  get newest(): string | undefined {
    return [...this.#all.values()].at(-1);
  }

  has(id: unknown): boolean {
    return typeof id === "number" && this.#all.has(id);
  }

  /** A context was created; one of another frame, world or origin is passed over. */
  add(context: CdpParams): void {
    const about = isRecord(context["auxData"]) ? context["auxData"] : {};
    const { id, uniqueId, origin } = context;
    if (typeof id !== "number" || typeof uniqueId !== "string") return;
    if (origin === pageOrigin && about["isDefault"] === true && about["frameId"] === this.mainFrame)
      this.#all.set(id, uniqueId);
  }

  delete(id: unknown): void {
    this.#all.delete(Number(id));
  }

  clear(): void {
    this.#all.clear();
  }
}
