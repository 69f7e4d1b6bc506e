import { typeset } from "../../shared/words/fr/typeset.ts";
import type { Language } from "../../shared/words/words.ts";

/** Words that only the templates for IT need. */
interface TemplateWords {
  readonly mandatory: string;
  readonly recommended: string;
  readonly supported: string;
  readonly notInThisVersion: string;
  readonly standard: string;
  readonly restricted: string;
  readonly example: string;
  readonly allowed: string;
  readonly json: string;
  readonly tighten: string;
  readonly together: string;
  readonly description: string;
}

const en: TemplateWords = {
  mandatory: "Mandatory: people cannot change it",
  recommended: "Recommended: people can choose otherwise",
  supported: "Hallway {version} or later",
  notInThisVersion:
    "Not in this version: Hallway knows this setting and shows it, but the feature it controls does not exist yet.",
  standard: "Default:",
  restricted: "If its value cannot be used:",
  example: "Example:",
  allowed: "Allowed values:",
  json: "The value is JSON.",
  tighten: "It can only make the setting stricter: a person’s own stricter choice stays.",
  together:
    "These belong together. They may be set in several places, but if two places set different values for one of them, all take their restricted values: {keys}.",
  description: "Policy of Hallway, the instant-messaging client",
};

const fr: TemplateWords = {
  mandatory: "Obligatoire : les personnes ne peuvent pas le changer",
  recommended: "Recommandé : les personnes peuvent choisir autrement",
  supported: "Hallway {version} ou plus récent",
  notInThisVersion:
    "Absent de cette version : Hallway connaît ce réglage et le montre, mais la fonction qu’il contrôle n’existe pas encore.",
  standard: "Par défaut :",
  restricted: "Si sa valeur est inutilisable :",
  example: "Exemple :",
  allowed: "Valeurs possibles :",
  json: "La valeur est du JSON.",
  tighten: "Il ne peut que restreindre : le choix plus strict d’une personne demeure.",
  together:
    "Ceux-ci vont ensemble. Ils peuvent figurer à plusieurs endroits, mais si deux endroits fixent des valeurs différentes pour l’un d’eux, tous prennent leurs valeurs restreintes : {keys}.",
  description: "Stratégie de Hallway, le client de messagerie instantanée",
};

/** A sentence of a template in one language, with its gap filled. */
export function templateWord(language: Language, name: keyof TemplateWords, gap = ""): string {
  const sentence = language === "fr" ? typeset(fr[name]) : en[name];
  return sentence.replace(/\{\w+\}/, () => gap);
}
