/**
 * Words of shared/settings/encryption.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const encryptionSettings = {
  "settingGroup.encryption": "Encryption",
  "setting.TlsMinVersion": "Oldest TLS version",
  "setting.TlsMinVersion.hint": "The oldest version of TLS that a connection may use.",
  "setting.TlsMinVersion.it":
    "Connections with an older version of TLS are refused. Versions before 1.2 are never used. When it is raised, connections below it are dropped.",
  "setting.TlsMinVersion.1.2": "TLS 1.2",
  "setting.TlsMinVersion.1.3": "TLS 1.3",
  "setting.CertificateExceptionsEnabled": "Certificate exceptions",
  "setting.CertificateExceptionsEnabled.hint": "Whether you may connect to a server that your system does not trust.",
  "setting.CertificateExceptionsEnabled.it":
    "Off: the person cannot add a certificate authority of their own to an account, nor go on where a certificate cannot be verified. Use AdditionalTrustAnchors for the organization’s own authorities.",
  "setting.RevocationMode": "Revoked certificates",
  "setting.RevocationMode.hint": "Whether Hallway asks if a server’s certificate was revoked.",
  "setting.RevocationMode.it":
    "Soft: a revoked certificate is refused, one whose state cannot be found out is not. Hard: that one is refused too. Off: nobody is asked. What the server brings itself counts first (OCSP stapling); else the responder that its certificate names is asked over HTTP, through the proxy where there is one and whatever AllowedServers says, for at most 4 seconds. It is the server’s own certificate that is asked about, at each sign-in and at each connection to an XCAP server, the archive or the audit log’s server, not those of the authorities above it; a certificate that is trusted by itself cannot be revoked. Revocation lists are not read, so that under Hard a certificate without a responder is refused.",
  "setting.RevocationMode.off": "Not checked",
  "setting.RevocationMode.soft": "Checked where possible",
  "setting.RevocationMode.hard": "Always checked",
  "setting.CertificatePins": "Pinned keys",
  "setting.CertificatePins.hint": "The keys that your organization’s servers must have.",
  "setting.CertificatePins.it":
    "For each host or domain pattern, the Base64 SHA-256 hashes of the public keys (SPKI) that its certificate may have; one must match. Give a spare key too. They count for chat servers, for XCAP and looking for WebSockets, for the archive, for the audit log’s server and for proxies over TLS. Pins that cannot be used let no connection stand.",
  "setting.AdditionalTrustAnchors": "Additional authorities",
  "setting.AdditionalTrustAnchors.hint": "Certificate authorities that your organization trusts.",
  "setting.AdditionalTrustAnchors.it":
    "Certificates in PEM, also on one line with spaces for the line breaks, or in base64 DER, trusted besides the system’s own for all servers: those of chats, the archive, the audit log’s server, and proxies over TLS.",
  "setting.E2eeMode": "End-to-end encryption",
  "setting.E2eeMode.hint": "Whether messages are encrypted so that only the people in the conversation can read them.",
  "setting.E2eeMode.it":
    "Required: nothing is sent that is not encrypted end to end. Preferred: it is on wherever the other side can. Allowed: the person switches it on. Forbidden: it is never used, so that servers and archives can read what passes. This version encrypts nothing end to end: under Required no message is sent, those that wait neither (they stay and can be sent when the rule has gone), and the window says so before anything is typed; what others send unencrypted has passed the servers already and is shown. Presence, typing and receipts are not messages. Under the other three, messages are sent as they are.",
  "setting.E2eeMode.forbidden": "Forbidden",
  "setting.E2eeMode.allowed": "Allowed",
  "setting.E2eeMode.preferred": "Preferred",
  "setting.E2eeMode.required": "Required",
  "setting.E2eeMethods": "Encryption methods",
  "setting.E2eeMethods.hint": "The ways of end-to-end encryption that may be used.",
  "setting.E2eeMethods.it":
    "Names the methods that may be used; the first that both sides know is taken. None means that nothing can be encrypted end to end.",
  "setting.UntrustedDevicePolicy": "Devices nobody has verified",
  "setting.UntrustedDevicePolicy.hint": "What happens when a contact uses a device that you have not verified.",
  "setting.UntrustedDevicePolicy.it":
    "Decides whether messages are encrypted to a contact’s device that nobody has verified: yes until one of theirs is verified, after asking, or never.",
  "setting.UntrustedDevicePolicy.trust": "Trusted at first",
  "setting.UntrustedDevicePolicy.ask": "Ask me",
  "setting.UntrustedDevicePolicy.block": "Not written to",
  "setting.KeyEscrowCertificate": "Company key",
  "setting.KeyEscrowCertificate.hint":
    "A key of your organization that can also read encrypted messages; you see where it is used.",
  "setting.KeyEscrowCertificate.it":
    "A certificate in PEM that is added to the recipients of every S/MIME message. The person is always shown that it is there.",
} as const;
