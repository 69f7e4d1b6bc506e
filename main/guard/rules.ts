import { HallwayError } from "../../shared/errors.ts";
import type { ContentFinding } from "../../shared/model/content.ts";
import type { ContentRule } from "../../shared/settings/content.ts";
import { findCanadianSins } from "./detectors/canadian-sin.ts";
import { findIbans } from "./detectors/iban.ts";
import { findPaymentCards } from "./detectors/payment-card.ts";
import { findUsSsns } from "./detectors/us-ssn.ts";
import { withDrawnDigits } from "./drawn-digits.ts";
import { type Finder, type InspectedText, readingsOf, type Span } from "./inspected-text.ts";
import { createKeywordFinders } from "./keywords.ts";
import { compilePattern } from "./patterns.ts";
import { joined } from "./spans.ts";

/** A rule ready to be applied. */
export interface CompiledRule {
  readonly rule: ContentRule;
  readonly finding: ContentFinding;
  /** Is there anything? Throws where it cannot be told. */
  test(text: InspectedText): boolean;
  /** Every place, in order and apart. Throws as `test` does. */
  find(text: InspectedText): readonly Span[];
}

/** A rule that cannot be applied to anything. */
export interface BrokenRule {
  /** Its place in the policy, such as `ContentRules[2].pattern`. */
  readonly path: string;
  readonly rule: ContentRule;
  readonly error: unknown;
}

/** Most letters in all keyword lists together; a policy of more is a mistake that would fill the memory. */
const maxKeywordUnits = 1_000_000;
/** How long all expressions of a policy may take to be compiled, in milliseconds; usual ones take a tenth each. */
const maxCompileTime = 2_000;

const detectors: Readonly<Record<NonNullable<ContentRule["detector"]>, Finder>> = {
  "payment-card": findPaymentCards,
  iban: findIbans,
  "ca-sin": findCanadianSins,
  "us-ssn": findUsSsns,
  everything: ({ body }) => [{ start: 0, end: body.length }],
};

/**
 * Compiles the rules of one policy. A rule that cannot be compiled stays in its place and throws whenever it is
 * applied.
 */
export function compileRules(rules: readonly ContentRule[]): {
  readonly compiled: readonly CompiledRule[];
  readonly broken: readonly BrokenRule[];
} {
  const broken: BrokenRule[] = [];
  const tooMany =
    rules.reduce((sum, { keywords = [] }) => keywords.reduce((units, keyword) => units + keyword.length, sum), 0) >
    maxKeywordUnits;
  const words = createKeywordFinders(tooMany ? [] : rules.map(({ keywords }) => keywords ?? []));
  const deadline = performance.now() + maxCompileTime;
  const compiled = rules.map((rule, index): CompiledRule => {
    try {
      if (performance.now() > deadline) throw new HallwayError("too-large");
      return compileRule(rule, words[index]);
    } catch (error) {
      broken.push({
        path: `ContentRules[${index}].${rule.pattern === undefined ? "keywords" : "pattern"}`,
        rule,
        error,
      });
      const fail = (): never => {
        throw error;
      };
      return { rule, finding: "unchecked", test: fail, find: fail };
    }
  });
  return { compiled, broken };
}

function compileRule(rule: ContentRule, words: Finder | undefined): CompiledRule {
  if (rule.pattern !== undefined) {
    const pattern = compilePattern(rule.pattern, rule.ignoreCase);
    const seen = (text: InspectedText): readonly InspectedText[] =>
      text.visible === text.body && text.disguised.length === 0
        ? []
        : readingsOf(text).filter(({ visible }) => visible !== text.body);
    return {
      rule,
      finding: "pattern",
      test: (text) => pattern.test(text.body) || seen(text).some(({ visible }) => pattern.test(visible)),
      find: (text) =>
        joined([
          ...pattern.find(text.body),
          ...seen(text).flatMap((other) => pattern.find(other.visible).map((span) => other.originalOfVisible(span))),
        ]),
    };
  }
  const detector = rule.detector === undefined ? undefined : detectors[rule.detector];
  // What a number is made of has a check of its own, whatever it is disguised as; words have their own way
  // (keywords.ts).
  const find: Finder | undefined =
    detector === undefined
      ? words
      : (text) =>
          joined(
            readingsOf(text)
              .flatMap((other) => [other, ...withDrawnDigits(other)])
              .flatMap((other) => detector(other)),
          );
  if (!find) throw new HallwayError("too-large");
  return { rule, finding: rule.detector ?? "keywords", find, test: (text) => find(text).length > 0 };
}
