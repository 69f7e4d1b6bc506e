import { HallwayError } from "../../shared/errors.ts";
import type { Args, Page, Result } from "../../shared/ipc/contract.ts";
import type { AccountId } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import { type ConversationId, type ConversationPlace, directConversation } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import { parseAddress } from "../addressing/parse-address.ts";
import type { History } from "../history/history.ts";
import type { Connections } from "../networks/connections.ts";
import { draftEntry } from "../profile/drafts.ts";
import type { Profile } from "../profile/profile.ts";
import type { Contacts } from "./contacts.ts";
import type { Conversations } from "./conversations.ts";
import { placeIn, type Tables } from "./tables.ts";

/** Conversations as the window asks for them. Error: `not-found` where the peer is not known, as strangers are not. */
export interface ConversationViews {
  /** Opens a conversation with an address. Errors: `invalid-address`, and those of `mayTalk`. */
  start(accountId: AccountId, address: string): Promise<ConversationId>;
  /** Which account has a conversation, and whom it is with. */
  place(conversationId: ConversationId): ConversationPlace;
  open(query: Args<"conversations.open">): Promise<Page>;
  page(query: Args<"conversations.page">): Promise<Page>;
  close(conversationId: ConversationId): void;
  saveDraft(conversationId: ConversationId, text: string): Promise<void>;
  search(query: Args<"history.search">): Promise<Result<"history.search">>;
}

export function createConversationViews(parts: {
  readonly tables: Tables;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly history: Pick<History, "conversations" | "page" | "search">;
  readonly profile: Pick<Profile, "put">;
  readonly connections: Pick<Connections, "protocol">;
  /** Throws `blocked-by-policy` where one may not talk with them; the network refuses it in any case. */
  readonly mayTalk: (address: Address) => void;
  /** An own message with the state of its latest change. */
  readonly marked: (record: MessageRecord) => MessageRecord;
}): ConversationViews {
  const { tables, contacts, conversations, history, profile, connections, mayTalk, marked } = parts;

  /** Leaves messages of strangers unread until they are accepted. */
  function requireContact(id: ConversationId): ConversationPlace {
    const place = placeIn(tables, id);
    if (!place || !contactOf(id, (contact) => tables.get("contacts", contact))) throw new HallwayError("not-found");
    return place;
  }

  async function page(query: Parameters<History["page"]>[0]): Promise<Page> {
    const found = await history.page(query);
    return { ...found, messages: found.messages.map(marked) };
  }

  return {
    async start(accountId, address) {
      const protocol = connections.protocol(accountId);
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, protocol);
      if (parsed.protocol && parsed.protocol !== protocol) throw new HallwayError("invalid-address");
      mayTalk(parsed.address);
      contacts.ensure(accountId, protocol, parsed.address);
      const id = directConversation(accountId, parsed.address);
      conversations.show(id);
      // They may have written before, as a stranger.
      const summary = (await history.conversations()).find((one) => one.conversationId === id);
      if (summary) conversations.summary(summary);
      return id;
    },
    place: requireContact,
    async open({ conversationId, around, limit }) {
      requireContact(conversationId);
      conversations.open(conversationId);
      const target = around ?? tables.get("conversations", conversationId)?.firstUnread;
      return page({ conversationId, limit, ...(target === undefined ? {} : { around: target }) });
    },
    async page({ conversationId, limit, before, after, around, oldest }) {
      requireContact(conversationId);
      return page({
        conversationId,
        limit,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...(around === undefined ? {} : { around }),
        ...(oldest === undefined ? {} : { oldest }),
      });
    },
    close: (conversationId) => conversations.close(conversationId),
    async saveDraft(conversationId, text) {
      const place = requireContact(conversationId);
      conversations.draft(conversationId, text);
      await profile.put([draftEntry(conversationId, place, text)]);
    },
    async search({ text, filter, limit, beforeSeq }) {
      const { hits, ...rest } = await history.search({
        text,
        limit,
        ...(filter === undefined ? {} : { filter }),
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      // What strangers wrote stays in Requests.
      return {
        hits: hits.filter(
          ({ message }) =>
            contactOf(message.conversationId, (contact) => tables.get("contacts", contact)) !== undefined,
        ),
        ...rest,
      };
    },
  };
}
