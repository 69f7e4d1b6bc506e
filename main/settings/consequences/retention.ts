import { type Consequence, type ConsequenceRule, error, type PolicyInForce, warning } from "./consequence.ts";

/** Whether what must be kept or archived can be. */
export const retention: ConsequenceRule = (inForce) => [
  ...historyOf(inForce),
  ...archiveOf(inForce),
  ...auditOf(inForce),
];

function historyOf(inForce: PolicyInForce): readonly Consequence[] {
  const found: Consequence[] = [];
  const minimum = inForce.get("HistoryMinimumDays");
  const demands = [
    ...(minimum > 0 ? ["HistoryMinimumDays"] : []),
    ...(inForce.get("LegalHoldSubjects").length > 0 ? ["LegalHoldSubjects"] : []),
  ];
  if (demands.length > 0) {
    const params = { other: demands.join(", ") };
    if (inForce.get("HistoryMode") !== "encrypted") found.push(error("HistoryMode", "kept-nowhere", params));
    else if (!inForce.names("HistoryMode"))
      found.push(warning(minimum > 0 ? "HistoryMinimumDays" : "LegalHoldSubjects", "kept-by-choice"));
  }
  const scope = inForce.get("HistoryScope");
  if (scope !== "all" && inForce.get("LegalHoldSubjects").length > 0)
    found.push(warning("LegalHoldSubjects", "kept-in-scope", { scope }));
  for (const key of ["HistoryRetentionDays", "HistoryRetentionExternalDays"] as const) {
    const days = inForce.get(key);
    if (days > 0 && days < minimum) found.push(error(key, "minimum-over-retention", { days, minimum }));
  }
  return found;
}

function archiveOf(inForce: PolicyInForce): readonly Consequence[] {
  const [scope, destination] = [inForce.get("ArchiveScope"), inForce.get("ArchiveDestination")];
  const key = inForce.get("ArchiveRequired") ? "ArchiveRequired" : "ArchiveScope";
  if (destination === null && (scope !== "none" || key === "ArchiveRequired")) return [error(key, "archive-nowhere")];
  return scope === "none" && destination !== null ? [error("ArchiveDestination", "archive-nothing")] : [];
}

function auditOf(inForce: PolicyInForce): readonly Consequence[] {
  const isWritten = inForce.get("AuditHashChainEnabled") && inForce.get("AuditEvents").length > 0;
  return inForce.get("AuditSyslogServer") !== null && !isWritten ? [error("AuditSyslogServer", "audit-off")] : [];
}
