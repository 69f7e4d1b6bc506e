import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ContactId, ContactRecord } from "../../shared/model/contact.ts";
import { contactIdOf } from "../../shared/model/conversation-contact.ts";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { maxStretches, type RosterRecord, type RosterViewState } from "../../shared/model/roster.ts";
import { fold } from "../../shared/search/names.ts";
import type { Words } from "../../shared/words/words.ts";
import type { Client } from "../ipc/client.ts";
import type { Replica } from "../state/replica.ts";
import type { Ui } from "../state/ui.ts";
import { RosterRequests } from "./requests.ts";
import { type RowPlace, TreeRows } from "./tree.ts";

/** The contact list, of which main sends what is drawn. */
export interface RosterModel {
  readonly rows: ReadonlySignal<TreeRows>;
  /** How many people the search box's text finds; undefined without a search. */
  readonly found: ReadonlySignal<number | undefined>;
  /** The rows are those of the text in the search box: main has answered. */
  readonly isCurrent: ReadonlySignal<boolean>;
  /** Names of all groups that show, in order. */
  readonly groups: ReadonlySignal<readonly string[]>;
  /** Grows when somebody comes, goes, or gets another name, group or pin. */
  readonly version: ReadonlySignal<number>;
  /** Where those stand whose rows are to be found again (`draw`). */
  readonly places: ReadonlySignal<readonly KnownPlace[]>;
  /** Conversations with messages or a draft, newest first. */
  readonly recent: ReadonlySignal<readonly ConversationId[]>;
  readonly unread: ReadonlySignal<number>;
  /** Rows that the tree draws now; undefined: it is not there. */
  draw(drawn: DrawnRows | undefined): void;
  /** The first people of the list as it is shown, each once. */
  first(count: number): readonly ContactId[];
  /** The first person whom the text in the search box finds. */
  firstFound(): Promise<ContactId | undefined>;
  /** People in the order of names whom a text finds by name or address. Rejects with an ErrorInfo. */
  find(query: string, limit: number): Promise<readonly ContactRecord[]>;
  /** People who were asked to share their presence and have not answered. Rejects with an ErrorInfo. */
  asked(): Promise<readonly ContactRecord[]>;
  /** The next row after one whose name begins with a text, going round; -1: there is none. */
  typeahead(text: string, from: number): Promise<number>;
  dispose(): void;
}

export type KnownPlace = RosterRecord["places"][number];

/** Rows that are drawn: `to` is not one of them. `stop` has the tab stop. */
export interface DrawnRows {
  readonly from: number;
  readonly to: number;
  readonly stop: number;
  /** People whose rows have to be found again wherever they move. */
  readonly find: readonly ContactId[];
}

export interface RosterModelOptions {
  readonly client: Pick<Client, "request">;
  readonly replica: Replica;
  readonly ui: Pick<Ui, "filter" | "collapsed" | "conversationId" | "dialog" | "menu">;
  readonly words: ReadonlySignal<Words>;
}

/** Rows around those that are drawn that main sends as well, so that a scroll finds them there. */
const margin = 120;
/** The range of rows moves in steps of so many: not each row that is scrolled by is asked for. */
const stride = 40;
/** Rows beside the tab stop and at the end of the list, to which keys lead. */
const reach = 15;

const nobody: readonly never[] = [];
const noGroups: ReadonlySet<string> = new Set();

