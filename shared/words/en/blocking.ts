/** Words of blocking: the confirmation, the list, and what stands where somebody is blocked. */
export const blocking = {
  "menu.block": "Block…",
  "menu.unblock": "Unblock",
  "menu.markRead": "Mark as read",
  "menu.details": "Details",
  "block.title": "Block {name}?",
  "block.text":
    "Their messages no longer reach you in Hallway. They are not notified. Earlier messages stay in your history.",
  "block.everyDevice":
    "Your server blocks them on all your devices: they can neither call you nor see when you are online.",
  "block.thisDevice":
    "Your server has no list of blocked people, so this applies only to Hallway on this computer. They may still see when you are online, and call your other devices.",
  "block.textDomain":
    "People at {domain} who are not in your contact list can no longer reach you. They are not notified.",
  "block.undo": "You can unblock them at any time: Settings, Privacy.",
  "block.confirm": "Block",
  "block.done": "{name} is blocked.",
  "block.undone": "{name} is no longer blocked.",
  "block.blocked": "Blocked",
  "block.composer": "You have blocked {name}. To write to them, unblock them first.",
  "block.composerDomain": "You have blocked everyone at {domain}.",
  "block.unblockDomain": "Unblock {domain}",
  "block.unblockLabel": "Unblock {name}",
  "block.list": "Blocked people",
  "block.listHint": "Nothing they send reaches you in Hallway.",
  "block.nobody": "Nobody is blocked. To block someone, open their menu or their details and choose “Block”.",
  "block.find": "Search blocked people",
  "block.more": { one: "and {count} more", other: "and {count} more" },
  "block.scopeDevice": "one device only",
  "block.scopeDomain": "everyone at this domain",
  "block.scopeStrangers": "everyone at this domain who is not in your list",
  "block.for": "for {address}",
  "palette.about": "{action} ({name})",
} as const;
