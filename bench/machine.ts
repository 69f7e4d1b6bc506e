import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, getPriority, loadavg, release, totalmem } from "node:os";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Machine that the figures were measured on: a list of facts that names neither the machine nor its owner. */
export type Machine = readonly { readonly what: string; readonly is: string }[];

/** The first line that a program says of itself, or that it is not there. */
async function version(command: string, args: readonly string[], pattern: RegExp): Promise<string> {
  try {
    const { stdout, stderr } = await run(command, [...args], { timeout: 10_000 });
    return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? "version unknown";
  } catch {
    return "not installed";
  }
}

async function system(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
  return `${name}, kernel ${release()}, ${process.arch}`;
}

/** Asks the machine and the programs that take part. */
export async function describeMachine(): Promise<Machine> {
  const processors = cpus();
  const [os, chromium, prosody, kamailio] = await Promise.all([
    system(),
    version("chromium", ["--version"], /(\d+\.\d+\.\d+\.\d+)/),
    version("prosodyctl", ["about"], /Prosody (\S+)/),
    version("kamailio", ["-v"], /kamailio (\d\S*)/),
  ]);
  return [
    { what: "Processor", is: `${processors[0]?.model.trim() ?? "unknown"}, ${processors.length} cores seen` },
    { what: "Memory", is: `${(totalmem() / 2 ** 30).toFixed(1)} GiB` },
    ...(getPriority() === 0 ? [] : [{ what: "Priority over other programs", is: `nice ${getPriority()}` }]),
    { what: "System", is: os },
    { what: "Node", is: process.version },
    { what: "Chromium", is: chromium },
    { what: "Prosody", is: prosody },
    { what: "Kamailio", is: kamailio },
  ];
}

/** When something is measured, and how busy the machine was just before. */
export function moment(): string {
  const date = new Date().toISOString().slice(0, 16).replace("T", " ");
  return `${date} UTC, after a minute in which ${(loadavg()[0] ?? 0).toFixed(1)} processes wanted a core on average`;
}
