import { setImmediate as nextTurn } from "node:timers/promises";
import xml, { type Element } from "@xmpp/xml";
import * as v from "valibot";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { NetworkEvent } from "../../events.ts";
import type { RosterItem } from "../../facets/contacts.ts";
import type { ExtensionParts } from "../extension.ts";
import type { IqRequests } from "../iq.ts";
import { addressOf } from "../jid.ts";
import { ownAccount } from "../senders.ts";
import { childOf } from "../xml/element.ts";
import { readItem } from "./roster-item.ts";

const nsRoster = "jabber:iq:roster";
const nsVersioning = "urn:xmpp:features:rosterver";
/** From this many contacts on, a list is work that the main loop feels. */
const longList = 1_000;
/** Lines that are read in one turn of the loop. */
const linesAtOnce = 2_000;
const maxItems = 50_000;

export interface RosterOptions {
  readonly cacheKey: string;
  readonly environment: Pick<NetworkEnvironment, "cache" | "log">;
  readonly requests: IqRequests;
  readonly emit: (event: NetworkEvent) => void;
}

/** Those who follow the contact list. */
export interface RosterListener {
  /** One item has changed, been added (`before` undefined) or removed (`after` undefined). */
  rosterChanged(address: Address, before: RosterItem | undefined, after: RosterItem | undefined): void;
  /** The whole list was loaded. */
  rosterLoaded(): void;
}

/** Content of a roster push (RFC 6121 section 2.1.6). */
interface Change {
  readonly lines: readonly Element[];
  readonly version: string | undefined;
}

const CachedSchema = v.object({
  /** Lists of before were kept with names and groups as they were shown. */
  format: v.literal(2),
  version: v.string(),
  items: v.array(
    v.object({
      address: v.string(),
      name: v.optional(v.string()),
      writtenName: v.optional(v.string()),
      groups: v.array(v.string()),
      subscription: v.picklist(["none", "to", "from", "both"]),
      asked: v.boolean(),
    }),
  ),
});

