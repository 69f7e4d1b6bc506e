/** Words of the command line, beyond those of its commands. */
export const commandLine = {
  "cli.about":
    "Hallway: instant messaging with one contact list over XMPP and SIP/SIMPLE. Without arguments, it opens its window.",
  "cli.window": "opens the window, or brings it to the front if it is already open",
  "cli.help": "shows how a command is used; --help after a command does the same",
  "cli.version": "prints the version of this program",
  "cli.status":
    "Every command exits with status 0 if all is well, 1 if something is wrong with what it checked, 2 if it could not check.",
  "start.foreignLock":
    "Hallway cannot start: {place} belongs to another user, others can write to it, or another program answers there in place of Hallway. Tell your IT department.",
  "start.failed": "Hallway could not start. {reason} If it happens again, give your IT department the file {log}.",
  "start.refusedSwitch":
    "Hallway does not start with {what}, which would let other programs read or control Hallway. Start it without that option.",
  "cli.unknown": "{what} is not a command or an option of Hallway[; did you mean {suggestion}?]",
} as const;
