import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import type { Address } from "../../../../shared/model/address.ts";
import type { Audience } from "../../connection-rules.ts";
import { isGrouped } from "../contacts/roster-item.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { ownServer } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsPrivacy = "jabber:iq:privacy";
/** Ours; what other programs keep under other names stays as it is. */
const listName = "hallway-presence";
/** A server goes through the list at every stanza. Who does not fit in sees nothing. */
const maxAllowed = 2000;
/** Of whom the person blocks by a list of their own. */
const maxBlocked = 1000;

/**
 * Privacy Lists, for what they can and nothing else can: to be there, write and be written to, without everybody on the
 * contact list seeing it (section 2.15, setting PresenceSharing). A server without them cannot hide anybody, and is not
 * signed in to.
 */
export const privacyLists = defineExtension({
  name: "XEP-0016: Privacy Lists",
  features: [],
  attach: (session) => {
    const list = new PresenceList(session);
    return {
      requests: {
        // Section 2.10: another list was changed; who is blocked by the one that usually counts is blocked by ours too.
        [`set ${nsPrivacy}`]: {
          from: ownServer,
          answer: (payload) => {
            if (childOf(payload, "list", nsPrivacy)?.attrs["name"] !== listName) list.renew();
            return undefined;
          },
        },
      },
      precondition: { wanted: () => list.isWanted, pass: () => list.pass() },
      contactsChanged: () => list.compare(),
      presenceSent: ({ availability }) => list.presenceSent(availability !== "offline"),
      ended: () => list.ended(),
      commands: { audience: () => list.audience },
    };
  },
});

/** The list at the server of who sees the person. */
class PresenceList {
  readonly #session: ExtensionHost;
  /** For whom the list that is active was made; undefined: none is. */
  #hidden: Audience | undefined;
  /** Whom the list at the server names. */
  #allowed: readonly Address[] = [];
  #isSeen = false;
  /** Grows whenever the list has to be another; `made`: for which it was made. */
  #due = 0;
  #made = 0;
  /** Changes of the list take turns. */
  #turn: Promise<void> = Promise.resolve();

  constructor(session: ExtensionHost) {
    this.#session = session;
  }

  /** Those who see the person now. */
  get audience(): Audience {
    return this.#hidden ?? "contacts";
  }

  /** Whether it has to be changed before the person is seen. */
  get isWanted(): boolean {
    return this.#made !== this.#due || this.#wished !== this.audience;
  }

  get #wished(): Audience {
    return this.#session.environment.rules.audience();
  }

  /** Makes it as it has to be. Errors: `blocked-by-policy` where the server cannot, and those of requests. */
  async pass(): Promise<void> {
    const session = this.#session;
    // Nothing is said to those of the list before.
    await this.#turn;
    if (!this.isWanted) return;
    if (this.#isSeen) session.send(xml("presence", { type: "unavailable" }));
    this.#isSeen = false;
    if (this.#wished === "contacts") {
      await session.request("set", query(xml("active")));
      this.#hidden = undefined;
      this.#made = this.#due;
      return;
    }
    try {
      if (!session.discovery.offers(nsPrivacy)) throw new HallwayError("unsupported");
      await this.#activate();
    } catch (error) {
      if (error instanceof HallwayError && passing.has(error.code)) throw error;
      throw new HallwayError("blocked-by-policy", { setting: "PresenceSharing", host: session.domain }, error);
    }
    this.#hidden = this.#wished;
    this.compare();
  }

  /**
   * The contact list is another, or somebody was blocked: those who see us no longer learn that first, those who may
   * now learn it last.
   */
  renew(): void {
    const session = this.#session;
    if (this.#hidden === undefined) return;
    this.#due += 1;
    this.#turn = this.#turn.then(async () => {
      if (this.#hidden === undefined || this.#made === this.#due) return;
      const next = new Set(whoMaySee(session, this.#wished));
      for (const address of this.#allowed)
        if (!next.has(address)) session.send(xml("presence", { to: address, type: "unavailable" }));
      await this.#activate();
      session.announceAgain();
    });
    this.#turn = this.#turn.catch((error: unknown) => {
      session.environment.log.warn("the list of who may see us could not be changed", { error });
    });
  }

  /** Renews it where it names others than it should. */
  compare(): void {
    const now = whoMaySee(this.#session, this.#wished);
    const allowed = this.#allowed;
    if (now.length !== allowed.length || now.some((address, index) => address !== allowed[index])) this.renew();
  }

  presenceSent(isSeen: boolean): void {
    this.#isSeen = isSeen;
  }

  ended(): void {
    this.#hidden = undefined;
    this.#isSeen = false;
    this.#made = this.#due;
    this.#allowed = [];
  }

  async #activate(): Promise<void> {
    const session = this.#session;
    const version = this.#due;
    const next = whoMaySee(session, this.#wished);
    const blocked = await ownBlocks(session);
    await session.request("set", query(xml("list", { name: listName }, ...items(blocked, next))));
    await session.request("set", query(xml("active", { name: listName })));
    this.#allowed = next;
    this.#made = version;
  }
}

/** These say nothing about what the server can. */
const passing: ReadonlySet<string> = new Set(["timed-out", "connection-lost", "cancelled", "offline"]);

/** Whom a list has to name. Addresses of whole servers are left out: some take them for everybody there. */
function whoMaySee(session: ExtensionHost, audience: Audience): readonly Address[] {
  if (audience !== "groups") return [];
  const found: Address[] = [];
  for (const item of session.contacts.values()) {
    const { address, subscription } = item;
    if (found.length >= maxAllowed) break;
    if (isGrouped(item) && address.includes("@") && (subscription === "from" || subscription === "both"))
      found.push(address);
  }
  return found;
}

/**
 * An active list counts in place of the default one, so what that one denies is denied first. Errors: those of
 * requests.
 */
async function ownBlocks(session: ExtensionHost): Promise<readonly Element[]> {
  const lists = childOf(await session.request("get", query()), "query", nsPrivacy);
  const name = lists && childOf(lists, "default", nsPrivacy)?.attrs["name"];
  if (name === undefined || name === listName) return [];
  const answer = childOf(await session.request("get", query(xml("list", { name }))), "query", nsPrivacy);
  const list = answer && childOf(answer, "list", nsPrivacy);
  return (list?.getChildren("item", nsPrivacy) ?? [])
    .filter((item) => item.attrs["action"] === "deny")
    .slice(0, maxBlocked);
}

/**
 * Section 2.3: in order, the first that fits decides. Only presence that tells where we are is held back; asking to see
 * somebody is not.
 */
function items(blocked: readonly Element[], allowed: readonly Address[]): readonly Element[] {
  const own = [
    ...allowed.map((value) => ({ type: "jid", value, action: "allow" })),
    ...(["from", "both"] as const).map((value) => ({ type: "subscription", value, action: "deny" })),
  ];
  return [
    ...blocked.map(({ attrs: { type, value }, children }, order) =>
      xml(
        "item",
        { type, value, action: "deny", order: String(order) },
        ...children.filter((child) => typeof child !== "string").map(({ name }) => xml(name)),
      ),
    ),
    ...own.map((item, index) => xml("item", { ...item, order: String(blocked.length + index) }, xml("presence-out"))),
  ];
}

function query(child?: Element): Element {
  return xml("query", { xmlns: nsPrivacy }, child);
}
