import { HallwayError } from "../../shared/errors.ts";
import type { ContentFinding } from "../../shared/model/content.ts";
import { maxBodyLength } from "../../shared/model/message.ts";
import type { ContentRule } from "../../shared/settings/content.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { createAudience, type Parties } from "./audience.ts";
import { createConfirmations } from "./confirmation.ts";
import { type InspectedText, inspected, type Span } from "./inspected-text.ts";
import { holdsLink } from "./links.ts";
import { type BrokenRule, type CompiledRule, compileRules } from "./rules.ts";

/** The rules in force. Rules and domains are read again after `changed` only. */
export interface ContentPolicy {
  readonly rules: () => readonly ContentRule[];
  readonly failureMode: () => "allow" | "block";
  readonly linkMode: () => "open" | "warn" | "text" | "block";
  readonly allowedDomains: () => readonly string[];
}

/** A rule that found something, for the record; never what it found. */
export interface ContentHit {
  /** Undefined: LinkMode. */
  readonly rule: string | undefined;
  readonly finding: ContentFinding;
  readonly action: ContentRule["action"];
  readonly direction: "in" | "out";
  readonly parties: Parties;
}

/** Incoming text, or text written on another device of the person. */
export interface ReceivedText extends Parties {
  readonly direction: "in" | "out";
  readonly body: string;
}

export interface TypedText extends Parties {
  readonly body: string;
  /** The token of the `content-warning` that the person said yes to. */
  readonly confirm?: string | undefined;
}

/**
 * The one place that every message passes in both directions:
 *
 *   typed here      -> outgoing -> stored -> stillAllowed -> network
 *   network, archive, carbons -> received -> stored, shown, announced
 *
 * A rule that cannot be applied counts as one that forbids, unless ContentFailureMode lets it pass.
 */
export interface ContentGuard {
  /**
   * Text that may be stored and sent for what the person typed. Throws `content-blocked` {rule, finding, message}, or
   * `content-warning` {rule, finding, message, token} for the person to decide.
   */
  outgoing(text: TypedText): string;
  /**
   * A message that was stored earlier, just before it is sent: throws `content-blocked` where the rules of now would
   * not let it pass as it is.
   */
  stillAllowed(text: TypedText): void;
  /**
   * Text that may be stored and shown of it: the whole, the text with parts taken out, or a notice in its place.
   * `found` is handed the report where rules found something; without it the report is made at once.
   */
  received(text: ReceivedText, found?: (report: () => void) => void): string;
  /**
   * Throws unless policy lets a link be opened: `content-warning` until the person has been asked, `blocked-by-policy`.
   */
  openLink(confirmed: boolean): void;
  /** Rules or domains of the policy are others now. */
  changed(): void;
}

export interface ContentGuardOptions {
  readonly policy: ContentPolicy;
  /** Notice in place of a message that may not be shown. */
  readonly notice: (info: {
    readonly finding: ContentFinding;
    readonly rule: string | undefined;
    readonly message: string | undefined;
  }) => string;
  readonly onHit: (hit: ContentHit) => void;
  /** The rules of a policy were compiled; these cannot be applied. */
  readonly onBroken: (broken: readonly BrokenRule[]) => void;
}

/** Mark in place of a part that was taken out, in every language. */
const redaction = "█████";
/**
 * All rules together may take this long for one message, in milliseconds; a rule that comes too late could not be
 * applied.
 */
const maxTime = 200;

interface Finding {
  readonly action: ContentRule["action"];
  readonly finding: ContentFinding;
  readonly rule: string | undefined;
  readonly message: string | undefined;
}

interface Verdict {
  readonly block: Finding | undefined;
  readonly warnings: readonly Finding[];
  readonly hits: readonly ContentHit[];
  /** The body without the parts that rules take out. */
  readonly body: string;
}

const nothingFound: Omit<Verdict, "body"> = { block: undefined, warnings: [], hits: [] };

