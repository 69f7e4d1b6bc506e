/** Words of blocking: the confirmation, the list, and what stands where somebody is blocked. */
export const blocking = {
  "menu.block": "Block…",
  "menu.unblock": "Unblock",
  "menu.markRead": "Mark as read",
  "menu.details": "Details",
  "block.title": "Block {name}?",
  "block.text":
    "Nothing that they write reaches you in Hallway. They are not told. What was said before stays in your history.",
  "block.everyDevice":
    "Your server keeps them away from all your devices: they can neither call you nor see when you are here.",
  "block.thisDevice":
    "Your server keeps no list of blocked people, so this counts in Hallway on this computer only. They may still see when you are here, and call your other devices.",
  "block.textDomain": "Nobody of {domain} who is not in your contact list reaches you any more. They are not told.",
  "block.undo": "You can unblock them at any time: Settings, Privacy.",
  "block.confirm": "Block",
  "block.done": "{name} is blocked.",
  "block.undone": "{name} is no longer blocked.",
  "block.blocked": "Blocked",
  "block.composer": "You have blocked {name}. To write to them, unblock them first.",
  "block.composerDomain": "You have blocked everybody of {domain}.",
  "block.unblockDomain": "Unblock {domain}",
  "block.unblockLabel": "Unblock {name}",
  "block.list": "Blocked people",
  "block.listHint": "Nothing of them reaches you in Hallway.",
  "block.nobody": "Nobody is blocked. The menu of a person, and their details, have “Block”.",
  "block.find": "Find among blocked people",
  "block.more": { one: "and {count} more", other: "and {count} more" },
  "block.scopeDevice": "one device only",
  "block.scopeDomain": "everybody of this domain",
  "block.scopeStrangers": "everybody of this domain who is not in your list",
  "block.for": "for {address}",
  "palette.about": "{action} ({name})",
} as const;
