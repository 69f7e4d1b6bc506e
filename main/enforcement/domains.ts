import { domainToASCII } from "node:url";

/** A host or domain in the one form in which names are compared: A-labels, lower case, no final dot, no brackets. */
function comparable(name: string): string {
  const bare = name
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return domainToASCII(bare) || bare;
}

/** Whether a pattern of the policy names this host or domain: by its name, by `*.` before one for all below it, or by `*`. */
export function names(pattern: string, domain: string): boolean {
  if (pattern === "*") return true;
  const wanted = comparable(domain);
  return pattern.startsWith("*.") ? wanted.endsWith(`.${comparable(pattern.slice(2))}`) : wanted === comparable(pattern);
}

export function namedByAny(patterns: readonly string[], domain: string): boolean {
  return patterns.some((pattern) => names(pattern, domain));
}
