import type { networkSettings as source } from "../en/setting-network.ts";
import type { Translation } from "../message.ts";

export const networkSettings: Translation<typeof source> = {
  "settingGroup.network": "Réseau",
  "setting.AllowedProtocols": "Réseaux",
  "setting.AllowedProtocols.hint": "Les sortes de réseaux de messagerie qui peuvent être utilisées.",
  "setting.AllowedProtocols.it":
    "Les comptes d’un protocole qui ne figure pas dans la liste ne peuvent pas être ajoutés et ne se connectent pas ; ceux qui sont connectés sont déconnectés.",
  "setting.AllowedServers": "Serveurs",
  "setting.AllowedServers.hint": "Les serveurs auxquels Hallway peut se connecter.",
  "setting.AllowedServers.it":
    "Les noms d’hôtes auxquels se connecter est permis ; un astérisque et un point devant un nom valent pour tous les noms au-dessous, un astérisque seul pour tout hôte. Le nom qui compte est celui de l’hôte auquel Hallway se connecte, après la découverte de services.",
  "setting.FederationMode": "Personnes hors de l’organisation",
  "setting.FederationMode.hint": "Les personnes hors de votre organisation avec qui vous pouvez échanger.",
  "setting.FederationMode.it":
    "Ouvert : tout le monde, sauf BlockedDomains. Liste : seulement AllowedDomains. Personne : seulement les domaines des comptes de la personne, qui sont toujours internes. Cela vaut pour les messages, la présence, les salons et les fichiers, dans les deux sens.",
  "setting.FederationMode.open": "Tout le monde",
  "setting.FederationMode.list": "Domaines de la liste",
  "setting.FederationMode.none": "Personne",
  "setting.AllowedDomains": "Domaines autorisés",
  "setting.AllowedDomains.hint": "Les organisations avec lesquelles vous pouvez échanger.",
  "setting.AllowedDomains.it":
    "Les domaines extérieurs avec lesquels échanger est permis quand FederationMode vaut list ; un astérisque et un point devant un nom valent pour tous les noms au-dessous.",
  "setting.BlockedDomains": "Domaines bloqués",
  "setting.BlockedDomains.hint": "Les organisations avec lesquelles vous ne pouvez pas échanger.",
  "setting.BlockedDomains.it":
    "Les domaines avec lesquels personne ne peut échanger, même si AllowedDomains ou FederationMode le permet ; un astérisque seul bloque tous les domaines extérieurs.",
  "setting.GatewaysEnabled": "Passerelles vers d’autres réseaux",
  "setting.GatewaysEnabled.hint": "Indique si vous pouvez utiliser des comptes d’autres réseaux par votre serveur.",
  "setting.GatewaysEnabled.it":
    "Désactivé : les messages des personnes derrière une passerelle, ou pour elles, sont refusés, et ces personnes ne peuvent pas être ajoutées, sur aucun réseau. Une passerelle se reconnaît à ce que les services du serveur XMPP de la personne disent d’eux-mêmes (XEP-0100), et à une adresse qui en contient une autre avant le @, comme bob*sip.example, bob%sip.example ou bob\\40sip.example. Celle d’une autre organisation dont les adresses ressemblent aux autres n’est pas reconnue ; utilisez AllowedDomains pour elles. L’inscription à une passerelle n’existe pas dans cette version.",
  "setting.ProxySettings": "Serveur mandataire",
  "setting.ProxySettings.hint": "Comment Hallway se connecte à travers le réseau de votre organisation.",
  "setting.ProxySettings.it":
    "System : les réglages du système. Direct : aucun serveur mandataire. Fixed : un serveur mandataire HTTP, HTTPS ou SOCKS5, avec les noms qui le contournent. Script : un fichier de configuration automatique. Blocked, et des réglages inutilisables, n’autorisent aucune connexion. Un serveur mandataire qui ne répond pas est une erreur, jamais une raison de s’en passer. Un serveur mandataire fixe résout les noms des serveurs, et personne d’autre n’est interrogé à leur sujet : les enregistrements de service (SRV) sont alors inconnus, et Hallway essaie le domaine de l’adresse lui-même, sauf si le compte nomme un serveur. System lit les réglages du bureau sous Electron, et https_proxy, all_proxy et no_proxy là où aucun bureau ne peut répondre ; Script demande Electron, et n’autorise aucune connexion sans lui. Un mot de passe ne peut pas figurer ici.",
  "setting.LinkLookupsEnabled": "Aperçus des liens",
  "setting.LinkLookupsEnabled.hint": "Indique si Hallway charge une page pour montrer l’aperçu d’un lien.",
  "setting.LinkLookupsEnabled.it":
    "Désactivé : Hallway ne charge jamais ce qui se trouve derrière un lien ; aucun autre serveur n’en apprend rien.",
};
