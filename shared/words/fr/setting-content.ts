import type { contentSettings as source } from "../en/setting-content.ts";
import type { Translation } from "../message.ts";

export const contentSettings: Translation<typeof source> = {
  "settingGroup.content": "Contenu",
  "setting.ContentRules": "Règles pour les messages",
  "setting.ContentRules.hint": "Ce que les messages et les fichiers ne doivent pas contenir.",
  "setting.ContentRules.it":
    "Chaque règle trouve du texte par une expression régulière (syntaxe RE2), par des mots entiers (sans tenir compte de la casse ni des accents), ou par un détecteur de cartes de paiement, d’IBAN, de numéros d’assurance sociale canadiens ou de sécurité sociale américains (dans leurs groupes habituels, ou d’un seul tenant à côté d’un mot qui les nomme). Elle consigne alors (dans le journal), avertit (la personne peut envoyer quand même), masque ou bloque, dans un sens ou dans les deux, à l’intérieur de l’organisation (le domaine du compte et AllowedDomains) ou à l’extérieur. Rien n’est demandé pour les messages reçus : une règle qui avertit ne fait alors que consigner. Un message bloqué est remplacé par un avis. Des règles inutilisables ne laissent passer aucun message.",
  "setting.ContentFailureMode": "Quand les règles ne peuvent pas s’appliquer",
  "setting.ContentFailureMode.hint": "Ce qu’il advient d’un message qui n’a pas pu être vérifié.",
  "setting.ContentFailureMode.it":
    "Bloquer : il n’est pas envoyé, ou pas affiché. Laisser passer : il passe, et le journal le dit.",
  "setting.ContentFailureMode.allow": "Laisser passer",
  "setting.ContentFailureMode.block": "Bloquer",
  "setting.LinkMode": "Liens",
  "setting.LinkMode.hint": "Ce qu’il advient des liens dans les messages.",
  "setting.LinkMode.it":
    "Ouvrir : un clic ouvre le lien. Avertir : Hallway montre où il mène et demande. Texte : les liens ne sont pas cliquables. Bloquer : les messages avec des liens ne sont ni envoyés ni affichés.",
  "setting.LinkMode.open": "Ouvrir",
  "setting.LinkMode.warn": "Demander d’abord",
  "setting.LinkMode.text": "Texte simple",
  "setting.LinkMode.block": "Bloquer",
  "setting.ClipboardEnabled": "Copie depuis les discussions",
  "setting.ClipboardEnabled.hint": "Indique si vous pouvez copier du texte des discussions.",
  "setting.ClipboardEnabled.it":
    "Désactivé : le texte des discussions ne peut être ni copié, ni glissé dehors, ni imprimé. Coller dans la zone de saisie reste possible.",
  "setting.ScreenCaptureEnabled": "Capture d’écran",
  "setting.ScreenCaptureEnabled.hint": "Indique si les captures d’écran peuvent montrer les discussions.",
  "setting.ScreenCaptureEnabled.it":
    "Désactivé : là où le système le permet, la fenêtre est exclue des captures, des enregistrements et des écrans partagés. La page des stratégies dit où il ne le permet pas.",
  "setting.RichTextEnabled": "Texte mis en forme",
  "setting.RichTextEnabled.hint": "Indique si les messages peuvent être mis en forme.",
  "setting.RichTextEnabled.it": "Désactivé : les messages sont envoyés et affichés en texte simple.",
};
