import type { policyCheck as source } from "../en/policy-check.ts";
import type { Translation } from "../message.ts";

export const policyCheck: Translation<typeof source> = {
  "policy.valid": "Valable : {valid}.",
  "policy.valid.boolean": "true ou false",
  "policy.valid.integer": "un nombre entier de {min} à {max}",
  "policy.valid.example": "par exemple {example}",
  "policy.reason.domain":
    "Valable : un nom tel que example.com, *.example.com pour tous les noms au-dessous, une adresse IP, ou * ; sans schéma, port, chemin ni point final.",
  "policy.reason.host": "Valable : un nom d’hôte ou une adresse IP, sans schéma ni port.",
  "policy.reason.websocket-path": "Valable : le chemin d’un WebSocket, comme /ws, avec sa requête s’il en a une.",
  "policy.reason.path": "Valable : un chemin absolu.",
  "policy.reason.url": "Valable : une URL complète du bon schéma, sans nom d’utilisateur ni mot de passe.",
  "policy.reason.certificate":
    "Valable : des certificats en PEM, aussi sur une seule ligne avec des espaces ou \\n pour les fins de ligne, ou le DER d’un certificat en base64.",
  "policy.reason.key-hash": "Valable : l’empreinte SHA-256 d’une clé en base64, 44 caractères.",
  "policy.reason.public-key": "Valable : une clé publique Ed25519 en PEM, ou ses 32 octets en base64.",
  "policy.reason.instant":
    "Valable : un jour du calendrier tel que 2026-01-31, ou un instant avec son fuseau tel que 2026-01-31T09:30:00Z.",
  "policy.reason.span": "La fin précède le début. Valable : un « to » qui n’est pas avant son « from ».",
  "policy.reason.held-address": "Valable : une adresse telle que dana@example.com ; pour un domaine, le type domain.",
  "policy.reason.address": "Valable : une adresse telle que ${user}@example.com, ou ${email}.",
  "policy.reason.account-name": "Valable : jusqu’à 40 lettres, chiffres et traits d’union.",
  "policy.reason.repeated": "Elle figure deux fois ici. Valable : chaque entrée une fois.",
  "policy.reason.same-name": "Une autre entrée porte le même nom. Valable : un nom différent pour chacune.",
  "policy.reason.one-finder": "Valable : exactement un de pattern, keywords et detector par règle.",
  "policy.reason.setting-name": "Valable : des noms de réglages, ou * pour tous.",
  "policy.reason.extension": "Valable : une extension de fichier sans son point, ou *.",
  "policy.reason.media-type": "Valable : un type de média tel que image/png, ou image/*.",
  "policy.check.conflict":
    "{place} fixe une autre valeur. Valable : un seul endroit, ou la même valeur aux deux. D’ici là, {value} s’applique, avec les valeurs restreintes de tout le groupe.",
  "policy.check.looser": "Un fichier suivant la rend moins stricte : {place}.",
  "policy.check.warning": "avertissement",
  "policy.lint.no-method":
    "Aucun de ces modes de connexion ne convient à {protocol} dans cette version : aucun compte de ce type ne peut se connecter. Valable : au moins un de {valid}.",
  "policy.lint.method-missing": "Cette version ne prend pas en charge {value} ; seuls les autres comptent.",
  "policy.lint.nothing-allowed":
    "La liste est vide : aucun compte ne peut se connecter. Valable : au moins une entrée, telle que {valid}.",
  "policy.lint.no-accounts":
    "Personne ne peut ajouter de compte, et ProvisionedAccounts n’en prépare aucun. Valable : des comptes là, ou true ici.",
  "policy.lint.account-domain":
    "{path} : AllowedAccountDomains n’autorise pas {domain}, ce compte ne se connecte donc jamais. Valable : un domaine parmi : {valid}.",
  "policy.lint.account-protocol":
    "{path} : AllowedProtocols n’autorise pas {protocol}, ce compte ne se connecte donc jamais. Valable : un parmi : {valid}.",
  "policy.lint.account-server":
    "{path} : AllowedServers n’autorise pas {host}, ce compte ne se connecte donc jamais. Valable : un hôte parmi : {valid}.",
  "policy.lint.account-gap":
    "{path} : la valeur de {gap} est inconnue, ce compte ne peut donc pas être créé. Valable : {valid}.",
  "policy.lint.account-twice":
    "{path} : une autre entrée prépare aussi {address}, et une seule compte. Valable : chaque adresse une fois.",
  "policy.lint.account-address":
    "{path} : {address} n’est pas une adresse, d’où aucun compte. Valable : comme {valid}.",
  "policy.lint.account-transport": "{path} : {protocol} n’utilise pas {transport}. Valable : un parmi : {valid}.",
  "policy.lint.archive-simple":
    "SIMPLE n’a pas d’archive sur le serveur : {address} ne se connecte donc jamais. Valable : allow ou forbid.",
  "policy.lint.archive-nowhere":
    "ArchiveDestination n’est pas défini : rien ne peut être archivé, et là où l’archive est exigée rien n’est envoyé. Valable : un dossier, un serveur syslog ou une adresse HTTPS à cet endroit, et ce qu’il faut archiver dans ArchiveScope.",
  "policy.lint.archive-nothing":
    "ArchiveScope ne couvre aucune discussion : rien n’est archivé. Valable : all, internal ou external à cet endroit.",
  "policy.lint.audit-off":
    "Aucun journal d’audit n’est écrit, ce serveur n’en reçoit donc aucun. Valable : AuditHashChainEnabled à true, et au moins un événement dans AuditEvents.",
  "policy.lint.kept-nowhere": "Cela ne conserve pas ce qu’exige {other}. Valable : encrypted.",
  "policy.lint.kept-in-scope":
    "Les autres discussions ne sont pas retenues, car HistoryScope vaut {scope}. Pour les retenir, choisissez all.",
  "policy.lint.kept-by-choice":
    "La personne peut encore choisir de ne rien conserver. Pour l’empêcher, fixez HistoryMode à encrypted.",
  "policy.lint.minimum-over-retention":
    "Après {days} jours rien ne peut être supprimé, car HistoryMinimumDays conserve les messages pendant {minimum}. Valable : au moins autant de jours, ou 0 pour les conserver toujours.",
  "policy.lint.end-to-end":
    "Cette version n’a pas de chiffrement de bout en bout : rien n’est envoyé du tout. Valable : preferred, allowed ou forbidden.",
  "policy.lint.allowed-and-blocked":
    "BlockedDomains bloque {domain}, qui est autorisé ici. Valable : chaque domaine dans une seule des deux listes.",
  "policy.lint.own-domain-blocked":
    "{domain} est un domaine de comptes de ProvisionedAccounts : les collègues sont bloqués.",
  "policy.lint.list-empty": "AllowedDomains est vide : on ne peut joindre que les personnes de ses propres domaines.",
  "policy.lint.list-everyone": "Elle couvre tous les domaines : FederationMode list revient à open.",
  "policy.lint.allowed-open":
    "FederationMode vaut open : on peut aussi joindre les personnes de tous les autres domaines. Pour n’autoriser que ceux-ci, donnez à FederationMode la valeur list.",
  "policy.lint.bypass-all":
    "Tous les hôtes contournent le serveur mandataire. Valable : les seuls hôtes qui s’en passent, ou le mode direct.",
  "policy.lint.unknown-setting":
    "Aucun réglage ne s’appelle {name}.[ Vouliez-vous dire {suggestion} ?] Valable : des noms de réglages, ou *.",
  "policy.lint.no-scanner":
    "FileScanner n’est pas défini : aucun fichier n’est envoyé ni ouvert. Valable : un analyseur là, ou false ici.",
  "policy.lint.certificate-expired":
    "{path} : le certificat a expiré le {date}, rien n’est reconnu par lui. Valable : un certificat encore valide.",
  "policy.lint.certificate-early":
    "{path} : le certificat n’est pas valide avant le {date}. Valable : un certificat valide dès maintenant.",
  "policy.lint.certificate-issued":
    "{path} : ce certificat a été émis par {issuer} et n’est digne de confiance que là où cette autorité l’est. Pour en être sûr, ajoutez-en ici le certificat.",
  "policy.lint.pin-unused": "AllowedServers n’autorise pas {host} : cette épingle n’est jamais utilisée.",
  "policy.lint.rule-unusable":
    "{path} : cette règle ne peut pas être appliquée et bloque donc tout ce qu’elle concerne. Valable : une expression RE2, sans assertions avant ou arrière ni références arrière, ou moins de mots-clés.",
  "policy.lint.pattern-everything":
    "{path} : elle correspond à un texte vide, donc à chaque message. Valable : une expression qui exige au moins un caractère.",
  "policy.lint.keyword-nothing":
    "{path} : il ne contient que des espaces et des caractères invisibles et ne correspond donc jamais. Valable : un mot ou une expression.",
  "policy.lint.pattern-nothing":
    "{path} : une ancre se trouve au milieu ; l’expression pourrait ne jamais correspondre.",
};
