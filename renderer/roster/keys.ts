import type { TreeRows } from "./tree.ts";

/** Effect of a key in the tree (WAI-ARIA Authoring Practices, tree view). */
export type TreeMove = { readonly to: number } | { readonly fold: string } | { readonly unfold: string } | undefined;

/** How many rows Page Up and Page Down move. */
export const pageRows = 10;

export function treeMove(key: string, rows: TreeRows, at: number): TreeMove {
  const last = rows.length - 1;
  const row = rows.at(at);
  const to = (index: number): TreeMove => ({ to: Math.max(0, Math.min(last, index)) });
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "Home":
      return to(0);
    case "End":
      return to(last);
    case "PageDown":
      return to(at + pageRows);
    case "PageUp":
      return to(at - pageRows);
    case "ArrowRight":
      if (row?.kind !== "group") return undefined;
      return row.expanded ? to(at + 1) : { unfold: row.key };
    case "ArrowLeft":
      if (row?.kind === "group") return row.expanded ? { fold: row.key } : undefined;
      return to(rows.groupIndexOf(at));
    default:
      return undefined;
  }
}
