import { HallwayError } from "../../../shared/errors.ts";
import type { Page } from "../../../shared/ipc/contract.ts";
import type { Address } from "../../../shared/model/address.ts";
import { type ContactId, type ContactRecord, parseContactId } from "../../../shared/model/contact.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { parseAddress } from "../../addressing/parse-address.ts";
import type { FirstMessages } from "../../enforcement/first-messages.ts";
import type { ContentGuard } from "../../guard/pipeline.ts";
import type { History } from "../../history/history.ts";
import type { OwnChanges } from "../../messaging/own-changes.ts";
import type { Turns } from "../../messaging/turns.ts";
import type { Profile } from "../../profile/profile.ts";
import type { Contacts } from "../../store/contacts.ts";
import type { Conversations } from "../../store/conversations.ts";
import type { Requests } from "../../store/requests.ts";
import type { Tables } from "../../store/tables.ts";
import type { Handlers } from "../dispatch.ts";

type ConversationHandlers = Pick<
  Handlers,
  | "conversations.start"
  | "conversations.open"
  | "conversations.page"
  | "conversations.close"
  | "conversations.markRead"
  | "conversations.draft"
  | "conversations.typing"
  | "messages.send"
  | "messages.retry"
  | "history.search"
>;

export interface ConversationParts {
  readonly tables: Tables;
  readonly accounts: Accounts;
  readonly contacts: Contacts;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly history: History;
  readonly profile: Profile;
  readonly guard: ContentGuard;
  readonly ownChanges: OwnChanges;
  readonly now: () => number;
  /** What the person says and changes in a conversation takes effect in the order in which they do it. */
  readonly inTurn: Turns<ContactId>;
  /**
   * Throws `blocked-by-policy` where one may not talk with them, before anything is stored; the network refuses it in
   * any case.
   */
  readonly mayTalk: (address: Address) => void;
  /** The same, where nothing may be said to them. */
  readonly mayWrite: (id: ContactId) => void;
  readonly firstMessages: () => FirstMessages;
  /** The person allows telling others what was read, and that they are typing. */
  readonly sendReceipts: () => boolean;
  readonly sendTyping: () => boolean;
}

/** Read receipts sent for one act of reading; older ones are implied. */
const maxReceipts = 20;

/** Requests about conversations, their messages, and the history. */
export function conversationHandlers(parts: () => ConversationParts): ConversationHandlers {
  function contact(id: ContactId): ContactRecord {
    const record = parts().tables.get("contacts", id);
    if (!record) throw new HallwayError("not-found");
    return record;
  }

  /**
   * Only people on the list learn that we type or have read; an address that a chat was opened with is still a
   * stranger's.
   */
  function acquainted(id: ContactId): boolean {
    return parts().tables.get("contacts", id)?.listed === true;
  }

  /** With what is the matter with own changes. */
  function marked(page: Page): Page {
    return { ...page, messages: page.messages.map(parts().ownChanges.marked) };
  }

  return {
    async "conversations.start"({ accountId, address }) {
      const { accounts, contacts, conversations, history } = parts();
      const protocol = accounts.protocol(accountId);
      const parsed = contacts.known(accountId, address) ?? parseAddress(address, protocol);
      if (parsed.protocol && parsed.protocol !== protocol) throw new HallwayError("invalid-address");
      parts().mayTalk(parsed.address);
      const { id } = contacts.ensure(accountId, protocol, parsed.address);
      conversations.show(id);
      // They may have written before, as a stranger.
      const summary = (await history.conversations()).find((one) => one.conversationId === id);
      if (summary) conversations.summary(summary);
      return { conversationId: id };
    },
    async "conversations.open"({ conversationId, around, limit }) {
      const { history, conversations, tables } = parts();
      contact(conversationId);
      conversations.open(conversationId);
      const target = around ?? tables.get("conversations", conversationId)?.firstUnread;
      return marked(await history.page({ conversationId, limit, ...(target === undefined ? {} : { around: target }) }));
    },
    async "conversations.page"({ conversationId, limit, before, after, around, oldest }) {
      // What strangers wrote is not read before they are accepted.
      contact(conversationId);
      const page = await parts().history.page({
        conversationId,
        limit,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...(around === undefined ? {} : { around }),
        ...(oldest === undefined ? {} : { oldest }),
      });
      return marked(page);
    },
    "conversations.close"({ conversationId }) {
      parts().conversations.close(conversationId);
      return {};
    },
    async "conversations.markRead"({ conversationId, messageId }) {
      const { history, conversations, accounts, sendReceipts } = parts();
      const { summary, readWireIds } = await history.markRead(conversationId, messageId);
      conversations.summary(summary);
      const { accountId, address } = parseContactId(conversationId);
      const connection = accounts.connection(accountId);
      if (sendReceipts() && acquainted(conversationId))
        for (const wireId of readWireIds.slice(-maxReceipts))
          connection?.sendReceipt?.({ to: address, messageId: wireId, kind: "read" });
      return {};
    },
    async "conversations.draft"({ conversationId, text }) {
      contact(conversationId);
      const { conversations, profile } = parts();
      conversations.draft(conversationId, text);
      await profile.put([{ namespace: "draft", key: conversationId, value: text === "" ? undefined : text }]);
      return {};
    },
    "conversations.typing"({ conversationId, active }) {
      const { accountId, address } = contact(conversationId);
      if (parts().sendTyping() && acquainted(conversationId))
        parts().accounts.connection(accountId)?.sendTyping?.(address, active);
      return {};
    },
    "messages.send": ({ conversationId, messageId, body: typed, confirm }) =>
      parts().inTurn(conversationId, async () => {
        const { accountId, address } = contact(conversationId);
        if (typed.trim() === "") throw new HallwayError("message-empty");
        parts().mayWrite(conversationId);
        const body = parts().guard.outgoing({
          own: parts().accounts.address(accountId),
          peer: address,
          body: typed,
          confirm,
        });
        // Nobody is new with whom something was said before, by either side.
        if (!parts().tables.get("conversations", conversationId)?.last) parts().firstMessages().admit();
        const record = await parts().conversations.addOwn(messageId, conversationId, accountId, body);
        if (record.state === "waiting") parts().accounts.outbox(accountId)?.add(record);
        parts().requests.written(accountId, address);
        return record;
      }),
    async "messages.retry"({ messageId }) {
      const { history, conversations, accounts, inTurn } = parts();
      const found = await history.get(messageId);
      if (found?.direction !== "out") throw new HallwayError("not-found");
      return inTurn(found.conversationId, async () => {
        const change = parts().ownChanges.again(messageId);
        if (change) accounts.outbox(found.accountId)?.addChange(change);
        const old = await history.get(messageId);
        if (old?.retracted === true || old?.state !== "failed") return {};
        parts().mayWrite(old.conversationId);
        const record = await history.setState(messageId, old.conversationId, "waiting");
        if (!record) throw new HallwayError("not-found");
        conversations.changed(record);
        accounts.outbox(record.accountId)?.add(record);
        return {};
      });
    },
    async "history.search"({ text, filter, limit, beforeSeq }) {
      const { hits, ...rest } = await parts().history.search({
        text,
        limit,
        ...(filter === undefined ? {} : { filter }),
        ...(beforeSeq === undefined ? {} : { beforeSeq }),
      });
      // What strangers wrote stays in Requests.
      return {
        hits: hits.filter(({ message }) => parts().tables.get("contacts", message.conversationId) !== undefined),
        ...rest,
      };
    },
  };
}
