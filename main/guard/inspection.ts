import { HallwayError } from "../../shared/errors.ts";
import type { ContentFinding } from "../../shared/model/content.ts";
import { maxBodyLength } from "../../shared/model/message.ts";
import type { ContentRule } from "../../shared/settings/content.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { createAudience, type Parties } from "./audience.ts";
import { type InspectedText, inspected, type Span } from "./inspected-text.ts";
import { holdsLink } from "./links.ts";
import { type BrokenRule, type CompiledRule, compileRules } from "./rules.ts";

/** A rule that found something, for the record; never what it found. */
export interface ContentHit {
  /** Undefined: LinkMode. */
  readonly rule: string | undefined;
  readonly finding: ContentFinding;
  readonly action: ContentRule["action"];
  readonly direction: "in" | "out";
  readonly parties: Parties;
}

export interface Finding {
  readonly action: ContentRule["action"];
  readonly finding: ContentFinding;
  readonly rule: string | undefined;
  readonly message: string | undefined;
}

export interface Verdict {
  readonly block: Finding | undefined;
  readonly warnings: readonly Finding[];
  readonly hits: readonly ContentHit[];
  /** The body without the parts that rules take out. */
  readonly body: string;
}

/** Rules and domains of the policy, ready to be applied. */
interface Prepared {
  readonly rules: readonly CompiledRule[];
  readonly isExternal: ReturnType<typeof createAudience>;
}

/** Finding of one rule, with the parts that it takes out. */
interface Applied {
  readonly finding: Finding;
  readonly spans: readonly Span[];
}

/** Mark in place of a part that was taken out, in every language. */
const redaction = "█████";
/**
 * All rules together may take this long for one message, in milliseconds; a rule that comes too late could not be
 * applied.
 */
const maxTime = 200;

const nothingFound: Omit<Verdict, "body"> = { block: undefined, warnings: [], hits: [] };

/**
 * Applies ContentRules to texts. A rule that cannot be applied counts as ContentFailureMode says. Rules and
 * AllowedDomains are read again after `changed` only.
 */
export class Inspection {
  readonly #get: ReadSetting;
  readonly #onBroken: (broken: readonly BrokenRule[]) => void;
  #prepared: Prepared | undefined;

  /** `onBroken`: the rules of a policy were compiled; these cannot be applied. */
  constructor(get: ReadSetting, onBroken: (broken: readonly BrokenRule[]) => void) {
    this.#get = get;
    this.#onBroken = onBroken;
  }

  inspect(body: string, direction: "in" | "out", parties: Parties): Verdict {
    const { rules, isExternal } = this.#prepare();
    const forbidsLinks = this.#get("LinkMode") === "block";
    // Most people have no rules: nothing is made ready for none.
    if (rules.length === 0 && !forbidsLinks) return { ...nothingFound, body };
    const external = isExternal(parties);
    const text = inspected(body);
    const deadline = performance.now() + maxTime;
    const findings: Finding[] = [];
    const spans: Span[] = [];
    if (forbidsLinks && holdsLink(text))
      findings.push({ action: "block", finding: "link", rule: undefined, message: undefined });
    for (const rule of rules) {
      if (!concerns(rule, direction, external)) continue;
      const applied = this.#apply(rule, text, performance.now() > deadline);
      if (!applied) continue;
      findings.push(applied.finding);
      spans.push(...applied.spans);
    }
    return {
      block: findings.find(({ action }) => action === "block"),
      warnings: findings.filter(({ action }) => action === "warn"),
      hits: findings.map(({ rule, finding, action }) => ({ rule, finding, action, direction, parties })),
      body: redacted(body, spans),
    };
  }

  /** Rules or domains of the policy are others now. */
  changed(): void {
    this.#prepared = undefined;
    // Now rather than with the next message, so that what is wrong with them is said.
    this.#prepare();
  }

  #prepare(): Prepared {
    if (!this.#prepared) {
      const { compiled, broken } = compileRules(this.#get("ContentRules"));
      this.#prepared = { rules: compiled, isExternal: createAudience(this.#get("AllowedDomains")) };
      this.#onBroken(broken);
    }
    return this.#prepared;
  }

  /** Undefined: the rule finds nothing in the text. `late`: there is no time left for it. */
  #apply(one: CompiledRule, text: InspectedText, late: boolean): Applied | undefined {
    const { rule } = one;
    const about = { rule: rule.name, message: rule.message };
    try {
      if (late || text.body.length > maxBodyLength) throw new HallwayError("too-large");
      if (rule.action === "redact") {
        const spans = one.find(text);
        return spans.length > 0 ? { finding: { ...about, action: "redact", finding: one.finding }, spans } : undefined;
      }
      return one.test(text)
        ? { finding: { ...about, action: rule.action, finding: one.finding }, spans: [] }
        : undefined;
    } catch {
      const action = this.#get("ContentFailureMode") === "block" ? "block" : "audit";
      return { finding: { ...about, message: undefined, action, finding: "unchecked" }, spans: [] };
    }
  }
}

function concerns({ rule }: CompiledRule, direction: "in" | "out", external: boolean | undefined): boolean {
  if (rule.direction !== "both" && rule.direction !== direction) return false;
  return rule.audience === "all" || external === undefined || (rule.audience === "external") === external;
}

/** The text without these parts; parts of several rules may overlap. */
function redacted(body: string, spans: readonly Span[]): string {
  if (spans.length === 0) return body;
  const parts: string[] = [];
  let end = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.start >= end) parts.push(body.slice(end, span.start), redaction);
    end = Math.max(end, span.end);
  }
  return truncate(parts.join("") + body.slice(end), maxBodyLength);
}