/** The server-side contact list (RFC 6121 section 2). */
export class Roster {
  readonly #options: RosterOptions;
  readonly #listeners: RosterListener[] = [];
  #items = new Map<Address, RosterItem>();
  #version: string | undefined;
  #dirty = false;
  #saveTimer: NodeJS.Timeout | undefined;
  /** Changes that came while a list was being read, which they follow; undefined: none is. */
  #late: Change[] | undefined;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  get items(): ReadonlyMap<Address, RosterItem> {
    return this.#items;
  }

  get(address: Address): RosterItem | undefined {
    return this.#items.get(address);
  }

  listen(listener: RosterListener): void {
    this.#listeners.push(listener);
  }

  /** RFC 6121 section 2.1.6: a push is ignored unless it is from the own account. */
  get parts(): ExtensionParts {
    return {
      requests: {
        [`set ${nsRoster}`]: {
          from: ownAccount,
          answer: (query) => {
            this.#take({ lines: query.getChildren("item", nsRoster), version: query.attrs["ver"] });
            return undefined;
          },
        },
      },
    };
  }

  /** Asks for the list, or for what changed since the last one that is kept (section 2.6). */
  async load(features: Element): Promise<void> {
    const { requests, emit } = this.#options;
    const versioned = childOf(features, "ver", nsVersioning) !== undefined;
    if (versioned && this.#items.size === 0) await this.#readCache();
    // A change may come in the same breath as the list, or while that is read: it is newer, and follows it.
    const mine: Change[] = [];
    this.#late = mine;
    try {
      // An empty version asks for the whole list and says that we keep one (section 2.6.2).
      const query = xml("query", { xmlns: nsRoster, ...(versioned ? { ver: this.#version ?? "" } : {}) });
      const result = childOf(await requests.request("get", query, { large: true }), "query", nsRoster);
      const read = result ? await readAll(result) : undefined;
      // Another session has asked meanwhile.
      if (this.#late !== mine) return;
      if (result && read) {
        this.#items = read;
        this.#version = result.attrs["ver"];
        this.#touch();
      } else if (!versioned) {
        this.#items = new Map();
      }
      emit({ type: "roster", items: [...this.#items.values()] });
    } finally {
      if (this.#late === mine) {
        this.#late = undefined;
        for (const change of mine) this.#push(change);
      }
    }
    const loaded = this.#items;
    // What follows from a very long list waits for a turn of the loop; what comes in between waits with it.
    if (loaded.size > longList) await nextTurn();
    if (loaded === this.#items) for (const listener of this.#listeners) listener.rosterLoaded();
  }

  async set(address: Address, name: string | undefined, groups: readonly string[]): Promise<void> {
    // RFC 6121 section 2.1.2: a set takes the place of the whole item, so what was not edited goes back as it came.
    const before = this.#items.get(address);
    const written = before && before.name === name ? before.writtenName : undefined;
    const item = xml(
      "item",
      { jid: address, name: written ?? (name || undefined) },
      [...new Set(groups)].map((g) => xml("group", {}, g)),
    );
    await this.#options.requests.request("set", xml("query", nsRoster, item));
  }

  async remove(address: Address): Promise<void> {
    const item = xml("item", { jid: address, subscription: "remove" });
    await this.#options.requests.request("set", xml("query", nsRoster, item));
  }

  /** Writes the list to the cache now, if it changed. */
  async save(): Promise<void> {
    const { environment, cacheKey } = this.#options;
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    const version = this.#version;
    if (!this.#dirty || version === undefined) return;
    this.#dirty = false;
    try {
      await environment.cache.set(cacheKey, JSON.stringify({ format: 2, version, items: [...this.#items.values()] }));
    } catch {
      environment.log.warn("the contact list could not be kept");
    }
  }

  dispose(): void {
    void this.save();
  }

  async #readCache(): Promise<void> {
    const { environment, cacheKey } = this.#options;
    try {
      const text = await environment.cache.get(cacheKey);
      if (text === undefined) return;
      const cached = v.parse(CachedSchema, JSON.parse(text));
      this.#items = new Map(cached.items.map((i) => [i.address, { ...i, name: i.name }]));
      this.#version = cached.version;
    } catch {
      environment.log.warn("the kept contact list could not be read, it is asked for anew");
    }
  }

  #touch(): void {
    this.#dirty = true;
    this.#saveTimer ??= setTimeout(() => void this.save(), 2000);
  }

  #take(change: Change): void {
    if (!this.#late) this.#push(change);
    else if (this.#late.length >= maxItems) throw new HallwayError("too-large");
    else this.#late.push(change);
  }

  #push(change: Change): void {
    for (const line of change.lines) this.#apply(line);
    this.#version = change.version;
    this.#touch();
  }

  #apply(element: Element): void {
    const { emit } = this.#options;
    const address = addressOf(element.attrs["jid"]);
    if (address === undefined) return;
    const before = this.#items.get(address);
    if (element.attrs["subscription"] === "remove") {
      if (!this.#items.delete(address)) return;
      emit({ type: "roster-removed", address });
      for (const listener of this.#listeners) listener.rosterChanged(address, before, undefined);
      return;
    }
    if (!before && this.#items.size >= maxItems) throw new HallwayError("too-large");
    const item = readItem(element, address);
    this.#items.set(address, item);
    emit({ type: "roster-item", item });
    for (const listener of this.#listeners) listener.rosterChanged(address, before, item);
  }
}

/** Reads a whole list, with room for other work in between. */
async function readAll(query: Element): Promise<Map<Address, RosterItem>> {
  const fresh = new Map<Address, RosterItem>();
  for (const [index, element] of query.children.entries()) {
    if (index > 0 && index % linesAtOnce === 0) await nextTurn();
    if (typeof element === "string" || element.name !== "item") continue;
    const address = addressOf(element.attrs["jid"]);
    if (address !== undefined && fresh.size < maxItems) fresh.set(address, readItem(element, address));
  }
  if (fresh.size > longList) await nextTurn();
  return fresh;
}
