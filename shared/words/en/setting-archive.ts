/**
 * Words of shared/settings/archive.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const archiveSettings = {
  "settingGroup.archive": "Archive and audit",
  "setting.ArchiveScope": "Conversations that are archived",
  "setting.ArchiveScope.hint": "Which conversations your organization keeps a copy of.",
  "setting.ArchiveScope.it":
    "Decides which conversations are copied to ArchiveDestination. The person sees in such a conversation that it is archived.",
  "setting.ArchiveScope.none": "None",
  "setting.ArchiveScope.internal": "Inside the organization",
  "setting.ArchiveScope.external": "With people outside",
  "setting.ArchiveScope.all": "All",
  "setting.ArchiveDestination": "Where the archive is",
  "setting.ArchiveDestination.hint": "The place that copies of conversations go to.",
  "setting.ArchiveDestination.it":
    "A folder, a syslog server over TLS, or an HTTPS address. Copies wait in a durable queue while it cannot be reached, and each carries an id so that one that comes twice is known. For HTTPS, authorizationFile names a file with the value of the Authorization header; no secret stands in the policy.",
  "setting.ArchiveFormat": "Format of the archive",
  "setting.ArchiveFormat.hint": "The form in which copies of conversations are written.",
  "setting.ArchiveFormat.it":
    "JSON Lines, one mail message per conversation and day, or XML as compliance archives read it.",
  "setting.ArchiveFormat.json": "JSON Lines",
  "setting.ArchiveFormat.eml": "Mail messages",
  "setting.ArchiveFormat.xml": "XML",
  "setting.ArchiveRequired": "Only send what is archived",
  "setting.ArchiveRequired.hint": "Nothing can be sent while the archive cannot take it.",
  "setting.ArchiveRequired.it":
    "On: when the archive cannot take a copy, sending stops, the person is told, and it goes on when the archive is back. Off: copies wait and sending goes on.",
  "setting.AuditSyslogServer": "Audit log server",
  "setting.AuditSyslogServer.hint": "Where your organization receives what happened in Hallway.",
  "setting.AuditSyslogServer.it":
    "A syslog server over TLS (RFC 5424, RFC 5425) that receives the audit entries besides the log on this computer.",
  "setting.AuditEvents": "What is audited",
  "setting.AuditEvents.hint": "The kinds of events that are written to the audit log.",
  "setting.AuditEvents.it":
    "Names the events that are written: changes of policy, sign-ins, exports, deletions, holds, hits of content rules, certificate exceptions, and troubles of the archive. All of them when nothing is set.",
  "setting.AuditHashChainEnabled": "Chained audit log",
  "setting.AuditHashChainEnabled.hint": "Makes it visible when somebody changes the audit log.",
  "setting.AuditHashChainEnabled.it":
    "On: each audit entry carries the hash of the one before and a signature of the device, so that a deleted, changed, moved or missing entry is found by hallway audit verify. Off: no audit log is written; its last entry says so, and it goes on from there when this is on again.",
  "setting.ComplianceNotice": "Notice to everyone",
  "setting.ComplianceNotice.hint": "What your organization wants you to know about conversations.",
  "setting.ComplianceNotice.it":
    "Shown in every conversation, and accepted by the person before the first sign-in; the acceptance is recorded with its time, the hash of the text and its version. A new version must be accepted again. Give the text in English and, if you can, in French.",
} as const;
