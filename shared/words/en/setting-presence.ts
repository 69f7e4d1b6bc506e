/** Words of shared/settings/presence.ts: for each setting its name, one sentence for the person, a paragraph for IT (`.it`), and its choices. */
export const presenceSettings = {
  "settingGroup.presence": "Presence and privacy",
  "setting.PresenceSharing": "Who sees that I am here",
  "setting.PresenceSharing.hint": "The people who see whether you are available.",
  "setting.PresenceSharing.it":
    "Contacts: everyone in the contact list. Groups: only contacts in the groups that the person chose. Nobody: the person appears offline to all.",
  "setting.PresenceSharing.contacts": "My contacts",
  "setting.PresenceSharing.groups": "Some groups",
  "setting.PresenceSharing.nobody": "Nobody",
  "setting.IdleSharingEnabled": "Show people how long I have been idle",
  "setting.IdleSharingEnabled.hint": "People see for how many minutes you have not used the computer.",
  "setting.IdleSharingEnabled.it": "Off: contacts do not learn how long the person has been idle; Away is still shown.",
  "setting.ReceiptsEnabled": "Tell people when I have received and read their messages",
  "setting.ReceiptsEnabled.hint": "They see a double check mark. Strangers never do.",
  "setting.ReceiptsEnabled.it":
    "Off: neither delivery nor reading of a message is confirmed to its sender, on every network. On leaves the choice to the person.",
  "setting.TypingNotificationsEnabled": "Show people when I am typing to them",
  "setting.TypingNotificationsEnabled.hint": "Ends when you pause. Strangers never see it.",
  "setting.TypingNotificationsEnabled.it": "Off: nobody is told that the person is typing, on every network. On leaves the choice to the person.",
} as const;
