/** Words of the command line, beyond those of its commands. */
export const commandLine = {
  "cli.about":
    "Hallway: one contact list and one conversation over XMPP and SIP/SIMPLE. Without arguments it opens its window.",
  "cli.window": "opens the window, or brings the one that is open to the front",
  "cli.help": "how a command is used; --help after a command does the same",
  "cli.version": "the version of this program",
  "cli.status":
    "Every command ends with status 0 when all is well, 1 when something is wrong with what it looked at, 2 when it could not look.",
  "start.foreignLock":
    "Hallway does not start: {place} belongs to somebody else, others may write to it, or another program answers there in place of Hallway. Tell your IT department.",
  "start.refusedSwitch":
    "Hallway does not start with {what}: it would let other programs read or steer Hallway. Start it without.",
  "cli.unknown": "{what} is no command and no option of Hallway[; did you mean {suggestion}?]",
} as const;
