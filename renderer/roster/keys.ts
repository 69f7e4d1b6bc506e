import { fold } from "./fold.ts";
import type { TreeRow } from "./tree.ts";

/** Effect of a key in the tree (WAI-ARIA Authoring Practices, tree view). */
export type TreeMove = { readonly to: number } | { readonly fold: string } | { readonly unfold: string } | undefined;

/** How many rows Page Up and Page Down move. */
const pageRows = 10;

export function treeMove(key: string, rows: readonly TreeRow[], at: number): TreeMove {
  const last = rows.length - 1;
  const row = rows[at];
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
      return to(rows.findLastIndex((other, index) => index < at && other.kind === "group"));
    default:
      return undefined;
  }
}

/** The next row whose name begins with what was typed, going round; -1 when there is none. */
export function typeahead(
  text: string,
  rows: readonly TreeRow[],
  at: number,
  nameOf: (row: TreeRow) => string,
): number {
  const wanted = fold(text);
  // One letter, again and again, goes on to the next name with it; more letters may stay where they are.
  const from = [...wanted].length > 1 ? 0 : 1;
  for (let distance = from; distance <= rows.length; distance++) {
    const index = (at + distance) % rows.length;
    const row = rows[index];
    if (row !== undefined && fold(nameOf(row)).startsWith(wanted)) return index;
  }
  return -1;
}
