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
  "settings.shortcutsText": "Ils ne peuvent pas être modifiés dans cette version.",
  "settings.about": "À propos",
  "settings.version": "Version {version}",
  "settings.managedBy": "Géré par {organization}",
  "settings.managed": "Géré par votre organisation",
  "settings.managedCount": {
    one: "Votre organisation a fixé un de vos réglages.",
    other: "Votre organisation a fixé {count} de vos réglages.",
  },
  "settings.managedWhy":
    "Votre service informatique a fixé ce réglage pour tout le monde. Il ne peut pas être changé ici.",
  "settings.managedAsk": "Questions : {contact}",
  "settings.recommended": "Recommandé par votre organisation",
  "settings.keptAtLeast": {
    one: "Votre organisation conserve chaque message au moins {count} jour.",
    other: "Votre organisation conserve chaque message au moins {count} jours.",
  },
  "settings.invalid": "La règle de ce réglage est inutilisable : la valeur la plus sûre s’applique.",
  "settings.useDefault": "Rétablir la valeur par défaut",
  "settings.yes": "Oui",
  "settings.no": "Non",
};
