import { useRef } from "preact/hooks";
import { contactIdOf } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { activeRowOf } from "./active-row.ts";
import { ContactItem } from "./contact-item.tsx";
import { GroupItem } from "./group-item.tsx";
import type { ContactRow } from "./tree.ts";
import { useRowChoice } from "./use-row-choice.ts";
import { useRowFocus } from "./use-row-focus.ts";
import { useTreeKeys } from "./use-tree-keys.ts";
import { useTreeRows } from "./use-tree-rows.ts";

/** The contact list as an ARIA tree of which only the rows in view are drawn; one row has the tab stop. */
export function ContactTree() {
  const { roster, ui, words } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const conversation = ui.conversationId.value;
  const open = conversation === undefined ? undefined : contactIdOf(conversation);
  const toggle = (group: string): void => {
    const next = new Set(ui.collapsed.peek());
    if (!next.delete(group)) next.add(group);
    ui.collapsed.value = next;
  };
  // Their effects run in this order: what is drawn, then the focus on it, then what was chosen of it.
  const tree = useTreeRows(scroller, open);
  const { rows, list, items, activeAt, setActive } = tree;
  const focusActive = useRowFocus(scroller, rows.at(activeAt));
  const { choose, withdraw } = useRowChoice(tree, toggle);

  const goTo = (index: number): void => {
    const row = roster.rows.peek().at(index);
    if (row === undefined) return;
    focusActive();
    withdraw();
    setActive(activeRowOf(row));
    list.scrollToIndex(index, { align: "auto" });
  };
  const openMenu = (row: ContactRow, x: number, y: number): void => {
    setActive(activeRowOf(row));
    if (row.id !== undefined) ui.menu.value = { contactId: row.id, x, y };
  };
  const onKeyDown = useTreeKeys(tree, { goTo, toggle, choose, openMenu });

  return (
    <div ref={scroller} class="tree-scroll">
      <div
        class="tree"
        role="tree"
        aria-label={words.value.t("roster.tree")}
        style={{ height: `${list.getTotalSize()}px` }}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => {
          const row = rows.at(item.index);
          if (row === undefined) return null;
          const shared = {
            top: item.start,
            focusable: item.index === activeAt,
            onChoose: () => choose(row),
            onFocus: () => setActive(activeRowOf(row)),
          };
          return row.kind === "group" ? (
            <GroupItem key={item.key} {...shared} row={row} />
          ) : (
            <ContactItem
              key={item.key}
              {...shared}
              row={row}
              selected={row.id !== undefined && row.id === open}
              onMenu={(x, y) => openMenu(row, x, y)}
            />
          );
        })}
      </div>
    </div>
  );
}
