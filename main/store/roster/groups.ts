import type { ContactId, ContactRecord } from "../../../shared/model/contact.ts";
import { isOnline } from "../../../shared/model/presence.ts";
import { groupKey, groupName } from "../../../shared/model/roster.ts";
import { isInvisible } from "../../../shared/text/visible-name.ts";

/** A group with its people in order: all of them, and those who have a row. */
export interface GroupMembers {
  /** `pinned`, `unlisted`, `ungrouped`, or `group:` and the group's name. */
  readonly key: string;
  readonly members: readonly ContactId[];
  readonly shown: readonly ContactId[];
}

export interface GroupsInput {
  /** In the order of names. */
  readonly contacts: Iterable<ContactRecord>;
  readonly showOffline: boolean;
  /** Shown although offline: those with unread messages, and the one whose chat is open. */
  readonly keep: (id: ContactId) => boolean;
  readonly compareGroups: (a: string, b: string) => number;
}

/**
 * The contact list by groups: pinned people first, then groups by name, those in no group, and last those who are only
 * in a conversation. Presence never moves anybody; with `showOffline` off it decides who has a row at all.
 */
export function layOutGroups({ contacts, showOffline, keep, compareGroups }: GroupsInput): GroupMembers[] {
  const groups = new Map<string, { readonly members: ContactId[]; readonly shown: ContactId[] }>();
  const join = (key: string, { id, presence }: ContactRecord): void => {
    let group = groups.get(key);
    if (group === undefined) {
      const members: ContactId[] = [];
      group = { members, shown: showOffline ? members : [] };
      groups.set(key, group);
    }
    group.members.push(id);
    if (!showOffline && (isOnline(presence) || keep(id))) group.shown.push(id);
  };
  for (const contact of contacts) {
    if (contact.pinned) join("pinned", contact);
    else if (!contact.listed) join("unlisted", contact);
    else {
      const named = visibleGroups(contact.groups);
      if (named.length === 0) join("ungrouped", contact);
      for (const group of named) join(groupKey(group), contact);
    }
  }
  const named = [...groups.keys()].flatMap((key) => groupName(key) ?? []).sort(compareGroups);
  return ["pinned", ...named.map(groupKey), "ungrouped", "unlisted"].flatMap((key) => {
    const group = groups.get(key);
    return group === undefined ? [] : [{ key, ...group }];
  });
}

/** Most contacts share their groups with others (shared/model/sharing.ts), and whether a name shows takes a while. */
const known = new WeakMap<readonly string[], readonly string[]>();

/** Groups that show, each once: one of which nothing shows is none to whoever looks at the list. */
export function visibleGroups(groups: readonly string[]): readonly string[] {
  let visible = known.get(groups);
  if (visible === undefined) {
    visible = [...new Set(groups.filter((group) => !isInvisible(group)))];
    known.set(groups, visible);
  }
  return visible;
}
