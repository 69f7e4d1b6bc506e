/** Words of deleting from the history, and of what rules keep of it. */
export const deletion = {
  "delete.message": "Delete here…",
  "delete.conversation": "Delete conversation…",
  "delete.all": "Delete all history…",
  "delete.messageTitle": "Delete this message?",
  "delete.conversationTitle": "Delete your chat with {name}?",
  "delete.allTitle": "Delete all history?",
  "delete.messageText": "It is deleted from this computer. The other side keeps it, and servers may too.",
  "delete.conversationText":
    "All its messages are deleted from this computer. The other side keeps them, and servers may too.",
  "delete.allText":
    "The messages of all your chats are deleted from this computer. Your contacts and accounts stay; the others keep what was said.",
  "delete.undo": "This cannot be undone.",
  "delete.minimum": {
    one: "Your organization keeps messages for one day: younger ones disappear here, but stay in the record until then.",
    other:
      "Your organization keeps messages for {count} days: younger ones disappear here, but stay in the record until then.",
  },
  "delete.hold":
    "Your organization may have to keep some of this (legal hold): that disappears here, but stays in the record.",
  "delete.confirm": "Delete",
  "delete.off": "Your organization does not allow deleting from the history.",
  "delete.doneTitle": "What was deleted",
  "delete.done": { one: "One message was deleted.", other: "{count} messages were deleted." },
  "delete.kept": {
    one: "One message disappeared here, but stays in the record.",
    other: "{count} messages disappeared here, but stay in the record.",
  },
  "delete.keptUntil": "Your organization keeps messages for some time; the last of these is deleted after {date}.",
  "retention.never": "Never",
  "retention.days": { one: "After one day", other: "After {count} days" },
  "retention.years": { one: "After one year", other: "After {count} years" },
  "delete.keptHeld": "Your organization has to keep what is under a legal hold for now.",
} as const;
