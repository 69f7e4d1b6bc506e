import type { VirtualItem } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ContactId } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { useVirtual, type VirtualList } from "../widgets/virtual.ts";
import { type ActiveRow, activeIndex } from "./active-row.ts";
import type { TreeRows } from "./tree.ts";

const groupHeight = 30;
const contactHeight = 46;

export interface DrawnTree {
  readonly rows: TreeRows;
  readonly list: VirtualList;
  /** Rows that are drawn, in CSS pixels from the top. */
  readonly items: readonly VirtualItem[];
  /** Index of the row with the tab stop. */
  readonly activeAt: number;
  readonly active: ActiveRow | undefined;
  readonly setActive: (active: ActiveRow) => void;
}

/**
 * Rows of the contact list of which those in view are drawn, and the one with the tab stop; main is told which, and
 * answers whose they are. `open`: the person of the open conversation.
 */
export function useTreeRows(scroller: RefObject<HTMLElement | null>, open: ContactId | undefined): DrawnTree {
  const { roster } = useApp();
  const [active, setActive] = useState<ActiveRow | undefined>(undefined);
  const lastAt = useRef(0);
  const rows = roster.rows.value;
  const activeAt = activeIndex(rows, { active, open, places: roster.places.value, lastAt: lastAt.current });
  lastAt.current = activeAt;

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

  return { rows, list, items, activeAt, active, setActive };
}
