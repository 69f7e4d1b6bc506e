import * as v from "valibot";
import { HallwayError } from "../../../shared/errors.ts";
import { AddressSchema, isPersonal } from "../../../shared/model/address.ts";
import { parseContactId } from "../../../shared/model/contact.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { tellBlocks } from "../../accounts/tell-blocks.ts";
import { parseAddress } from "../../addressing/parse-address.ts";
import type { Blocklist } from "../../store/blocklist.ts";
import type { Conversations } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import type { Handlers } from "../dispatch.ts";

export interface BlockingParts {
  readonly accounts: Accounts;
  readonly blocklist: Blocklist;
  readonly requests: Requests;
  readonly conversations: Conversations;
}

/** Requests about who is blocked. They hold here at once, also off line; the network hears of them when it can. */
export function blockingHandlers(parts: () => BlockingParts): Pick<Handlers, "contacts.block" | "contacts.unblock"> {
  return {
    async "contacts.block"({ contactId: id }) {
      const { accounts, blocklist, requests, conversations } = parts();
      const { accountId, address: written } = parseContactId(id);
      const protocol = accounts.protocol(accountId);
      if (!v.is(AddressSchema, written)) throw new HallwayError("invalid-address");
      const address = isPersonal(written) ? parseAddress(written, protocol).address : written;
      if (address === accounts.address(accountId)) throw new HallwayError("invalid-address");
      await requests.block(accountId, address);
      conversations.typing(id, false);
      await tellBlocks(accountId, accounts.connection(accountId), blocklist);
      return {};
    },
    async "contacts.unblock"({ blockId }) {
      const { accounts, blocklist } = parts();
      const { accountId } = parseContactId(blockId);
      await blocklist.unblock(blockId);
      await tellBlocks(accountId, accounts.connection(accountId), blocklist);
      return {};
    },
  };
}
