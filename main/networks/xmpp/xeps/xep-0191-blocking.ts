import xml, { type Element } from "@xmpp/xml";
import { toErrorInfo } from "../../../../shared/errors.ts";
import type { BlockingFacet } from "../../facets/blocking.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { parseJid } from "../jid.ts";
import { ownServer } from "../senders.ts";
import { childOf } from "../xml/element.ts";

const nsBlocking = "urn:xmpp:blocking";
/** Entries that are read of a list. */
const maxItems = 10_000;

/**
 * Blocking Command: the server keeps people away for all of the account's devices; they learn nothing. The list is
 * asked for in each new session (section 3.2), from which on the server tells what other devices change about it
 * (section 3.3).
 */
export const blocking = defineExtension({
  name: "XEP-0191: Blocking Command",
  features: [],
  attach: (session) => {
    const change = async (command: "block" | "unblock", jid: string): Promise<void> => {
      await session.request("set", xml(command, nsBlocking, xml("item", { jid })));
    };
    const facet: BlockingFacet = {
      everyDevice: true,
      block: (address) => change("block", address),
      async unblock(address) {
        try {
          await change("unblock", address);
        } catch (error) {
          // Section 3.5 has no error for it, but some servers say that there is no such item.
          if (toErrorInfo(error).code !== "recipient-unknown") throw error;
        }
        // Section 3.5: "the user's server MUST send the user's current presence information to the contact". ejabberd
        // 23.01 does not.
        session.announceAgain();
      },
    };
    return {
      requests: { [`set ${nsBlocking}`]: { from: ownServer, answer: (payload) => pushed(session, payload) } },
      discovered: () => {
        session.facetsChanged();
        if (session.discovery.offers(nsBlocking)) void fetchList(session);
      },
      facets: { blocking: () => (session.discovery.offers(nsBlocking) ? facet : undefined) },
    };
  },
});

async function fetchList(session: ExtensionHost): Promise<void> {
  try {
    // Without a limit of its own: of a list that is cut short, the rest would count as unblocked.
    const list = childOf(
      await session.request("get", xml("blocklist", nsBlocking), { large: true }),
      "blocklist",
      nsBlocking,
    );
    if (list) session.emit({ type: "block-list", addresses: addressesOf(session, list) });
  } catch (error) {
    session.environment.log.info("the block list could not be read", { error: toErrorInfo(error).code });
  }
}

function pushed(session: ExtensionHost, payload: Element): undefined {
  const addresses = addressesOf(session, payload);
  if (payload.name === "block" && addresses.length > 0)
    session.emit({ type: "block-changed", addresses, isBlocked: true });
  if (payload.name !== "unblock") return;
  // Section 3.6: "an empty <unblock/> element" takes everything off the list.
  if (payload.getChildren("item", nsBlocking).length === 0) session.emit({ type: "block-list", addresses: [] });
  else if (addresses.length > 0) session.emit({ type: "block-changed", addresses, isBlocked: false });
}

/**
 * The addresses of a list as we write them. One that is none costs itself alone, and the own account is not blocked by
 * its own list.
 */
function addressesOf(session: ExtensionHost, list: Element): readonly string[] {
  const found = new Set<string>();
  for (const item of list.getChildren("item", nsBlocking)) {
    const jid = parseJid(item.attrs["jid"]);
    if (!jid) session.refuse("an entry of the block list that is no address");
    else if (jid.bare !== session.address && found.size < maxItems) found.add(jid.full);
  }
  return [...found];
}
