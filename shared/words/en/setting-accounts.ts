/**
 * Words of shared/settings/accounts.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const accountsSettings = {
  "settingGroup.accounts": "Accounts",
  "setting.ProvisionedAccounts": "Provisioned accounts",
  "setting.ProvisionedAccounts.hint": "Accounts that your organization has set up for you.",
  "setting.ProvisionedAccounts.it":
    "Accounts that appear without typing and cannot be removed. Placeholders for the user name and the mail address of the person are filled from the sign-in to the system; see the example. No other placeholder is known. An account whose placeholders cannot be filled is not made: the person is told what is missing, and an account that is there already stays as it is. A name stays the same while the rest of an account changes. When the policy no longer names an account, it is turned off and the person may remove it; what was said is kept.",
  "setting.AccountManagementEnabled": "Managing accounts",
  "setting.AccountManagementEnabled.hint": "Whether you can add, change and remove accounts.",
  "setting.AccountManagementEnabled.it":
    "Off: the person cannot add, change or remove accounts; passwords can still be entered.",
  "setting.AllowedAccountDomains": "Domains of accounts",
  "setting.AllowedAccountDomains.hint": "The domains of which you can have an account here.",
  "setting.AllowedAccountDomains.it":
    "Accounts of other domains cannot be added and do not sign in; an asterisk and a dot before a name stand for all below it.",
  "setting.RegistrationEnabled": "Making new accounts",
  "setting.RegistrationEnabled.hint": "Whether you can make a new account on a server from here.",
  "setting.RegistrationEnabled.it": "Off: no account can be registered on a server (XEP-0077), and none cancelled.",
  "setting.AnonymousLoginEnabled": "Signing in without a name",
  "setting.AnonymousLoginEnabled.hint": "Whether you can sign in to a server as a guest.",
  "setting.AnonymousLoginEnabled.it": "Off: anonymous sign-in (SASL ANONYMOUS) is refused.",
  "setting.PasswordSaveEnabled": "Saving passwords",
  "setting.PasswordSaveEnabled.hint": "Whether Hallway remembers your passwords.",
  "setting.PasswordSaveEnabled.it":
    "Off: passwords are not stored, those that are stored are deleted, and the person enters theirs at every start.",
  "setting.AuthMethods": "Ways to sign in",
  "setting.AuthMethods.hint": "The ways in which Hallway may prove to a server who you are.",
  "setting.AuthMethods.it":
    "SASL mechanisms for XMPP and digest algorithms for SIP that may be used. A server that offers none of them cannot be signed in to.",
} as const;
