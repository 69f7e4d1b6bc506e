import { setImmediate as nextTurn } from "node:timers/promises";
import xml, { type Element } from "@xmpp/xml";
import * as v from "valibot";
import { HallwayError } from "../../../shared/errors.ts";
import type { Address } from "../../../shared/model/address.ts";
import { maxNameLength, type Subscription } from "../../../shared/model/contact.ts";
import { isInvisible, visibleName } from "../../../shared/text/visible-name.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent } from "../events.ts";
import type { RosterItem } from "../facets/contacts.ts";
import type { IqLayer } from "./iq.ts";
import { addressOf, parseJid } from "./jid.ts";
import { childOf } from "./xml/element.ts";

export const nsRoster = "jabber:iq:roster";
const nsVersioning = "urn:xmpp:features:rosterver";
/** From this many contacts on, a list is work that the main loop feels. */
const longList = 1_000;
/** Lines that are read in one turn of the loop. */
const linesAtOnce = 2_000;
const maxItems = 50_000;

export interface RosterOptions {
  readonly address: Address;
  readonly cacheKey: string;
  readonly environment: Pick<NetworkEnvironment, "cache" | "log">;
  readonly iq: IqLayer;
  readonly emit: (event: NetworkEvent) => void;
  readonly refuse: (what: string) => void;
  /** After each change, with the old and the new line. */
  readonly changed: (address: Address, before: RosterItem | undefined, after: RosterItem | undefined) => void;
  /** The whole list has been loaded. */
  readonly loaded: () => void;
}

/** The server-side contact list (RFC 6121 section 2). */
export interface Roster {
  readonly items: ReadonlyMap<Address, RosterItem>;
  /**
   * Asks for the list, or for what changed since the last one that is kept (section 2.6). `asked` is called when that
   * is on its way.
   */
  load(features: Element, asked: () => void): Promise<void>;
  set(address: Address, name: string | undefined, groups: readonly string[]): Promise<void>;
  remove(address: Address): Promise<void>;
  /** Writes the list to the cache now, if it changed. */
  save(): Promise<void>;
  dispose(): void;
}

/** What a push says (RFC 6121 section 2.1.6). */
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

export function createRoster(options: RosterOptions): Roster {
  const { iq, emit, environment } = options;
  let items = new Map<Address, RosterItem>();
  let version: string | undefined;
  let dirty = false;
  let saveTimer: NodeJS.Timeout | undefined;
  /** Changes that came while a list was being read, which they follow; undefined: none is. */
  let late: Change[] | undefined;

  async function readCache(): Promise<void> {
    try {
      const text = await environment.cache.get(options.cacheKey);
      if (text === undefined) return;
      const cached = v.parse(CachedSchema, JSON.parse(text));
      items = new Map(cached.items.map((i) => [i.address, { ...i, name: i.name }]));
      version = cached.version;
    } catch {
      environment.log.warn("the kept contact list could not be read, it is asked for anew");
    }
  }

  async function save(): Promise<void> {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    if (!dirty || version === undefined) return;
    dirty = false;
    try {
      await environment.cache.set(options.cacheKey, JSON.stringify({ format: 2, version, items: [...items.values()] }));
    } catch {
      environment.log.warn("the contact list could not be kept");
    }
  }

  function touch(): void {
    dirty = true;
    saveTimer ??= setTimeout(() => void save(), 2000);
  }

  function apply(element: Element): void {
    const address = addressOf(element.attrs["jid"]);
    if (address === undefined) return;
    const before = items.get(address);
    if (element.attrs["subscription"] === "remove") {
      if (!items.delete(address)) return;
      emit({ type: "roster-removed", address });
      options.changed(address, before, undefined);
      return;
    }
    if (!before && items.size >= maxItems) throw new HallwayError("too-large");
    const item = readItem(element, address);
    items.set(address, item);
    emit({ type: "roster-item", item });
    options.changed(address, before, item);
  }

  function push(change: Change): void {
    for (const line of change.lines) apply(line);
    version = change.version;
    touch();
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

  iq.answer(`set ${nsRoster}`, {
    from: "account",
    answer: (query, stanza) => {
      // RFC 6121 section 2.1.6: a push is ignored unless it is from the own account.
      const from = stanza.attrs["from"];
      if (from !== undefined && parseJid(from)?.full !== options.address) {
        options.refuse("a contact list update from somebody else");
        throw new HallwayError("not-allowed");
      }
      const change = { lines: query.getChildren("item", nsRoster), version: query.attrs["ver"] };
      if (late) {
        if (late.length >= maxItems) throw new HallwayError("too-large");
        late.push(change);
      } else push(change);
      return undefined;
    },
  });

  return {
    get items() {
      return items;
    },
    async load(features, asked) {
      const versioned = childOf(features, "ver", nsVersioning) !== undefined;
      if (versioned && items.size === 0) await readCache();
      // A change may come in the same breath as the list, or while that is read: it is newer, and follows it.
      const mine: Change[] = [];
      late = mine;
      try {
        // An empty version asks for the whole list and says that we keep one (section 2.6.2).
        const answer = iq.request(
          "get",
          xml("query", { xmlns: nsRoster, ...(versioned ? { ver: version ?? "" } : {}) }),
          undefined,
          true,
        );
        asked();
        const result = await answer;
        const query = childOf(result, "query", nsRoster);
        const read = query ? await readAll(query) : undefined;
        // Another session has asked meanwhile.
        if (late !== mine) return;
        if (query && read) {
          items = read;
          version = query.attrs["ver"];
          touch();
        } else if (!versioned) {
          items = new Map();
        }
        emit({ type: "roster", items: [...items.values()] });
      } finally {
        if (late === mine) {
          late = undefined;
          for (const change of mine) push(change);
        }
      }
      const loaded = items;
      // What follows from a very long list waits for a turn of the loop; what comes in between waits with it.
      if (loaded.size > longList) await nextTurn();
      if (loaded === items) options.loaded();
    },
    async set(address, name, groups) {
      // RFC 6121 section 2.1.2: a set takes the place of the whole item, so what was not edited goes back as it came.
      const before = items.get(address);
      const written = before && before.name === name ? before.writtenName : undefined;
      const item = xml(
        "item",
        { jid: address, name: written ?? (name || undefined) },
        [...new Set(groups)].map((g) => xml("group", {}, g)),
      );
      await iq.request("set", xml("query", nsRoster, item));
    },
    async remove(address) {
      await iq.request("set", xml("query", nsRoster, xml("item", { jid: address, subscription: "remove" })));
    },
    save,
    dispose: () => {
      void save();
    },
  };
}

/** Is this person in a group that shows? Who is in none to the eye is in none. */
export function isGrouped(item: Pick<RosterItem, "groups">): boolean {
  return item.groups.some((group) => !isInvisible(group));
}

function readItem(element: Element, address: Address): RosterItem {
  const groups = new Set<string>();
  for (const child of element.children) {
    if (typeof child === "string" || child.name !== "group") continue;
    const group = child.getText();
    // Section 2.1.2.6: one without text is none.
    if (group !== "") groups.add(group);
  }
  const written = element.attrs["name"];
  const name = visibleName(written, maxNameLength);
  return {
    address,
    name,
    ...(written === undefined || written === "" || written === name ? {} : { writtenName: written }),
    groups: [...groups],
    subscription: readSubscription(element.attrs["subscription"]),
    asked: element.attrs["ask"] === "subscribe",
  };
}

function readSubscription(text: string | undefined): Subscription {
  return text === "to" || text === "from" || text === "both" ? text : "none";
}
