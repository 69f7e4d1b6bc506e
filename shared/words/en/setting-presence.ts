/**
 * Words of shared/settings/presence.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const presenceSettings = {
  "settingGroup.presence": "Presence and privacy",
  "setting.PresenceSharing": "Who sees that I am here",
  "setting.PresenceSharing.hint": "The people who see whether you are available.",
  "setting.PresenceSharing.it":
    "Contacts: everyone in the contact list whose request was accepted. Groups: only those of them whom the person has put into a group. Nobody: the person appears offline to all. On XMPP it takes a server with privacy lists (XEP-0016): ejabberd has them, Prosody with mod_privacy_lists (where whoever hides sees the others only from their next change on, since it holds back their questions too); a server that cannot hide anybody is not signed in to. On SIMPLE, groups count as nobody, and nothing is published. Whoever is written to learns that somebody is there.",
  "setting.PresenceSharing.contacts": "My contacts",
  "setting.PresenceSharing.groups": "Contacts in a group",
  "setting.PresenceSharing.groups.hint": "Contacts outside every group see you as offline. On SIP, everybody does.",
  "setting.PresenceSharing.nobody": "Nobody",
  "setting.PresenceSharing.nobody.hint": "You appear offline to everybody, and can still write and be written to.",
  "setting.IdleSharingEnabled": "Show people how long I have been idle",
  "setting.IdleSharingEnabled.hint": "People see for how many minutes you have not used the computer.",
  "setting.IdleSharingEnabled.it": "Off: contacts do not learn how long the person has been idle; Away is still shown.",
  "setting.ReceiptsEnabled": "Tell people when I have received and read their messages",
  "setting.ReceiptsEnabled.hint": "They see a double check mark. Strangers never do.",
  "setting.ReceiptsEnabled.it":
    "Off: neither delivery nor reading of a message is confirmed to its sender, on every network. On leaves the choice to the person.",
  "setting.TypingNotificationsEnabled": "Show people when I am typing to them",
  "setting.TypingNotificationsEnabled.hint": "Ends when you pause. Strangers never see it.",
  "setting.TypingNotificationsEnabled.it":
    "Off: nobody is told that the person is typing, on every network. On leaves the choice to the person.",
} as const;
