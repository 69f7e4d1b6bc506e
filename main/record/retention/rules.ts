import { createAudience } from "../../guard/audience.ts";
import type { RetentionPolicy } from "../../history/keeping-policy.ts";
import {
  type Participants,
  type RemovalRule,
  removalRules,
  type Subject,
  type Times,
} from "../../history/store/candidates.ts";
import { createHolds } from "./holds.ts";

/** Why a message may not be deleted now, by anybody. */
export type Protection =
  | { readonly by: "LegalHoldSubjects" }
  | { readonly by: "HistoryMinimumDays"; readonly until: number };

export interface RetentionRules {
  readonly policy: RetentionPolicy;
  /**
   * Age counts from when a message reached this computer, by this computer's clock: a stamp of its sender can then
   * neither delete it early nor keep it for ever.
   */
  protection(subject: Participants & Times, now: number): Protection | undefined;
  /** Whether a hold names something of theirs, whenever it was said. */
  mayHold(who: Participants): boolean;
  /**
   * Whether what was said must stay when it is corrected or retracted: where it may not be deleted, it may not be
   * written over. `held`: what a hold names must.
   */
  readonly demandsRecord: boolean | "held";
  /** The rule by which it goes; undefined: it stays. */
  removal(subject: Subject, now: number): RemovalRule | undefined;
  /** The latest time of arrival that retention by this rule takes. Undefined: it takes none. */
  cutoff(rule: RemovalRule, now: number): number | undefined;
  /** The latest time of arrival that any retention could take; undefined: none. */
  latestCutoff(now: number): number | undefined;
}

const day = 24 * 3600 * 1000;

export function createRetentionRules(policy: RetentionPolicy): RetentionRules {
  const held = createHolds(policy.holds);
  const named = createHolds(policy.holds.map(({ from: _from, to: _to, ...hold }) => hold));
  const isExternal = createAudience(policy.allowedDomains);
  const days: Readonly<Record<RemovalRule, number>> = {
    HistoryRetentionDays: policy.retentionDays,
    HistoryRetentionExternalDays: policy.externalDays === 0 ? policy.retentionDays : policy.externalDays,
    "deleted-by-person": 0,
  };

  function cutoff(rule: RemovalRule, now: number): number | undefined {
    return days[rule] === 0 ? undefined : now - Math.max(days[rule], policy.minimumDays) * day;
  }

  /** Where nobody can tell on which side somebody is, the rule that keeps longer counts. */
  function ruleFor({ own, peer }: Participants): RemovalRule {
    const external = isExternal({ own, peer });
    const outsideLonger = length(days.HistoryRetentionExternalDays) > length(days.HistoryRetentionDays);
    return (external ?? outsideLonger) && policy.externalDays !== 0
      ? "HistoryRetentionExternalDays"
      : "HistoryRetentionDays";
  }

  const retention: RetentionRules = {
    policy,
    mayHold: (who) => named(who, { sentAt: 0, receivedAt: 0 }),
    demandsRecord: !policy.deleteEnabled || policy.minimumDays > 0 ? true : policy.holds.length > 0 ? "held" : false,
    protection(subject, now) {
      if (held(subject, subject)) return { by: "LegalHoldSubjects" };
      const until = subject.receivedAt + policy.minimumDays * day;
      // What came at no time that can be named is as young as can be.
      if (policy.minimumDays > 0 && !(until <= now))
        return { by: "HistoryMinimumDays", until: Number.isFinite(until) ? until : now + policy.minimumDays * day };
      return undefined;
    },
    removal(subject, now) {
      const rule = ruleFor(subject);
      const before = cutoff(rule, now);
      const old = before !== undefined && subject.receivedAt <= before;
      if (!old && !(subject.deleted && policy.deleteEnabled)) return undefined;
      if (retention.protection(subject, now)) return undefined;
      return old ? rule : "deleted-by-person";
    },
    cutoff,
    latestCutoff(now) {
      const all = removalRules.flatMap((rule) => cutoff(rule, now) ?? []);
      return all.length === 0 ? undefined : Math.max(...all);
    },
  };
  return retention;
}

/** 0 days are for ever. */
function length(retention: number): number {
  return retention === 0 ? Number.POSITIVE_INFINITY : retention;
}
