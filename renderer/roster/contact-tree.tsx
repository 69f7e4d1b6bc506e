import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ContactId } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { isOnline, presenceOf } from "../state/presence.ts";
import { Icon } from "../widgets/icons.tsx";
import { isMenuKey } from "../widgets/menu.tsx";
import { useVirtual } from "../widgets/virtual.ts";
import { ContactLine, contactLabel } from "./contact-row.tsx";
import { treeMove, typeahead } from "./keys.ts";
import type { ContactRow, GroupRow, TreeRow } from "./tree.ts";

const groupHeight = 30;
const contactHeight = 46;
/** How long typed letters count as one word, in milliseconds. */
const typeaheadTime = 700;

/** The contact list as an ARIA tree of which only the rows in view are drawn; one row has the tab stop. */
export function ContactTree() {
  const { roster, replica, ui, actions, words } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<TreeRow | undefined>(undefined);
  /** Where the active row stood last: its neighbour there takes its place when it is gone. */
  const lastAt = useRef(0);
  const refocus = useRef(false);
  const typed = useRef({ text: "", at: 0 });
  const rows = roster.rows.value;
  const open = ui.conversationId.value;
  const activeAt = indexOf(rows, { active, open, lastAt: lastAt.current });
  lastAt.current = activeAt;
  const activeKey = rows[activeAt]?.key;

  // The same function for the same rows: another one has every row of the list measured again, at each step of a
  // scroll.
  const keyOf = useCallback((index: number) => rows[index]?.key ?? String(index), [rows]);
  const list = useVirtual({
    scroller,
    count: rows.length,
    estimate: (index) => (rows[index]?.kind === "group" ? groupHeight : contactHeight),
    keyOf,
    always: activeAt,
  });

  const toggle = (key: string): void => {
    const next = new Set(ui.collapsed.peek());
    if (!next.delete(key)) next.add(key);
    ui.collapsed.value = next;
  };
  const goTo = (index: number): void => {
    const row = rows[index];
    if (row === undefined) return;
    refocus.current = true;
    setActive(row);
    list.scrollToIndex(index, { align: "auto" });
  };
  // With the drawing itself: the next key may come before an effect would run.
  useLayoutEffect(() => {
    if (!refocus.current) return;
    refocus.current = false;
    scroller.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
  });

  const choose = (row: TreeRow): void => {
    setActive(row);
    if (row.kind === "group") toggle(row.key);
    else actions.openConversation(row.id);
  };
  const menuFor = (row: ContactRow, x: number, y: number): void => {
    setActive(row);
    ui.menu.value = { contactId: row.id, x, y };
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[activeAt];
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const rtl = words.peek().direction === "rtl";
    const key =
      rtl && event.key === "ArrowLeft" ? "ArrowRight" : rtl && event.key === "ArrowRight" ? "ArrowLeft" : event.key;
    const move = treeMove(key, rows, activeAt);
    if (move !== undefined) {
      if ("to" in move) goTo(move.to);
      else toggle("fold" in move ? move.fold : move.unfold);
    } else if (event.key === "Enter" || event.key === " ") choose(row);
    else if (isMenuKey(event)) {
      if (row.kind !== "contact" || !(event.target instanceof HTMLElement)) return;
      const box = event.target.getBoundingClientRect();
      menuFor(row, box.left + 48, box.top + 24);
    } else if (event.key === "F2" && row.kind === "contact" && replica.contacts.peek(row.id)?.listed === true)
      ui.dialog.value = { kind: "rename", contactId: row.id };
    else if (event.key === "Delete" && row.kind === "contact" && replica.contacts.peek(row.id)?.listed === true)
      ui.dialog.value = { kind: "remove-contact", contactId: row.id };
    else if ([...event.key].length === 1) {
      const now = performance.now();
      typed.current = {
        text: now - typed.current.at < typeaheadTime ? typed.current.text + event.key : event.key,
        at: now,
      };
      const found = typeahead(typed.current.text, rows, activeAt, (other) =>
        other.kind === "group" ? other.name : (replica.contacts.peek(other.id)?.name ?? ""),
      );
      if (found !== -1) goTo(found);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={scroller} class="tree-scroll">
      <div
        class="tree"
        role="tree"
        aria-label={words.value.t("roster.tree")}
        style={{ height: `${list.getTotalSize()}px` }}
        onKeyDown={onKeyDown}
      >
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const shared = {
            row,
            top: item.start,
            focusable: row.key === activeKey,
            onChoose: () => choose(row),
            onFocus: () => setActive(row),
          };
          return row.kind === "group" ? (
            <GroupItem key={item.key} {...shared} row={row} />
          ) : (
            <ContactItem
              key={item.key}
              {...shared}
              row={row}
              selected={row.id === open}
              onMenu={(x, y) => menuFor(row, x, y)}
            />
          );
        })}
      </div>
    </div>
  );
}

/**
 * The row with the tab stop: the active one, the same person in another group (pinned, moved), its neighbour, or the
 * open chat.
 */
function indexOf(
  rows: readonly TreeRow[],
  {
    active,
    open,
    lastAt,
  }: { readonly active: TreeRow | undefined; readonly open: ContactId | undefined; readonly lastAt: number },
): number {
  const of = (id: ContactId | undefined): number => rows.findIndex((row) => row.kind === "contact" && row.id === id);
  if (active === undefined) return Math.max(0, of(open));
  const at = rows.findIndex(({ key }) => key === active.key);
  if (at !== -1) return at;
  const moved = active.kind === "contact" ? of(active.id) : -1;
  return moved !== -1 ? moved : Math.max(0, Math.min(lastAt, rows.length - 1));
}

interface ItemProps {
  readonly top: number;
  readonly focusable: boolean;
  readonly onChoose: () => void;
  /** It has the focus, however that came to it. */
  readonly onFocus: () => void;
}

function GroupItem({ row, top, focusable, onChoose, onFocus }: ItemProps & { readonly row: GroupRow }) {
  const { replica, words } = useApp();
  // Counters follow presence lazily.
  replica.contacts.pulse.value;
  replica.accounts.version.value;
  const known = row.members.flatMap((id) => {
    const contact = replica.contacts.peek(id);
    return contact !== undefined && replica.accounts.peek(contact.accountId)?.state === "online"
      ? [contact.presence]
      : [];
  });
  const params = { name: row.name, online: known.filter(isOnline).length, total: row.total };
  // Without a connection nobody knows how many can be reached.
  const isKnown = known.length > 0 || row.total === 0;
  return (
    <div
      role="treeitem"
      class="tree-row group-row"
      aria-level={1}
      aria-setsize={row.setsize}
      aria-posinset={row.posinset}
      aria-expanded={row.expanded}
      aria-label={
        isKnown
          ? words.value.t("roster.groupLabel", params)
          : words.value.t("roster.groupOfLabel", { name: row.name, count: row.total })
      }
      tabIndex={focusable ? 0 : -1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onChoose}
      onFocus={onFocus}
    >
      <span class="group-name" title={row.name}>
        {row.key === "pinned" ? row.name : words.value.t(isKnown ? "roster.group" : "roster.groupOf", params)}
      </span>
      <Icon name={row.expanded ? "chevronDown" : "chevronRight"} size={14} class="mirrored" />
    </div>
  );
}

function ContactItem({
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
  const contact = replica.contacts.get(row.id);
  const conversation = replica.conversations.get(row.id);
  const isBlocked = blockOf(replica, row.id) !== undefined;
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
              { contact, shown: presenceOf(replica, contact), conversation, isBlocked },
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
      <ContactLine id={row.id} />
    </div>
  );
}
