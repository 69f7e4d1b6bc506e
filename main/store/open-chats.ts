import type { ConversationId } from "../../shared/model/conversation-id.ts";
import type { TablesWriter } from "./tables.ts";

/** Rules of policy for a conversation. */
export interface Governance {
  /** The organization keeps a copy of it (ArchiveScope). */
  readonly archived: (id: ConversationId) => boolean;
  /** It is kept as HistoryMode says (HistoryScope). */
  readonly kept: (id: ConversationId) => boolean;
}

/** The conversations that the window has open. What holds for them it is to know before the first word is said. */
export interface OpenChats {
  has(id: ConversationId): boolean;
  open(id: ConversationId): void;
  close(id: ConversationId): void;
  /** Applies a change of policy about conversations. */
  govern(): void;
}

export function createOpenChats(tables: TablesWriter, { archived, kept }: Governance): OpenChats {
  const opened = new Set<ConversationId>();

  function tell(field: "archived" | "unkept", holds: (id: ConversationId) => boolean): void {
    const ids = [...opened].filter(holds);
    tables.patch("app", "app", { [field]: ids.length === 0 ? null : ids });
  }

  function govern(): void {
    tell("archived", archived);
    tell("unkept", (id) => !kept(id));
  }

  return {
    has: (id) => opened.has(id),
    open(id) {
      opened.add(id);
      govern();
    },
    close(id) {
      opened.delete(id);
      govern();
    },
    govern,
  };
}
