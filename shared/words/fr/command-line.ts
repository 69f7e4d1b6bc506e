import type { commandLine as source } from "../en/command-line.ts";
import type { Translation } from "../message.ts";

export const commandLine: Translation<typeof source> = {
  "cli.about":
    "Hallway : messagerie instantanée avec une seule liste de contacts sur XMPP et SIP/SIMPLE. Sans argument, ouvre sa fenêtre.",
  "cli.window": "ouvre la fenêtre, ou la met au premier plan si elle est déjà ouverte",
  "cli.help": "indique comment utiliser une commande ; --help après une commande fait de même",
  "cli.version": "affiche la version de ce programme",
  "cli.status":
    "Chaque commande se termine avec l’état 0 si tout va bien, 1 si quelque chose ne va pas dans ce qu’elle a vérifié, 2 si elle n’a rien pu vérifier.",
  "start.foreignLock":
    "Hallway ne peut pas démarrer : {place} appartient à un autre utilisateur, d’autres peuvent y écrire, ou un autre programme y répond à la place de Hallway. Prévenez votre service informatique.",
  "start.failed":
    "Hallway n’a pas pu démarrer. {reason} Si cela se reproduit, donnez le fichier {log} à votre service informatique.",
  "start.refusedSwitch":
    "Hallway ne démarre pas avec {what}, qui permettrait à d’autres programmes de lire ou de piloter Hallway. Démarrez-le sans cette option.",
  "cli.unknown": "{what} n’est ni une commande ni une option de Hallway[ ; vouliez-vous dire {suggestion} ?]",
};
