import type { accountsSettings as source } from "../en/setting-accounts.ts";
import type { Translation } from "../message.ts";

export const accountsSettings: Translation<typeof source> = {
  "settingGroup.accounts": "Comptes",
  "setting.ProvisionedAccounts": "Comptes préparés",
  "setting.ProvisionedAccounts.hint": "Les comptes que votre organisation a préparés pour vous.",
  "setting.ProvisionedAccounts.it":
    "Des comptes qui apparaissent d’eux-mêmes et ne peuvent pas être supprimés. Les emplacements du nom d’utilisateur et de l’adresse électronique de la personne sont remplis d’après sa session ; voyez l’exemple. Si le nom de session n’est pas une adresse électronique, Hallway interroge l’annuaire une fois, pendant 3 secondes au plus : il demande le nom d’utilisateur principal (UPN) sous Windows, l’attribut EMailAddress sous macOS et, sous Linux, l’attribut mail par l’InfoPipe de SSSD, qui doit l’autoriser (allowed_uids et user_attributes dans la section ifp de sssd.conf). Aucune variable d’environnement n’est utilisée. Aucun autre emplacement n’est connu. Un compte dont les emplacements ne peuvent pas être remplis n’est pas créé : la personne apprend ce qui manque, et un compte qui existe déjà reste tel quel. Le nom identifie un compte et reste le même quand le reste du compte change. Quand la stratégie ne nomme plus un compte, il est désactivé et la personne peut le supprimer ; ses messages sont conservés.",
  "setting.AccountManagementEnabled": "Gestion des comptes",
  "setting.AccountManagementEnabled.hint": "Indique si vous pouvez ajouter, modifier et supprimer des comptes.",
  "setting.AccountManagementEnabled.it":
    "Désactivé : la personne ne peut ni ajouter, ni modifier, ni supprimer de comptes ; elle peut toujours saisir des mots de passe.",
  "setting.AllowedAccountDomains": "Domaines des comptes",
  "setting.AllowedAccountDomains.hint": "Les domaines dont vous pouvez avoir un compte ici.",
  "setting.AllowedAccountDomains.it":
    "Les comptes d’autres domaines ne peuvent pas être ajoutés et ne se connectent pas ; un astérisque et un point devant un nom valent pour tous les noms au-dessous.",
  "setting.RegistrationEnabled": "Création de comptes",
  "setting.RegistrationEnabled.hint": "Indique si vous pouvez créer ici un nouveau compte sur un serveur.",
  "setting.RegistrationEnabled.it":
    "Désactivé : aucun compte ne peut être enregistré sur un serveur (XEP-0077), ni résilié.",
  "setting.AnonymousLoginEnabled": "Connexion anonyme",
  "setting.AnonymousLoginEnabled.hint": "Indique si vous pouvez vous connecter à un serveur en invité.",
  "setting.AnonymousLoginEnabled.it": "Désactivé : la connexion anonyme (SASL ANONYMOUS) est refusée.",
  "setting.PasswordSaveEnabled": "Enregistrement des mots de passe",
  "setting.PasswordSaveEnabled.hint": "Indique si Hallway retient vos mots de passe.",
  "setting.PasswordSaveEnabled.it":
    "Désactivé : les mots de passe ne sont pas enregistrés, ceux qui le sont sont effacés, et la personne saisit son mot de passe à chaque démarrage.",
  "setting.AuthMethods": "Modes de connexion",
  "setting.AuthMethods.hint": "Les modes par lesquels Hallway peut prouver à un serveur qui vous êtes.",
  "setting.AuthMethods.it":
    "Les mécanismes SASL pour XMPP et les algorithmes digest pour SIP qui peuvent être utilisés. Il n’est pas possible de se connecter à un serveur qui n’en propose aucun.",
};
