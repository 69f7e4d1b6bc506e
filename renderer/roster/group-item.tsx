import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";
import type { GroupRow } from "./tree.ts";

/** Properties of every row of the tree. */
export interface ItemProps {
  readonly top: number;
  readonly focusable: boolean;
  readonly onChoose: () => void;
  /** It has the focus, however that came to it. */
  readonly onFocus: () => void;
}

/** Row of a group. */
export function GroupItem({ row, top, focusable, onChoose, onFocus }: ItemProps & { readonly row: GroupRow }) {
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
