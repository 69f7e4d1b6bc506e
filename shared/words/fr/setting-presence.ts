import type { presenceSettings as source } from "../en/setting-presence.ts";
import type { Translation } from "../message.ts";

export const presenceSettings: Translation<typeof source> = {
  "settingGroup.presence": "Présence et vie privée",
  "setting.PresenceSharing": "Qui peut voir ma présence",
  "setting.PresenceSharing.hint": "Les personnes qui peuvent voir si vous êtes disponible.",
  "setting.PresenceSharing.it":
    "Contacts : toutes les personnes de la liste dont la demande a été acceptée. Groupes : seulement celles que la personne a mises dans un groupe. Personne : la personne apparaît hors ligne pour tous. Avec XMPP, il faut un serveur doté de listes de confidentialité (XEP-0016) : ejabberd en a, ainsi que Prosody avec mod_privacy_lists (avec ce dernier, une personne qui se cache ne voit les autres qu’à partir de leur prochain changement, car le serveur retient aussi les demandes de présence). Hallway ne se connecte pas à un serveur qui ne peut cacher personne. Avec SIMPLE, Groupes a le même effet que Personne, et rien n’est publié. Toute personne qui reçoit un message apprend que son expéditeur est là.",
  "setting.PresenceSharing.contacts": "Mes contacts",
  "setting.PresenceSharing.groups": "Les contacts d’un groupe",
  "setting.PresenceSharing.groups.hint":
    "Les contacts qui ne sont dans aucun groupe vous voient hors ligne. Avec SIP, tout le monde.",
  "setting.PresenceSharing.nobody": "Personne",
  "setting.PresenceSharing.nobody.hint":
    "Tout le monde vous voit hors ligne ; vous pouvez toujours écrire et recevoir des messages.",
  "setting.IdleSharingEnabled": "Indiquer depuis quand je suis inactif",
  "setting.IdleSharingEnabled.hint": "On voit depuis combien de minutes vous n’utilisez pas l’ordinateur.",
  "setting.IdleSharingEnabled.it":
    "Désactivé : les contacts n’apprennent pas depuis quand la personne est inactive ; l’absence reste visible.",
  "setting.ReceiptsEnabled": "Indiquer que j’ai reçu et lu les messages",
  "setting.ReceiptsEnabled.hint": "Vos correspondants voient une double coche. Les inconnus, jamais.",
  "setting.ReceiptsEnabled.it":
    "Désactivé : ni la réception ni la lecture d’un message ne sont confirmées à son expéditeur, sur aucun réseau. Activé : la personne choisit.",
  "setting.TypingNotificationsEnabled": "Indiquer que je suis en train d’écrire",
  "setting.TypingNotificationsEnabled.hint": "Cesse dès que vous faites une pause. Les inconnus ne le voient jamais.",
  "setting.TypingNotificationsEnabled.it":
    "Désactivé : personne n’est averti que la personne est en train d’écrire, sur aucun réseau. Activé : la personne choisit.",
};
