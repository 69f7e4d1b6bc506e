import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { networkName } from "../state/networks.ts";
import { presenceOf } from "../state/presence.ts";
import { ContactLine, contactLabel } from "./contact-row.tsx";
import type { ItemProps } from "./group-item.tsx";
import type { ContactRow } from "./tree.ts";

/** Row of a person. */
export function ContactItem({
  row,
  top,
  focusable,
  selected,
  onChoose,
  onFocus,
  onMenu,
}: ItemProps & {
  readonly row: ContactRow;
  readonly selected: boolean;
  readonly onMenu: (x: number, y: number) => void;
}) {
  const { replica, words, clock } = useApp();
  const { id } = row;
  const contact = id === undefined ? undefined : replica.contacts.get(id);
  const conversation = id === undefined ? undefined : replica.conversations.get(conversationWith(id));
  const isBlocked = id !== undefined && blockOf(replica, id) !== undefined;
  return (
    <div
      role="treeitem"
      class={`tree-row contact-row${selected ? " selected" : ""}${isBlocked ? " blocked" : ""}`}
      aria-level={2}
      aria-setsize={row.setsize}
      aria-posinset={row.posinset}
      aria-selected={selected}
      aria-label={
        contact === undefined
          ? ""
          : contactLabel(
              {
                contact,
                network: networkName(replica, contact.protocol),
                shown: presenceOf(replica, contact),
                conversation,
                isBlocked,
              },
              words.value,
              clock.value,
            )
      }
      tabIndex={focusable ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
      onFocus={onFocus}
      onContextMenu={(event) => {
        event.preventDefault();
        // The menu key reports no place of its own; the key handler has dealt with it.
        if (event.button === 2) onMenu(event.clientX, event.clientY);
      }}
    >
      {id !== undefined && <ContactLine id={id} />}
    </div>
  );
}
