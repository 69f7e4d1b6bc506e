import type { blocking as source } from "../en/blocking.ts";
import type { Translation } from "../message.ts";

export const blocking: Translation<typeof source> = {
  "menu.block": "Bloquer…",
  "menu.unblock": "Débloquer",
  "menu.markRead": "Marquer comme lu",
  "menu.details": "Détails",
  "block.title": "Bloquer {name} ?",
  "block.text":
    "Ses messages ne vous parviennent plus dans Hallway. Cette personne n’en est pas informée. Les messages précédents restent dans votre historique.",
  "block.everyDevice":
    "Votre serveur la bloque sur tous vos appareils : elle ne peut ni vous appeler ni voir quand vous êtes en ligne.",
  "block.thisDevice":
    "Votre serveur n’a pas de liste de personnes bloquées : le blocage ne vaut que dans Hallway, sur cet ordinateur. Cette personne peut encore voir quand vous êtes en ligne et appeler vos autres appareils.",
  "block.textDomain":
    "Les personnes de {domain} qui ne sont pas dans votre liste de contacts ne peuvent plus vous joindre. Elles n’en sont pas informées.",
  "block.undo": "Vous pouvez débloquer cette personne à tout moment : Réglages, Confidentialité.",
  "block.confirm": "Bloquer",
  "block.done": "{name} est désormais bloqué.",
  "block.undone": "{name} n’est plus bloqué.",
  "block.blocked": "Bloqué",
  "block.composer": "Vous avez bloqué {name}. Pour lui écrire, débloquez d’abord cette personne.",
  "block.composerDomain": "Vous avez bloqué toutes les personnes de {domain}.",
  "block.unblockDomain": "Débloquer {domain}",
  "block.unblockLabel": "Débloquer {name}",
  "block.list": "Personnes bloquées",
  "block.listHint": "Rien de ce qu’elles écrivent ne vous parvient dans Hallway.",
  "block.nobody":
    "Personne n’est bloqué. Pour bloquer une personne, ouvrez son menu ou ses détails et choisissez « Bloquer ».",
  "block.find": "Rechercher parmi les personnes bloquées",
  "block.more": { one: "et {count} autre", other: "et {count} autres" },
  "block.scopeDevice": "un seul appareil",
  "block.scopeDomain": "toutes les personnes de ce domaine",
  "block.scopeStrangers": "toutes les personnes de ce domaine hors de votre liste",
  "block.for": "pour {address}",
  "palette.about": "{action} ({name})",
};
