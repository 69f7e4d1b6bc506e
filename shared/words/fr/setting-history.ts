import type { historySettings as source } from "../en/setting-history.ts";
import type { Translation } from "../message.ts";

export const historySettings: Translation<typeof source> = {
  "settingGroup.history": "Historique",
  "setting.HistoryMode": "Conserver les discussions",
  "setting.HistoryMode.hint": "Ce qui reste sur cet ordinateur une fois une discussion fermée.",
  "setting.HistoryMode.it":
    "Décide comment les discussions sont conservées sur l’ordinateur : dans une base chiffrée, en mémoire jusqu’à la fermeture de Hallway, ou pas du tout. Quand la stratégie restreint ce choix, la base chiffrée est fermée et laissée telle quelle ; elle réapparaît quand la stratégie le permet de nouveau.",
  "setting.HistoryMode.encrypted": "Sur cet ordinateur, chiffrées",
  "setting.HistoryMode.encrypted.hint":
    "Elles peuvent être recherchées et sont là à la prochaine ouverture de Hallway.",
  "setting.HistoryMode.memory": "Jusqu’à la fermeture de Hallway",
  "setting.HistoryMode.memory.hint": "Elles peuvent être recherchées d’ici là ; rien n’est écrit sur le disque.",
  "setting.HistoryMode.off": "Pas du tout",
  "setting.HistoryMode.off.hint": "Elles disparaissent à la fermeture de la discussion, sans recherche possible.",
  "setting.HistoryRetentionDays": "Supprimer les anciens messages",
  "setting.HistoryRetentionDays.hint": "Les messages plus anciens sont supprimés de cet ordinateur.",
  "setting.HistoryRetentionDays.it":
    "Les messages arrivés sur cet ordinateur il y a plus que ce nombre de jours sont supprimés de l’historique et écrasés ; 0 ne supprime rien. HistoryMinimumDays et LegalHoldSubjects l’emportent. Une valeur inutilisable ne supprime rien. Le choix d’une personne ne supprime rien là où HistoryDeleteEnabled est désactivé.",
  "setting.HistoryRetentionExternalDays": "Supprimer les messages de l’extérieur après (jours)",
  "setting.HistoryRetentionExternalDays.hint":
    "Les messages échangés avec des personnes de l’extérieur sont supprimés au-delà de ce nombre de jours ; 0 : comme les autres.",
  "setting.HistoryRetentionExternalDays.it":
    "Comme HistoryRetentionDays, pour les discussions avec des personnes de l’extérieur : d’un domaine qui n’est ni celui du compte ni nommé dans AllowedDomains. 0 : HistoryRetentionDays s’y applique aussi. Une valeur inutilisable les conserve 100 ans.",
  "setting.HistoryMinimumDays": "Conserver les messages au moins (jours)",
  "setting.HistoryMinimumDays.hint": "Les messages plus récents ne peuvent pas être supprimés.",
  "setting.HistoryMinimumDays.it":
    "Un message arrivé sur cet ordinateur depuis moins que ce nombre de jours n’est supprimé ni par la personne ni par HistoryRetentionDays. Si la personne le supprime avant, il lui est masqué et reste conservé jusque-là. Ce que disait un message avant d’être corrigé ou retiré est conservé comme version. À utiliser avec HistoryMode là où des traces doivent être conservées un certain temps : seul ce qui est enregistré est conservé.",
  "setting.HistoryDeleteEnabled": "Suppression de l’historique",
  "setting.HistoryDeleteEnabled.hint":
    "Indique si vous pouvez supprimer des messages et des discussions de cet ordinateur.",
  "setting.HistoryDeleteEnabled.it":
    "Désactivé : la personne ne peut supprimer ni messages, ni discussions, ni l’historique entier, et les discussions d’un compte supprimé restent conservées. HistoryRetentionDays supprime toujours les anciens messages, là où une stratégie le fixe.",
  "setting.HistoryExportEnabled": "Exportation de l’historique",
  "setting.HistoryExportEnabled.hint": "Indique si vous pouvez enregistrer des discussions dans un fichier.",
  "setting.HistoryExportEnabled.it":
    "Désactivé : la personne ne peut pas exporter de discussions vers des fichiers. Une exportation faite par le service informatique en ligne de commande n’est pas concernée.",
  "setting.HistoryScope": "Discussions conservées",
  "setting.HistoryScope.hint": "Les discussions qui restent dans l’historique de cet ordinateur.",
  "setting.HistoryScope.it":
    "Limite l’historique aux discussions internes à l’organisation, ou à celles avec des personnes de l’extérieur. Sont internes le domaine du compte et ceux d’AllowedDomains. Les messages de toutes les autres discussions ne sont en mémoire que tant que la discussion est ouverte, et ne peuvent être ni recherchés ni exportés. Les messages conservés auparavant restent chiffrés sur l’ordinateur, soumis à la durée de conservation, à la conservation légale et aux exportations du service informatique ; la personne les revoit dès que la discussion est de nouveau conservée.",
  "setting.HistoryScope.all": "Toutes",
  "setting.HistoryScope.internal": "Internes à l’organisation",
  "setting.HistoryScope.external": "Avec des personnes de l’extérieur",
  "setting.ServerArchiveMode": "Archive sur le serveur",
  "setting.ServerArchiveMode.hint": "Indique si le serveur conserve aussi les discussions.",
  "setting.ServerArchiveMode.it":
    "Exiger : le compte ne se connecte que si le serveur archive les discussions et confirme qu’il les garde toutes ; SIMPLE n’a pas d’archive de ce genre, si bien que ses comptes ne se connectent pas. Interdire : l’archive est désactivée pour ce compte, et Hallway ne se connecte pas à un serveur qui archive malgré tout. Autoriser : le réglage du serveur reste tel quel. Ce qu’un autre programme de la personne change ensuite se voit à la connexion suivante.",
  "setting.ServerArchiveMode.allow": "Selon le serveur",
  "setting.ServerArchiveMode.require": "Exigée",
  "setting.ServerArchiveMode.forbid": "Désactivée",
  "setting.LegalHoldSubjects": "Conservation légale",
  "setting.LegalHoldSubjects.hint": "Les discussions qui ne doivent pas être supprimées pour l’instant.",
  "setting.LegalHoldSubjects.it":
    "Chaque entrée retient les messages d’une adresse, d’un salon ou d’un domaine, ou tous les messages, éventuellement entre deux dates ; matter en donne le motif. Les messages retenus ne sont supprimés par personne ni par aucune règle de conservation tant que l’entrée existe ; ceux que la personne supprime lui sont masqués et restent conservés. Une adresse ou un domaine est retenu des deux côtés : sur l’ordinateur de cette personne, tous les messages de son compte sont retenus. Une liste inutilisable retient tout.",
};
