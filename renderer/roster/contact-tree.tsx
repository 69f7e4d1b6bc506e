import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ContactId } from "../../shared/model/contact.ts";
import { contactIdOf, conversationWith } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { blockOf } from "../state/blocks.ts";
import { networkName } from "../state/networks.ts";
import { presenceOf } from "../state/presence.ts";
import { Icon } from "../widgets/icons.tsx";
import { isMenuKey } from "../widgets/menu.tsx";
import { useVirtual } from "../widgets/virtual.ts";
import { ContactLine, contactLabel } from "./contact-row.tsx";
import { treeMove } from "./keys.ts";
import type { KnownPlace } from "./model.ts";
import type { ContactRow, GroupRow, RowPlace, TreeRow, TreeRows } from "./tree.ts";

const groupHeight = 30;
const contactHeight = 46;
/** How long typed letters count as one word, in milliseconds. */
const typeaheadTime = 700;

/** The row with the tab stop, as it was chosen; without `id` it is a group's, or main has not said yet whose it is. */
type Active = RowPlace & { readonly id?: ContactId | undefined };

/** The contact list as an ARIA tree of which only the rows in view are drawn; one row has the tab stop. */
export function ContactTree() {
  const { roster, ui, actions, words } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<Active | undefined>(undefined);
  /** Where the active row stood last: its neighbour there takes its place when it is gone. */
  const lastAt = useRef(0);
  const refocus = useRef(false);
  const isChosen = useRef(false);
  const typed = useRef({ text: "", at: 0 });
  const rows = roster.rows.value;
  const conversation = ui.conversationId.value;
  const open = conversation === undefined ? undefined : contactIdOf(conversation);
  const activeAt = indexOf(rows, { active, open, places: roster.places.value, lastAt: lastAt.current });
  lastAt.current = activeAt;
  const stop = rows.at(activeAt);
  const stopId = stop?.kind === "contact" ? stop.id : undefined;

  // The same function for the same rows: another one has every row of the list measured again, at each step of a
  // scroll.
  const keyOf = useCallback((index: number) => rows.keyOf(index), [rows]);
  const list = useVirtual({
    scroller,
    count: rows.length,
    estimate: (index) => (rows.isGroup(index) ? groupHeight : contactHeight),
    keyOf,
    always: activeAt,
  });
  const items = list.getVirtualItems();
  const range = list.range;

  // With the drawing itself: what is drawn next comes with the next update.
  useLayoutEffect(() => {
    const find = [active?.id, open].filter((id) => id !== undefined);
    roster.draw({ from: range?.startIndex ?? 0, to: (range?.endIndex ?? 0) + 1, stop: activeAt, find });
  }, [roster, range?.startIndex, range?.endIndex, activeAt, active?.id, open]);
  useEffect(() => () => roster.draw(undefined), [roster]);

  const toggle = (key: string): void => {
    const next = new Set(ui.collapsed.peek());
    if (!next.delete(key)) next.add(key);
    ui.collapsed.value = next;
  };
  const goTo = (index: number): void => {
    const row = roster.rows.peek().at(index);
    if (row === undefined) return;
    refocus.current = true;
    isChosen.current = false;
    setActive(placeOf(row));
    list.scrollToIndex(index, { align: "auto" });
  };
  // With the drawing itself: the next key may come before an effect would run. A row that main has not said yet whose it
  // is becomes another one then, and has to have the focus again.
  useLayoutEffect(() => {
    if (!refocus.current) return;
    refocus.current = stop?.kind === "contact" && stop.id === undefined;
    const { activeElement } = document;
    const isElsewhere = activeElement !== document.body && scroller.current?.contains(activeElement) === false;
    if (isElsewhere && activeElement?.matches('[role="searchbox"], input[type="search"]') === false) return;
    scroller.current?.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus({ preventScroll: true });
  });

  const choose = (row: TreeRow): void => {
    setActive(placeOf(row));
    if (row.kind === "group") toggle(row.key);
    else if (row.id === undefined) isChosen.current = true;
    else actions.openConversation(conversationWith(row.id));
  };
  // Main has said whose the row with the tab stop is.
  useLayoutEffect(() => {
    if (stop?.kind !== "contact" || stopId === undefined || active === undefined || active.id !== undefined) return;
    if (active.at === undefined) return;
    setActive(placeOf(stop));
    if (!isChosen.current) return;
    isChosen.current = false;
    actions.openConversation(conversationWith(stopId));
  }, [stopId, active]);
  const menuFor = (row: ContactRow, x: number, y: number): void => {
    setActive(placeOf(row));
    if (row.id !== undefined) ui.menu.value = { contactId: row.id, x, y };
  };
  const typeAhead = (letter: string): void => {
    const now = performance.now();
    const text = now - typed.current.at < typeaheadTime ? typed.current.text + letter : letter;
    const mine = { text, at: now };
    typed.current = mine;
    roster.typeahead(text, activeAt).then(
      (found) => {
        if (found !== -1 && typed.current === mine) goTo(found);
      },
      () => undefined, // Covered meanwhile: nothing is looked for.
    );
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows.at(activeAt);
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const rtl = words.peek().direction === "rtl";
    const key =
      rtl && event.key === "ArrowLeft" ? "ArrowRight" : rtl && event.key === "ArrowRight" ? "ArrowLeft" : event.key;
    const move = treeMove(key, rows, activeAt);
    // An answer to letters typed before it would take the person away from where this key leads.
    if ([...key].length !== 1) typed.current = { text: "", at: 0 };
    if (move !== undefined) {
      if ("to" in move) goTo(move.to);
      else toggle("fold" in move ? move.fold : move.unfold);
    } else if (event.key === "Enter" || event.key === " ") choose(row);
    else if (isMenuKey(event)) {
      if (row.kind !== "contact" || !(event.target instanceof HTMLElement)) return;
      const box = event.target.getBoundingClientRect();
      menuFor(row, box.left + 48, box.top + 24);
    } else if (!editByKey(event.key, stopId)) {
      if ([...event.key].length !== 1) return;
      typeAhead(event.key);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const editByKey = useEditByKey();

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
            row,
            top: item.start,
            focusable: item.index === activeAt,
            onChoose: () => choose(row),
            onFocus: () => setActive(placeOf(row)),
          };
          return row.kind === "group" ? (
            <GroupItem key={item.key} {...shared} row={row} />
          ) : (
            <ContactItem
              key={item.key}
              {...shared}
              row={row}
              selected={row.id !== undefined && row.id === open}
              onMenu={(x, y) => menuFor(row, x, y)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** F2 and Delete, for somebody on the list. True: it was one of them. */
function useEditByKey(): (key: string, id: ContactId | undefined) => boolean {
  const { replica, ui } = useApp();
  return (key, id) => {
    if (id === undefined || replica.contacts.peek(id)?.listed !== true) return false;
    if (key === "F2") ui.dialog.value = { kind: "rename", contactId: id };
    else if (key === "Delete") ui.dialog.value = { kind: "remove-contact", contactId: id };
    else return false;
    return true;
  };
}

function placeOf(row: TreeRow): Active {
  return row.kind === "group" ? { group: row.key } : { group: row.group, at: row.at, id: row.id };
}

/**
 * The row with the tab stop: the active one, the same person in another group (pinned, moved), its neighbour, or the
 * open chat.
 */
function indexOf(
  rows: TreeRows,
  {
    active,
    open,
    places,
    lastAt,
  }: {
    readonly active: Active | undefined;
    readonly open: ContactId | undefined;
    readonly places: readonly KnownPlace[];
    readonly lastAt: number;
  },
): number {
  const of = (id: ContactId, group?: string): number => {
    const drawn = rows.find(id, group);
    if (drawn !== -1) return drawn;
    const place = places.find((one) => one.id === id && (group === undefined || one.group === group));
    return place === undefined ? -1 : rows.indexOf(place);
  };
  if (active === undefined) return open === undefined ? 0 : Math.max(0, of(open));
  const here = active.id === undefined ? rows.indexOf(active) : of(active.id, active.group);
  if (here !== -1) return here;
  const moved = active.id === undefined ? -1 : of(active.id);
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
  // Counters follow presence, and no row is drawn anew for it.
  const { total = row.total, online } = replica.groups.get(row.key) ?? {};
  const params = { name: row.name, online: online ?? 0, total };
  const isKnown = online !== undefined;
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
          : words.value.t("roster.groupOfLabel", { name: row.name, count: total })
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
