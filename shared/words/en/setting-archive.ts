/**
 * Words of shared/settings/archive.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const archiveSettings = {
  "settingGroup.archive": "Archive and audit",
  "setting.ArchiveScope": "Archived chats",
  "setting.ArchiveScope.hint": "The chats of which your organization keeps a copy.",
  "setting.ArchiveScope.it":
    "Decides which chats are copied to ArchiveDestination. The person sees in such a chat that it is archived.",
  "setting.ArchiveScope.none": "None",
  "setting.ArchiveScope.internal": "Inside the organization",
  "setting.ArchiveScope.external": "With people outside",
  "setting.ArchiveScope.all": "All",
  "setting.ArchiveDestination": "Archive destination",
  "setting.ArchiveDestination.hint": "The place to which copies of chats go.",
  "setting.ArchiveDestination.it":
    "A folder, a syslog server over TLS, or an HTTPS address. Copies wait in a durable queue while it cannot be reached, and each carries an id so that duplicates can be recognized. For HTTPS, authorizationFile names a file that contains the value of the Authorization header; the policy contains no secret.",
  "setting.ArchiveFormat": "Archive format",
  "setting.ArchiveFormat.hint": "The format in which copies of chats are written.",
  "setting.ArchiveFormat.it":
    "JSON Lines, one email message for each chat and day, or XML as compliance archives read it.",
  "setting.ArchiveFormat.json": "JSON Lines",
  "setting.ArchiveFormat.eml": "Email messages",
  "setting.ArchiveFormat.xml": "XML",
  "setting.ArchiveRequired": "Send only what is archived",
  "setting.ArchiveRequired.hint": "Nothing can be sent while the archive cannot take it.",
  "setting.ArchiveRequired.it":
    "On: while the archive cannot take a copy, nothing is sent and the person is told; sending continues when the archive is back. Off: copies wait and messages are sent.",
  "setting.AuditSyslogServer": "Audit log server",
  "setting.AuditSyslogServer.hint": "Where your organization receives a log of what happens in Hallway.",
  "setting.AuditSyslogServer.it":
    "A syslog server over TLS (RFC 5424, RFC 5425) that receives the audit entries in addition to the log on this computer.",
  "setting.AuditEvents": "Audited events",
  "setting.AuditEvents.hint": "The kinds of events that are written to the audit log.",
  "setting.AuditEvents.it":
    "Names the events that are written: policy changes, sign-ins, exports, deletions, holds, content rule hits, certificate exceptions and archive problems. All of them if nothing is set.",
  "setting.AuditHashChainEnabled": "Chained audit log",
  "setting.AuditHashChainEnabled.hint": "Shows when someone has changed the audit log.",
  "setting.AuditHashChainEnabled.it":
    "On: each audit entry carries the hash of the one before and a signature of the device, so that hallway audit verify finds a deleted, changed, moved or missing entry. Off: no audit log is written; its last entry says so, and it continues from there when this is on again.",
  "setting.ComplianceNotice": "Notice to everyone",
  "setting.ComplianceNotice.hint": "What your organization wants you to know about chats here.",
  "setting.ComplianceNotice.it":
    "Shown in every chat, and accepted by the person before the first sign-in; the acceptance is recorded with its time, the hash of the text and its version. A new version must be accepted again. Give the text in English and, if you can, in French.",
} as const;
