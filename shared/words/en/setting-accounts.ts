/**
 * Words of shared/settings/accounts.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const accountsSettings = {
  "settingGroup.accounts": "Accounts",
  "setting.ProvisionedAccounts": "Provisioned accounts",
  "setting.ProvisionedAccounts.hint": "Accounts that your organization has set up for you.",
  "setting.ProvisionedAccounts.it":
    "Accounts that appear by themselves and cannot be removed. Placeholders for the person’s user name and email address are filled from the sign-in to the system; see the example. If the sign-in name is not an email address, Hallway asks the directory once, for at most 3 seconds: for the user principal name on Windows, for EMailAddress on macOS, and on Linux for the email address through SSSD’s InfoPipe, which must allow it (allowed_uids and user_attributes in the ifp section of sssd.conf). No environment variable is used. No other placeholder is known. An account whose placeholders cannot be filled is not created: the person is told what is missing, and an account that already exists stays as it is. The name identifies an account and stays the same while the rest of the account changes. When the policy no longer names an account, the account is turned off and the person may remove it; its messages are kept.",
  "setting.AccountManagementEnabled": "Managing accounts",
  "setting.AccountManagementEnabled.hint": "Whether you can add, change and remove accounts.",
  "setting.AccountManagementEnabled.it":
    "Off: the person cannot add, change or remove accounts; passwords can still be entered.",
  "setting.AllowedAccountDomains": "Account domains",
  "setting.AllowedAccountDomains.hint": "The domains at which you can have an account here.",
  "setting.AllowedAccountDomains.it":
    "Accounts at other domains cannot be added and do not sign in; an asterisk and a dot before a name stand for all names below it.",
  "setting.RegistrationEnabled": "Creating accounts",
  "setting.RegistrationEnabled.hint": "Whether you can create a new account on a server from here.",
  "setting.RegistrationEnabled.it": "Off: no account can be registered on a server or cancelled there (XEP-0077).",
  "setting.AnonymousLoginEnabled": "Anonymous sign-in",
  "setting.AnonymousLoginEnabled.hint": "Whether you can sign in to a server as a guest.",
  "setting.AnonymousLoginEnabled.it": "Off: anonymous sign-in (SASL ANONYMOUS) is refused.",
  "setting.PasswordSaveEnabled": "Saving passwords",
  "setting.PasswordSaveEnabled.hint": "Whether Hallway remembers your passwords.",
  "setting.PasswordSaveEnabled.it":
    "Off: passwords are not stored, stored passwords are deleted, and the person enters their password at every start.",
  "setting.AuthMethods": "Sign-in methods",
  "setting.AuthMethods.hint": "The methods by which Hallway may prove to a server who you are.",
  "setting.AuthMethods.it":
    "The SASL mechanisms for XMPP and digest algorithms for SIP that may be used. Hallway does not sign in to a server that offers none of them.",
} as const;
