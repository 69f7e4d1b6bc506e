import type { ContactId, ContactRecord } from "../../shared/model/contact.ts";
import { isInvisible } from "../../shared/text/visible-name.ts";
import { isOnline } from "../state/presence.ts";

/** A line of the contact list, flat: the tree's structure is in level, setsize and posinset (WAI-ARIA 1.2, tree). */
export type TreeRow = GroupRow | ContactRow;

export interface GroupRow {
  readonly kind: "group";
  /** `pinned`, `unlisted`, `ungrouped`, or `group:` and the group's name. */
  readonly key: string;
  readonly name: string;
  readonly expanded: boolean;
  readonly total: number;
  readonly members: readonly ContactId[];
  readonly setsize: number;
  readonly posinset: number;
}

export interface ContactRow {
  readonly kind: "contact";
  /** The group's key and the contact's id: somebody in two groups has two rows. */
  readonly key: string;
  readonly group: string;
  readonly id: ContactId;
  readonly setsize: number;
  readonly posinset: number;
}

export interface TreeInput {
  /** In the order of names. */
  readonly contacts: readonly ContactRecord[];
  readonly collapsed: ReadonlySet<string>;
  readonly showOffline: boolean;
  /** Shown although offline: those with unread messages, and the one whose chat is open. */
  readonly keep: (id: ContactId) => boolean;
  readonly compareGroups: (a: string, b: string) => number;
  readonly words: { readonly pinned: string; readonly ungrouped: string; readonly unlisted: string };
}

/**
 * The list as rows: pinned people first, then groups by name, those in no group, and last those who are only in a
 * conversation. Presence never moves anybody; with `showOffline` off it decides who is there at all.
 */
export function buildTree({ contacts, collapsed, showOffline, keep, compareGroups, words }: TreeInput): TreeRow[] {
  const groups = new Map<string, ContactRecord[]>();
  const join = (key: string, contact: ContactRecord): void => {
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [contact]);
    else members.push(contact);
  };
  for (const contact of contacts) {
    if (contact.pinned) join("pinned", contact);
    else if (!contact.listed) join("unlisted", contact);
    else {
      // A group of which nothing shows is none to whoever looks at the list.
      const named = new Set(contact.groups.filter((group) => !isInvisible(group)));
      if (named.size === 0) join("ungrouped", contact);
      for (const group of named) join(`group:${group}`, contact);
    }
  }

  const named = [...groups.keys()]
    .filter((key) => key.startsWith("group:"))
    .sort((a, b) => compareGroups(a.slice(6), b.slice(6)));
  const keys = [
    ...(groups.has("pinned") ? ["pinned"] : []),
    ...named,
    ...["ungrouped", "unlisted"].filter((key) => groups.has(key)),
  ];
  const names: Readonly<Record<string, string>> = {
    pinned: words.pinned,
    ungrouped: words.ungrouped,
    unlisted: words.unlisted,
  };

  const rows: TreeRow[] = [];
  keys.forEach((key, place) => {
    const members = groups.get(key) ?? [];
    const expanded = !collapsed.has(key);
    const shown = showOffline ? members : members.filter((contact) => isOnline(contact.presence) || keep(contact.id));
    rows.push({
      kind: "group",
      key,
      name: names[key] ?? key.slice(6),
      expanded,
      total: members.length,
      members: members.map(({ id }) => id),
      setsize: keys.length,
      posinset: place + 1,
    });
    if (!expanded) return;
    shown.forEach((contact, index) => {
      rows.push({
        kind: "contact",
        key: `${key}\n${contact.id}`,
        group: key,
        id: contact.id,
        setsize: shown.length,
        posinset: index + 1,
      });
    });
  });
  return rows;
}
