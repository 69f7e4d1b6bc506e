import { type Consequence, type ConsequenceRule, error, type PolicyFacts, warning } from "./consequence.ts";

/** Whether what must be kept or archived can be. */
export const keeping: ConsequenceRule = (facts) => [...historyOf(facts), ...archiveOf(facts), ...auditOf(facts)];

function historyOf(facts: PolicyFacts): readonly Consequence[] {
  const found: Consequence[] = [];
  const minimum = facts.get("HistoryMinimumDays");
  const demands = [
    ...(minimum > 0 ? ["HistoryMinimumDays"] : []),
    ...(facts.get("LegalHoldSubjects").length > 0 ? ["LegalHoldSubjects"] : []),
  ];
  if (demands.length > 0) {
    const params = { other: demands.join(", ") };
    if (facts.get("HistoryMode") !== "encrypted") found.push(error("HistoryMode", "kept-nowhere", params));
    else if (!facts.names("HistoryMode"))
      found.push(warning(minimum > 0 ? "HistoryMinimumDays" : "LegalHoldSubjects", "kept-by-choice"));
  }
  for (const key of ["HistoryRetentionDays", "HistoryRetentionExternalDays"] as const) {
    const days = facts.get(key);
    if (days > 0 && days < minimum) found.push(error(key, "minimum-over-retention", { days, minimum }));
  }
  return found;
}

function archiveOf(facts: PolicyFacts): readonly Consequence[] {
  const [scope, destination] = [facts.get("ArchiveScope"), facts.get("ArchiveDestination")];
  const key = facts.get("ArchiveRequired") ? "ArchiveRequired" : "ArchiveScope";
  if (destination === null && (scope !== "none" || key === "ArchiveRequired")) return [error(key, "archive-nowhere")];
  return scope === "none" && destination !== null ? [error("ArchiveDestination", "archive-nothing")] : [];
}

function auditOf(facts: PolicyFacts): readonly Consequence[] {
  const isWritten = facts.get("AuditHashChainEnabled") && facts.get("AuditEvents").length > 0;
  return facts.get("AuditSyslogServer") !== null && !isWritten ? [error("AuditSyslogServer", "audit-off")] : [];
}
