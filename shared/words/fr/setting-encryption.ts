import type { encryptionSettings as source } from "../en/setting-encryption.ts";
import type { Translation } from "../message.ts";

export const encryptionSettings: Translation<typeof source> = {
  "settingGroup.encryption": "Chiffrement",
  "setting.TlsMinVersion": "Version TLS minimale",
  "setting.TlsMinVersion.hint": "La plus ancienne version de TLS qu’une connexion peut utiliser.",
  "setting.TlsMinVersion.it":
    "Les connexions avec une version plus ancienne de TLS sont refusées. Les versions antérieures à 1.2 ne sont jamais utilisées. Quand elle est relevée, les connexions inférieures sont coupées.",
  "setting.TlsMinVersion.1.2": "TLS 1.2",
  "setting.TlsMinVersion.1.3": "TLS 1.3",
  "setting.CertificateExceptionsEnabled": "Exceptions de certificat",
  "setting.CertificateExceptionsEnabled.hint":
    "Indique si vous pouvez vous connecter à un serveur auquel votre système ne fait pas confiance.",
  "setting.CertificateExceptionsEnabled.it":
    "Désactivé : la personne ne peut ni ajouter une autorité de certification à un compte, ni continuer quand un certificat ne peut pas être vérifié. Utilisez AdditionalTrustAnchors pour les autorités de l’organisation.",
  "setting.RevocationMode": "Certificats révoqués",
  "setting.RevocationMode.hint": "Indique si Hallway demande si le certificat d’un serveur a été révoqué.",
  "setting.RevocationMode.it":
    "Souple : un certificat révoqué est refusé, celui dont l’état est introuvable ne l’est pas. Strict : celui-là est refusé aussi. Désactivé : personne n’est interrogé. Ce que le serveur apporte lui-même compte d’abord (agrafage OCSP) ; sinon le répondeur que nomme son certificat est interrogé en HTTP, par le mandataire s’il y en a un et quoi que dise AllowedServers, pendant 4 secondes au plus. C’est le certificat du serveur qui est vérifié, à chaque connexion à un compte, à un serveur XCAP, à l’archive ou au serveur du journal d’audit, non ceux des autorités au-dessus ; un certificat approuvé par lui-même ne peut pas être révoqué. Les listes de révocation ne sont pas lues : sous Strict, un certificat sans répondeur est refusé.",
  "setting.RevocationMode.off": "Non vérifiés",
  "setting.RevocationMode.soft": "Vérifiés si possible",
  "setting.RevocationMode.hard": "Toujours vérifiés",
  "setting.CertificatePins": "Clés épinglées",
  "setting.CertificatePins.hint": "Les clés que les serveurs de votre organisation doivent avoir.",
  "setting.CertificatePins.it":
    "Pour chaque hôte ou modèle de domaine, les empreintes SHA-256 en Base64 des clés publiques (SPKI) que son certificat peut avoir ; une doit correspondre. Donnez aussi une clé de secours. Elles comptent pour les serveurs de messagerie, pour XCAP et la recherche de WebSockets, pour l’archive, pour le serveur du journal d’audit et pour les mandataires en TLS. Des épingles inutilisables ne laissent aucune connexion.",
  "setting.AdditionalTrustAnchors": "Autorités supplémentaires",
  "setting.AdditionalTrustAnchors.hint": "Les autorités de certification auxquelles votre organisation fait confiance.",
  "setting.AdditionalTrustAnchors.it":
    "Des certificats en PEM, aussi sur une seule ligne avec des espaces pour les fins de ligne, ou en DER base64, reconnus en plus de ceux du système pour tous les serveurs : ceux de messagerie, l’archive, le serveur du journal d’audit et les mandataires en TLS.",
  "setting.E2eeMode": "Chiffrement de bout en bout",
  "setting.E2eeMode.hint":
    "Indique si les messages sont chiffrés de sorte que seules les personnes de la conversation puissent les lire.",
  "setting.E2eeMode.it":
    "Exigé : rien n’est envoyé sans chiffrement de bout en bout. Préféré : il est actif partout où l’autre côté le peut. Autorisé : la personne l’active. Interdit : il n’est jamais utilisé, si bien que serveurs et archives peuvent lire ce qui passe. Cette version ne chiffre rien de bout en bout : sous Exigé, aucun message n’est envoyé, pas même ceux qui attendent (ils restent et peuvent partir quand la règle est levée), et la fenêtre le dit avant toute saisie ; ce que d’autres envoient sans chiffrement a déjà passé les serveurs et s’affiche. La présence, la saisie en cours et les accusés ne sont pas des messages. Avec les trois autres, les messages partent tels quels.",
  "setting.E2eeMode.forbidden": "Interdit",
  "setting.E2eeMode.allowed": "Autorisé",
  "setting.E2eeMode.preferred": "Préféré",
  "setting.E2eeMode.required": "Exigé",
  "setting.E2eeMethods": "Méthodes de chiffrement",
  "setting.E2eeMethods.hint": "Les façons de chiffrer de bout en bout qui peuvent être utilisées.",
  "setting.E2eeMethods.it":
    "Nomme les méthodes utilisables ; la première que connaissent les deux côtés est prise. Aucune signifie que rien ne peut être chiffré de bout en bout.",
  "setting.UntrustedDevicePolicy": "Appareils non vérifiés",
  "setting.UntrustedDevicePolicy.hint":
    "Ce qui se passe quand un contact utilise un appareil que vous n’avez pas vérifié.",
  "setting.UntrustedDevicePolicy.it":
    "Décide si les messages sont chiffrés pour l’appareil d’un contact que personne n’a vérifié : oui jusqu’à ce que l’un des siens le soit, après une question, ou jamais.",
  "setting.UntrustedDevicePolicy.trust": "Acceptés au début",
  "setting.UntrustedDevicePolicy.ask": "Me demander",
  "setting.UntrustedDevicePolicy.block": "Exclus",
  "setting.KeyEscrowCertificate": "Clé de l’entreprise",
  "setting.KeyEscrowCertificate.hint":
    "Une clé de votre organisation qui peut aussi lire les messages chiffrés ; vous voyez où elle est utilisée.",
  "setting.KeyEscrowCertificate.it":
    "Un certificat en PEM ajouté aux destinataires de chaque message S/MIME. Sa présence est toujours montrée à la personne.",
};
