import { type ReadonlySignal, signal } from "@preact/signals";
import type { Args } from "../../shared/ipc/contract.ts";
import type { ContactId, ContactRecord } from "../../shared/model/contact.ts";
import type { RosterViewState } from "../../shared/model/roster.ts";
import type { Client } from "../ipc/client.ts";
import type { RowPlace } from "./tree.ts";

/** Requests of the window to main about the contact list. */
export interface RosterRequests {
  /** People found of late: the window goes on showing them, in a list or in what was begun from it. */
  readonly found: ReadonlySignal<readonly ContactId[]>;
  /** Tells main what is shown, the last state said for good: one request is under way at a time. */
  show(state: RosterViewState): void;
  find(text: string, limit: number): Promise<readonly ContactRecord[]>;
  asked(): Promise<readonly ContactRecord[]>;
  typeahead(text: string, from: RowPlace, names: Args<"roster.typeahead">["names"]): Promise<RowPlace | undefined>;
  dispose(): void;
}

/** People found that are remembered, and those without an answer that are asked for. */
const maxFound = 400;
const maxAsked = 200;
/** After a request that was refused, in milliseconds. */
const retryAfter = 2_000;

export function createRosterRequests(client: Pick<Client, "request">): RosterRequests {
  const found = signal<readonly ContactId[]>([]);
  let wanted: { readonly state: RosterViewState; readonly text: string } | undefined;
  let told = "";
  let telling: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const remember = (people: readonly ContactRecord[]): readonly ContactRecord[] => {
    const ids = people.map(({ id }) => id);
    const known = new Set(found.peek());
    // The last ones come last. Nothing changes for those that are known.
    if (!ids.every((id) => known.has(id)))
      found.value = [...found.peek().filter((id) => !ids.includes(id)), ...ids].slice(-maxFound);
    return people;
  };

  const tellAll = async (): Promise<void> => {
    try {
      while (wanted !== undefined && wanted.text !== told) {
        told = wanted.text;
        await client.request("roster.show", wanted.state);
      }
    } catch {
      told = "";
      timer = setTimeout(() => void tell(), retryAfter);
    } finally {
      telling = undefined;
    }
  };
  /** Resolves when main knows what is shown, or has refused it. */
  const tell = async (): Promise<void> => {
    if (telling === undefined && wanted !== undefined && wanted.text !== told) telling = tellAll();
    await telling;
  };

  return {
    found,
    show(state) {
      wanted = { state, text: JSON.stringify(state) };
      clearTimeout(timer);
      void tell();
    },
    find: async (text, limit) => remember((await client.request("roster.find", { text, limit })).people),
    asked: async () =>
      remember((await client.request("roster.find", { text: "", limit: maxAsked, asked: true })).people),
    async typeahead(text, { group, at }, names) {
      // A group that was unfolded just now has rows for main only when it has been told.
      await tell();
      const from = at === undefined ? { group } : { group, at };
      return (await client.request("roster.typeahead", { text, from, names })).row;
    },
    dispose() {
      wanted = undefined;
      clearTimeout(timer);
    },
  };
}
