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
    /** For whom the list that is active was made; undefined: none is. */
    let hidden: Audience | undefined;
    /** Whom the list at the server names. */
    let allowed: readonly Address[] = [];
    let isSeen = false;
    /** Grows whenever the list has to be another; `made`: for which it was made. */
    let due = 0;
    let made = 0;
    /** Changes of the list take turns. */
    let turn: Promise<void> = Promise.resolve();

    const audience = () => session.environment.rules.audience();

    async function activate(): Promise<void> {
      const version = due;
      const next = whoMaySee(session, audience());
      const blocked = await ownBlocks(session);
      await session.request("set", query(xml("list", { name: listName }, ...items(blocked, next))));
      await session.request("set", query(xml("active", { name: listName })));
      allowed = next;
      made = version;
    }

    /**
     * The contact list is another, or somebody was blocked: those who see us no longer learn that first, those who may
     * now learn it last.
     */
    function renew(): void {
      if (hidden === undefined) return;
      due += 1;
      turn = turn.then(async () => {
        if (hidden === undefined || made === due) return;
        const next = new Set(whoMaySee(session, audience()));
        for (const address of allowed)
          if (!next.has(address)) session.send(xml("presence", { to: address, type: "unavailable" }));
        await activate();
        session.announceAgain();
      });
      turn = turn.catch((error: unknown) => {
        session.environment.log.warn("the list of who may see us could not be changed", { error });
      });
    }

    function compare(): void {
      const now = whoMaySee(session, audience());
      if (now.length !== allowed.length || now.some((address, index) => address !== allowed[index])) renew();
    }

    return {
      requests: {
        // Section 2.10: another list was changed; who is blocked by the one that usually counts is blocked by ours too.
        [`set ${nsPrivacy}`]: {
          from: ownServer,
          answer: (payload) => {
            if (childOf(payload, "list", nsPrivacy)?.attrs["name"] !== listName) renew();
            return undefined;
          },
        },
      },
      precondition: {
        wanted: () => made !== due || audience() !== (hidden ?? "contacts"),
        async pass() {
          // Nothing is said to those of the list before.
          await turn;
          if (made === due && audience() === (hidden ?? "contacts")) return;
          if (isSeen) session.send(xml("presence", { type: "unavailable" }));
          isSeen = false;
          if (audience() === "contacts") {
            await session.request("set", query(xml("active")));
            hidden = undefined;
            made = due;
            return;
          }
          try {
            if (!session.discovery.offers(nsPrivacy)) throw new HallwayError("unsupported");
            await activate();
          } catch (error) {
            if (error instanceof HallwayError && passing.has(error.code)) throw error;
            throw new HallwayError("blocked-by-policy", { setting: "PresenceSharing", host: session.domain }, error);
          }
          hidden = audience();
          compare();
        },
      },
      contactsChanged: compare,
      presenceSent: (presence) => {
        isSeen = presence.availability !== "offline";
      },
      ended: () => {
        hidden = undefined;
        isSeen = false;
        made = due;
        allowed = [];
      },
      commands: { audience: () => hidden ?? "contacts" },
    };
  },
});

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
