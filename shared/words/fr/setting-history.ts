import type { historySettings as source } from "../en/setting-history.ts";
import type { Translation } from "../message.ts";

export const historySettings: Translation<typeof source> = {
  "settingGroup.history": "Historique",
  "setting.HistoryMode": "Conserver les conversations",
  "setting.HistoryMode.hint": "Ce qui reste sur cet ordinateur une fois la discussion fermée.",
  "setting.HistoryMode.it":
    "Décide de ce qui est conservé des conversations sur l’ordinateur : dans une base chiffrée, en mémoire jusqu’à la fermeture de Hallway, ou rien. Quand la stratégie restreint ce choix, la base chiffrée est fermée et laissée telle quelle ; elle réapparaît quand la stratégie le permet de nouveau.",
  "setting.HistoryMode.encrypted": "Sur cet ordinateur, chiffrées",
  "setting.HistoryMode.encrypted.hint":
    "Elles peuvent être recherchées et sont là à la prochaine ouverture de Hallway.",
  "setting.HistoryMode.memory": "Jusqu’à la fermeture de Hallway",
  "setting.HistoryMode.memory.hint": "Elles peuvent être recherchées d’ici là ; rien n’est écrit sur le disque.",
  "setting.HistoryMode.off": "Pas du tout",
  "setting.HistoryMode.off.hint": "Elles disparaissent à la fermeture de la discussion, sans recherche possible.",
  "setting.HistoryRetentionDays": "Supprimer les anciens messages",
  "setting.HistoryRetentionDays.hint": "Les messages arrivés il y a plus longtemps sont supprimés de cet ordinateur.",
  "setting.HistoryRetentionDays.it":
    "Les messages arrivés sur cet ordinateur il y a plus que ce nombre de jours sont supprimés de l’historique et écrasés ; 0 ne supprime rien. HistoryMinimumDays et LegalHoldSubjects l’emportent. Une valeur inutilisable ne supprime rien. Le choix d’une personne ne supprime rien là où HistoryDeleteEnabled est désactivé.",
  "setting.HistoryRetentionExternalDays": "Supprimer les messages de l’extérieur après (jours)",
  "setting.HistoryRetentionExternalDays.hint":
    "Les messages échangés avec des personnes de l’extérieur sont supprimés au-delà de ce nombre de jours ; 0 : comme les autres.",
  "setting.HistoryRetentionExternalDays.it":
    "Comme HistoryRetentionDays, pour les conversations avec l’extérieur : avec un domaine qui n’est ni celui du compte de la personne ni nommé dans AllowedDomains. 0 : HistoryRetentionDays s’y applique aussi. Une valeur inutilisable les conserve cent ans.",
  "setting.HistoryMinimumDays": "Conserver les messages au moins (jours)",
  "setting.HistoryMinimumDays.hint": "Les messages plus récents ne peuvent pas être supprimés.",
  "setting.HistoryMinimumDays.it":
    "Aucun message arrivé sur cet ordinateur depuis moins que ce nombre de jours n’est supprimé, ni par la personne ni par HistoryRetentionDays. Ce que la personne supprime avant lui est masqué et reste dans l’archive jusque-là. Ce qui a été corrigé ou retiré reste comme version. À utiliser là où des traces doivent être conservées un certain temps, avec HistoryMode : seul ce qui est enregistré est conservé.",
  "setting.HistoryDeleteEnabled": "Suppression dans l’historique",
  "setting.HistoryDeleteEnabled.hint":
    "Indique si vous pouvez supprimer des messages et des conversations de cet ordinateur.",
  "setting.HistoryDeleteEnabled.it":
    "Désactivé : la personne ne peut supprimer ni messages, ni conversations, ni l’historique entier, et les conversations d’un compte retiré restent dans l’archive. HistoryRetentionDays supprime toujours ce qui est ancien, là où la stratégie le fixe.",
  "setting.HistoryExportEnabled": "Exportation de l’historique",
  "setting.HistoryExportEnabled.hint": "Indique si vous pouvez enregistrer des conversations dans un fichier.",
  "setting.HistoryExportEnabled.it":
    "Désactivé : la personne ne peut pas exporter de conversations de l’historique vers des fichiers. Une exportation faite par le service informatique en ligne de commande n’est pas concernée.",
  "setting.HistoryScope": "Conversations conservées",
  "setting.HistoryScope.hint": "Quelles conversations restent dans l’historique de cet ordinateur.",
  "setting.HistoryScope.it":
    "Limite l’historique aux conversations internes à l’organisation, ou à celles avec des personnes de l’extérieur. Est interne quiconque est du domaine du compte ou de l’un des domaines d’AllowedDomains. De toutes les autres conversations, seul ce qu’une conversation ouverte affiche est en mémoire, sans pouvoir être recherché ni exporté. Ce qui en a été conservé auparavant reste chiffré sur l’ordinateur, à la portée de la conservation limitée, de la conservation légale et des exportations du service informatique ; la personne le revoit dès que ces conversations sont de nouveau conservées.",
  "setting.HistoryScope.all": "Toutes",
  "setting.HistoryScope.internal": "Internes à l’organisation",
  "setting.HistoryScope.external": "Avec des personnes de l’extérieur",
  "setting.ServerArchiveMode": "Archive sur le serveur",
  "setting.ServerArchiveMode.hint": "Indique si le serveur conserve aussi les conversations.",
  "setting.ServerArchiveMode.it":
    "Exiger : le compte ne se connecte que là où le serveur archive les conversations et confirme qu’il les garde toutes ; SIMPLE n’a pas d’archive de ce genre, si bien que ses comptes ne se connectent pas. Interdire : l’archive est désactivée pour ce compte, et un serveur qui archive malgré tout n’est pas utilisé. Autoriser : elle reste telle que le serveur la propose. Ce qu’un autre programme de la personne change ensuite se voit à la connexion suivante.",
  "setting.ServerArchiveMode.allow": "Comme le serveur la propose",
  "setting.ServerArchiveMode.require": "Exigée",
  "setting.ServerArchiveMode.forbid": "Désactivée",
  "setting.LegalHoldSubjects": "Conservation légale",
  "setting.LegalHoldSubjects.hint": "Des conversations qui ne doivent pas être supprimées pour l’instant.",
  "setting.LegalHoldSubjects.it":
    "Chaque entrée retient ce qu’a dit une adresse, un salon ou un domaine, ou tout, éventuellement entre deux dates ; matter en donne le motif. Ce qui est retenu n’est supprimé par personne ni par aucune règle de conservation tant que l’entrée existe ; ce que la personne supprime lui est masqué et reste dans l’archive. Une adresse ou un domaine est retenu des deux côtés : sur l’ordinateur de cette personne, tout son compte. Une liste inutilisable retient tout.",
};
