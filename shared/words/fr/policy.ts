import type { policy as source } from "../en/policy.ts";
import type { Translation } from "../message.ts";

export const policy: Translation<typeof source> = {
  "policy.captureHere":
    "Sur cet ordinateur, la fenêtre ne peut pas être exclue des captures. Son contenu est masqué pendant qu’un autre programme est utilisé.",
  "policy.title": "Stratégie",
  "policy.intro": "Ce que votre organisation a décidé pour Hallway sur cet ordinateur, et d’où vient chaque règle.",
  "policy.none": "Aucune stratégie ne s’applique sur cet ordinateur. Tout est comme vous le choisissez.",
  "policy.open": "Voir toutes les règles",
  "policy.mandatory": "Décidé par votre organisation",
  "policy.recommended": "Recommandé par votre organisation",
  "policy.rest": "Tout le reste",
  "policy.restText": "Aucune stratégie n’en dit rien ; la valeur est la valeur standard ou la vôtre.",
  "policy.filter": "Trouver un réglage",
  "policy.noMatch": "Aucun réglage ne correspond à « {text} ».",
  "policy.value": "Valeur",
  "policy.details": "Détails",
  "policy.why": "Décidé par",
  "policy.source": "Se trouve dans",
  "policy.sourceLine": "{source}, ligne {line}",
  "policy.name": "Nom pour l’informatique",
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
  "policy.origin.default": "Valeur standard",
  "policy.invalid": "Ce que dit la stratégie est inutilisable[ ({path})] : le choix le plus strict s’applique.",
  "policy.conflict":
    "Deux endroits disent des choses différentes sur {path} ({source} et {conflict}), qui doit venir d’un seul : le choix le plus strict s’applique à tout ce qui va avec.",
  "policy.problems": "Ce qui ne va pas dans la stratégie",
  "policy.unread":
    "Personne ne sait ce que {unread} en dit, car c’est illisible ou n’est pas digne de confiance : le choix le plus strict s’applique.",
  "policy.problemsText": "Votre service informatique peut y remédier.",
  "policy.problem.unreadable":
    "Elle est illisible : la dernière bonne stratégie reste en vigueur ou, s’il n’y en a pas eu, les choix les plus stricts.",
  "policy.problem.untrusted":
    "Elle n’est pas digne de confiance : la dernière bonne stratégie reste en vigueur ou, s’il n’y en a pas eu, les choix les plus stricts.",
  "policy.problem.malformed":
    "Elle est endommagée : la dernière bonne stratégie reste en vigueur ou, s’il n’y en a pas eu, les choix les plus stricts.",
  "policy.problem.unknown-key": "Ce Hallway ne connaît pas le réglage {key}.",
  "policy.problem.not-allowed-here": "Le réglage {key} ne compte pas ici.",
  "policy.problem.invalid-value": "La valeur de {key} est inutilisable.",
  "policy.problem.conflict":
    "Deux endroits disent des choses différentes sur {key} : le choix le plus strict s’applique.",
  "policy.problem.contradiction": "Ce que la stratégie dit de {key} ne fait pas ce qu’elle semble faire.",
  "policy.blocked":
    "Hallway ne se connecte qu’avec une stratégie, et aucune ne compte. D’ici là, tous les comptes restent hors ligne.",
  "policy.cli.about": "Ce que dit la stratégie de cet ordinateur, et pourquoi. Aucune fenêtre ne s’ouvre.",
  "policy.cli.show":
    "ce que la stratégie met en vigueur ; avec --all tous les réglages, avec --json pour d’autres programmes",
  "policy.cli.check":
    "vérifie des fichiers de stratégie avant leur déploiement : ce que ferait chaque clé et ce qui ne va pas ; l’état final est 1 si quelque chose ne va pas",
  "policy.cli.explain": "un réglage : sa valeur, où elle se trouve, sur quoi elle l’emporte",
  "policy.cli.recommended":
    "--recommended : prend les fichiers pour des recommandations, comme dans un dossier de ce nom",
  "policy.cli.wrongUse": "Ce n’est pas ainsi qu’on s’en sert :",
  "policy.cli.none": "Aucune stratégie ne dit quoi que ce soit sur cet ordinateur.",
  "policy.cli.line": "{label} : {value}",
  "policy.cli.person": "Ce que la personne a choisi est dans son profil chiffré et n’est pas consulté ici.",
  "policy.cli.incomplete":
    "Une partie de la stratégie est illisible ou n’est pas digne de confiance. Un Hallway qui en a connu une bonne la garde ; tout autre applique le choix le plus strict à tout ce qui n’est pas énuméré ici et ne se connecte à rien. Voici ce qui est lisible maintenant.",
  "policy.cli.consequences": "Ce qui en découle :",
  "policy.cli.locked": "La personne ne peut pas le changer.",
  "policy.cli.free": "La personne peut le changer.",
  "policy.cli.unknown": "Aucun réglage ne s’appelle {key}[ ; vouliez-vous dire {suggestion} ?]",
  "policy.check.mandatory": "{name} : {value}. La personne ne peut pas le changer.",
  "policy.check.recommended": "{name} : {value}, sauf si la personne en décide autrement.",
  "policy.check.tighten": "{name} : {value}, ou plus strict si la personne le choisit.",
  "policy.absent":
    "Ce dont parle cette règle n’existe pas dans cette version de Hallway : rien n’en arrive, quoi que dise la règle.",
  "policy.check.planned": "Cette version ne l’applique pas encore.",
  "policy.check.replaced": "Un fichier suivant le remplace : {place}.",
  "policy.check.unknown-key": "Aucun réglage ne porte ce nom[ ; vouliez-vous dire {suggestion} ?]",
  "policy.check.personal": "Aucune stratégie ne peut en décider ; cela appartient à la personne.",
  "policy.check.mandatory-only": "Cela ne peut être qu’obligatoire ; comme recommandation, cela ne compte pas.",
  "policy.check.invalid": "Cette valeur est inutilisable ({path}) ; {value} s’appliquerait à la place.",
  "policy.check.unreadable": "Ce fichier est illisible : {detail}.",
  "policy.check.malformed": "Ce fichier ne compte pour rien : {detail}.",
  "policy.check.ok": "ok",
  "policy.check.note": "note",
  "policy.check.error": "erreur",
  "policy.check.errors": { one: "{count} erreur", other: "{count} erreurs" },
};
