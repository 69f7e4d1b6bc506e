import type { notices as source } from "../en/notices.ts";
import type { Translation } from "../message.ts";

export const notices: Translation<typeof source> = {
  "notice.in.encrypted": "{name} a envoyé un message chiffré[ ({what})]. Cette version de Hallway ne peut pas le lire.",
  "notice.in.reaction":
    "{name} a réagi à un message[ par {what}]. Cette version de Hallway ne peut pas afficher les réactions.",
  "notice.in.reaction-removed":
    "{name} a retiré une réaction. Cette version de Hallway ne peut pas afficher les réactions.",
  "notice.in.call": "{name} vous a appelé. Cette version de Hallway ne peut pas recevoir d’appels.",
  "notice.in.session":
    "{name} vous a invité à une session en direct. Cette version de Hallway ne peut pas l’ouvrir. Écrivez plutôt un message ordinaire.",
  "notice.in.attention": "{name} demande votre attention. Cette version de Hallway ne peut l’afficher qu’ici.",
  "notice.in.invitation":
    "{name} vous a invité dans le salon {what}[ au nom de {who}]. Cette version de Hallway ne peut pas afficher les salons.",
  "notice.in.room-message":
    "[{who} : ]Message privé pour vous depuis le salon {what}. Cette version de Hallway ne peut pas afficher les salons.",
  "notice.in.file": "{name} a envoyé un fichier[ ({what})]. Cette version de Hallway ne peut pas le recevoir.",
  "notice.in.sticker": "{name} a envoyé un autocollant[ ({what})]. Cette version de Hallway ne peut pas l’afficher.",
  "notice.in.location":
    "{name} a envoyé une position[ ({what})]. Cette version de Hallway ne peut pas l’afficher sur une carte.",
  "notice.in.too-large":
    "{name} a envoyé quelque chose de trop volumineux. Cette version de Hallway ne peut pas l’afficher.",
  "notice.in.other": "{name} a envoyé quelque chose que cette version de Hallway ne peut pas afficher.",
  "notice.out.encrypted":
    "Vous avez envoyé un message chiffré[ ({what})] depuis un autre appareil. Cette version de Hallway ne peut pas le lire.",
  "notice.out.reaction":
    "Vous avez réagi à un message[ par {what}] sur un autre appareil. Cette version de Hallway ne peut pas afficher les réactions.",
  "notice.out.reaction-removed":
    "Vous avez retiré une réaction sur un autre appareil. Cette version de Hallway ne peut pas afficher les réactions.",
  "notice.out.call":
    "Vous avez appelé {name} depuis un autre appareil. Cette version de Hallway ne peut pas afficher les appels.",
  "notice.out.session":
    "Vous avez invité {name} à une session en direct depuis un autre appareil. Cette version de Hallway ne peut pas l’afficher.",
  "notice.out.attention":
    "Vous avez demandé l’attention de {name} depuis un autre appareil. Cette version de Hallway ne peut l’afficher qu’ici.",
  "notice.out.invitation":
    "Vous avez invité {name} dans le salon {what} depuis un autre appareil. Cette version de Hallway ne peut pas afficher les salons.",
  "notice.out.room-message":
    "Vous avez envoyé un message privé[ à {who}] dans le salon {what} depuis un autre appareil. Cette version de Hallway ne peut pas afficher les salons.",
  "notice.out.file":
    "Vous avez envoyé un fichier[ ({what})] depuis un autre appareil. Cette version de Hallway ne peut pas l’afficher.",
  "notice.out.sticker":
    "Vous avez envoyé un autocollant[ ({what})] depuis un autre appareil. Cette version de Hallway ne peut pas l’afficher.",
  "notice.out.location":
    "Vous avez envoyé une position[ ({what})] depuis un autre appareil. Cette version de Hallway ne peut pas l’afficher sur une carte.",
  "notice.out.too-large":
    "Vous avez envoyé un contenu trop volumineux depuis un autre appareil. Cette version de Hallway ne peut pas l’afficher.",
  "notice.out.other":
    "Vous avez envoyé depuis un autre appareil quelque chose que cette version de Hallway ne peut pas afficher.",
};
