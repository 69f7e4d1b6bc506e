/**
 * Words of shared/settings/history.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const historySettings = {
  "settingGroup.history": "History",
  "setting.HistoryMode": "Keep chats",
  "setting.HistoryMode.hint": "What stays on this computer after a chat is closed.",
  "setting.HistoryMode.it":
    "Decides how chats are kept on the computer: in an encrypted database, in memory until Hallway quits, or not at all. When the policy restricts this, the encrypted database is closed and left as it is; it is shown again when the policy allows it again.",
  "setting.HistoryMode.encrypted": "On this computer, encrypted",
  "setting.HistoryMode.encrypted.hint": "Searchable, and still there when you open Hallway again.",
  "setting.HistoryMode.memory": "Until you quit Hallway",
  "setting.HistoryMode.memory.hint": "Searchable until then; nothing is written to the disk.",
  "setting.HistoryMode.off": "Not at all",
  "setting.HistoryMode.off.hint": "Gone when the chat is closed; not searchable.",
  "setting.HistoryRetentionDays": "Delete old messages",
  "setting.HistoryRetentionDays.hint": "Older messages are deleted from this computer.",
  "setting.HistoryRetentionDays.it":
    "Messages that reached this computer more than this many days ago are deleted from the history and overwritten; 0 deletes nothing. HistoryMinimumDays and LegalHoldSubjects take precedence. A value that cannot be used deletes nothing. The person’s own choice deletes nothing where HistoryDeleteEnabled is off.",
  "setting.HistoryRetentionExternalDays": "Delete external messages after (days)",
  "setting.HistoryRetentionExternalDays.hint":
    "Messages with people outside the organization are deleted after this many days; 0: like all others.",
  "setting.HistoryRetentionExternalDays.it":
    "Like HistoryRetentionDays, for chats with people outside the organization: at a domain that is neither the account’s own nor listed in AllowedDomains. 0: HistoryRetentionDays applies to them too. A value that cannot be used keeps them for 100 years.",
  "setting.HistoryMinimumDays": "Keep messages for at least (days)",
  "setting.HistoryMinimumDays.hint": "Newer messages cannot be deleted.",
  "setting.HistoryMinimumDays.it":
    "A message that reached this computer less than this many days ago is deleted neither by the person nor by HistoryRetentionDays. If the person deletes it earlier, it is hidden from them and stays in the record until then. What a message said before it was corrected or retracted is kept as a version. Use this with HistoryMode where records must be kept for a time: only what is recorded is kept.",
  "setting.HistoryDeleteEnabled": "Deleting history",
  "setting.HistoryDeleteEnabled.hint": "Whether you can delete messages and chats from this computer.",
  "setting.HistoryDeleteEnabled.it":
    "Off: the person cannot delete messages, chats or the whole history, and the chats of a removed account stay in the record. HistoryRetentionDays still deletes old messages where a policy sets it.",
  "setting.HistoryExportEnabled": "Exporting history",
  "setting.HistoryExportEnabled.hint": "Whether you can save chats to a file.",
  "setting.HistoryExportEnabled.it":
    "Off: the person cannot export chats to files. An export by IT on the command line is not affected.",
  "setting.HistoryScope": "Chats that are kept",
  "setting.HistoryScope.hint": "The chats that stay in the history of this computer.",
  "setting.HistoryScope.it":
    "Limits the history to chats inside the organization, or to chats with people outside it. Inside are the account’s own domain and those in AllowedDomains. Messages of all other chats are in memory only while the chat is open, and can be neither searched nor exported. Messages kept earlier stay encrypted on the computer, where retention, legal hold and exports by IT still apply to them; the person sees them again when the chat is back in scope.",
  "setting.HistoryScope.all": "All",
  "setting.HistoryScope.internal": "Inside the organization",
  "setting.HistoryScope.external": "With people outside",
  "setting.ServerArchiveMode": "Server archive",
  "setting.ServerArchiveMode.hint": "Whether the server keeps chats too.",
  "setting.ServerArchiveMode.it":
    "Require: the account signs in only if the server archives chats and confirms that it keeps all of them; SIMPLE has no such archive, so its accounts do not sign in. Forbid: the archive is turned off for this account, and Hallway does not sign in to a server that archives anyway. Allow: the server’s own setting stays. Changes that another program of the person makes later are noticed at the next sign-in.",
  "setting.ServerArchiveMode.allow": "As the server is set",
  "setting.ServerArchiveMode.require": "Required",
  "setting.ServerArchiveMode.forbid": "Turned off",
  "setting.LegalHoldSubjects": "Legal hold",
  "setting.LegalHoldSubjects.hint": "Chats that must not be deleted for now.",
  "setting.LegalHoldSubjects.it":
    "Each entry holds the messages of an address, a room or a domain, or all messages, optionally between two dates; matter gives the reason. Held messages are deleted by nobody and by no retention rule until the entry is removed; messages that the person deletes are hidden from them and stay in the record. An address or domain is held on both sides: on that person’s own computer, all messages of their account are held. A list that cannot be used holds everything.",
} as const;
