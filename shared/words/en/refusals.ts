/** What is said when a setting of the organization refuses something (error `blocked-by-policy` with that setting). */
export const refusals = {
  "refused.AccountManagementEnabled":
    "Your organization sets up the accounts here. None can be added, changed or removed.",
  "refused.ProvisionedAccounts": "Your organization set up this account. It cannot be changed or removed here.",
  "refused.AllowedAccountDomains": "Your organization does not allow accounts of this domain[ ({domain})].",
  "refused.AllowedProtocols": "Your organization does not allow this kind of account.",
  "refused.AllowedServers": "Your organization does not allow connections to this server[ ({host})].",
  "refused.TlsMinVersion": "Your organization asks for newer encryption than the server[ {host}] has.",
  "refused.AuthMethods": "Your organization does not allow the ways of signing in that the server offers.",
  "refused.CertificatePins": "Your organization expects another key of the server[ {host}].",
  "refused.AdditionalTrustAnchors": "Your organization no longer trusts who vouched for the server[ {host}].",
  "refused.CertificateExceptionsEnabled": "Your organization does not allow a certificate authority of your own.",
  "refused.ComplianceNotice": "Your organization has a notice that you have not accepted yet.",
  "refused.PolicyRequired": "Your organization’s rules cannot be read, and without them Hallway does not connect.",
  "refused.PreferencesEnabled": "Your organization does not allow settings to be changed here.",
  "refused.HistoryExportEnabled": "Your organization does not allow messages to be exported here.",
  "refused.ServerArchiveMode":
    "Your organization has a rule about keeping conversations on the server, which the server[ {host}] cannot follow.",
  "refused.PresenceSharing":
    "The server[ {host}] cannot hide from people that you are here, as you or your organization have chosen.",
  "refused.E2eeMode":
    "Your organization asks for end-to-end encryption, which this version of Hallway does not have: nothing can be sent.",
  "refused.GatewaysEnabled":
    "Your organization does not allow talking with people of other networks through a gateway[ ({domain})].",
  "refused.ProxySettings": "Your organization’s proxy settings let no connection stand here.",
  "refused.RevocationMode": "Your organization asks whether the certificate of the server[ {host}] was revoked.",
  "refused.FederationMode": "Your organization does not allow talking with people of this domain[ ({domain})].",
  "refused.BlockedDomains": "Your organization does not allow talking with people of this domain[ ({domain})].",
  "refused.OutboundBurstLimit":
    "You have written to {limit} new people within an hour, which is as many as are allowed.",
} as const;
