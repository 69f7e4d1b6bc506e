import { useLayoutEffect, useRef } from "preact/hooks";
import { conversationWith } from "../../shared/model/conversation-contact.ts";
import { useApp } from "../state/app-context.ts";
import { activeRowOf } from "./active-row.ts";
import type { TreeRow } from "./tree.ts";
import type { DrawnTree } from "./use-tree-rows.ts";

export interface RowChoice {
  /** Opens the conversation of a person, as soon as main has said who it is; folds or unfolds a group. */
  readonly choose: (row: TreeRow) => void;
  /** The person has gone on to another row: what was chosen and is not open yet stays closed. */
  readonly withdraw: () => void;
}

/** Choice of a row by click or key. */
export function useRowChoice(
  { rows, activeAt, active, setActive }: DrawnTree,
  toggle: (group: string) => void,
): RowChoice {
  const { actions } = useApp();
  const isWaiting = useRef(false);
  const stop = rows.at(activeAt);
  const stopId = stop?.kind === "contact" ? stop.id : undefined;

  // Main has said whose the row with the tab stop is.
  useLayoutEffect(() => {
    if (stop?.kind !== "contact" || stopId === undefined || active === undefined || active.id !== undefined) return;
    if (active.at === undefined) return;
    setActive(activeRowOf(stop));
    if (!isWaiting.current) return;
    isWaiting.current = false;
    actions.openConversation(conversationWith(stopId));
  }, [stopId, active]);

  return {
    choose: (row) => {
      setActive(activeRowOf(row));
      if (row.kind === "group") toggle(row.key);
      else if (row.id === undefined) isWaiting.current = true;
      else actions.openConversation(conversationWith(row.id));
    },
    withdraw: () => {
      isWaiting.current = false;
    },
  };
}
