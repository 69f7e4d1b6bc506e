/**
 * Output of a command, and its exit status: 0 all is well, 1 something is wrong with what it checked, 2 it could not
 * check (wrong use among others), 3 nothing is wrong with it, but nobody vouches for it.
 */
export interface CommandResult {
  readonly status: 0 | 1 | 2 | 3;
  readonly out: string;
  readonly err: string;
}

/** Whether the arguments of a command, at any level, ask how it is used: of nothing but what it knows. */
export function asksForHelp(args: readonly string[], subcommands: readonly string[] = []): boolean {
  const asked = args.filter((argument, index) => !isHelp(argument, index));
  const [of] = asked;
  return asked.length < args.length && (of === undefined || of.startsWith("-") || subcommands.includes(of));
}

function isHelp(argument: string, index: number): boolean {
  return argument === "--help" || argument === "-h" || (index === 0 && argument === "help");
}

/** JSON as a terminal may have it; it escapes the lower control characters by itself. */
export function terminalJson(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  return `${json.replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)}\n`;
}

/** Lines as a terminal may have them: what is in a policy or a file must not move its cursor or change its colours. */
export function terminalText(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd")}\n`).join("");
}
