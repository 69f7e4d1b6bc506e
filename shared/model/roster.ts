import * as v from "valibot";
import { ContactIdSchema } from "./contact.ts";

/**
 * The contact list as main lays it out for the window: groups in order, each with its people in order. The window holds
 * the groups, and of their people those that it draws.
 */

/** Most people that the window holds at once, and most stretches of the list that it asks for. */
export const maxHeldPeople = 2_000;
export const maxStretches = 1_000;

/** `pinned`, `unlisted` (only in a conversation), `ungrouped`, or `group:` and the group's name. */
const GroupKeySchema = v.string();

const named = "group:";

/** The key of a group that has a name. */
export function groupKey(name: string): string {
  return `${named}${name}`;
}

/** The name in a group's key; undefined: it is one of the special groups. */
export function groupName(key: string): string | undefined {
  return key.startsWith(named) ? key.slice(named.length) : undefined;
}

/** A group of the contact list. The special ones get their names in the window, which knows its language. */
export const RosterGroupSchema = v.object({
  id: GroupKeySchema,
  /** Place among the groups, from 0. */
  place: v.number(),
  /** All its people, and those of them who have a row (setting ShowOffline). */
  total: v.number(),
  shown: v.number(),
  /** People who can be reached now; absent while no account of theirs is connected. */
  online: v.optional(v.number()),
});
export type RosterGroup = v.InferOutput<typeof RosterGroupSchema>;

/** A person's row: `at` counts within the group, from 0. */
export const RosterPlaceSchema = v.object({ group: GroupKeySchema, at: v.number() });
export type RosterPlace = v.InferOutput<typeof RosterPlaceSchema>;

/** People of one group who stand in a row, the first of them at `from`. */
export const RosterStretchSchema = v.object({
  group: GroupKeySchema,
  from: v.number(),
  ids: v.array(ContactIdSchema),
});
export type RosterStretch = v.InferOutput<typeof RosterStretchSchema>;

/** Contents beside the groups, in one record. */
export const RosterRecordSchema = v.object({
  id: v.literal("roster"),
  /** Grows when somebody comes, goes, or gets another name, group or pin. */
  version: v.number(),
  /** All people, listed or only in a conversation. */
  people: v.number(),
  /** The text that the list is narrowed to; empty: it is whole. Folded (shared/search/names.ts). */
  filter: v.string(),
  /** How many people are found by it; all of them without one. */
  found: v.number(),
  /** The names of all groups that show, in order, whatever the list is narrowed to. */
  groups: v.array(v.string()),
  /** The rows that the window asked for, and the first ones of the list. */
  rows: v.array(RosterStretchSchema),
  /** Where those stand whose rows the window has to find again (`RosterViewState.find`): somebody in two groups twice. */
  places: v.array(v.object({ id: ContactIdSchema, ...RosterPlaceSchema.entries })),
});
export type RosterRecord = v.InferOutput<typeof RosterRecordSchema>;

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A group's name may be as long as a contact list may be. */
const givenKey = v.pipe(v.string(), v.maxLength(1_048_600));

/** Part of the contact list that the window shows. */
export const RosterViewStateSchema = v.object({
  /** Text in the list's search box. */
  filter: v.pipe(v.string(), v.maxLength(3_071)),
  /** Groups that are folded. */
  folded: v.pipe(v.array(givenKey), v.maxLength(50_000)),
  /** Rows that are drawn, or soon may be; `to` is not one of them. */
  rows: v.pipe(v.array(v.object({ group: givenKey, from: index, to: index })), v.maxLength(maxStretches)),
  /** People who are shown elsewhere: in a dialog, a menu, what a search found. */
  people: v.pipe(v.array(ContactIdSchema), v.maxLength(maxHeldPeople)),
  /** The conversation that is open: its row stays, also where people who are offline are hidden. */
  open: v.optional(ContactIdSchema),
  /** People whose rows are to be found again wherever they move. */
  find: v.pipe(v.array(ContactIdSchema), v.maxLength(4)),
});
export type RosterViewState = v.InferOutput<typeof RosterViewStateSchema>;
