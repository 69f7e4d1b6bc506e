import { execFile } from "node:child_process";
import { join } from "node:path";
import { type SystemPerson, systemPerson } from "./provisioning.ts";

/** A program of the system that knows the mail address of whoever is signed in. */
interface Question {
  readonly program: string;
  readonly args: readonly string[];
}

/** Runs a program and resolves with what it writes; rejects where it fails or takes too long. */
export type Run = (question: Question, timeout: number) => Promise<string>;

export interface SystemPersonOptions {
  readonly name?: string;
  readonly platform?: NodeJS.Platform;
  readonly run?: Run;
}

/** Longest wait for the system's answer, in milliseconds: a directory may be far away. */
const patience = 3_000;

/** An address of a person on a line or in quotes. */
const mailAddress = /(?<![^\s:"'])[^\s:"'<>@]{1,256}@[^\s:"'<>@]{1,255}(?![^\s"',])/u;

/**
 * The person as the system and its directory have them. Where the system's name is no mail address, the directory is
 * asked once: Windows for the user principal name (Active Directory, Entra ID), macOS for EMailAddress (Directory
 * Services), Linux for `mail` (SSSD's InfoPipe). No variable of the environment is read, since the person could set
 * one. Without an answer in time, no mail address is known.
 */
export async function readSystemPerson(options: SystemPersonOptions = {}): Promise<SystemPerson> {
  const { platform = process.platform, run = runProgram } = options;
  const person = systemPerson(options.name);
  const question = person.email === undefined ? questionFor(platform, person.user) : undefined;
  if (!question) return person;
  const answer = await run(question, patience).catch(() => "");
  const [email] = mailAddress.exec(answer.slice(0, 10_000)) ?? [];
  return email === undefined ? person : { ...person, email };
}

/** Programs are named by their whole path, so that no other of the same name is run. */
function questionFor(platform: NodeJS.Platform, user: string): Question | undefined {
  if (platform === "win32")
    return { program: join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "whoami.exe"), args: ["/upn"] };
  // A name that could be read as an option or as a path is asked about nowhere.
  if (!/^[\w][\w.-]*$/u.test(user)) return undefined;
  if (platform === "darwin")
    return { program: "/usr/bin/dscl", args: ["/Search", "-read", `/Users/${user}`, "EMailAddress"] };
  if (platform !== "linux") return undefined;
  const infoPipe = "org.freedesktop.sssd.infopipe";
  const call = [infoPipe, "/org/freedesktop/sssd/infopipe", infoPipe, "GetUserAttr", "sas", user, "1", "mail"];
  return { program: "/usr/bin/busctl", args: ["--system", "call", ...call] };
}

function runProgram({ program, args }: Question, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout, killSignal: "SIGKILL", maxBuffer: 65_536, windowsHide: true } as const;
    execFile(program, [...args], options, (error, out) => (error ? reject(error) : resolve(out)));
  });
}
