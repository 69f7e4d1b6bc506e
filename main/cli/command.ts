/** What a command has to say, and the status it ends with: 0 all is well, 1 something is wrong with what it looked at, 2 it could not look (wrong use among others). */
export interface CommandResult {
  readonly status: 0 | 1 | 2;
  readonly out: string;
  readonly err: string;
}

/** Lines as a terminal may have them: what is in a policy or a file must not move its cursor or change its colours. */
export function terminalText(lines: readonly string[]): string {
  return lines.map((line) => `${line.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd")}\n`).join("");
}
