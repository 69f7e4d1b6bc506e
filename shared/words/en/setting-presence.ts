/**
 * Words of shared/settings/presence.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const presenceSettings = {
  "settingGroup.presence": "Presence and privacy",
  "setting.PresenceSharing": "Who can see my presence",
  "setting.PresenceSharing.hint": "The people who can see whether you are available.",
  "setting.PresenceSharing.it":
    "Contacts: everyone in the contact list whose request was accepted. Groups: only those whom the person has put into a group. Nobody: the person appears offline to everyone. On XMPP this requires a server with privacy lists (XEP-0016): ejabberd has them, and so has Prosody with mod_privacy_lists (there, a person who hides sees others only after their next change, because the server also holds back presence probes). Hallway does not sign in to a server that cannot hide anyone. On SIMPLE, Groups has the same effect as Nobody, and nothing is published. Everyone the person writes to learns that they are there.",
  "setting.PresenceSharing.contacts": "My contacts",
  "setting.PresenceSharing.groups": "Contacts in a group",
  "setting.PresenceSharing.groups.hint": "Contacts who are in no group see you as offline. On SIP, everyone does.",
  "setting.PresenceSharing.nobody": "Nobody",
  "setting.PresenceSharing.nobody.hint": "You appear offline to everyone, and can still send and receive messages.",
  "setting.IdleSharingEnabled": "Show people how long I have been idle",
  "setting.IdleSharingEnabled.hint": "People see for how many minutes you have not used the computer.",
  "setting.IdleSharingEnabled.it": "Off: contacts do not learn how long the person has been idle; Away is still shown.",
  "setting.ReceiptsEnabled": "Tell people when I have received and read their messages",
  "setting.ReceiptsEnabled.hint": "They see a double check mark. Strangers never do.",
  "setting.ReceiptsEnabled.it":
    "Off: neither delivery nor reading of a message is confirmed to its sender, on any network. On: the person chooses.",
  "setting.TypingNotificationsEnabled": "Show people when I am typing to them",
  "setting.TypingNotificationsEnabled.hint": "Stops when you pause. Strangers never see it.",
  "setting.TypingNotificationsEnabled.it":
    "Off: nobody is told that the person is typing, on any network. On: the person chooses.",
} as const;