export function createRosterModel({ client, replica, ui, words }: RosterModelOptions): RosterModel {
  const record = computed(() => replica.roster.get("roster"));
  const stretches = computed(() => record.value?.rows ?? nobody);
  const isNarrowed = computed(() => (record.value?.filter ?? "") !== "");
  const query = computed(() => fold(ui.filter.value.trim()));
  const drawn = signal<DrawnRows | undefined>(undefined);
  const requests = new RosterRequests(client);

  const rows = computed(() => {
    const { t } = words.value;
    return new TreeRows({
      groups: replica.groups.all(),
      collapsed: isNarrowed.value ? noGroups : ui.collapsed.value,
      stretches: stretches.value,
      words: { pinned: t("roster.pinned"), ungrouped: t("roster.ungrouped"), unlisted: t("roster.unlisted") },
    });
  });

  /** People in dialogs and menus. */
  const shownElsewhere = computed((): readonly ContactId[] => {
    const dialog = ui.dialog.value;
    const ids = [ui.menu.value?.contactId];
    if (dialog !== undefined && "contactId" in dialog) ids.push(dialog.contactId);
    if (dialog !== undefined && "conversationId" in dialog) ids.push(contactOfOpen(dialog.conversationId));
    return ids.filter((id) => id !== undefined);
  });
  const state = computed((): RosterViewState => {
    const open = contactOfOpen(ui.conversationId.value);
    return {
      filter: ui.filter.value.trim(),
      folded: [...ui.collapsed.value],
      rows: rangesOf(drawn.value, rows.value)
        .flatMap(([from, to]) => [...rows.value.placesIn(from, to)])
        .slice(0, maxStretches),
      people: [...shownElsewhere.value, ...requests.found.value],
      find: [...new Set(drawn.value?.find ?? nobody)],
      ...(open === undefined ? {} : { open }),
    };
  });
  const stop = effect(() => {
    const app = replica.app.get("app");
    if (!replica.ready.value || app?.vault !== "ready" || app.lockedBy !== undefined) return;
    requests.show(state.value);
  });

  const isCurrent = computed(() => (record.value?.filter ?? "") === query.value);
  const first = (count: number): readonly ContactId[] => {
    const list = rows.peek();
    const ids = new Set<ContactId>();
    for (let index = 0; index < list.length && ids.size < count; index++) {
      const row = list.at(index);
      if (row?.kind === "contact" && row.id !== undefined) ids.add(row.id);
    }
    return [...ids];
  };

  return {
    rows,
    isCurrent,
    found: computed(() => (query.value === "" || !isNarrowed.value ? undefined : record.value?.found)),
    groups: computed(() => record.value?.groups ?? nobody),
    version: computed(() => record.value?.version ?? 0),
    places: computed(() => record.value?.places ?? nobody),
    recent: computed(() =>
      replica.conversations
        .all()
        .filter(({ last, draft }) => last !== undefined || (draft ?? "") !== "")
        .sort((a, b) => (b.last?.at ?? 0) - (a.last?.at ?? 0))
        .map(({ id }) => id),
    ),
    unread: computed(() => replica.conversations.all().reduce((sum, { unread }) => sum + unread, 0)),
    draw(next) {
      const before = drawn.peek();
      if (JSON.stringify(next) !== JSON.stringify(before)) drawn.value = next;
    },
    first,
    async firstFound() {
      await whenTrue(isCurrent);
      return first(1)[0];
    },
    find: (text, limit) => requests.find(text, limit),
    asked: () => requests.asked(),
    async typeahead(text, from) {
      const row = rows.peek().at(from);
      if (row === undefined) return -1;
      const { t } = words.peek();
      const found = await requests.typeahead(text, row.kind === "group" ? { group: row.key } : row, {
        pinned: t("roster.pinned"),
        ungrouped: t("roster.ungrouped"),
        unlisted: t("roster.unlisted"),
      });
      return found === undefined ? -1 : rows.peek().indexOf(found satisfies RowPlace);
    },
    dispose() {
      stop();
      requests.dispose();
    },
  };
}

/** Ranges of rows that main is asked for: around what is drawn, around the tab stop, and the end of the list. */
function rangesOf(
  drawn: DrawnRows | undefined,
  { length }: TreeRows,
): readonly (readonly [from: number, to: number])[] {
  if (drawn === undefined || length === 0) return [];
  const from = Math.floor((drawn.from - margin) / stride) * stride;
  const to = Math.ceil((drawn.to + margin) / stride) * stride;
  const ranges: (readonly [number, number])[] = [[from, to]];
  const isWithin = (first: number, last: number): boolean => first >= from && last <= to;
  for (const [first, last] of [
    [drawn.stop - reach, drawn.stop + reach + 1],
    [length - reach, length],
  ] as const)
    if (!isWithin(Math.max(0, first), Math.min(length, last))) ranges.push([first, last]);
  return ranges;
}

/** Resolves when a signal is true. */
function whenTrue(condition: ReadonlySignal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!condition.value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

function contactOfOpen(id: ConversationId | undefined): ContactId | undefined {
  return id === undefined ? undefined : contactIdOf(id);
}
