import type { commandLine as source } from "../en/command-line.ts";
import type { Translation } from "../message.ts";

export const commandLine: Translation<typeof source> = {
  "cli.about":
    "Hallway : une liste de contacts et une conversation sur XMPP et SIP/SIMPLE. Sans argument, sa fenêtre s’ouvre.",
  "cli.window": "ouvre la fenêtre, ou met au premier plan celle qui est ouverte",
  "cli.help": "la façon d’employer une commande ; --help après une commande fait de même",
  "cli.version": "la version de ce programme",
  "cli.status":
    "Chaque commande se termine par l’état 0 si tout va bien, 1 si quelque chose ne va pas dans ce qu’elle a vérifié, 2 si elle n’a rien pu vérifier.",
  "start.foreignLock":
    "Hallway ne démarre pas : {place} appartient à quelqu’un d’autre, d’autres peuvent y écrire, ou un autre programme y répond à la place de Hallway. Prévenez votre service informatique.",
  "start.refusedSwitch":
    "Hallway ne démarre pas avec {what} : d’autres programmes pourraient lire ou piloter Hallway. Démarrez-le sans cela.",
  "cli.unknown": "{what} n’est ni une commande ni une option de Hallway[ ; vouliez-vous dire {suggestion} ?]",
};
