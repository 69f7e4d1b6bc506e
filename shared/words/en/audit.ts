/** Words of `hallway audit` on the command line. */
export const audit = {
  "audit.cli.about":
    "Whether the audit log of this person on this computer is what Hallway wrote. It opens no window, and changes nothing.",
  "audit.cli.verify":
    "checks the whole chain; with --every each signature too, even where nothing looks wrong, with --json for other programs",
  "audit.cli.head":
    "with --head FILE also against what the archive received: the file holds what came with the feed, in any of its forms",
  "audit.cli.noHead": "The file holds no head of an audit log that is signed well, or it cannot be read.",
  "audit.cli.status": "ends with status 0 when all is well, 1 when the chain is broken, 2 when it cannot be checked",
  "audit.cli.wrongUse": "This is not how it is used:",
  "audit.cli.passphrase": "Passphrase of Hallway:",
  "audit.cli.failed": "The audit log cannot be checked.",
  "audit.cli.empty": "Nothing has been written to the audit log yet.",
  "audit.cli.whole": {
    one: "The audit log is whole: {count} entry.",
    other: "The audit log is whole: {count} entries.",
  },
  "audit.cli.lastOnly": "Every hash was checked, and the signature of the last entry, which vouches for all others.",
  "audit.cli.every": "Every hash and every signature was checked.",
  "audit.cli.broken": "The audit log is broken at entry {n}.",
  "audit.cli.last": "Last good entry",
  "audit.cli.sealed": "Sealed head",
  "audit.cli.sent": "Last entry known to the archive",
  "audit.cli.key": "Key of this device",
  "audit.broken.missing": "Entries from there to {to} are missing; later ones are there.",
  "audit.broken.truncated":
    "Entries from there to {to} are missing, and there is none after them: the end was cut off, or an older copy of the file was put in its place.",
  "audit.broken.inserted": "There is an entry too many.",
  "audit.broken.unlinked": "It does not follow the entry before it: one was taken out, put in or moved.",
  "audit.broken.edited": "Something in it was changed after it was written.",
  "audit.broken.signature": "It does not carry the signature of this device.",
  "audit.broken.other-key": "The log was begun with the key of another device.",
  "audit.broken.not-sealed": "It is not the entry that was sealed.",
  "audit.broken.not-sent":
    "It is not the entry that the archive knows under this number: the log was begun anew, or changed and sealed again.",
  "audit.broken.no-key": "The key of this device is gone from the secret store, so nothing vouches for the entries.",
  "audit.broken.no-seal": "The sealed head is gone from the secret store, so nothing says how long the log was.",
  "audit.broken.recorded":
    "Hallway itself found when it started that entries were gone or could not be read, and wrote so in this entry.",
  "audit.broken.unreadable": "It, or one up to {to}, cannot be read: the file is damaged or belongs to another key.",
} as const;
