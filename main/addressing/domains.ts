import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { canonicalIp } from "./host-port.ts";

/** Patterns of the policy, taken apart once: long lists are asked about every message and every change of presence. */
interface Compiled {
  readonly every: boolean;
  readonly exact: ReadonlySet<string>;
  /** Parents of what is named: `example.com` for `*.example.com`. */
  readonly below: ReadonlySet<string>;
}

const compiled = new WeakMap<readonly string[], Compiled>();

/**
 * A host or domain in the one form in which names are compared: A-labels, lower case, no final dot; IPv6 in one
 * spelling, no brackets and no zone.
 */
export function comparable(name: string): string {
  const bare = name
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return isIP(bare) === 6 ? canonicalIp(bare) : domainToASCII(bare) || bare;
}

function compile(patterns: readonly string[]): Compiled {
  const known = compiled.get(patterns);
  if (known) return known;
  const named = patterns.filter((pattern) => pattern !== "*" && !pattern.startsWith("*."));
  const made: Compiled = {
    every: patterns.includes("*"),
    exact: new Set(named.map(comparable)),
    below: new Set(
      patterns.filter((pattern) => pattern.startsWith("*.")).map((pattern) => comparable(pattern.slice(2))),
    ),
  };
  compiled.set(patterns, made);
  return made;
}

/** Whether a pattern other than `*` names this host or domain: by its name, or by `*.` before one for all below it. */
export function namedExpressly(patterns: readonly string[], domain: string): boolean {
  const { exact, below } = compile(patterns);
  const wanted = comparable(domain);
  if (exact.has(wanted)) return true;
  for (let dot = wanted.indexOf("."); dot >= 0; dot = wanted.indexOf(".", dot + 1))
    if (below.has(wanted.slice(dot + 1))) return true;
  return false;
}

/** Whether a pattern names this host or domain; `*` names every one. The list must not be changed afterwards. */
export function namedByAny(patterns: readonly string[], domain: string): boolean {
  return compile(patterns).every || namedExpressly(patterns, domain);
}
