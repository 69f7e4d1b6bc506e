import type { LegalHold } from "../../history/keeping-policy.ts";
import type { Profile } from "../../profile/profile.ts";
import type { Audit, AuditEvent } from "../audit/audit.ts";

const key = "legal-holds";

/**
 * Writes into the audit log which legal holds were set and lifted: compared with those last written, which the profile
 * remembers, so that each change stands there once, over restarts too. A hold is written before it counts as written:
 * after a crash in between it stands there twice rather than not at all.
 */
export async function auditHolds(holds: readonly LegalHold[], profile: Profile, audit: Audit): Promise<void> {
  const now = new Map(holds.map((hold) => [canonical(hold), hold]));
  const before = new Set(parse(await profile.get("app", key)));
  const lifted = [...before].filter((text) => !now.has(text));
  const set = [...now].filter(([text]) => !before.has(text));
  if (lifted.length === 0 && set.length === 0) return;
  for (const [, hold] of set) await audit.record(event("set", hold));
  for (const text of lifted) await audit.record(event("lifted", JSON.parse(text) as LegalHold));
  await profile.put([{ namespace: "app", key, value: JSON.stringify([...now.keys()]) }]);
}

function event(action: "set" | "lifted", hold: LegalHold): AuditEvent {
  const { type, matter, from = null, to = null } = hold;
  const subject = hold.type === "domain" ? hold.domain : hold.type === "everything" ? null : hold.address;
  return { kind: "hold", action, details: { type, subject, matter, from, to } };
}

/** One text for one hold, whatever the order in which a policy has its fields. */
function canonical(hold: LegalHold): string {
  return JSON.stringify(Object.fromEntries(Object.entries(hold).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** The profile is ours, but may be of another version: what is no list of texts counts as nothing. */
function parse(text: string | undefined): string[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list)
      ? list.filter((entry): entry is string => typeof entry === "string" && isObject(entry))
      : [];
  } catch {
    return [];
  }
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
