import * as v from "valibot";

/** Outcome of a deletion by the person. */
export const DeletionSchema = v.object({
  /** So many are gone, or are on their way off the disk. */
  deleted: v.number(),
  /** So many are out of the person's sight and stay in the record, because a rule keeps them. */
  kept: v.number(),
  /** A legal hold keeps some of them. */
  held: v.boolean(),
  /** Until when the organization keeps the youngest of those that age alone protects, milliseconds since the epoch. */
  until: v.optional(v.number()),
});
export type Deletion = v.InferOutput<typeof DeletionSchema>;

/** Rules that would keep something that the person may want to delete. */
export const RetentionLimitsSchema = v.object({
  /** Messages younger than so many days stay in the record; 0: none for their age. */
  minimumDays: v.number(),
  /** A legal hold may name some of it. */
  held: v.boolean(),
});
export type RetentionLimits = v.InferOutput<typeof RetentionLimitsSchema>;
