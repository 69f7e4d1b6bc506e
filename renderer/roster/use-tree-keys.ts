import type { ContactId } from "../../shared/model/contact.ts";
import { useApp } from "../state/app-context.ts";
import { isMenuKey } from "../widgets/menu.tsx";
import { treeMove } from "./keys.ts";
import type { ContactRow, TreeRow } from "./tree.ts";
import type { DrawnTree } from "./use-tree-rows.ts";
import { useTypeahead } from "./use-typeahead.ts";

export interface TreeKeyActions {
  readonly goTo: (index: number) => void;
  readonly toggle: (group: string) => void;
  readonly choose: (row: TreeRow) => void;
  /** The menu of a person is wanted at a point of the window, in CSS pixels. */
  readonly openMenu: (row: ContactRow, x: number, y: number) => void;
}

/** Keys of the contact list, those of an ARIA tree and the program's own. */
export function useTreeKeys({ rows, activeAt }: DrawnTree, actions: TreeKeyActions): (event: KeyboardEvent) => void {
  const { words } = useApp();
  const editByKey = useEditByKey();
  const typeahead = useTypeahead(actions.goTo);
  return (event) => {
    const row = rows.at(activeAt);
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const move = treeMove(inReadingDirection(event.key, words.peek().direction), rows, activeAt);
    const isLetter = [...event.key].length === 1;
    if (!isLetter) typeahead.end();
    if (move !== undefined) {
      if ("to" in move) actions.goTo(move.to);
      else actions.toggle("fold" in move ? move.fold : move.unfold);
    } else if (event.key === "Enter" || event.key === " ") actions.choose(row);
    else if (isMenuKey(event)) {
      if (row.kind !== "contact" || !(event.target instanceof HTMLElement)) return;
      const box = event.target.getBoundingClientRect();
      actions.openMenu(row, box.left + 48, box.top + 24);
    } else if (!editByKey(event.key, row.kind === "contact" ? row.id : undefined)) {
      if (!isLetter) return;
      typeahead.type(event.key, activeAt);
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

/** The arrow that leads where this one does in a text from left to right. */
function inReadingDirection(key: string, direction: "ltr" | "rtl"): string {
  if (direction === "ltr") return key;
  return key === "ArrowLeft" ? "ArrowRight" : key === "ArrowRight" ? "ArrowLeft" : key;
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
