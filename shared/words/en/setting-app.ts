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
  "setting.SupportContact": "Support contact",
  "setting.SupportContact.hint": "Shown beside managed settings.",
  "setting.SupportContact.it": "An address, a telephone number or a web page for questions about managed settings.",
  "setting.PreferencesEnabled": "Changing settings",
  "setting.PreferencesEnabled.hint": "Whether you can change settings at all.",
  "setting.PreferencesEnabled.it": "Off: the person can see the settings but cannot change any.",
  "setting.LockedPreferences": "Locked settings",
  "setting.LockedPreferences.hint": "Settings that keep their default value here.",
  "setting.LockedPreferences.it":
    "Names of settings that the person cannot change although no policy sets their value; an asterisk locks all of them.",
  "setting.UpdateMode": "Updates",
  "setting.UpdateMode.hint": "How Hallway gets new versions.",
  "setting.UpdateMode.it":
    "Automatic: new versions are downloaded and installed. Notify: the person is told. Off: your own software distribution delivers them.",
  "setting.UpdateMode.automatic": "Install automatically",
  "setting.UpdateMode.notify": "Notify me",
  "setting.UpdateMode.off": "Off",
  "setting.IdleLockMinutes": "Lock after (minutes)",
  "setting.IdleLockMinutes.hint": "Hallway locks itself when you have been away this long.",
  "setting.IdleLockMinutes.it":
    "Minutes without use after which the window is covered until the person unlocks it; 0 never locks.",
  "setting.StartAtLogin": "Start when I sign in to the computer",
  "setting.StartAtLogin.hint":
    "Hallway starts by itself, and shows its window only if it needs you or the desktop has no tray.",
  "setting.StartAtLogin.it":
    "On: starts with the session; the window opens only if needed. Without a tray it opens, and closing it quits.",
  "setting.PolicyRequired": "Policy required",
  "setting.PolicyRequired.hint": "Without your organization’s rules, Hallway does not connect.",
  "setting.PolicyRequired.it":
    "On: without a policy no account signs in, and the values of the last policy stay in force. A damaged policy does not count as missing: the last valid one applies, and accounts stay connected. To end this, set it to off in a policy instead of removing the policy.",
  "setting.PolicyPublicKey": "Policy signing key",
  "setting.PolicyPublicKey.hint": "Shows that the rules are really your organization’s.",
  "setting.PolicyPublicKey.it":
    "An Ed25519 public key, in PEM or in base64. Once it is set, a policy file on Linux is valid only with a detached signature of this key beside it. With a key that cannot be used, no signature is valid.",
  "setting.DirectoryServers": "Directories",
  "setting.DirectoryServers.hint": "Where Hallway looks up people of your organization.",
  "setting.DirectoryServers.it":
    "LDAP servers, always over TLS, in which people are looked up. A password cannot be set here: the bind is anonymous or uses the account of the same domain.",
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
  "setting.ShowOffline.hint": "Shows everyone in the contact list, not only people who are online.",
  "setting.NotificationsEnabled": "Notify me of new messages",
  "setting.NotificationsEnabled.hint": "While you are Busy, nothing pops up.",
  "setting.NotificationPreviewEnabled": "Show the text in notifications",
  "setting.NotificationPreviewEnabled.hint": "Turn this off where others can see your screen.",
} as const;
