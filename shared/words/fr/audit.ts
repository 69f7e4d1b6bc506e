import type { audit as source } from "../en/audit.ts";
import type { Translation } from "../message.ts";

export const audit: Translation<typeof source> = {
  "audit.cli.about":
    "Vérifie que le journal d’audit de cette personne sur cet ordinateur est tel que Hallway l’a écrit. N’ouvre aucune fenêtre et ne modifie rien.",
  "audit.cli.verify":
    "vérifie toute la chaîne ; --every vérifie aussi chaque signature, même si rien ne paraît anormal ; --json produit du JSON pour d’autres programmes",
  "audit.cli.head":
    "--head FICHIER compare aussi le journal avec ce que l’archive a reçu : FICHIER contient ce qui est arrivé avec le flux, dans n’importe lequel de ses formats",
  "audit.cli.noHead": "Le fichier ne contient aucune tête de journal d’audit correctement signée, ou il est illisible.",
  "audit.cli.status":
    "se termine avec l’état 0 si tout va bien, 1 si la chaîne est rompue, 2 si elle ne peut pas être vérifiée",
  "audit.cli.wrongUse": "Un argument manque ou est inconnu. Utilisation :",
  "audit.cli.passphrase": "Phrase secrète de Hallway :",
  "audit.cli.failed": "Le journal d’audit ne peut pas être vérifié.",
  "audit.cli.empty": "Rien n’a encore été écrit dans le journal d’audit.",
  "audit.cli.whole": {
    one: "Le journal d’audit est intact : {count} entrée.",
    other: "Le journal d’audit est intact : {count} entrées.",
  },
  "audit.cli.lastOnly":
    "Toutes les empreintes ont été vérifiées, ainsi que la signature de la dernière entrée, qui couvre toutes les autres.",
  "audit.cli.every": "Toutes les empreintes et toutes les signatures ont été vérifiées.",
  "audit.cli.broken": "Le journal d’audit est rompu à l’entrée {n}.",
  "audit.cli.last": "Dernière entrée intacte",
  "audit.cli.sealed": "Tête scellée",
  "audit.cli.sent": "Dernière entrée connue de l’archive",
  "audit.cli.key": "Clé de cet appareil",
  "audit.broken.missing": "Les entrées de celle-ci à {to} manquent ; il y en a de plus récentes.",
  "audit.broken.truncated":
    "Les entrées de celle-ci à {to} manquent, et il n’y en a pas après elles : la fin a été coupée, ou le fichier a été remplacé par une copie plus ancienne.",
  "audit.broken.inserted": "Il y a une entrée de trop.",
  "audit.broken.unlinked":
    "Elle ne suit pas l’entrée qui la précède : une entrée a été supprimée, insérée ou déplacée.",
  "audit.broken.edited": "Elle a été modifiée après son écriture.",
  "audit.broken.signature": "Elle ne porte pas la signature de cet appareil.",
  "audit.broken.other-key": "Le journal a été commencé avec la clé d’un autre appareil.",
  "audit.broken.not-sealed": "Ce n’est pas l’entrée qui a été scellée.",
  "audit.broken.not-sent":
    "Ce n’est pas l’entrée que l’archive a reçue sous ce numéro : le journal a été recommencé, ou modifié puis scellé de nouveau.",
  "audit.broken.no-key":
    "La clé de cet appareil n’est plus dans le trousseau de cet ordinateur : les entrées ne peuvent pas être vérifiées.",
  "audit.broken.no-seal":
    "La tête scellée n’est plus dans le trousseau de cet ordinateur : la longueur du journal ne peut pas être vérifiée.",
  "audit.broken.recorded":
    "À son démarrage, Hallway a constaté que des entrées manquaient ou étaient illisibles, et l’a consigné dans cette entrée.",
  "audit.broken.unreadable":
    "Elle, ou une entrée suivante jusqu’à {to}, est illisible : le fichier est endommagé ou appartient à une autre clé.",
};
