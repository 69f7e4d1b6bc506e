/**
 * Words of shared/settings/app.ts: for each setting its name, one sentence for the person, a paragraph for IT (`.it`),
 * and its choices.
 */
export const appSettings = {
  "settingGroup.app": "Hallway itself",
  "setting.OrganizationName": "Organization",
  "setting.OrganizationName.hint": "The name shown where something is managed.",
  "setting.OrganizationName.it":
    "The name of your organization, shown beside every managed setting and on the policy page.",
  "setting.SupportContact": "Whom to ask",
  "setting.SupportContact.hint": "Shown beside settings that are managed.",
  "setting.SupportContact.it": "An address, a telephone number or a page that people turn to about a managed setting.",
  "setting.PreferencesEnabled": "Opening the settings",
  "setting.PreferencesEnabled.hint": "Whether you can change settings at all.",
  "setting.PreferencesEnabled.it": "Off: the person can look at the settings but cannot change any.",
  "setting.LockedPreferences": "Locked settings",
  "setting.LockedPreferences.hint": "Settings that keep their standard value here.",
  "setting.LockedPreferences.it":
    "Names of settings that the person cannot change although no policy gives them a value; an asterisk locks all of them.",
  "setting.UpdateMode": "New versions",
  "setting.UpdateMode.hint": "How Hallway gets its new versions.",
  "setting.UpdateMode.it":
    "Automatic: new versions are fetched and installed. Notify: the person is told. Off: your own software distribution brings them.",
  "setting.UpdateMode.automatic": "Install them",
  "setting.UpdateMode.notify": "Tell me",
  "setting.UpdateMode.off": "Not from here",
  "setting.IdleLockMinutes": "Lock after minutes",
  "setting.IdleLockMinutes.hint": "Hallway asks who you are after this long without you.",
  "setting.IdleLockMinutes.it":
    "Minutes without use after which the window is covered and the person must show who they are; 0 never locks.",
  "setting.StartAtLogin": "Start when I sign in to the computer",
  "setting.StartAtLogin.hint": "Hallway is there as soon as you are.",
  "setting.StartAtLogin.it": "On: Hallway starts with the person’s session.",
  "setting.PolicyRequired": "Only with a policy",
  "setting.PolicyRequired.hint": "Without your organization’s rules, Hallway does not connect.",
  "setting.PolicyRequired.it":
    "On: when the policy is gone, no account signs in; what it said last stays in force. A policy that is there but damaged does not count: the last good one does, and accounts stay connected. To end this, set it to off in a policy rather than taking the policy away.",
  "setting.PolicyPublicKey": "Key of the policy",
  "setting.PolicyPublicKey.hint": "Shows that the rules are really your organization’s.",
  "setting.PolicyPublicKey.it":
    "An Ed25519 public key, in PEM or in Base64. Once it is set, a policy file on Linux counts only with a detached signature of this key beside it. A key that cannot be used makes no signature good.",
  "setting.DirectoryServers": "Directories",
  "setting.DirectoryServers.hint": "Where Hallway looks up people of your organization.",
  "setting.DirectoryServers.it":
    "LDAP servers, always over TLS, in which people are looked up. No password can stand here: the bind is anonymous or with the chat account of the same domain.",
  "setting.Theme": "Theme",
  "setting.Theme.hint": "Light or dark, or as the system is set.",
  "setting.Theme.system": "Same as the system",
  "setting.Theme.light": "Light",
  "setting.Theme.dark": "Dark",
  "setting.Language": "Language",
  "setting.Language.hint": "The language of Hallway, not of what people write.",
  "setting.Language.system": "Same as the system",
  "setting.Language.en": "English",
  "setting.Language.fr": "Français",
  "setting.ShowOffline": "Show people who are offline",
  "setting.ShowOffline.hint": "Keeps everyone in the contact list, not only those who are online.",
  "setting.NotificationsEnabled": "Notify me of new messages",
  "setting.NotificationsEnabled.hint": "While you are Busy, nothing pops up.",
  "setting.NotificationPreviewEnabled": "Show the text in notifications",
  "setting.NotificationPreviewEnabled.hint": "Turn this off where others can see your screen.",
} as const;
