import type { refusals as source } from "../en/refusals.ts";
import type { Translation } from "../message.ts";

export const refusals: Translation<typeof source> = {
  "refused.AccountManagementEnabled":
    "Votre organisation gère les comptes ici. Aucun ne peut être ajouté, modifié ni supprimé.",
  "refused.ProvisionedAccounts":
    "Votre organisation a configuré ce compte. Il ne peut être ni modifié ni supprimé ici.",
  "refused.AllowedAccountDomains": "Votre organisation n’autorise pas les comptes de ce domaine[ ({domain})].",
  "refused.AllowedProtocols": "Votre organisation n’autorise pas ce type de compte.",
  "refused.AllowedServers": "Votre organisation n’autorise pas les connexions à ce serveur[ ({host})].",
  "refused.TlsMinVersion":
    "Votre organisation exige un chiffrement plus récent que celui que le serveur[ {host}] prend en charge.",
  "refused.AuthMethods": "Votre organisation n’autorise pas les modes de connexion que le serveur propose.",
  "refused.CertificatePins": "Votre organisation attend une autre clé du serveur[ {host}].",
  "refused.AdditionalTrustAnchors":
    "Votre organisation ne fait plus confiance à l’autorité qui a émis le certificat du serveur[ {host}].",
  "refused.CertificateExceptionsEnabled": "Votre organisation n’autorise pas d’autorité de certification personnelle.",
  "refused.ComplianceNotice": "Vous n’avez pas encore accepté l’avis de votre organisation.",
  "refused.PolicyRequired":
    "Les règles de votre organisation ne peuvent pas être lues ; sans elles, Hallway ne se connecte pas.",
  "refused.PreferencesEnabled": "Votre organisation n’autorise pas la modification des réglages ici.",
  "refused.HistoryExportEnabled": "Votre organisation ne permet pas d’exporter des messages ici.",
  "refused.ServerArchiveMode":
    "Votre organisation a une règle sur la conservation des discussions sur le serveur, que le serveur[ {host}] ne peut pas respecter.",
  "refused.PresenceSharing":
    "Le serveur[ {host}] ne peut pas masquer votre présence comme vous ou votre organisation l’avez choisi.",
  "refused.E2eeMode":
    "Votre organisation exige le chiffrement de bout en bout, que cette version de Hallway n’a pas : rien ne peut être envoyé.",
  "refused.GatewaysEnabled":
    "Votre organisation n’autorise pas les échanges avec d’autres réseaux par une passerelle[ ({domain})].",
  "refused.ProxySettings":
    "Les réglages de serveur mandataire de votre organisation n’autorisent aucune connexion ici.",
  "refused.RevocationMode": "Votre organisation exige de vérifier si le certificat du serveur[ {host}] a été révoqué.",
  "refused.FederationMode":
    "Votre organisation n’autorise pas les échanges avec les personnes de ce domaine[ ({domain})].",
  "refused.BlockedDomains":
    "Votre organisation n’autorise pas les échanges avec les personnes de ce domaine[ ({domain})].",
  "refused.OutboundBurstLimit": "Vous avez écrit à {limit} nouvelles personnes en une heure, ce qui est la limite.",
};
