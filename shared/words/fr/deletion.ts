import type { deletion as source } from "../en/deletion.ts";
import type { Translation } from "../message.ts";

export const deletion: Translation<typeof source> = {
  "delete.message": "Supprimer ici…",
  "delete.conversation": "Supprimer la discussion…",
  "delete.all": "Supprimer tout l’historique…",
  "delete.messageTitle": "Supprimer ce message ?",
  "delete.conversationTitle": "Supprimer votre discussion avec {name} ?",
  "delete.allTitle": "Supprimer tout l’historique ?",
  "delete.messageText":
    "Il est supprimé de cet ordinateur. L’autre personne le garde, et les serveurs peut-être aussi.",
  "delete.conversationText":
    "Tous ses messages sont supprimés de cet ordinateur. L’autre personne les garde, et les serveurs peut-être aussi.",
  "delete.allText":
    "Les messages de toutes vos discussions sont supprimés de cet ordinateur. Vos contacts et vos comptes restent. Les autres personnes gardent leurs copies.",
  "delete.undo": "Cette action est irréversible.",
  "delete.minimum": {
    one: "Votre organisation conserve les messages pendant {count} jour : les plus récents disparaissent ici, mais restent conservés jusque-là.",
    other:
      "Votre organisation conserve les messages pendant {count} jours : les plus récents disparaissent ici, mais restent conservés jusque-là.",
  },
  "delete.hold":
    "Votre organisation doit peut-être en conserver une partie (conservation légale) : celle-ci disparaît ici, mais reste conservée.",
  "delete.confirm": "Supprimer",
  "delete.off": "Votre organisation ne vous permet pas de supprimer l’historique.",
  "delete.doneTitle": "Suppression terminée",
  "delete.done": { one: "{count} message a été supprimé.", other: "{count} messages ont été supprimés." },
  "delete.kept": {
    one: "{count} message a disparu ici, mais reste conservé.",
    other: "{count} messages ont disparu ici, mais restent conservés.",
  },
  "delete.keptUntil":
    "Votre organisation conserve les messages un certain temps. Le dernier de ceux-ci sera supprimé après le {date}.",
  "retention.never": "Jamais",
  "retention.days": { one: "Après {count} jour", other: "Après {count} jours" },
  "retention.years": { one: "Après {count} an", other: "Après {count} ans" },
  "delete.keptHeld": "Les messages soumis à une conservation légale restent conservés jusqu’à la fin de celle-ci.",
};
