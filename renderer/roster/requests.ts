import { type ReadonlySignal, signal } from "@preact/signals";
import type { Args } from "../../shared/ipc/contract.ts";
import type { ContactId, ContactRecord } from "../../shared/model/contact.ts";
import type { RosterViewState } from "../../shared/model/roster.ts";
import type { Client } from "../ipc/client.ts";
import type { RowPlace } from "./tree.ts";

/** People found that are remembered, and those without an answer that are asked for. */
const maxFound = 400;
const maxAsked = 200;
/** After a request that was refused, in milliseconds. */
const retryAfter = 2_000;

/** Requests of the window to main about the contact list. */
export class RosterRequests {
  readonly #client: Pick<Client, "request">;
  readonly #found = signal<readonly ContactId[]>([]);
  #wanted: { readonly state: RosterViewState; readonly text: string } | undefined;
  #told = "";
  #telling: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, "request">) {
    this.#client = client;
  }

  /** People found of late: the window goes on showing them, in a list or in what was begun from it. */
  get found(): ReadonlySignal<readonly ContactId[]> {
    return this.#found;
  }

  /** Tells main what is shown, the last state said for good: one request is under way at a time. */
  show(state: RosterViewState): void {
    this.#wanted = { state, text: JSON.stringify(state) };
    clearTimeout(this.#timer);
    void this.#tell();
  }

  async find(text: string, limit: number): Promise<readonly ContactRecord[]> {
    return this.#remember((await this.#client.request("roster.find", { text, limit })).people);
  }

  async asked(): Promise<readonly ContactRecord[]> {
    const { people } = await this.#client.request("roster.find", { text: "", limit: maxAsked, asked: true });
    return this.#remember(people);
  }

  async typeahead(
    text: string,
    { group, at }: RowPlace,
    names: Args<"roster.typeahead">["names"],
  ): Promise<RowPlace | undefined> {
    // A group that was unfolded just now has rows for main only when it has been told.
    await this.#tell();
    const from = at === undefined ? { group } : { group, at };
    return (await this.#client.request("roster.typeahead", { text, from, names })).row;
  }

  dispose(): void {
    this.#wanted = undefined;
    clearTimeout(this.#timer);
  }

  #remember(people: readonly ContactRecord[]): readonly ContactRecord[] {
    const ids = people.map(({ id }) => id);
    const known = new Set(this.#found.peek());
    // The last ones come last. Nothing changes for those that are known.
    if (!ids.every((id) => known.has(id)))
      this.#found.value = [...this.#found.peek().filter((id) => !ids.includes(id)), ...ids].slice(-maxFound);
    return people;
  }

  /** Resolves when main knows what is shown, or has refused it. */
  async #tell(): Promise<void> {
    if (this.#telling === undefined && this.#wanted !== undefined && this.#wanted.text !== this.#told)
      this.#telling = this.#tellAll();
    await this.#telling;
  }

  async #tellAll(): Promise<void> {
    try {
      while (this.#wanted !== undefined && this.#wanted.text !== this.#told) {
        this.#told = this.#wanted.text;
        await this.#client.request("roster.show", this.#wanted.state);
      }
    } catch {
      this.#told = "";
      this.#timer = setTimeout(() => void this.#tell(), retryAfter);
    } finally {
      this.#telling = undefined;
    }
  }
}
