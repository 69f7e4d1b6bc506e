import type { networkSettings as source } from "../en/setting-network.ts";
import type { Translation } from "../message.ts";

export const networkSettings: Translation<typeof source> = {
  "settingGroup.network": "Réseau",
  "setting.AllowedProtocols": "Réseaux",
  "setting.AllowedProtocols.hint": "Les sortes de réseaux de messagerie qui peuvent être utilisées.",
  "setting.AllowedProtocols.it":
    "Les comptes d’un protocole non nommé ne peuvent pas être ajoutés et ne se connectent pas ; ceux qui sont connectés sont déconnectés.",
  "setting.AllowedServers": "Serveurs",
  "setting.AllowedServers.hint": "Les serveurs auxquels Hallway peut se connecter.",
  "setting.AllowedServers.it":
    "Les noms d’hôtes auxquels se connecter est permis ; un astérisque et un point devant un nom valent pour tout ce qui est au-dessous, un astérisque seul pour tout hôte. Le nom est celui de l’hôte contacté, après la découverte de services.",
  "setting.FederationMode": "Personnes hors de l’organisation",
  "setting.FederationMode.hint": "Avec qui vous pouvez parler hors de votre organisation.",
  "setting.FederationMode.it":
    "Ouvert : avec tous, sauf BlockedDomains. Liste : seulement avec AllowedDomains. Personne : seulement avec les domaines des comptes de la personne, qui sont toujours internes. Cela vaut pour les messages, la présence, les salons et les fichiers, dans les deux sens.",
  "setting.FederationMode.open": "Tous",
  "setting.FederationMode.list": "Domaines de la liste",
  "setting.FederationMode.none": "Personne",
  "setting.AllowedDomains": "Domaines autorisés",
  "setting.AllowedDomains.hint": "Les organisations avec lesquelles vous pouvez parler.",
  "setting.AllowedDomains.it":
    "Les domaines extérieurs avec lesquels parler est permis quand FederationMode vaut list ; un astérisque et un point devant un nom valent pour tout ce qui est au-dessous.",
  "setting.BlockedDomains": "Domaines bloqués",
  "setting.BlockedDomains.hint": "Les organisations avec lesquelles vous ne pouvez pas parler.",
  "setting.BlockedDomains.it":
    "Les domaines avec lesquels personne ne parle, même si AllowedDomains ou FederationMode le permettaient ; un astérisque seul bloque tous les domaines extérieurs.",
  "setting.GatewaysEnabled": "Passerelles vers d’autres réseaux",
  "setting.GatewaysEnabled.hint": "Indique si vous pouvez utiliser des comptes d’autres réseaux par votre serveur.",
  "setting.GatewaysEnabled.it":
    "Désactivé : personne derrière une passerelle ne reçoit de message, n’est ajouté ni entendu, sur aucun réseau. Une passerelle se reconnaît à ce que les services du serveur XMPP de la personne disent d’eux-mêmes (XEP-0100), et à une adresse qui en contient une autre avant le @, comme bob*sip.example, bob%sip.example ou bob\\40sip.example. Celle d’une autre organisation dont les adresses ressemblent aux autres n’est pas reconnue ; utilisez AllowedDomains pour elles. L’inscription à une passerelle n’existe pas dans cette version.",
  "setting.ProxySettings": "Serveur mandataire",
  "setting.ProxySettings.hint": "Comment Hallway sort du réseau de votre organisation.",
  "setting.ProxySettings.it":
    "System : comme le système. Direct : aucun. Fixed : un mandataire HTTP, HTTPS ou SOCKS5, avec les noms qui l’évitent. Script : un fichier de configuration automatique. Blocked, et des réglages inutilisables, ne laissent aucune connexion. Un mandataire qui ne répond pas est une erreur, jamais une raison de s’en passer. Un mandataire fixe résout les noms des serveurs, et personne d’autre n’est interrogé à leur sujet : les enregistrements de service (SRV) sont alors inconnus, et l’adresse du serveur elle-même est essayée, sauf si le compte en dit plus. System lit les réglages du bureau sous Electron, et https_proxy, all_proxy et no_proxy là où aucun bureau ne peut répondre ; Script demande Electron, et aucune connexion n’existe sans lui. Un mot de passe ne peut pas figurer ici.",
  "setting.LinkLookupsEnabled": "Aperçus des liens",
  "setting.LinkLookupsEnabled.hint": "Indique si Hallway consulte une page pour montrer où mène un lien.",
  "setting.LinkLookupsEnabled.it":
    "Désactivé : Hallway ne va jamais chercher ce qui se trouve derrière un lien ; aucun autre serveur n’en apprend rien.",
};
