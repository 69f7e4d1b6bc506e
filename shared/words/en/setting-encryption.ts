/**
 * Words of shared/settings/encryption.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const encryptionSettings = {
  "settingGroup.encryption": "Encryption",
  "setting.TlsMinVersion": "Minimum TLS version",
  "setting.TlsMinVersion.hint": "The oldest version of TLS that a connection may use.",
  "setting.TlsMinVersion.it":
    "Connections with an older version of TLS are refused. Versions before 1.2 are never used. When the minimum is raised, connections below it are dropped.",
  "setting.TlsMinVersion.1.2": "TLS 1.2",
  "setting.TlsMinVersion.1.3": "TLS 1.3",
  "setting.CertificateExceptionsEnabled": "Certificate exceptions",
  "setting.CertificateExceptionsEnabled.hint": "Whether you may connect to a server that your system does not trust.",
  "setting.CertificateExceptionsEnabled.it":
    "Off: the person cannot add a certificate authority of their own to an account, or continue when a certificate cannot be verified. Use AdditionalTrustAnchors for the organization’s own authorities.",
  "setting.RevocationMode": "Revoked certificates",
  "setting.RevocationMode.hint": "Whether Hallway checks if a server’s certificate was revoked.",
  "setting.RevocationMode.it":
    "Soft: a revoked certificate is refused; one whose status cannot be found out is accepted. Hard: both are refused. Off: nothing is checked. An answer that the server brings itself counts first (OCSP stapling). Otherwise Hallway asks the responder that the certificate names, over HTTP, through the proxy if there is one and whatever AllowedServers says, for at most 4 seconds. Only the server’s own certificate is checked, not those of the authorities above it: at each sign-in, and at each connection to an XCAP server, the archive or the audit log server. A certificate that is trusted by itself cannot be revoked. Revocation lists are not read, so that Hard refuses a certificate without a responder.",
  "setting.RevocationMode.off": "Not checked",
  "setting.RevocationMode.soft": "Checked where possible",
  "setting.RevocationMode.hard": "Always checked",
  "setting.CertificatePins": "Pinned keys",
  "setting.CertificatePins.hint": "The keys that your organization’s servers must have.",
  "setting.CertificatePins.it":
    "For each host or domain pattern, the base64 SHA-256 hashes of the public keys (SPKI) that its certificate may have; one must match. Include a spare key. Pins apply to messaging servers, XCAP and WebSocket discovery, the archive, the audit log server and proxies over TLS. Pins that cannot be used allow no connection.",
  "setting.AdditionalTrustAnchors": "Additional authorities",
  "setting.AdditionalTrustAnchors.hint": "Certificate authorities that your organization trusts.",
  "setting.AdditionalTrustAnchors.it":
    "Certificates in PEM, also on one line with spaces for the line breaks, or in base64 DER, trusted in addition to the system’s own for all servers: messaging servers, the archive, the audit log server, and proxies over TLS.",
  "setting.E2eeMode": "End-to-end encryption",
  "setting.E2eeMode.hint": "Whether messages are encrypted so that only the people in the chat can read them.",
  "setting.E2eeMode.it":
    "Required: nothing is sent without end-to-end encryption. Preferred: it is on wherever the other side supports it. Allowed: the person turns it on. Forbidden: it is never used, so that servers and archives can read every message. This version has no end-to-end encryption: under Required no message is sent, including those that wait (they stay and can be sent when the rule is removed), and the window says so before anything is typed; unencrypted messages from others have already passed the servers and are shown. Presence, typing notifications and receipts are not messages. Under the other three, messages are sent without end-to-end encryption.",
  "setting.E2eeMode.forbidden": "Forbidden",
  "setting.E2eeMode.allowed": "Allowed",
  "setting.E2eeMode.preferred": "Preferred",
  "setting.E2eeMode.required": "Required",
  "setting.E2eeMethods": "Encryption methods",
  "setting.E2eeMethods.hint": "The methods of end-to-end encryption that may be used.",
  "setting.E2eeMethods.it":
    "Names the methods that may be used; the first that both sides support is used. An empty list means that nothing can be end-to-end encrypted.",
  "setting.UntrustedDevicePolicy": "Unverified devices",
  "setting.UntrustedDevicePolicy.hint": "What happens when a contact uses a device that you have not verified.",
  "setting.UntrustedDevicePolicy.it":
    "Decides whether messages are encrypted to a contact’s unverified device: until one of the contact’s devices is verified, after asking, or never.",
  "setting.UntrustedDevicePolicy.trust": "Trusted at first",
  "setting.UntrustedDevicePolicy.ask": "Ask me",
  "setting.UntrustedDevicePolicy.block": "Blocked",
  "setting.KeyEscrowCertificate": "Company key",
  "setting.KeyEscrowCertificate.hint":
    "A key of your organization that can also read encrypted messages; you see where it is used.",
  "setting.KeyEscrowCertificate.it":
    "A certificate in PEM that is added to the recipients of every S/MIME message. The person is always shown that it is used.",
} as const;
