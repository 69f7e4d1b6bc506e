import type { errors as source } from "../en/errors.ts";
import type { Translation } from "../message.ts";

export const errors: Translation<typeof source> = {
  "error.invalid-address": "Cette adresse n’est pas complète.",
  "error.invalid-address.next": "Une adresse s’écrit comme nom@entreprise.example.",
  "error.invalid-argument": "Une valeur de ce formulaire n’est pas valable.",
  "error.invalid-argument.next": "Vérifiez la saisie, puis réessayez.",
  "error.message-too-long": "Ce message est trop long pour être envoyé.",
  "error.message-too-long.next": "Raccourcissez-le ou envoyez-le en plusieurs fois.",
  "error.message-empty": "Il n’y a rien à envoyer.",
  "error.message-empty.next": "Écrivez d’abord un message.",
  "error.already-exists": "Cette adresse[ ({address})] a déjà été ajoutée.",
  "error.already-exists.next": "Cherchez-la dans votre liste au lieu de l’ajouter de nouveau.",
  "error.not-found": "Cet élément n’existe plus.",
  "error.not-found.next": "Il a peut-être été supprimé sur un autre appareil. Fermez et cherchez de nouveau.",
  "error.no-network": "Cet ordinateur n’est connecté à aucun réseau.",
  "error.no-network.next": "Vérifiez le câble ou le Wi-Fi. Hallway se reconnecte automatiquement.",
  "error.unknown-host": "Aucun serveur n’a été trouvé[ pour {host}].",
  "error.unknown-host.next":
    "Vérifiez la partie de l’adresse après le @, ou indiquez le serveur dans les options avancées.",
  "error.connection-refused": "Le serveur[ {host}] a refusé la connexion.",
  "error.connection-refused.next":
    "Il est peut-être arrêté, ou le port est incorrect. Réessayez plus tard ou vérifiez les options avancées.",
  "error.connection-lost": "La connexion a été interrompue.",
  "error.connection-lost.next": "Hallway se reconnecte automatiquement, puis envoie vos messages.",
  "error.timed-out": "Le serveur[ {host}] n’a pas répondu à temps.",
  "error.timed-out.next": "Vérifiez votre réseau, puis réessayez.",
  "error.proxy-failed": "Le serveur mandataire[ {proxy}] que Hallway doit utiliser ne répond pas.",
  "error.proxy-failed.next":
    "Vérifiez votre réseau. S’il fonctionne pour d’autres, prévenez votre service informatique.",
  "error.proxy-refused": "Le serveur mandataire[ {proxy}] ne laisse pas Hallway se connecter[ à {host}].",
  "error.proxy-refused.next": "Demandez à votre service informatique d’y autoriser ce serveur et ce port.",
  "error.certificate-untrusted":
    "Le serveur[ {host}] n’a pas pu prouver son identité : aucune autorité reconnue n’a émis son certificat.",
  "error.certificate-untrusted.next":
    "Si votre entreprise a sa propre autorité de certification, ajoutez son fichier dans les options avancées. Sinon, demandez à votre service informatique.",
  "error.certificate-wrong-name": "Le certificat du serveur[ {host}] a été émis pour un autre nom.",
  "error.certificate-wrong-name.next": "Vérifiez l’adresse. Si elle est juste, prévenez votre service informatique.",
  "error.certificate-expired": "Le certificat du serveur[ {host}] a expiré.",
  "error.certificate-expired.next":
    "Vérifiez la date de cet ordinateur. Si elle est juste, prévenez votre service informatique.",
  "error.certificate-pin-mismatch": "La clé du serveur[ {host}] n’est pas celle qui est épinglée pour lui.",
  "error.certificate-pin-mismatch.next": "Ne vous connectez pas d’ici. Prévenez votre service informatique.",
  "error.certificate-revoked": "Le certificat du serveur[ {host}] a été révoqué par l’autorité qui l’a émis.",
  "error.certificate-revoked.next": "Ne vous connectez pas d’ici. Prévenez votre service informatique.",
  "error.certificate-unchecked":
    "Hallway n’a pas pu vérifier si le certificat du serveur[ {host}] a été révoqué, ce que votre organisation exige.",
  "error.certificate-unchecked.next":
    "Hallway réessaie automatiquement. Si cela continue, prévenez votre service informatique.",
  "error.tls-required": "Le serveur[ {host}] ne propose pas de connexion chiffrée.",
  "error.tls-required.next":
    "Hallway ne se connecte jamais sans chiffrement. Demandez à l’administrateur du serveur d’activer TLS.",
  "error.tls-failed": "La connexion chiffrée[ avec {host}] n’a pas pu être établie.",
  "error.tls-failed.next":
    "Vérifiez le transport et le port dans les options avancées, ou demandez à votre service informatique.",
  "error.wrong-password": "L’adresse ou le mot de passe est incorrect.",
  "error.wrong-password.next": "Saisissez de nouveau le mot de passe. Si cela échoue encore, faites-le réinitialiser.",
  "error.password-needed": "Le mot de passe est de nouveau nécessaire.",
  "error.password-needed.next": "Saisissez-le pour vous connecter.",
  "error.password-expired": "Le mot de passe a expiré.",
  "error.password-expired.next": "Changez-le là où votre organisation le permet, puis saisissez le nouveau ici.",
  "error.sign-in-refused": "Le serveur a refusé la connexion sans donner de raison.",
  "error.sign-in-refused.next":
    "Vérifiez le mot de passe. S’il est correct, quelque chose modifie peut-être la connexion entre vous et le serveur : essayez un autre réseau ou prévenez votre service informatique.",
  "error.account-refused": "Le serveur a refusé ce compte.",
  "error.account-refused.next":
    "Il ne dit pas pourquoi : vérifiez l’adresse et le mot de passe ou adressez-vous à la personne qui gère le compte.",
  "error.weaker-sign-in":
    "Le serveur[ {host}] ne propose qu’un mode de connexion plus faible ({now}) qu’auparavant ({before}).",
  "error.weaker-sign-in.next":
    "Quelqu’un intercepte peut-être la connexion ; Hallway ne s’est donc pas connecté. Autorisez-le seulement si l’administrateur du serveur confirme que ce changement est voulu.",
  "error.account-disabled": "Ce compte est désactivé sur le serveur.",
  "error.account-disabled.next": "Demandez à la personne qui gère le compte de l’activer.",
  "error.no-common-authentication": "Le serveur ne propose aucun mode de connexion que Hallway considère comme sûr.",
  "error.no-common-authentication.next":
    "Demandez à l’administrateur du serveur d’autoriser SCRAM ou l’authentification digest.",
  "error.server-not-authentic": "Le serveur n’a pas pu prouver qu’il connaît votre mot de passe.",
  "error.server-not-authentic.next":
    "C’est peut-être un imposteur. Ne réessayez pas depuis ce réseau et prévenez votre service informatique.",
  "error.replaced-by-other-session": "Un autre appareil a repris cette session.",
  "error.replaced-by-other-session.next": "Choisissez Réessayer pour vous connecter ici aussi.",
  "error.server-error": "Le serveur a rencontré un problème interne.",
  "error.server-error.next": "Réessayez dans quelques minutes.",
  "error.protocol-error": "Le serveur a envoyé une réponse que Hallway ne comprend pas.",
  "error.protocol-error.next": "Réessayez. Si cela se reproduit, prévenez l’administrateur du serveur.",
  "error.too-large": "C’est trop volumineux pour le serveur.",
  "error.too-large.next": "Envoyez-en moins à la fois.",
  "error.not-allowed": "Le serveur ne le permet pas.",
  "error.not-allowed.next": "Demandez l’autorisation à l’administrateur du serveur.",
  "error.recipient-unknown": "Cette adresse[ ({address})] n’existe pas, ou personne ne s’y est connecté.",
  "error.recipient-unknown.next":
    "Vérifiez l’adresse. Si elle est juste, réessayez quand cette personne sera en ligne.",
  "error.recipient-unreachable": "Cette personne[ ({address})] n’est pas joignable pour l’instant.",
  "error.recipient-unreachable.next": "Réessayez quand cette personne sera en ligne.",
  "error.contact-blocked": "Vous avez bloqué cette personne[ ({address})].",
  "error.contact-blocked.next": "Débloquez-la d’abord si vous voulez de nouveau échanger avec elle.",
  "error.unanswerable":
    "Vous ne pouvez pas répondre à cet expéditeur : il masque son identité, ou Hallway ne peut pas écrire à une adresse de ce genre.",
  "error.unanswerable.next": "Si vous savez de qui il s’agit, joignez cette personne autrement.",
  "error.redirected": "Le serveur du destinataire a fait suivre ce message[ à {address}].",
  "error.redirected.next": "Si c’est sa nouvelle adresse, utilisez-la désormais.",
  "error.rejected-by-recipient": "Le destinataire n’a pas accepté cet envoi.",
  "error.rejected-by-recipient.next": "Cette personne doit peut-être d’abord vous ajouter.",
  "error.rate-limited": "Trop d’envois ont été faits en peu de temps.",
  "error.rate-limited.next": "Attendez une minute, puis réessayez.",
  "error.offline": "Ce compte n’est pas connecté.",
  "error.offline.next":
    "Attendez le retour de la connexion, ou choisissez « Disponible » si vous vous êtes mis hors ligne.",
  "error.unsupported": "Le serveur ou l’application de l’autre personne ne prend pas cela en charge.",
  "error.unsupported.next": "Utilisez un autre compte, ou adressez-vous à l’administrateur du serveur.",
  "error.vault-locked": "Vos mots de passe et votre historique sont verrouillés.",
  "error.vault-locked.next": "Saisissez votre phrase secrète pour les déverrouiller.",
  "error.vault-wrong-passphrase": "Cette phrase secrète est incorrecte.",
  "error.vault-wrong-passphrase.next": "Réessayez. Vérifiez les majuscules et la disposition du clavier.",
  "error.vault-unavailable":
    "La clé de vos mots de passe et de votre historique n’a pas pu être lue dans le trousseau de cet ordinateur.",
  "error.vault-unavailable.next": "Déverrouillez le trousseau du système, puis rouvrez Hallway. Rien n’a été supprimé.",
  "error.passphrase-weak": "Cette phrase secrète est trop facile à deviner.",
  "error.passphrase-weak.next": "Utilisez au moins quatre mots sans rapport entre eux.",
  "error.app-locked": "Hallway est verrouillé.",
  "error.app-locked.next": "Déverrouillez-le pour continuer.",
  "error.unlock-refused": "C’est incorrect : Hallway reste verrouillé.",
  "error.unlock-refused.next": "Réessayez. Vérifiez les majuscules et la disposition du clavier.",
  "error.unlock-later": "Trop de tentatives ont échoué.",
  "error.unlock-later.next": {
    one: "Attendez[ {count} seconde], puis réessayez.",
    other: "Attendez[ {count} secondes], puis réessayez.",
  },
  "error.archive-unreachable": "L’archive de votre organisation est injoignable.",
  "error.archive-unreachable.next":
    "Les messages à archiver attendent et sont envoyés automatiquement dès qu’elle est de nouveau joignable.",
  "error.archive-not-trusted": "L’archive de votre organisation n’a pas pu prouver son identité.",
  "error.archive-not-trusted.next":
    "Rien ne lui a été envoyé. Les messages à archiver attendent. Prévenez votre service informatique.",
  "error.archive-queue-damaged": "La file des messages à archiver a été endommagée.",
  "error.archive-queue-damaged.next":
    "Hallway la reconstitue à partir de ce qu’il en reste et de l’historique. Les messages à archiver attendent jusque-là.",
  "error.archive-refused": "L’archive de votre organisation a refusé un message.",
  "error.archive-refused.next": "Prévenez votre service informatique. Le message a été mis de côté et n’est pas perdu.",
  "error.storage-full": "Le disque est plein.",
  "error.storage-full.next":
    "Libérez de la place. D’ici là, les nouveaux messages ne sont conservés que jusqu’à la fermeture de Hallway.",
  "error.storage-corrupt": "L’historique de cet ordinateur a été endommagé.",
  "error.storage-corrupt.next":
    "Il a été mis de côté, sans être supprimé, et un nouvel historique a été commencé. Demandez à votre service informatique de le récupérer.",
  "error.storage-failed": "L’historique n’a pas pu être enregistré sur cet ordinateur.",
  "error.storage-failed.next":
    "Vérifiez que Hallway peut écrire dans votre dossier personnel. Les nouveaux messages ne sont conservés que jusqu’à la fermeture de Hallway.",
  "error.blocked-by-policy": "Votre organisation ne le permet pas.",
  "error.blocked-by-policy.next": "Demandez à votre service informatique si vous en avez besoin.",
  "error.policy-invalid": "Une règle de votre organisation n’a pas pu être lue[ ({path})].",
  "error.policy-invalid.next":
    "La valeur la plus stricte s’applique tant que votre service informatique ne l’a pas corrigée.",
  "error.account-incomplete":
    "Votre organisation vous a préparé un compte[ ({account})], mais Hallway ne peut pas le créer ici[ : la valeur de {gap} est inconnue].",
  "error.account-incomplete.next": "Prévenez votre service informatique, qui peut y remédier.",
  "error.locked-by-policy": "Ce réglage est géré par votre organisation.",
  "error.locked-by-policy.next": "Demandez à votre service informatique s’il doit être changé.",
  "error.content-blocked": "Votre organisation n’autorise pas ce texte[ (règle « {rule} »)].",
  "error.content-blocked.next": "Modifiez le texte, ou adressez-vous à votre service informatique.",
  "error.content-warning": "Votre organisation vous demande de vérifier ceci d’abord[ (règle « {rule} »)].",
  "error.content-warning.next": "Ne continuez que si vous êtes sûr.",
  "error.link-refused": "Hallway ne peut pas ouvrir ce lien.",
  "error.link-refused.next":
    "Seuls les liens vers une discussion avec une personne sont pris en charge. Rien n’a été envoyé ni modifié.",
  "error.export-running": "Une exportation est déjà en cours.",
  "error.export-running.next": "Attendez qu’elle se termine, ou arrêtez-la.",
  "error.export-busy": "Hallway est ouvert sur cet ordinateur.",
  "error.export-busy.next": "Quittez Hallway, puis réessayez.",
  "error.export-not-authorized": "Cette exportation n’est pas autorisée[ : {file} ne la permet pas].",
  "error.export-not-authorized.next":
    "Il faut l’administrateur de cet ordinateur, ou une autorisation signée par la clé de la stratégie ou appartenant à l’administrateur (--authorization).",
  "error.export-nothing": "Aucun historique n’est conservé ici.",
  "error.export-nothing.next": "Vérifiez que c’est le bon utilisateur sur le bon ordinateur.",
  "error.export-no-room": "Il n’y a pas assez d’espace disque pour l’exportation.",
  "error.export-no-room.next": "Libérez de la place ou choisissez un autre disque. Aucun fichier n’a été laissé.",
  "error.export-no-folder": "L’exportation ne peut pas être écrite dans ce dossier.",
  "error.export-no-folder.next": "Choisissez un autre dossier. Aucun fichier n’a été laissé.",
  "error.cancelled": "Annulé.",
  "error.cancelled.next": "Rien n’a été modifié.",
  "error.internal": "Un problème est survenu dans Hallway.",
  "error.internal.next": "Réessayez. Si cela se reproduit, redémarrez Hallway.",
};
