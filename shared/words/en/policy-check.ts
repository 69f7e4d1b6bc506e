/**
 * Words of the checks of a policy: what can be wrong with a value, what would be valid, and what follows from several
 * together.
 */
export const policyCheck = {
  "policy.valid": "Valid: {valid}.",
  "policy.valid.boolean": "true or false",
  "policy.valid.integer": "a whole number from {min} to {max}",
  "policy.valid.example": "for example {example}",
  "policy.reason.domain":
    "Valid: a name such as example.com, *.example.com for all below it, an IP address, or *; no scheme, port, path or dot at its end.",
  "policy.reason.host": "Valid: a host name or an IP address, without scheme and port.",
  "policy.reason.websocket-path": "Valid: the path of a WebSocket, such as /ws, with its query where it has one.",
  "policy.reason.path": "Valid: an absolute path.",
  "policy.reason.url": "Valid: a whole URL of the right scheme, without a name and a password in it.",
  "policy.reason.certificate":
    "Valid: certificates in PEM, also on one line with spaces or \\n for the line breaks, or one certificate’s DER in base64.",
  "policy.reason.key-hash": "Valid: the SHA-256 of a key in base64, 44 characters.",
  "policy.reason.public-key": "Valid: an Ed25519 public key in PEM, or its 32 bytes in base64.",
  "policy.reason.instant":
    "Valid: a day of the calendar such as 2026-01-31, or a moment with its zone such as 2026-01-31T09:30:00Z.",
  "policy.reason.span": "It ends before it begins. Valid: a “to” that is not before its “from”.",
  "policy.reason.address": "Valid: an address such as ${user}@example.com, or ${email}.",
  "policy.reason.account-name": "Valid: up to 40 letters, digits and hyphens.",
  "policy.reason.repeated": "It stands here twice. Valid: each entry once.",
  "policy.reason.same-name": "Another entry has the same name. Valid: a name of its own for each.",
  "policy.reason.one-finder": "Valid: exactly one of pattern, keywords and detector in each rule.",
  "policy.reason.setting-name": "Valid: names of settings, or * for all of them.",
  "policy.reason.extension": "Valid: the ending of a file name without its dot, or *.",
  "policy.reason.media-type": "Valid: a media type such as image/png, or image/*.",
  "policy.check.conflict":
    "{place} says something else. Valid: to say it in one place, or the same in both; until then {value} is in force, and the restricted values of all that goes with it.",
  "policy.check.looser": "A later file loosens it: {place}.",
  "policy.check.warning": "warning",
  "policy.lint.no-method":
    "None of these ways to sign in works for {protocol} in this version, so no such account can sign in. Valid: at least one of {valid}.",
  "policy.lint.method-missing": "{value} is not in this version; only the others count.",
  "policy.lint.nothing-allowed":
    "The list is empty, so no account can connect. Valid: at least one entry, such as {valid}.",
  "policy.lint.no-accounts":
    "Nobody can add an account, and ProvisionedAccounts sets up none. Valid: accounts there, or true here.",
  "policy.lint.account-domain":
    "{path}: AllowedAccountDomains does not allow {domain}, so this account never signs in. Valid: a domain among: {valid}.",
  "policy.lint.account-protocol":
    "{path}: AllowedProtocols does not allow {protocol}, so this account never signs in. Valid: one of: {valid}.",
  "policy.lint.account-server":
    "{path}: AllowedServers does not allow {host}, so this account never signs in. Valid: a host among: {valid}.",
  "policy.lint.account-gap":
    "{path}: nobody knows what {gap} stands for, so this account cannot be made. Valid: {valid}.",
  "policy.lint.account-twice":
    "{path}: another entry sets up {address} too, and only one of them counts. Valid: each address once.",
  "policy.lint.archive-nowhere":
    "There is no ArchiveDestination, so nothing can be archived, and where the archive is required nothing is sent. Valid: a folder, a syslog server or an HTTPS address there, and what to archive in ArchiveScope.",
  "policy.lint.archive-nothing":
    "ArchiveScope names no conversation, so nothing is archived. Valid: all, internal or external there.",
  "policy.lint.audit-off":
    "No audit log is written, so this server receives none. Valid: AuditHashChainEnabled true, and at least one event in AuditEvents.",
  "policy.lint.kept-nowhere": "It does not keep what {other} demands. Valid: encrypted.",
  "policy.lint.kept-by-choice":
    "The person may still choose that nothing is kept. To prevent that, set HistoryMode to encrypted.",
  "policy.lint.minimum-over-retention":
    "After {days} days nothing can go, for HistoryMinimumDays keeps it for {minimum}. Valid: at least as many days as that, or 0 for ever.",
  "policy.lint.end-to-end":
    "This version cannot encrypt end to end, so nothing at all is sent. Valid: preferred, allowed or forbidden.",
  "policy.lint.allowed-and-blocked":
    "BlockedDomains shuts out {domain}, which this allows. Valid: each domain in one of the two lists.",
  "policy.lint.own-domain-blocked":
    "{domain} is a domain of accounts that ProvisionedAccounts sets up: colleagues are shut out.",
  "policy.lint.list-empty": "AllowedDomains is empty, so only people of the own domains can be talked to.",
  "policy.lint.list-everyone": "It names every domain, so FederationMode list is the same as open.",
  "policy.lint.allowed-open":
    "FederationMode is open, so people of all other domains can be talked to as well. To allow only these, set FederationMode to list.",
  "policy.lint.bypass-all":
    "The proxy is passed by for every host. Valid: only the hosts that need no proxy, or the mode direct.",
  "policy.lint.unknown-setting":
    "No setting is called {name}[; did you mean {suggestion}?] Valid: names of settings, or *.",
  "policy.lint.no-scanner":
    "There is no FileScanner, so no file is sent or opened. Valid: a scanner there, or false here.",
  "policy.lint.certificate-expired":
    "{path}: the certificate expired on {date}, so nothing is trusted through it. Valid: one that has not.",
  "policy.lint.certificate-early": "{path}: the certificate counts only from {date}. Valid: one that counts now.",
  "policy.lint.certificate-issued":
    "{path}: {issuer} issued this certificate, so it is trusted only where that one is. To be sure, name the certificate of that authority here too.",
  "policy.lint.pin-unused": "AllowedServers does not allow {host}, so this pin is never looked at.",
  "policy.lint.rule-unusable":
    "{path}: this rule cannot be applied, so it blocks everything that it is for. Valid: an RE2 expression, which has no look-around and no back references, or fewer keywords.",
  "policy.lint.pattern-everything":
    "{path}: it matches an empty text, so it is found in every message. Valid: an expression that needs at least one character.",
  "policy.lint.keyword-nothing":
    "{path}: it has nothing but blanks and invisible characters, so it is never found. Valid: a word or a phrase.",
  "policy.lint.pattern-nothing": "{path}: an anchor stands in the middle of it, so it may never be found.",
} as const;
