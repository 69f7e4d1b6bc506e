import type { content as source } from "../en/content.ts";
import type { Translation } from "../message.ts";

export const content: Translation<typeof source> = {
  "content.notSent": "Non envoyé : {finding}[ (règle « {rule} »)].",
  "content.notSentOwn": "Non envoyé : {message}[ (règle « {rule} »)]",
  "content.check": "Vérifiez avant d’envoyer : {finding}[ (règle « {rule} »)].",
  "content.checkOwn": "Vérifiez avant d’envoyer : {message}[ (règle « {rule} »)]",
  "content.withheld": "(Message retenu par votre organisation : {finding}[, règle « {rule} »])",
  "content.edit": "Modifier",
  "content.sendAnyway": "Envoyer quand même",
  "content.finding.payment-card": "le texte ressemble à un numéro de carte",
  "content.finding.iban": "le texte ressemble à un numéro de compte bancaire (IBAN)",
  "content.finding.ca-sin": "le texte ressemble à un numéro d’assurance sociale canadien",
  "content.finding.us-ssn": "le texte ressemble à un numéro de sécurité sociale américain",
  "content.finding.everything": "aucun message n’est autorisé",
  "content.finding.keywords": "le texte contient des mots que votre organisation surveille",
  "content.finding.pattern": "le texte contient quelque chose que votre organisation surveille",
  "content.finding.link": "le texte contient un lien",
  "content.finding.unchecked": "le texte n’a pas pu être vérifié",
  "link.title": "Ouvrir ce lien ?",
  "link.text": "Votre organisation vous demande de vérifier où mènent les liens. Celui-ci mène à {host} :",
  "link.open": "Ouvrir",
};
