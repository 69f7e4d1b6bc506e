import { truncate } from "../../shared/text/truncate.ts";
import { createWords, type Words } from "../../shared/words/words.ts";
import { nearest } from "../settings/nearest.ts";
import { asksForHelp, type CommandResult, terminalText } from "./command.ts";

/** The commands of the program, each with what does it. */
export type Commands = Readonly<Record<string, (args: readonly string[]) => Promise<CommandResult>>>;

export interface CommandLine {
  readonly commands: Commands;
  readonly version: () => Promise<string>;
  /** BCP 47 tag of the language to speak. */
  readonly locale: string;
  /** Arguments that the window takes: see windowSwitches of the host. */
  readonly isForWindow?: (argument: string) => boolean;
}

/**
 * Runs what the command line asks for. Undefined: it asks for nothing, so the window is meant. A word or an option that
 * nobody knows is an error (status 2, how it is used on stderr) and never opens a window.
 */
export async function runCommandLine(args: readonly string[], line: CommandLine): Promise<CommandResult | undefined> {
  const words = createWords(line.locale);
  const [first, ...rest] = args;
  if (first === undefined || args.every((argument) => line.isForWindow?.(argument) === true)) return undefined;
  if (first === "--version" || first === "-V") {
    return rest.length === 0
      ? { status: 0, out: terminalText([`Hallway ${await line.version()}`]), err: "" }
      : wrong(rest[0], line, words);
  }
  const name = first === "help" ? rest[0] : first;
  const command = name !== undefined && Object.hasOwn(line.commands, name) ? line.commands[name] : undefined;
  if (command) {
    return command(first === "help" ? ["help", ...rest.slice(1)] : rest);
  }
  const isHelp = (first === "help" && rest.length === 0) || (asksForHelp([first]) && rest.length === 0);
  return isHelp
    ? { status: 0, out: terminalText(usage(words)), err: "" }
    : wrong(first === "help" ? rest[0] : asksForHelp([first]) ? rest[0] : first, line, words);
}

function wrong(argument: string | undefined, { commands }: CommandLine, words: Words): CommandResult {
  const known = [...Object.keys(commands), "help", "--help", "--version"];
  const what = truncate(argument ?? "", 100);
  const suggestion = nearest(what, known);
  const unknown = words.t("cli.unknown", { what, ...(suggestion === undefined ? {} : { suggestion }) });
  return { status: 2, out: "", err: terminalText([unknown, "", ...usage(words)]) };
}

function usage(words: Words): string[] {
  return [
    words.t("cli.about"),
    "",
    "hallway",
    `    ${words.t("cli.window")}`,
    "hallway policy show | check FILE... | explain KEY",
    `    ${words.t("policy.cli.about")}`,
    "hallway audit verify",
    `    ${words.t("audit.cli.about")}`,
    "hallway export --format FORMAT --out FOLDER | verify FOLDER",
    `    ${words.t("export.cli.about")}`,
    "hallway help [policy | audit | export], hallway --help",
    `    ${words.t("cli.help")}`,
    "hallway --version",
    `    ${words.t("cli.version")}`,
    "",
    words.t("cli.status"),
  ];
}
