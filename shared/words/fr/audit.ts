import type { audit as source } from "../en/audit.ts";
import type { Translation } from "../message.ts";

export const audit: Translation<typeof source> = {
  "audit.cli.about":
    "Si le journal d’audit de cette personne sur cet ordinateur est bien celui que Hallway a écrit. Aucune fenêtre ne s’ouvre, et rien n’est modifié.",
  "audit.cli.verify":
    "vérifie toute la chaîne ; avec --every chaque signature aussi, même si rien ne paraît anormal, avec --json pour d’autres programmes",
  "audit.cli.head":
    "avec --head FICHIER aussi d’après ce que l’archive a reçu : le fichier contient ce qui est arrivé avec le flux, sous n’importe laquelle de ses formes",
  "audit.cli.noHead": "Le fichier ne contient aucune fin de journal d’audit correctement signée, ou il est illisible.",
  "audit.cli.status":
    "l’état final est 0 si tout va bien, 1 si la chaîne est rompue, 2 si elle ne peut pas être vérifiée",
  "audit.cli.wrongUse": "Ce n’est pas ainsi qu’on s’en sert :",
  "audit.cli.passphrase": "Phrase secrète de Hallway :",
  "audit.cli.failed": "Le journal d’audit ne peut pas être vérifié.",
  "audit.cli.empty": "Rien n’a encore été écrit dans le journal d’audit.",
  "audit.cli.whole": {
    one: "Le journal d’audit est intact : {count} entrée.",
    other: "Le journal d’audit est intact : {count} entrées.",
  },
  "audit.cli.lastOnly":
    "Chaque empreinte a été vérifiée, ainsi que la signature de la dernière entrée, qui répond de toutes les autres.",
  "audit.cli.every": "Chaque empreinte et chaque signature ont été vérifiées.",
  "audit.cli.broken": "Le journal d’audit est rompu à l’entrée {n}.",
  "audit.cli.last": "Dernière entrée intacte",
  "audit.cli.sealed": "Fin scellée",
  "audit.cli.sent": "Dernière entrée connue de l’archive",
  "audit.cli.key": "Clé de cet appareil",
  "audit.broken.missing": "Les entrées de là jusqu’à {to} manquent ; il y en a après elles.",
  "audit.broken.truncated":
    "Les entrées de là jusqu’à {to} manquent, et il n’y en a pas après elles : la fin a été coupée, ou une copie plus ancienne du fichier a été mise à sa place.",
  "audit.broken.inserted": "Il y a une entrée de trop.",
  "audit.broken.unlinked": "Elle ne suit pas l’entrée qui la précède : une entrée a été enlevée, ajoutée ou déplacée.",
  "audit.broken.edited": "Quelque chose y a été modifié après son écriture.",
  "audit.broken.signature": "Elle ne porte pas la signature de cet appareil.",
  "audit.broken.other-key": "Le journal a été commencé avec la clé d’un autre appareil.",
  "audit.broken.not-sealed": "Ce n’est pas l’entrée qui a été scellée.",
  "audit.broken.not-sent":
    "Ce n’est pas l’entrée que l’archive connaît sous ce numéro : le journal a été recommencé, ou modifié puis scellé de nouveau.",
  "audit.broken.no-key":
    "La clé de cet appareil n’est plus dans le trousseau de cet ordinateur : rien ne répond des entrées.",
  "audit.broken.no-seal":
    "La fin scellée n’est plus dans le trousseau de cet ordinateur : rien ne dit quelle était la longueur du journal.",
  "audit.broken.recorded":
    "Hallway a lui-même constaté en démarrant que des entrées avaient disparu ou étaient illisibles, et l’a écrit dans cette entrée.",
  "audit.broken.unreadable":
    "Elle, ou l’une des suivantes jusqu’à {to}, est illisible : le fichier est endommagé ou appartient à une autre clé.",
};
