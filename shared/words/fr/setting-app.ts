import type { appSettings as source } from "../en/setting-app.ts";
import type { Translation } from "../message.ts";

export const appSettings: Translation<typeof source> = {
  "settingGroup.app": "Hallway lui-même",
  "setting.OrganizationName": "Organisation",
  "setting.OrganizationName.hint": "Le nom affiché là où quelque chose est géré.",
  "setting.OrganizationName.it":
    "Le nom de votre organisation, affiché à côté de chaque réglage géré et sur la page des stratégies.",
  "setting.SupportContact": "Contact d’assistance",
  "setting.SupportContact.hint": "Affiché à côté des réglages gérés.",
  "setting.SupportContact.it":
    "Une adresse, un numéro de téléphone ou une page web pour les questions sur les réglages gérés.",
  "setting.PreferencesEnabled": "Modification des réglages",
  "setting.PreferencesEnabled.hint": "Indique si vous pouvez modifier des réglages.",
  "setting.PreferencesEnabled.it": "Désactivé : la personne peut consulter les réglages mais n’en changer aucun.",
  "setting.LockedPreferences": "Réglages verrouillés",
  "setting.LockedPreferences.hint": "Des réglages qui gardent ici leur valeur par défaut.",
  "setting.LockedPreferences.it":
    "Les noms des réglages que la personne ne peut pas changer bien qu’aucune stratégie ne fixe leur valeur ; un astérisque les verrouille tous.",
  "setting.UpdateMode": "Mises à jour",
  "setting.UpdateMode.hint": "Comment Hallway obtient ses nouvelles versions.",
  "setting.UpdateMode.it":
    "Automatique : les nouvelles versions sont téléchargées et installées. Avertir : la personne est prévenue. Désactivé : votre propre télédistribution les fournit.",
  "setting.UpdateMode.automatic": "Installer automatiquement",
  "setting.UpdateMode.notify": "Me prévenir",
  "setting.UpdateMode.off": "Désactivées",
  "setting.IdleLockMinutes": "Verrouiller après (minutes)",
  "setting.IdleLockMinutes.hint": "Hallway se verrouille quand vous êtes absent aussi longtemps.",
  "setting.IdleLockMinutes.it":
    "Les minutes sans utilisation après lesquelles la fenêtre est masquée jusqu’à ce que la personne la déverrouille ; 0 ne verrouille jamais.",
  "setting.StartAtLogin": "Démarrer à l’ouverture de session",
  "setting.StartAtLogin.hint":
    "Hallway démarre de lui-même et ne montre sa fenêtre que s’il a besoin de vous ou faute de zone de notification.",
  "setting.StartAtLogin.it":
    "Activé : démarre avec la session ; fenêtre au besoin. Sans zone de notification, elle s’ouvre ; la fermer quitte.",
  "setting.PolicyRequired": "Stratégie exigée",
  "setting.PolicyRequired.hint": "Sans les règles de votre organisation, Hallway ne se connecte pas.",
  "setting.PolicyRequired.it":
    "Activé : sans stratégie, aucun compte ne se connecte, et les valeurs de la dernière stratégie restent en vigueur. Une stratégie endommagée ne compte pas comme absente : la dernière valable s’applique, et les comptes restent connectés. Pour y mettre fin, désactivez ce réglage dans une stratégie plutôt que de supprimer la stratégie.",
  "setting.PolicyPublicKey": "Clé de signature de la stratégie",
  "setting.PolicyPublicKey.hint": "Atteste que les règles sont bien celles de votre organisation.",
  "setting.PolicyPublicKey.it":
    "Une clé publique Ed25519, en PEM ou en base64. Dès qu’elle est définie, un fichier de stratégie sous Linux n’est valable qu’avec, à côté de lui, une signature détachée de cette clé. Avec une clé inutilisable, aucune signature n’est valable.",
  "setting.DirectoryServers": "Annuaires",
  "setting.DirectoryServers.hint": "Où Hallway cherche les personnes de votre organisation.",
  "setting.DirectoryServers.it":
    "Des serveurs LDAP, toujours par TLS, dans lesquels chercher des personnes. Aucun mot de passe ne peut figurer ici : l’accès est anonyme ou avec le compte du même domaine.",
  "setting.Theme": "Thème",
  "setting.Theme.hint": "Clair ou sombre, ou comme le système.",
  "setting.Theme.system": "Comme le système",
  "setting.Theme.light": "Clair",
  "setting.Theme.dark": "Sombre",
  "setting.Language": "Langue",
  "setting.Language.hint": "La langue de Hallway, pas celle des messages.",
  "setting.Language.system": "Comme le système",
  "setting.Language.en": "English",
  "setting.Language.fr": "Français",
  "setting.ShowOffline": "Afficher les contacts hors ligne",
  "setting.ShowOffline.hint": "Affiche tout le monde dans la liste, pas seulement les personnes en ligne.",
  "setting.NotificationsEnabled": "M’avertir des nouveaux messages",
  "setting.NotificationsEnabled.hint": "Quand vous êtes occupé, rien ne s’affiche.",
  "setting.NotificationPreviewEnabled": "Afficher le texte dans les notifications",
  "setting.NotificationPreviewEnabled.hint": "À désactiver là où d’autres voient votre écran.",
};
