import * as v from "valibot";
import { declare, itDecides } from "./declare.ts";
import { absolutePath, certificates, host, port, url } from "./forms.ts";
import { boolean, choice, someOf, structure } from "./kinds.ts";

/** Certificates to trust there, besides the system's. */
const authority = v.optional(certificates);

/** Syslog over TLS (RFC 5425), never without. */
const syslog = { host, port: v.optional(port, 6514), authority };

const ArchiveDestinationSchema = v.variant("type", [
  v.strictObject({ type: v.literal("folder"), path: absolutePath }),
  v.strictObject({ type: v.literal("syslog"), ...syslog }),
  /** `authorizationFile` holds the value of the Authorization header, so that no secret stands in the policy. */
  v.strictObject({
    type: v.literal("https"),
    url: url("https"),
    authority,
    authorizationFile: v.optional(absolutePath),
  }),
]);

/**
 * A text in the language of the person, English where there is no other. `version` changes when it must be accepted
 * again.
 */
const NoticeSchema = v.strictObject({
  version: v.pipe(v.string(), v.minLength(1), v.maxLength(50)),
  en: v.pipe(v.string(), v.minLength(1), v.maxLength(4000)),
  fr: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(4000))),
});

const auditEvents = [
  "policy",
  "sign-in",
  "export",
  "deletion",
  "hold",
  "content-rule",
  "certificate-exception",
  "archive",
] as const;

export const archive = {
  /** Which conversations are copied to the archive. */
  ArchiveScope: declare({
    ...choice(["none", "internal", "external", "all"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/archive.test.ts: what the scope names is archived, whichever way it comes, once; what it leaves out is not",
    group: "archive",
    default: "none",
    restricted: "all",
    example: "all",
  }),
  /** Null: nowhere. With an ArchiveScope and ArchiveRequired, nothing is sent then. */
  ArchiveDestination: declare({
    ...structure(v.nullable(ArchiveDestinationSchema)),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/archive.test.ts: a destination that cannot be used is none: copies wait, sending goes on, and nothing is lost",
    group: "archive",
    default: null,
    restricted: null,
    example: { type: "syslog", host: "archive.example.com", port: 6514 },
  }),
  ArchiveFormat: declare({
    ...choice(["json", "eml", "xml"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/archive.test.ts: goes where and in the form that policy says, live",
    default: "json",
    restricted: "json",
    example: "eml",
  }),
  /** True: what cannot be archived is not sent. */
  ArchiveRequired: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/archive.test.ts: with ArchiveRequired nothing in scope is sent before the archive has it; it waits, says so, and goes out by itself",
    group: "archive",
    default: false,
    restricted: true,
    example: true,
  }),
  AuditSyslogServer: declare({
    ...structure(v.nullable(v.strictObject(syslog))),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/archive.test.ts: the audit log goes to the syslog server that policy names, from its beginning, and to no other",
    default: null,
    restricted: null,
    example: { host: "audit.example.com", port: 6514 },
  }),
  AuditEvents: declare({
    ...someOf(auditEvents),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/audit.test.ts: is written as AuditEvents says: what it does not name is not written, all the rest is",
    default: auditEvents,
    restricted: auditEvents,
    example: ["policy", "export", "deletion"],
  }),
  /** False: no audit log is written. */
  AuditHashChainEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/audit.test.ts: is not written while AuditHashChainEnabled is off, says from when to when, and nothing of it can be changed unseen while it is on",
    default: true,
    restricted: true,
    example: true,
  }),
  /** Shown in conversations and accepted before the first sign-in; null: none. */
  ComplianceNotice: declare({
    ...structure(v.nullable(NoticeSchema)),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/notice.test.ts: nothing signs in before the notice is accepted; that is recorded, and asked anew when the text changes",
    default: null,
    restricted: {
      version: "0",
      en: "Your organization set a notice that cannot be read. Take it that conversations are recorded.",
      fr: "Votre organisation a prévu un avis illisible. Considérez que les conversations sont enregistrées.",
    },
    example: {
      version: "2026-1",
      en: "Conversations are recorded and may be reviewed.",
      fr: "Les conversations sont enregistrées et peuvent être examinées.",
    },
  }),
} as const;
