import type { archiveSettings as source } from "../en/setting-archive.ts";
import type { Translation } from "../message.ts";

export const archiveSettings: Translation<typeof source> = {
  "settingGroup.archive": "Archive et audit",
  "setting.ArchiveScope": "Conversations archivées",
  "setting.ArchiveScope.hint": "De quelles conversations votre organisation garde une copie.",
  "setting.ArchiveScope.it":
    "Décide quelles conversations sont copiées vers ArchiveDestination. La personne voit dans une telle conversation qu’elle est archivée.",
  "setting.ArchiveScope.none": "Aucune",
  "setting.ArchiveScope.internal": "Internes à l’organisation",
  "setting.ArchiveScope.external": "Avec des personnes de l’extérieur",
  "setting.ArchiveScope.all": "Toutes",
  "setting.ArchiveDestination": "Emplacement de l’archive",
  "setting.ArchiveDestination.hint": "L’endroit où vont les copies des conversations.",
  "setting.ArchiveDestination.it":
    "Un dossier, un serveur syslog par TLS ou une adresse HTTPS. Les copies attendent dans une file durable quand il est injoignable, et chacune porte un identifiant qui permet de reconnaître celle qui arrive deux fois. Pour HTTPS, authorizationFile nomme un fichier contenant la valeur de l’en-tête Authorization ; aucun secret ne figure dans la stratégie.",
  "setting.ArchiveFormat": "Format de l’archive",
  "setting.ArchiveFormat.hint": "La forme dans laquelle les copies des conversations sont écrites.",
  "setting.ArchiveFormat.it":
    "JSON Lines, un message électronique par conversation et par jour, ou le XML que lisent les archives de conformité.",
  "setting.ArchiveFormat.json": "JSON Lines",
  "setting.ArchiveFormat.eml": "Messages électroniques",
  "setting.ArchiveFormat.xml": "XML",
  "setting.ArchiveRequired": "N’envoyer que ce qui est archivé",
  "setting.ArchiveRequired.hint": "Rien ne peut être envoyé tant que l’archive ne peut pas le recevoir.",
  "setting.ArchiveRequired.it":
    "Activé : quand l’archive ne peut pas recevoir de copie, l’envoi s’arrête, la personne en est informée, et il reprend avec l’archive. Désactivé : les copies attendent et l’envoi continue.",
  "setting.AuditSyslogServer": "Serveur du journal d’audit",
  "setting.AuditSyslogServer.hint": "L’endroit où votre organisation reçoit ce qui s’est passé dans Hallway.",
  "setting.AuditSyslogServer.it":
    "Un serveur syslog par TLS (RFC 5424, RFC 5425) qui reçoit les entrées d’audit en plus du journal de cet ordinateur.",
  "setting.AuditEvents": "Ce qui est audité",
  "setting.AuditEvents.hint": "Les sortes d’événements écrites dans le journal d’audit.",
  "setting.AuditEvents.it":
    "Nomme les événements écrits : changements de stratégie, connexions, exportations, suppressions, conservations légales, déclenchements de règles de contenu, exceptions de certificat et ennuis de l’archive. Tous si rien n’est défini.",
  "setting.AuditHashChainEnabled": "Journal d’audit chaîné",
  "setting.AuditHashChainEnabled.hint": "Rend visible toute modification du journal d’audit.",
  "setting.AuditHashChainEnabled.it":
    "Activé : chaque entrée d’audit porte l’empreinte de la précédente et une signature de l’appareil ; une entrée supprimée, modifiée, déplacée ou manquante est trouvée par hallway audit verify. Désactivé : aucun journal d’audit n’est écrit ; sa dernière entrée le dit, et il reprend à partir de là quand le réglage est de nouveau activé.",
  "setting.ComplianceNotice": "Avis à tous",
  "setting.ComplianceNotice.hint": "Ce que votre organisation veut que vous sachiez des conversations.",
  "setting.ComplianceNotice.it":
    "Affiché dans chaque conversation et accepté par la personne avant la première connexion ; l’acceptation est enregistrée avec son heure, l’empreinte du texte et sa version. Une nouvelle version doit être acceptée de nouveau. Donnez le texte en anglais et, si possible, en français.",
};
