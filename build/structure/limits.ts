/**
 * Limits that `npm run check` holds the numbers of the structure to. A goal that is reached has 0; the rest may only
 * shrink.
 */

/** The rooms of main, lowest first: a room imports only from rooms before it. A new room gets a line. */
export const layers: readonly string[] = [
  "addressing",
  "cpim",
  "storage",
  "networks",
  "networks/xmpp",
  "networks/simple",
  "diagnostics",
  "guard",
  "database",
  "history",
  "profile",
  "secrets",
  "settings",
  "record",
  "host",
  "host/chromium",
  "host/electron",
  "lock",
  "enforcement",
  "store",
  "messaging",
  "notifications",
  "accounts",
  "ipc",
  "instance",
  "app",
  "cli",
];

/** Largest value of each number that is counted. */
export const limits = {
  backwards: 0,
  "long-files": 26,
  "long-functions": 80,
  "many-parameters": 140,
  "loose-entries": 0,
  "id-parsers": 3,
  "socket-openers": 1,
  "wide-lines": 1000,
  riddles: 0,
} as const;

/** Longest file and function that need no reason, in lines; widest line, in UTF-16 units. */
export const maxFileLines = 300;
export const maxFunctionLines = 100;
export const maxParameters = 3;
export const maxLineWidth = 120;

/** Files of main that one message may pass through. */
export const maxPath = { incoming: 120, outgoing: 125 } as const;
