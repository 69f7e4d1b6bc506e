import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import type { TablesWriter } from "./tables.ts";

/** Rules of policy for a conversation. */
export interface Governance {
  /** The organization keeps a copy of it (ArchiveScope). */
  readonly archived: (place: ConversationPlace) => boolean;
  /** It is kept as HistoryMode says (HistoryScope). */
  readonly kept: (place: ConversationPlace) => boolean;
}

/** The conversations that the window has open. What holds for them it is to know before the first word is said. */
export interface OpenChats {
  has(id: ConversationId): boolean;
  open(id: ConversationId, place: ConversationPlace): void;
  close(id: ConversationId): void;
  /** Applies a change of policy about conversations. */
  govern(): void;
}

export function createOpenChats(tables: TablesWriter, { archived, kept }: Governance): OpenChats {
  const opened = new Map<ConversationId, ConversationPlace>();

  function tell(field: "archived" | "unkept", holds: (place: ConversationPlace) => boolean): void {
    const ids = [...opened].filter(([, place]) => holds(place)).map(([id]) => id);
    tables.patch("app", "app", { [field]: ids.length === 0 ? null : ids });
  }

  function govern(): void {
    tell("archived", archived);
    tell("unkept", (place) => !kept(place));
  }

  return {
    has: (id) => opened.has(id),
    open(id, place) {
      opened.set(id, place);
      govern();
    },
    close(id) {
      opened.delete(id);
      govern();
    },
    govern,
  };
}
