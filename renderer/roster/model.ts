import { computed, type ReadonlySignal } from "@preact/signals";
import type { ContactId, ContactRecord } from "../../shared/model/contact.ts";
import { isInvisible } from "../../shared/text/visible-name.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Replica } from "../state/replica.ts";
import { settingValue } from "../state/setting.ts";
import type { Ui } from "../state/ui.ts";
import { fold, matches } from "./fold.ts";
import { buildTree, type TreeRow } from "./tree.ts";

/** The contact list, worked out from the replica. */
export interface RosterModel {
  /** Everybody, in the order of names. */
  readonly sorted: ReadonlySignal<readonly ContactRecord[]>;
  readonly rows: ReadonlySignal<readonly TreeRow[]>;
  /** How many people the search box's text finds; undefined without a search. */
  readonly found: ReadonlySignal<number | undefined>;
  /** Names of all groups that show, in order. */
  readonly groups: ReadonlySignal<readonly string[]>;
  /** Conversations with messages or a draft, newest first. */
  readonly recent: ReadonlySignal<readonly ContactId[]>;
  readonly unread: ReadonlySignal<number>;
  find(query: string, limit: number): readonly ContactRecord[];
}

export interface RosterModelOptions {
  readonly replica: Replica;
  readonly ui: Pick<Ui, "filter" | "collapsed" | "conversationId">;
  readonly words: ReadonlySignal<Words>;
}

export function createRosterModel({ replica, ui, words }: RosterModelOptions): RosterModel {
  const collator = computed(() => new Intl.Collator(words.value.locale, { sensitivity: "base", numeric: true }));
  const folded = new Map<ContactId, { readonly from: string; readonly name: string; readonly address: string }>();
  let before: ContactRecord[] = [];

  const foldedOf = (contact: ContactRecord): { readonly name: string; readonly address: string } => {
    const known = folded.get(contact.id);
    if (known?.from === contact.name) return known;
    const made = { from: contact.name, name: fold(contact.name), address: fold(contact.address) };
    folded.set(contact.id, made);
    return made;
  };

  const sorted = computed(() => {
    const { compare } = collator.value;
    const now = new Map(replica.contacts.all().map((contact) => [contact.id, contact]));
    // Beginning from the old order, nearly everything is in place already and sorting is one pass.
    const order: ContactRecord[] = [];
    for (const { id } of before) {
      const contact = now.get(id);
      if (contact !== undefined) order.push(contact);
      now.delete(id);
    }
    // Comparing as people do is dear; a cheap order first leaves little of it to do.
    for (const contact of [...now.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) order.push(contact);
    order.sort((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
    before = order;
    return order;
  });

  const query = computed(() => fold(ui.filter.value.trim()));
  const filtered = computed(() => {
    const text = query.value;
    if (text === "") return sorted.value;
    return sorted.value.filter((contact) => {
      const { name, address } = foldedOf(contact);
      return matches(text, name, address);
    });
  });

  const rows = computed(() => {
    const searching = query.value !== "";
    const showOffline = searching || settingValue(replica, "ShowOffline");
    const { t } = words.value;
    let contacts = filtered.value;
    if (!showOffline) {
      // Who is on line decides who is listed: follow presence, but lazily.
      replica.contacts.pulse.value;
      contacts = contacts.map((contact) => replica.contacts.peek(contact.id) ?? contact);
    }
    return buildTree({
      contacts,
      collapsed: searching ? new Set() : ui.collapsed.value,
      showOffline,
      keep: (id) => id === ui.conversationId.value || (replica.conversations.get(id)?.unread ?? 0) > 0,
      compareGroups: collator.value.compare,
      words: { pinned: t("roster.pinned"), ungrouped: t("roster.ungrouped"), unlisted: t("roster.unlisted") },
    });
  });

  return {
    sorted,
    rows,
    found: computed(() => (query.value === "" ? undefined : filtered.value.length)),
    groups: computed(() =>
      [...new Set(sorted.value.flatMap(({ groups }) => groups))]
        .filter((group) => !isInvisible(group))
        .sort(collator.value.compare),
    ),
    recent: computed(() =>
      replica.conversations
        .all()
        .filter(({ last, draft }) => last !== undefined || (draft ?? "") !== "")
        .sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0))
        .map(({ id }) => id),
    ),
    unread: computed(() => replica.conversations.all().reduce((sum, { unread }) => sum + unread, 0)),
    find(text, limit) {
      const wanted = fold(text.trim());
      const found: ContactRecord[] = [];
      for (const contact of sorted.peek()) {
        const { name, address } = foldedOf(contact);
        if (matches(wanted, name, address) && found.push(contact) === limit) break;
      }
      return found;
    },
  };
}
