import type { policy as source } from "../en/policy.ts";
import type { Translation } from "../message.ts";

export const policy: Translation<typeof source> = {
  "policy.captureHere":
    "Cet ordinateur ne peut pas exclure la fenêtre des captures d’écran. Hallway masque son contenu pendant que vous utilisez une autre application.",
  "policy.title": "Stratégie",
  "policy.intro":
    "Les règles que votre organisation a fixées pour Hallway sur cet ordinateur, et l’origine de chacune.",
  "policy.none": "Aucune stratégie ne s’applique sur cet ordinateur. Vous décidez de tous les réglages.",
  "policy.open": "Voir toutes les règles",
  "policy.mandatory": "Décidé par votre organisation",
  "policy.recommended": "Recommandé par votre organisation",
  "policy.rest": "Tout le reste",
  "policy.restText": "Aucune stratégie ne les fixe. Chacun a sa valeur par défaut ou celle que vous avez choisie.",
  "policy.filter": "Rechercher un réglage",
  "policy.noMatch": "Aucun réglage ne correspond à « {text} ».",
  "policy.value": "Valeur",
  "policy.details": "Détails",
  "policy.why": "Décidé par",
  "policy.source": "Défini dans",
  "policy.sourceLine": "{source}, ligne {line}",
  "policy.name": "Nom technique",
  "policy.overrules": "L’emporte sur",
  "policy.overruled": "{value} ({origin})",
  "policy.entries": { one: "{count} entrée", other: "{count} entrées" },
  "policy.empty": "Vide",
  "policy.locked": "Vous ne pouvez pas le changer.",
  "policy.free": "Vous pouvez choisir autre chose.",
  "policy.notInThisVersion": "Cette version de Hallway n’applique pas encore cette règle.",
  "policy.origin.policy": "Stratégie obligatoire",
  "policy.origin.recommended": "Stratégie recommandée",
  "policy.origin.user": "Votre propre choix",
  "policy.origin.default": "Valeur par défaut",
  "policy.invalid": "La valeur de la stratégie est inutilisable[ ({path})] : la valeur la plus stricte s’applique.",
  "policy.conflict":
    "Deux endroits fixent des valeurs différentes pour {path} ({source} et {conflict}), qui doit venir d’un seul : les valeurs les plus strictes de tout le groupe s’appliquent.",
  "policy.problems": "Problèmes de la stratégie",
  "policy.unread":
    "{unread} est illisible ou n’est pas digne de confiance : sa valeur pour ce réglage est inconnue, et la valeur la plus stricte s’applique.",
  "policy.problemsText": "Votre service informatique peut y remédier.",
  "policy.problem.unreadable":
    "Elle est illisible. La dernière stratégie valable reste en vigueur ou, s’il n’y en a pas eu, les valeurs les plus strictes.",
  "policy.problem.untrusted":
    "Elle n’est pas digne de confiance. La dernière stratégie valable reste en vigueur ou, s’il n’y en a pas eu, les valeurs les plus strictes.",
  "policy.problem.malformed":
    "Elle est endommagée. La dernière stratégie valable reste en vigueur ou, s’il n’y en a pas eu, les valeurs les plus strictes.",
  "policy.problem.unknown-key": "Cette version de Hallway ne connaît pas le réglage {key}.",
  "policy.problem.not-allowed-here": "Le réglage {key} est sans effet ici.",
  "policy.problem.invalid-value": "La valeur de {key} est inutilisable.",
  "policy.problem.conflict":
    "Deux endroits fixent des valeurs différentes pour {key} : la valeur la plus stricte s’applique.",
  "policy.problem.contradiction": "La valeur de {key} dans la stratégie n’a pas l’effet qu’elle semble avoir.",
  "policy.blocked":
    "Hallway ne se connecte qu’avec une stratégie, et aucune n’est valable. D’ici là, tous les comptes restent hors ligne.",
  "policy.cli.about": "Montre ce que dit la stratégie de cet ordinateur, et pourquoi. N’ouvre aucune fenêtre.",
  "policy.cli.show":
    "montre ce que la stratégie met en vigueur ; --all montre tous les réglages, --json produit du JSON pour d’autres programmes",
  "policy.cli.check":
    "vérifie des fichiers de stratégie avant leur déploiement : ce que ferait chaque clé et ce qui ne va pas ; se termine avec l’état 1 en cas d’erreur",
  "policy.cli.explain": "montre un réglage : sa valeur, où elle est définie, sur quoi elle l’emporte",
  "policy.cli.recommended":
    "--recommended : traite les fichiers comme des recommandations, comme dans un dossier de ce nom",
  "policy.cli.wrongUse": "Un argument manque ou est inconnu. Utilisation :",
  "policy.cli.none": "Aucune stratégie ne fixe quoi que ce soit sur cet ordinateur.",
  "policy.cli.line": "{label} : {value}",
  "policy.cli.person": "Les choix de la personne sont dans son profil chiffré et ne sont pas lus ici.",
  "policy.cli.incomplete":
    "Une partie de la stratégie est illisible ou n’est pas digne de confiance. Si Hallway a déjà lu une stratégie valable, il la garde. Sinon, il applique la valeur la plus stricte à tout réglage qui ne figure pas ici et ne se connecte à rien. Voici ce qui est lisible maintenant.",
  "policy.cli.consequences": "Conséquences :",
  "policy.cli.locked": "La personne ne peut pas le changer.",
  "policy.cli.free": "La personne peut le changer.",
  "policy.cli.unknown": "Aucun réglage ne s’appelle {key}[ ; vouliez-vous dire {suggestion} ?]",
  "policy.check.mandatory": "{name} : {value}. La personne ne peut pas le changer.",
  "policy.check.recommended": "{name} : {value}, sauf si la personne en décide autrement.",
  "policy.check.tighten": "{name} : {value}, ou une valeur plus stricte choisie par la personne.",
  "policy.absent":
    "Cette version de Hallway n’a pas la fonction que cette règle contrôle : elle reste inactive, quoi que dise la règle.",
  "policy.check.planned": "Cette version ne l’applique pas encore.",
  "policy.check.replaced": "Cette valeur ne s’applique pas : un fichier suivant en fixe une autre ({place}).",
  "policy.check.unknown-key": "Aucun réglage ne porte ce nom[ ; vouliez-vous dire {suggestion} ?]",
  "policy.check.personal": "Aucune stratégie ne peut fixer ce réglage ; c’est le choix de la personne.",
  "policy.check.mandatory-only": "Ce réglage ne peut être qu’obligatoire ; une recommandation est sans effet.",
  "policy.check.invalid": "Cette valeur est inutilisable ({path}) ; {value} s’appliquerait à la place.",
  "policy.check.unreadable": "Ce fichier est illisible : {detail}.",
  "policy.check.malformed": "Ce fichier est sans effet : {detail}.",
  "policy.check.ok": "ok",
  "policy.check.note": "note",
  "policy.check.error": "erreur",
  "policy.check.errors": { one: "{count} erreur", other: "{count} erreurs" },
};
