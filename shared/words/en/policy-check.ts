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
    "Valid: a name such as example.com, *.example.com for all names below it, an IP address, or *; without a scheme, port, path or final dot.",
  "policy.reason.host": "Valid: a host name or an IP address, without a scheme or port.",
  "policy.reason.websocket-path": "Valid: the path of a WebSocket, such as /ws, with its query if it has one.",
  "policy.reason.path": "Valid: an absolute path.",
  "policy.reason.url": "Valid: a complete URL with the right scheme, without a user name or password.",
  "policy.reason.certificate":
    "Valid: certificates in PEM, also on one line with spaces or \\n for the line breaks, or the DER of one certificate in base64.",
  "policy.reason.key-hash": "Valid: the SHA-256 hash of a key in base64, 44 characters.",
  "policy.reason.public-key": "Valid: an Ed25519 public key in PEM, or its 32 bytes in base64.",
  "policy.reason.instant": "Valid: a date such as 2026-01-31, or a time with its zone such as 2026-01-31T09:30:00Z.",
  "policy.reason.span": "It ends before it begins. Valid: a “to” that is not before its “from”.",
  "policy.reason.held-address":
    "Valid: an address such as dana@example.com; for a whole domain, an entry of type domain.",
  "policy.reason.address": "Valid: an address such as ${user}@example.com, or ${email}.",
  "policy.reason.account-name": "Valid: up to 40 letters, digits and hyphens.",
  "policy.reason.repeated": "It appears twice here. Valid: each entry once.",
  "policy.reason.same-name": "Another entry has the same name. Valid: a different name for each entry.",
  "policy.reason.one-finder": "Valid: exactly one of pattern, keywords and detector in each rule.",
  "policy.reason.setting-name": "Valid: names of settings, or * for all of them.",
  "policy.reason.extension": "Valid: a file extension without its dot, or *.",
  "policy.reason.media-type": "Valid: a media type such as image/png, or image/*.",
  "policy.check.conflict":
    "{place} sets another value. Valid: one place, or the same value in both. Until then, {value} is in force, with the restricted values of the whole group.",
  "policy.check.looser": "A later file makes it less strict: {place}.",
  "policy.check.warning": "warning",
  "policy.lint.no-method":
    "None of these sign-in methods works for {protocol} in this version, so no such account can sign in. Valid: at least one of {valid}.",
  "policy.lint.method-missing": "This version does not support {value}; only the others count.",
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
    "{path}: the value of {gap} is not known, so this account cannot be created. Valid: {valid}.",
  "policy.lint.account-twice":
    "{path}: another entry sets up {address} too, and only one of them counts. Valid: each address once.",
  "policy.lint.account-address": "{path}: {address} is no address, so there is no account. Valid: such as {valid}.",
  "policy.lint.account-transport": "{path}: {protocol} does not use {transport}. Valid: one of: {valid}.",
  "policy.lint.archive-simple": "SIMPLE has no server archive, so {address} never signs in. Valid: allow or forbid.",
  "policy.lint.archive-nowhere":
    "ArchiveDestination is not set, so nothing can be archived, and where the archive is required nothing is sent. Valid: a folder, a syslog server or an HTTPS address there, and what to archive in ArchiveScope.",
  "policy.lint.archive-nothing":
    "ArchiveScope covers no chats, so nothing is archived. Valid: all, internal or external there.",
  "policy.lint.audit-off":
    "No audit log is written, so this server receives none. Valid: AuditHashChainEnabled true, and at least one event in AuditEvents.",
  "policy.lint.kept-nowhere": "It does not keep what {other} requires. Valid: encrypted.",
  "policy.lint.kept-in-scope": "Other chats are not held, since HistoryScope is {scope}. To hold them, set it to all.",
  "policy.lint.kept-by-choice":
    "The person can still choose to keep nothing. To prevent that, set HistoryMode to encrypted.",
  "policy.lint.minimum-over-retention":
    "After {days} days nothing can be deleted, because HistoryMinimumDays keeps messages for {minimum}. Valid: at least as many days as that, or 0 to keep them for ever.",
  "policy.lint.end-to-end":
    "This version has no end-to-end encryption, so nothing at all is sent. Valid: preferred, allowed or forbidden.",
  "policy.lint.allowed-and-blocked":
    "BlockedDomains blocks {domain}, which is allowed here. Valid: each domain in only one of the two lists.",
  "policy.lint.own-domain-blocked":
    "{domain} is a domain of accounts in ProvisionedAccounts, so colleagues are blocked.",
  "policy.lint.list-empty": "AllowedDomains is empty, so people can only be reached in their own domains.",
  "policy.lint.list-everyone": "It covers every domain, so FederationMode list is the same as open.",
  "policy.lint.allowed-open":
    "FederationMode is open, so people at all other domains can be reached as well. To allow only these, set FederationMode to list.",
  "policy.lint.bypass-all":
    "Every host bypasses the proxy. Valid: only the hosts that need no proxy, or the mode direct.",
  "policy.lint.unknown-setting":
    "No setting is called {name}.[ Did you mean {suggestion}?] Valid: names of settings, or *.",
  "policy.lint.no-scanner":
    "FileScanner is not set, so no file is sent or opened. Valid: a scanner there, or false here.",
  "policy.lint.certificate-expired":
    "{path}: the certificate expired on {date}, so nothing is trusted through it. Valid: a certificate that has not expired.",
  "policy.lint.certificate-early":
    "{path}: the certificate is not valid before {date}. Valid: a certificate that is valid now.",
  "policy.lint.certificate-issued":
    "{path}: {issuer} issued this certificate, so it is trusted only where that authority is. To be sure, add the certificate of that authority here too.",
  "policy.lint.pin-unused": "AllowedServers does not allow {host}, so this pin is never used.",
  "policy.lint.rule-unusable":
    "{path}: this rule cannot be applied, so it blocks everything it covers. Valid: an RE2 expression, without look-around and back references, or fewer keywords.",
  "policy.lint.pattern-everything":
    "{path}: it matches empty text, so it matches every message. Valid: an expression that needs at least one character.",
  "policy.lint.keyword-nothing":
    "{path}: it contains only spaces and invisible characters, so it never matches. Valid: a word or a phrase.",
  "policy.lint.pattern-nothing": "{path}: it has an anchor in the middle, so it may never match.",
} as const;
