import type { blocking as source } from "../en/blocking.ts";
import type { Translation } from "../message.ts";

export const blocking: Translation<typeof source> = {
  "menu.block": "Bloquer…",
  "menu.unblock": "Débloquer",
  "menu.markRead": "Marquer comme lu",
  "menu.details": "Détails",
  "block.title": "Bloquer {name} ?",
  "block.text":
    "Rien de ce que cette personne écrit ne vous parvient dans Hallway. Elle n’en est pas informée. Ce qui a été dit reste dans votre historique.",
  "block.everyDevice":
    "Votre serveur la tient à l’écart de tous vos appareils : elle ne peut ni vous appeler ni voir quand vous êtes là.",
  "block.thisDevice":
    "Votre serveur ne tient pas de liste de personnes bloquées : le blocage ne vaut que dans Hallway, sur cet ordinateur. Cette personne peut encore voir quand vous êtes là et appeler vos autres appareils.",
  "block.textDomain":
    "Plus personne de {domain} hors de votre liste de contacts ne pourra vous joindre. Ces personnes n’en sont pas informées.",
  "block.undo": "Vous pouvez débloquer à tout moment : Réglages, Confidentialité.",
  "block.confirm": "Bloquer",
  "block.done": "{name} est désormais bloqué.",
  "block.undone": "{name} n’est plus bloqué.",
  "block.blocked": "Bloqué",
  "block.composer": "Vous avez bloqué {name}. Pour lui écrire, débloquez d’abord cette personne.",
  "block.composerDomain": "Vous avez bloqué tout le monde de {domain}.",
  "block.unblockDomain": "Débloquer {domain}",
  "block.unblockLabel": "Débloquer {name}",
  "block.list": "Personnes bloquées",
  "block.listHint": "Rien d’elles ne vous parvient dans Hallway.",
  "block.nobody": "Personne n’est bloqué. Le menu d’une personne et ses détails proposent « Bloquer ».",
  "block.find": "Rechercher parmi les personnes bloquées",
  "block.more": { one: "et {count} autre", other: "et {count} autres" },
  "block.scopeDevice": "un seul appareil",
  "block.scopeDomain": "tout le monde de ce domaine",
  "block.scopeStrangers": "tous ceux de ce domaine hors de votre liste",
  "block.for": "pour {address}",
  "palette.about": "{action} ({name})",
};
