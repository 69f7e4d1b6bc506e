import type { archiveSettings as source } from "../en/setting-archive.ts";
import type { Translation } from "../message.ts";

export const archiveSettings: Translation<typeof source> = {
  "settingGroup.archive": "Archive et audit",
  "setting.ArchiveScope": "Discussions archivées",
  "setting.ArchiveScope.hint": "Les discussions dont votre organisation garde une copie.",
  "setting.ArchiveScope.it":
    "Décide quelles discussions sont copiées vers ArchiveDestination. La personne voit dans une telle discussion qu’elle est archivée.",
  "setting.ArchiveScope.none": "Aucune",
  "setting.ArchiveScope.internal": "Internes à l’organisation",
  "setting.ArchiveScope.external": "Avec des personnes de l’extérieur",
  "setting.ArchiveScope.all": "Toutes",
  "setting.ArchiveDestination": "Destination de l’archive",
  "setting.ArchiveDestination.hint": "L’endroit où vont les copies des discussions.",
  "setting.ArchiveDestination.it":
    "Un dossier, un serveur syslog par TLS ou une adresse HTTPS. Les copies attendent dans une file durable tant que la destination est injoignable, et chacune porte un identifiant qui permet de reconnaître les doublons. Pour HTTPS, authorizationFile nomme un fichier contenant la valeur de l’en-tête Authorization ; la stratégie ne contient aucun secret.",
  "setting.ArchiveFormat": "Format de l’archive",
  "setting.ArchiveFormat.hint": "Le format dans lequel les copies des discussions sont écrites.",
  "setting.ArchiveFormat.it":
    "JSON Lines, un courriel par discussion et par jour, ou le XML que lisent les archives de conformité.",
  "setting.ArchiveFormat.json": "JSON Lines",
  "setting.ArchiveFormat.eml": "Courriels",
  "setting.ArchiveFormat.xml": "XML",
  "setting.ArchiveRequired": "N’envoyer que ce qui est archivé",
  "setting.ArchiveRequired.hint": "Rien ne peut être envoyé tant que l’archive ne peut pas le recevoir.",
  "setting.ArchiveRequired.it":
    "Activé : tant que l’archive ne peut pas recevoir de copie, rien n’est envoyé et la personne en est informée ; l’envoi reprend avec l’archive. Désactivé : les copies attendent et les messages sont envoyés.",
  "setting.AuditSyslogServer": "Serveur du journal d’audit",
  "setting.AuditSyslogServer.hint":
    "L’endroit où votre organisation reçoit un journal de ce qui se passe dans Hallway.",
  "setting.AuditSyslogServer.it":
    "Un serveur syslog par TLS (RFC 5424, RFC 5425) qui reçoit les entrées d’audit en plus du journal de cet ordinateur.",
  "setting.AuditEvents": "Événements audités",
  "setting.AuditEvents.hint": "Les sortes d’événements écrites dans le journal d’audit.",
  "setting.AuditEvents.it":
    "Nomme les événements écrits : changements de stratégie, connexions, exportations, suppressions, conservations légales, déclenchements de règles de contenu, exceptions de certificat et problèmes de l’archive. Tous si rien n’est défini.",
  "setting.AuditHashChainEnabled": "Journal d’audit chaîné",
  "setting.AuditHashChainEnabled.hint": "Rend visible toute modification du journal d’audit.",
  "setting.AuditHashChainEnabled.it":
    "Activé : chaque entrée d’audit porte l’empreinte de la précédente et une signature de l’appareil ; hallway audit verify trouve ainsi une entrée supprimée, modifiée, déplacée ou manquante. Désactivé : aucun journal d’audit n’est écrit ; sa dernière entrée le dit, et il reprend à partir de là quand le réglage est de nouveau activé.",
  "setting.ComplianceNotice": "Avis à tous",
  "setting.ComplianceNotice.hint": "Ce que votre organisation veut que vous sachiez sur les discussions ici.",
  "setting.ComplianceNotice.it":
    "Affiché dans chaque discussion et accepté par la personne avant la première connexion ; l’acceptation est enregistrée avec son heure, l’empreinte du texte et sa version. Une nouvelle version doit être acceptée de nouveau. Donnez le texte en anglais et, si possible, en français.",
};
