import type { strangersSettings as source } from "../en/setting-strangers.ts";
import type { Translation } from "../message.ts";

export const strangersSettings: Translation<typeof source> = {
  "settingGroup.strangers": "Inconnus",
  "setting.StrangerMode": "Messages d’inconnus",
  "setting.StrangerMode.hint": "Ce qui se passe quand quelqu’un qui n’est pas un contact vous écrit.",
  "setting.StrangerMode.it":
    "Ouvert : leurs messages apparaissent comme une discussion. Demandes : ils attendent en silence d’être acceptés. Contacts seulement : ils sont refusés, et l’inconnu n’apprend rien.",
  "setting.StrangerMode.open": "Comme une discussion",
  "setting.StrangerMode.requests": "Dans les demandes",
  "setting.StrangerMode.contacts-only": "Refusés",
  "setting.StrangerContentMode": "Ce que vous voyez des inconnus",
  "setting.StrangerContentMode.hint": "Ce que vous voyez du message d’un inconnu avant de l’accepter.",
  "setting.StrangerContentMode.it":
    "Tout : le message entier. Texte : le texte simple, sans liens ni images. Masqué : l’adresse seulement.",
  "setting.StrangerContentMode.full": "Tout",
  "setting.StrangerContentMode.text": "Texte simple",
  "setting.StrangerContentMode.hidden": "L’adresse seulement",
  "setting.OutboundBurstLimit": "Nouvelles personnes par heure",
  "setting.OutboundBurstLimit.hint": "À combien de personnes vous pouvez écrire pour la première fois en une heure.",
  "setting.OutboundBurstLimit.it":
    "Au-delà, les premiers messages sont retenus pendant une heure, afin qu’un compte volé ne puisse pas envoyer de pourriel. 0 : personne de nouveau ne peut être contacté.",
  "setting.HarvestDefenseEnabled": "Se cacher des inconnus",
  "setting.HarvestDefenseEnabled.hint": "Les inconnus ne peuvent pas savoir si votre adresse existe.",
  "setting.HarvestDefenseEnabled.it":
    "Activé : les réponses aux inconnus ne révèlent pas si une adresse existe, est en ligne, ni quel logiciel elle utilise.",
  "setting.LookAlikeWarningsEnabled": "Avertir des adresses ressemblantes",
  "setting.LookAlikeWarningsEnabled.hint": "Avertit quand l’adresse de quelqu’un ressemble à celle d’un contact.",
  "setting.LookAlikeWarningsEnabled.it":
    "Activé : une adresse qui ressemble à celle d’un contact ou à l’un des domaines de la personne, par des lettres semblables ou de petits changements, est signalée avant la réponse.",
};
