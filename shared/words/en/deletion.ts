/** Words of deleting from the history, and of what rules keep of it. */
export const deletion = {
  "delete.message": "Delete here…",
  "delete.conversation": "Delete chat…",
  "delete.all": "Delete all history…",
  "delete.messageTitle": "Delete this message?",
  "delete.conversationTitle": "Delete your chat with {name}?",
  "delete.allTitle": "Delete all history?",
  "delete.messageText": "It is deleted from this computer. The other person keeps it, and servers may too.",
  "delete.conversationText":
    "All its messages are deleted from this computer. The other person keeps them, and servers may too.",
  "delete.allText":
    "The messages of all your chats are deleted from this computer. Your contacts and accounts stay. The other people keep their copies.",
  "delete.undo": "This cannot be undone.",
  "delete.minimum": {
    one: "Your organization keeps messages for one day: newer ones disappear here, but stay in the record until then.",
    other:
      "Your organization keeps messages for {count} days: newer ones disappear here, but stay in the record until then.",
  },
  "delete.hold":
    "Your organization may have to keep some of this (legal hold): that part disappears here, but stays in the record.",
  "delete.confirm": "Delete",
  "delete.off": "Your organization does not allow you to delete history.",
  "delete.doneTitle": "Deletion finished",
  "delete.done": { one: "One message was deleted.", other: "{count} messages were deleted." },
  "delete.kept": {
    one: "One message disappeared here, but stays in the record.",
    other: "{count} messages disappeared here, but stay in the record.",
  },
  "delete.keptUntil": "Your organization keeps messages for some time. The last of these will be deleted after {date}.",
  "retention.never": "Never",
  "retention.days": { one: "After one day", other: "After {count} days" },
  "retention.years": { one: "After one year", other: "After {count} years" },
  "delete.keptHeld": "Messages under a legal hold stay in the record until the hold ends.",
} as const;
