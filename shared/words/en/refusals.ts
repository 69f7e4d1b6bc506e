/**
 * Words of refusals, when a setting of the organization refuses something (error `blocked-by-policy` with that
 * setting).
 */
export const refusals = {
  "refused.AccountManagementEnabled":
    "Your organization sets up the accounts here. None can be added, changed or removed.",
  "refused.ProvisionedAccounts": "Your organization set up this account. It cannot be changed or removed here.",
  "refused.AllowedAccountDomains": "Your organization does not allow accounts at this domain[ ({domain})].",
  "refused.AllowedProtocols": "Your organization does not allow this kind of account.",
  "refused.AllowedServers": "Your organization does not allow connections to this server[ ({host})].",
  "refused.TlsMinVersion": "Your organization requires newer encryption than the server[ {host}] supports.",
  "refused.AuthMethods": "Your organization does not allow the sign-in methods that the server offers.",
  "refused.CertificatePins": "Your organization expects a different key from the server[ {host}].",
  "refused.AdditionalTrustAnchors":
    "Your organization no longer trusts the authority that issued the certificate of the server[ {host}].",
  "refused.CertificateExceptionsEnabled": "Your organization does not allow a certificate authority of your own.",
  "refused.ComplianceNotice": "You have not accepted your organization’s notice yet.",
  "refused.PolicyRequired": "Your organization’s rules cannot be read, and Hallway does not connect without them.",
  "refused.PreferencesEnabled": "Your organization does not allow settings to be changed here.",
  "refused.HistoryExportEnabled": "Your organization does not allow messages to be exported here.",
  "refused.ServerArchiveMode":
    "Your organization has a rule about keeping chats on the server, which the server[ {host}] cannot follow.",
  "refused.PresenceSharing": "The server[ {host}] cannot hide your presence as you or your organization have chosen.",
  "refused.E2eeMode":
    "Your organization requires end-to-end encryption, which this version of Hallway does not have: nothing can be sent.",
  "refused.GatewaysEnabled":
    "Your organization does not allow talking to people on other networks through a gateway[ ({domain})].",
  "refused.ProxySettings": "Your organization’s proxy settings do not allow any connection here.",
  "refused.RevocationMode":
    "Your organization requires a check whether the certificate of the server[ {host}] was revoked.",
  "refused.FederationMode": "Your organization does not allow talking to people at this domain[ ({domain})].",
  "refused.BlockedDomains": "Your organization does not allow talking to people at this domain[ ({domain})].",
  "refused.OutboundBurstLimit": "You have written to {limit} new people within an hour, which is the limit.",
} as const;
