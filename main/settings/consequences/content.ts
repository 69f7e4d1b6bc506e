import { isFindable } from "../../guard/keywords.ts";
import { compilePattern } from "../../guard/patterns.ts";
import { compileRules } from "../../guard/rules.ts";
import { type ConsequenceRule, error, warning } from "./consequence.ts";

/** Content rules that cannot be applied, and patterns and words that find something in every message, or in none. */
export const content: ConsequenceRule = (inForce) => [
  ...compileRules(inForce.get("ContentRules")).broken.map(({ path }) =>
    error("ContentRules", "rule-unusable", { path }),
  ),
  ...inForce.get("ContentRules").flatMap(({ pattern, ignoreCase }, index) => {
    if (pattern === undefined) return [];
    const path = `ContentRules[${index}].pattern`;
    if (isEmptyMatch(pattern, ignoreCase)) return [error("ContentRules", "pattern-everything", { path })];
    return hasAnchorInside(pattern) ? [warning("ContentRules", "pattern-nothing", { path })] : [];
  }),
  ...inForce.get("ContentRules").flatMap(({ keywords = [] }, index) => {
    const at = keywords.findIndex((keyword) => !isFindable(keyword));
    return at < 0 ? [] : [error("ContentRules", "keyword-nothing", { path: `ContentRules[${index}].keywords[${at}]` })];
  }),
];

function isEmptyMatch(pattern: string, ignoreCase: boolean): boolean {
  try {
    return compilePattern(pattern, ignoreCase).test("");
  } catch {
    return false;
  }
}

/**
 * `$` before, or `^` after, something that must be there, outside of classes and without the flag for several lines.
 */
function hasAnchorInside(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, "x").replace(/\[\^?\]?[^\]]*\]/g, "x");
  return !/\(\?[a-z]*m/.test(bare) && (/\$[^|)$?*]/.test(bare) || /[^|()^?*]\^/.test(bare));
}