export function createContentGuard({ policy, notice, onHit, onBroken }: ContentGuardOptions): ContentGuard {
  const confirmations = createConfirmations();
  let prepared:
    | { readonly rules: readonly CompiledRule[]; readonly isExternal: ReturnType<typeof createAudience> }
    | undefined;

  function prepare(): NonNullable<typeof prepared> {
    if (!prepared) {
      const { compiled, broken } = compileRules(policy.rules());
      prepared = { rules: compiled, isExternal: createAudience(policy.allowedDomains()) };
      onBroken(broken);
    }
    return prepared;
  }

  function applies({ rule }: CompiledRule, direction: "in" | "out", external: boolean | undefined): boolean {
    if (rule.direction !== "both" && rule.direction !== direction) return false;
    return rule.audience === "all" || external === undefined || (rule.audience === "external") === external;
  }

  /** Verdict of a rule on a text: nothing, or a finding with what it takes out. */
  function apply(
    one: CompiledRule,
    text: InspectedText,
    late: boolean,
  ): { readonly finding: Finding; readonly spans: readonly Span[] } | undefined {
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
      return {
        finding: {
          ...about,
          message: undefined,
          action: policy.failureMode() === "block" ? "block" : "audit",
          finding: "unchecked",
        },
        spans: [],
      };
    }
  }

  function judge(body: string, direction: "in" | "out", parties: Parties): Verdict {
    const { rules, isExternal } = prepare();
    // Most people have no rules: nothing is made ready for none.
    if (rules.length === 0 && policy.linkMode() !== "block") return { ...nothingFound, body };
    const external = isExternal(parties);
    const text = inspected(body);
    const deadline = performance.now() + maxTime;
    const hits: ContentHit[] = [];
    const warnings: Finding[] = [];
    const spans: Span[] = [];
    let block: Finding | undefined;
    if (policy.linkMode() === "block" && holdsLink(text)) {
      block = { action: "block", finding: "link", rule: undefined, message: undefined };
      hits.push({ rule: undefined, finding: "link", action: "block", direction, parties });
    }
    for (const rule of rules) {
      if (!applies(rule, direction, external)) continue;
      const result = apply(rule, text, performance.now() > deadline);
      if (!result) continue;
      const { finding } = result;
      hits.push({ rule: finding.rule, finding: finding.finding, action: finding.action, direction, parties });
      if (finding.action === "block") block ??= finding;
      else if (finding.action === "warn") warnings.push(finding);
      spans.push(...result.spans);
    }
    return { block, warnings, hits, body: redacted(body, spans) };
  }

  return {
    outgoing({ own, peer, body, confirm }) {
      const { block, warnings, hits, body: allowed } = judge(body, "out", { own, peer });
      hits.forEach(onHit);
      if (block) throw new HallwayError("content-blocked", paramsOf(block));
      const [first] = warnings;
      if (first) {
        const parts = [own ?? "", peer, body, ...warnings.map(({ rule }) => rule ?? "")];
        if (confirm === undefined || !confirmations.isGood(confirm, parts))
          throw new HallwayError("content-warning", { ...paramsOf(first), token: confirmations.token(parts) });
      }
      return allowed;
    },
    stillAllowed({ own, peer, body }) {
      const { block, hits, body: allowed } = judge(body, "out", { own, peer });
      // What was found when it was typed is written down; only what is new counts.
      if (block || allowed !== body) hits.forEach(onHit);
      if (block) throw new HallwayError("content-blocked", paramsOf(block));
      // It is on the screen as it was typed: taking parts out now would send another message than the one shown.
      if (allowed !== body) throw new HallwayError("content-blocked");
    },
    received({ own, peer, direction, body }, found = (report) => report()) {
      const verdict = judge(body, direction, { own, peer });
      if (verdict.hits.length > 0) found(() => verdict.hits.forEach(onHit));
      return verdict.block ? notice(verdict.block) : verdict.body;
    },
    openLink(confirmed) {
      const mode = policy.linkMode();
      if (mode === "text" || mode === "block") throw new HallwayError("blocked-by-policy", { setting: "LinkMode" });
      if (mode === "warn" && !confirmed) throw new HallwayError("content-warning", { finding: "link" });
    },
    changed() {
      prepared = undefined;
      // Now rather than with the next message, so that what is wrong with them is said.
      prepare();
    },
  };
}

function paramsOf({ rule, finding, message }: Finding): Record<string, string> {
  return { finding, ...(rule === undefined ? {} : { rule }), ...(message === undefined ? {} : { message }) };
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
