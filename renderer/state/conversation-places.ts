import type { ContactRecord } from "../../shared/model/contact.ts";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { ConversationRecord } from "../../shared/model/message.ts";
import type { Table } from "./table.ts";

interface Records {
  readonly conversations: Pick<Table<ConversationRecord>, "get">;
  readonly contacts: Pick<Table<ContactRecord>, "get">;
}

/**
 * Places of conversations: out of their records, else out of those of the contacts that they are with. A place that was
 * looked up stays known, for a chat may be open whose contact is taken off the list.
 */
export class ConversationPlaces {
  readonly #records: Records;
  readonly #known = new Map<ConversationId, ConversationPlace>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** Undefined until main has told of the conversation or of its contact. Followed by whoever draws it. */
  of(id: ConversationId): ConversationPlace | undefined {
    const found = this.#find(id);
    if (found !== undefined) this.#known.set(id, found);
    return found ?? this.#known.get(id);
  }

  #find(id: ConversationId): ConversationPlace | undefined {
    const record = this.#records.conversations.get(id);
    if (record !== undefined) return { accountId: record.accountId, kind: record.kind, address: record.address };
    const contact = contactOf(id, (contactId) => this.#records.contacts.get(contactId));
    return contact && { accountId: contact.accountId, kind: "direct", address: contact.address };
  }
}
