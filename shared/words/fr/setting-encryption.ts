import type { encryptionSettings as source } from "../en/setting-encryption.ts";
import type { Translation } from "../message.ts";

export const encryptionSettings: Translation<typeof source> = {
  "settingGroup.encryption": "Chiffrement",
  "setting.TlsMinVersion": "Version TLS minimale",
  "setting.TlsMinVersion.hint": "La plus ancienne version de TLS qu’une connexion peut utiliser.",
  "setting.TlsMinVersion.it":
    "Les connexions avec une version plus ancienne de TLS sont refusées. Les versions antérieures à 1.2 ne sont jamais utilisées. Quand le minimum est relevé, les connexions inférieures sont coupées.",
  "setting.TlsMinVersion.1.2": "TLS 1.2",
  "setting.TlsMinVersion.1.3": "TLS 1.3",
  "setting.CertificateExceptionsEnabled": "Exceptions de certificat",
  "setting.CertificateExceptionsEnabled.hint":
    "Indique si vous pouvez vous connecter à un serveur auquel votre système ne fait pas confiance.",
  "setting.CertificateExceptionsEnabled.it":
    "Désactivé : la personne ne peut ni ajouter une autorité de certification à un compte, ni continuer quand un certificat ne peut pas être vérifié. Utilisez AdditionalTrustAnchors pour les autorités de l’organisation.",
  "setting.RevocationMode": "Certificats révoqués",
  "setting.RevocationMode.hint": "Indique si Hallway vérifie qu’un certificat de serveur n’a pas été révoqué.",
  "setting.RevocationMode.it":
    "Souple : un certificat révoqué est refusé, celui dont l’état est introuvable est accepté. Strict : les deux sont refusés. Désactivé : rien n’est vérifié. Une réponse que le serveur apporte lui-même compte d’abord (agrafage OCSP). Sinon, Hallway interroge le répondeur que nomme le certificat, en HTTP, par le serveur mandataire s’il y en a un et quoi que dise AllowedServers, pendant 4 secondes au plus. Seul le certificat du serveur est vérifié, non ceux des autorités au-dessus : à chaque connexion à un compte, à un serveur XCAP, à l’archive ou au serveur du journal d’audit. Un certificat approuvé par lui-même ne peut pas être révoqué. Les listes de révocation ne sont pas lues : Strict refuse un certificat sans répondeur.",
  "setting.RevocationMode.off": "Non vérifiés",
  "setting.RevocationMode.soft": "Vérifiés si possible",
  "setting.RevocationMode.hard": "Toujours vérifiés",
  "setting.CertificatePins": "Clés épinglées",
  "setting.CertificatePins.hint": "Les clés que les serveurs de votre organisation doivent avoir.",
  "setting.CertificatePins.it":
    "Pour chaque hôte ou modèle de domaine, les empreintes SHA-256 en base64 des clés publiques (SPKI) que son certificat peut avoir ; une doit correspondre. Donnez aussi une clé de secours. Elles valent pour les serveurs de messagerie, pour XCAP et la découverte de WebSockets, pour l’archive, pour le serveur du journal d’audit et pour les serveurs mandataires en TLS. Des épingles inutilisables n’autorisent aucune connexion.",
  "setting.AdditionalTrustAnchors": "Autorités supplémentaires",
  "setting.AdditionalTrustAnchors.hint": "Les autorités de certification auxquelles votre organisation fait confiance.",
  "setting.AdditionalTrustAnchors.it":
    "Des certificats en PEM, aussi sur une seule ligne avec des espaces pour les fins de ligne, ou en DER base64, reconnus en plus de ceux du système pour tous les serveurs : ceux de messagerie, l’archive, le serveur du journal d’audit et les serveurs mandataires en TLS.",
  "setting.E2eeMode": "Chiffrement de bout en bout",
  "setting.E2eeMode.hint":
    "Indique si les messages sont chiffrés de sorte que seules les personnes de la discussion puissent les lire.",
  "setting.E2eeMode.it":
    "Exigé : rien n’est envoyé sans chiffrement de bout en bout. Préféré : il est actif partout où l’autre côté le prend en charge. Autorisé : la personne l’active. Interdit : il n’est jamais utilisé, si bien que serveurs et archives peuvent lire tous les messages. Cette version n’a pas de chiffrement de bout en bout : sous Exigé, aucun message n’est envoyé, pas même ceux qui attendent (ils restent et peuvent être envoyés quand la règle est levée), et la fenêtre le dit avant toute saisie ; les messages non chiffrés des autres ont déjà passé les serveurs et sont affichés. La présence, la saisie en cours et les accusés ne sont pas des messages. Avec les trois autres, les messages sont envoyés sans chiffrement de bout en bout.",
  "setting.E2eeMode.forbidden": "Interdit",
  "setting.E2eeMode.allowed": "Autorisé",
  "setting.E2eeMode.preferred": "Préféré",
  "setting.E2eeMode.required": "Exigé",
  "setting.E2eeMethods": "Méthodes de chiffrement",
  "setting.E2eeMethods.hint": "Les méthodes de chiffrement de bout en bout qui peuvent être utilisées.",
  "setting.E2eeMethods.it":
    "Nomme les méthodes utilisables ; la première que les deux côtés prennent en charge est utilisée. Une liste vide signifie que rien ne peut être chiffré de bout en bout.",
  "setting.UntrustedDevicePolicy": "Appareils non vérifiés",
  "setting.UntrustedDevicePolicy.hint":
    "Ce qui se passe quand un contact utilise un appareil que vous n’avez pas vérifié.",
  "setting.UntrustedDevicePolicy.it":
    "Décide si les messages sont chiffrés pour un appareil non vérifié d’un contact : tant qu’aucun de ses appareils n’est vérifié, après une question, ou jamais.",
  "setting.UntrustedDevicePolicy.trust": "Acceptés au début",
  "setting.UntrustedDevicePolicy.ask": "Me demander",
  "setting.UntrustedDevicePolicy.block": "Bloqués",
  "setting.KeyEscrowCertificate": "Clé de l’entreprise",
  "setting.KeyEscrowCertificate.hint":
    "Une clé de votre organisation qui peut aussi lire les messages chiffrés ; vous voyez où elle est utilisée.",
  "setting.KeyEscrowCertificate.it":
    "Un certificat en PEM ajouté aux destinataires de chaque message S/MIME. Son utilisation est toujours montrée à la personne.",
};
