import * as v from "valibot";
import { contentDetectors } from "../settings/content.ts";

/**
 * Finding in a text, as param `finding` of `content-blocked` and `content-warning`; its words are
 * `content.finding.<finding>`.
 */
export const contentFindings = [...contentDetectors, "keywords", "pattern", "link", "unchecked"] as const;
export const ContentFindingSchema = v.picklist(contentFindings);
export type ContentFinding = v.InferOutput<typeof ContentFindingSchema>;
