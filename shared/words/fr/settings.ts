import type { settings as source } from "../en/settings.ts";
import type { Translation } from "../message.ts";

export const settings: Translation<typeof source> = {
  "settings.title": "Réglages",
  "settings.sections": "Rubriques",
  "settings.accounts": "Comptes",
  "settings.appearance": "Apparence",
  "settings.privacy": "Confidentialité",
  "settings.security": "Sécurité",
  "settings.lockAfter": "Verrouiller après",
  "minutes.never": "Jamais",
  "minutes.count": { one: "{count} minute", other: "{count} minutes" },
  "settings.notifications": "Notifications",
  "settings.history": "Historique",
  "settings.shortcuts": "Raccourcis clavier",
  "settings.shortcutsText": "Ils sont fixes pour l’instant ; ils seront modifiables dans une prochaine version.",
  "settings.about": "À propos",
  "settings.version": "Version {version}",
  "settings.managedBy": "Géré par {organization}",
  "settings.managed": "Géré par votre organisation",
  "settings.managedCount": {
    one: "Un de vos réglages y est décidé.",
    other: "{count} de vos réglages y sont décidés.",
  },
  "settings.managedWhy":
    "Votre service informatique en décide pour tout le monde ; ce réglage ne peut pas être changé ici.",
  "settings.managedAsk": "Questions : {contact}",
  "settings.recommended": "Recommandé par votre organisation",
  "settings.keptAtLeast": {
    one: "Votre organisation conserve chaque message au moins {count} jour.",
    other: "Votre organisation conserve chaque message au moins {count} jours.",
  },
  "settings.invalid": "La règle de ce réglage est inutilisable : le choix le plus sûr s’applique.",
  "settings.useDefault": "Revenir au choix standard",
  "settings.yes": "Oui",
  "settings.no": "Non",
};
