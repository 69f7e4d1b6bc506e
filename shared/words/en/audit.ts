/** Words of `hallway audit` on the command line. */
export const audit = {
  "audit.cli.about":
    "Checks whether the audit log of this person on this computer is as Hallway wrote it. Opens no window and changes nothing.",
  "audit.cli.verify":
    "checks the whole chain; --every also checks each signature, even where nothing looks wrong; --json prints JSON for other programs",
  "audit.cli.head":
    "--head FILE also compares the log with what the archive received: FILE contains what arrived with the feed, in any of its formats",
  "audit.cli.noHead": "The file contains no correctly signed head of an audit log, or it cannot be read.",
  "audit.cli.status": "exits with status 0 if all is well, 1 if the chain is broken, 2 if it cannot be checked",
  "audit.cli.wrongUse": "An argument is missing or not known. Usage:",
  "audit.cli.passphrase": "Hallway passphrase:",
  "audit.cli.failed": "The audit log cannot be checked.",
  "audit.cli.empty": "Nothing has been written to the audit log yet.",
  "audit.cli.whole": {
    one: "The audit log is intact: {count} entry.",
    other: "The audit log is intact: {count} entries.",
  },
  "audit.cli.lastOnly": "All hashes were checked, and the signature of the last entry, which covers all the others.",
  "audit.cli.every": "All hashes and all signatures were checked.",
  "audit.cli.broken": "The audit log is broken at entry {n}.",
  "audit.cli.last": "Last good entry",
  "audit.cli.sealed": "Sealed head",
  "audit.cli.sent": "Last entry known to the archive",
  "audit.cli.key": "Key of this device",
  "audit.broken.missing": "Entries from there to {to} are missing; there are later ones.",
  "audit.broken.truncated":
    "Entries from there to {to} are missing, and there are none after them: the end was cut off, or the file was replaced with an older copy.",
  "audit.broken.inserted": "There is one entry too many.",
  "audit.broken.unlinked": "It does not follow the entry before it: an entry was removed, inserted or moved.",
  "audit.broken.edited": "It was changed after it was written.",
  "audit.broken.signature": "It does not carry the signature of this device.",
  "audit.broken.other-key": "The log was started with the key of another device.",
  "audit.broken.not-sealed": "It is not the entry that was sealed.",
  "audit.broken.not-sent":
    "It is not the entry that the archive has under this number: the log was started over, or changed and sealed again.",
  "audit.broken.no-key": "The key of this device is no longer in the secret store, so the entries cannot be verified.",
  "audit.broken.no-seal":
    "The sealed head is no longer in the secret store, so the length of the log cannot be verified.",
  "audit.broken.recorded":
    "When it started, Hallway found that entries were missing or could not be read, and recorded that in this entry.",
  "audit.broken.unreadable":
    "It, or an entry up to {to}, cannot be read: the file is damaged or belongs to another key.",
} as const;
