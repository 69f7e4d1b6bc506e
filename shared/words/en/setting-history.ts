/**
 * Words of shared/settings/history.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const historySettings = {
  "settingGroup.history": "History",
  "setting.HistoryMode": "Keep conversations",
  "setting.HistoryMode.hint": "What stays on this computer after a chat is closed.",
  "setting.HistoryMode.it":
    "Decides what is kept of conversations on the computer: in an encrypted database, in memory until Hallway quits, or not at all. When policy narrows it, the encrypted database is closed and left as it is; it is shown again when policy allows it again.",
  "setting.HistoryMode.encrypted": "On this computer, encrypted",
  "setting.HistoryMode.encrypted.hint": "Searchable, and there again when Hallway is opened.",
  "setting.HistoryMode.memory": "Until Hallway quits",
  "setting.HistoryMode.memory.hint": "Searchable meanwhile; nothing is written to the disk.",
  "setting.HistoryMode.off": "Not at all",
  "setting.HistoryMode.off.hint": "Gone when the chat is closed; not searchable.",
  "setting.HistoryRetentionDays": "Delete old messages",
  "setting.HistoryRetentionDays.hint": "Messages that came longer ago are deleted from this computer.",
  "setting.HistoryRetentionDays.it":
    "Messages that reached this computer longer ago than this many days are deleted from the history and overwritten; 0 deletes nothing. HistoryMinimumDays and LegalHoldSubjects come first. A value that cannot be used deletes nothing. A person’s own choice deletes nothing where HistoryDeleteEnabled is off.",
  "setting.HistoryRetentionExternalDays": "Delete messages of people outside after days",
  "setting.HistoryRetentionExternalDays.hint":
    "Messages with people outside the organization that are older than this are deleted; 0: as the others.",
  "setting.HistoryRetentionExternalDays.it":
    "As HistoryRetentionDays, for conversations with people outside: of a domain that is neither that of the person’s account nor named in AllowedDomains. 0: HistoryRetentionDays holds for them too. A value that cannot be used keeps them for 100 years.",
  "setting.HistoryMinimumDays": "Keep messages at least for days",
  "setting.HistoryMinimumDays.hint": "Messages younger than this cannot be deleted.",
  "setting.HistoryMinimumDays.it":
    "No message that reached this computer less than this many days ago is deleted, neither by the person nor by HistoryRetentionDays. What the person deletes before is hidden from them and stays in the record until then. What was corrected or retracted stays as a version. Use it where records must be kept for a time, with HistoryMode: only what is recorded is kept.",
  "setting.HistoryDeleteEnabled": "Deleting from the history",
  "setting.HistoryDeleteEnabled.hint": "Whether you can delete messages and conversations from this computer.",
  "setting.HistoryDeleteEnabled.it":
    "Off: the person cannot delete messages, conversations or the history as a whole, and a removed account’s conversations stay in the record. HistoryRetentionDays still deletes what is old, where policy sets it.",
  "setting.HistoryExportEnabled": "Exporting the history",
  "setting.HistoryExportEnabled.hint": "Whether you can save conversations to a file.",
  "setting.HistoryExportEnabled.it":
    "Off: the person cannot export conversations from the history to files. An export made by IT on the command line is not affected.",
  "setting.HistoryScope": "Conversations that are kept",
  "setting.HistoryScope.hint": "Which conversations stay in the history of this computer.",
  "setting.HistoryScope.it":
    "Limits the history to conversations inside the organization, or to those with people outside it. Inside is who is of the domain of the account or of one in AllowedDomains. Of all other conversations only what an open one shows is in memory, and it can neither be searched nor exported. What was kept of them before stays encrypted on the computer, where retention, legal hold and exports by IT reach it; the person sees it again once it is in scope again.",
  "setting.HistoryScope.all": "All",
  "setting.HistoryScope.internal": "Inside the organization",
  "setting.HistoryScope.external": "With people outside",
  "setting.ServerArchiveMode": "Archive on the server",
  "setting.ServerArchiveMode.hint": "Whether the server keeps conversations too.",
  "setting.ServerArchiveMode.it":
    "Require: the account signs in only where the server archives conversations and says that all of them are kept; SIMPLE has no such archive, so that its accounts do not sign in. Forbid: the archive is switched off for this account, and a server that archives all the same is not signed in to. Allow: it stays as the server has it. What another program of the person changes later is seen at the next sign-in.",
  "setting.ServerArchiveMode.allow": "As the server has it",
  "setting.ServerArchiveMode.require": "Required",
  "setting.ServerArchiveMode.forbid": "Switched off",
  "setting.LegalHoldSubjects": "Legal hold",
  "setting.LegalHoldSubjects.hint": "Conversations that must not be deleted for now.",
  "setting.LegalHoldSubjects.it":
    "Each entry holds what an address, a room or a domain said, or everything, optionally between two dates; matter says why. What is held is deleted by nobody and by no retention rule until the entry is gone; what the person deletes is hidden from them and stays in the record. An address or domain is held on both sides: on that person’s own computer, all of their account. A list that cannot be used holds everything.",
} as const;
