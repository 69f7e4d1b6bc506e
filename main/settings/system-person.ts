import { execFile } from "node:child_process";
import { type SystemPerson, systemPerson } from "./provisioning.ts";
import type { RegistryReader } from "./sources/registry.ts";
import { readWindowsFolder } from "./sources/windows-folder.ts";

/** A program of the system that knows the mail address of whoever is signed in. */
interface Question {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment that it is given; nothing of Hallway's own is handed on. */
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program and resolves with what it writes; rejects where it fails or takes too long. */
export type Run = (question: Question, timeout: number) => Promise<string>;

export interface SystemPersonOptions {
  readonly name?: string;
  readonly platform?: NodeJS.Platform;
  readonly run?: Run;
  /** Opens the registry, on Windows. */
  readonly open?: () => Promise<RegistryReader>;
}

/** Longest wait for the system's answer, in milliseconds: a directory may be far away. */
const patience = 3_000;

/** An address of a person on a line or in double quotes; a single one is a letter of a name (`o'brien`). */
const mailAddress = /(?<![^\s:"])[^\s:"<>@]{1,256}@[^\s:"<>@]{1,255}(?![^\s",])/u;

/**
 * The person as the system and its directory have them. Where the system's name is no mail address, the directory is
 * asked once: Windows for the user principal name (Active Directory, Entra ID), macOS for EMailAddress (Directory
 * Services), Linux for `mail` (SSSD's InfoPipe). No variable of the environment counts, here or in the program that
 * asks, since the person could set one. Without an answer in time, no mail address is known.
 */
export async function readSystemPerson(options: SystemPersonOptions = {}): Promise<SystemPerson> {
  const { platform = process.platform, run = runProgram } = options;
  const person = systemPerson(options.name);
  if (person.email !== undefined) return person;
  const question = platform === "win32" ? await windowsQuestion(options.open) : questionFor(platform, person.user);
  if (!question) return person;
  const answer = (await run(question, patience).catch(() => "")).slice(0, 10_000);
  const [email] = mailAddress.exec(platform === "linux" ? withoutEscapes(answer) : answer) ?? [];
  return email === undefined ? person : { ...person, email };
}

/**
 * The question to Windows. It sets the variables that name folders of the system, since libuv copies those that are
 * missing from the person's environment (`required_vars` in its src/win/process.c).
 */
async function windowsQuestion(open: SystemPersonOptions["open"]): Promise<Question | undefined> {
  const folder = await readWindowsFolder(open);
  if (folder === undefined) return undefined;
  const env = {
    SystemRoot: folder,
    windir: folder,
    SystemDrive: folder.slice(0, 2),
    PATH: `${folder}\\System32`,
    TEMP: `${folder}\\Temp`,
  };
  return { program: `${folder}\\System32\\whoami.exe`, args: ["/upn"], env };
}

/** Programs are named by their whole path, so that no other of the same name is run. */
function questionFor(platform: NodeJS.Platform, user: string): Question | undefined {
  // A name that could be read as an option or as a path is asked about nowhere.
  if (!/^[\w][\w.-]*$/u.test(user)) return undefined;
  if (platform === "darwin")
    return { program: "/usr/bin/dscl", args: ["/Search", "-read", `/Users/${user}`, "EMailAddress"], env: {} };
  if (platform !== "linux") return undefined;
  const infoPipe = "org.freedesktop.sssd.infopipe";
  const call = [infoPipe, "/org/freedesktop/sssd/infopipe", infoPipe, "GetUserAttr", "sas", user, "1", "mail"];
  return { program: "/usr/bin/busctl", args: ["--system", "call", ...call], env: {} };
}

/**
 * The text that busctl has escaped as C does: quotes and backslashes (`\'`), and each byte of a letter beyond ASCII in
 * octal (systemd, cescape_char in src/basic/escape.c).
 */
function withoutEscapes(text: string): string {
  const bytes = Buffer.from(text)
    .toString("latin1")
    .replace(/\\([0-7]{3}|.)/gs, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8) & 0xff) : escaped,
    );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** The answer of a program to a question. Rejects where it fails or takes longer than `timeout` milliseconds. */
export function runProgram({ program, args, env }: Question, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout, killSignal: "SIGKILL", maxBuffer: 65_536, windowsHide: true } as const;
    execFile(program, [...args], options, (error, out) => (error ? reject(error) : resolve(out)));
  });
}
