import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CommandResult } from "./command.ts";
import { runCommandLine } from "./command-line.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "hallway-line-"));
});
afterAll(() => rm(home, { recursive: true }));

/** Starts the program as a person at a terminal without a display does. */
function start(args: readonly string[]): Promise<CommandResult> {
  const env = { PATH: process.env["PATH"], HOME: home, XDG_DATA_HOME: join(home, "data"), LANG: "en_GB.UTF-8" };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
      resolve({ status: (error?.code ?? 0) as CommandResult["status"], out, err }),
    );
  });
}

function run(
  args: readonly string[],
  locale = "en",
  isForWindow?: (argument: string) => boolean,
): Promise<CommandResult | undefined> {
  const answer = (name: string) => async (given: readonly string[]) => ({
    status: 0 as const,
    out: `${name} ${given.join(" ")}\n`,
    err: "",
  });
  const commands = { policy: answer("policy"), audit: answer("audit"), export: answer("export") };
  return runCommandLine(args, {
    commands,
    version: async () => "1.2.3",
    locale,
    ...(isForWindow ? { isForWindow } : {}),
  });
}

describe("the command line", () => {
  it("says how it is used, in both languages", async () => {
    for (const args of [["--help"], ["-h"], ["help"]]) {
      const result = await run(args);
      expect(result).toMatchObject({ status: 0, err: "" });
      for (const words of [
        "hallway policy show",
        "hallway audit verify",
        "hallway export",
        "--version",
        "opens the window",
      ])
        expect(result?.out).toContain(words);
    }
    expect((await run(["--help"], "fr"))?.out).toContain("ouvre la fenêtre");
    expect(await run(["help", "policy"])).toMatchObject({ out: "policy help\n" });
    expect(await run(["policy", "--help"])).toMatchObject({ out: "policy --help\n" });
  });

  it("says its version", async () => {
    for (const option of ["--version", "-V"])
      expect(await run([option])).toEqual({ status: 0, out: "Hallway 1.2.3\n", err: "" });
  });

  it("opens the window only when it is asked for nothing else", async () => {
    expect(await run([])).toBeUndefined();
    const isForWindow = (argument: string): boolean => argument === "--scale=2";
    expect(await run(["--scale=2"], "en", isForWindow)).toBeUndefined();
    expect(await run(["--scale=2", "--other"], "en", isForWindow)).toMatchObject({ status: 2 });
    expect(await run(["--scale=2"])).toMatchObject({ status: 2 });
  });

  it.each([
    "polcy",
    "Policy",
    "--hlep",
    "--policy",
    "-x",
    "--",
    "",
    "constructor",
    "xmpp:a@b.example",
    "--remote-debugging-port=1",
    "--version=2",
  ])("refuses %j and says what there is", async (word) => {
    for (const args of [[word], ["help", word], ["--help", word], ["--version", word]]) {
      const result = await run(args);
      expect(result, args.join(" ")).toMatchObject({ status: 2, out: "" });
      expect(result?.err).toContain("hallway policy show");
      expect(result?.err).toContain(`${word} is not a command or an option of Hallway`);
    }
  });

  it("knows the command that was meant", async () => {
    expect((await run(["polcy"]))?.err).toContain("did you mean policy?");
    expect((await run(["--verison"]))?.err).toContain("did you mean --version?");
  });
});

describe("the program", () => {
  it.each<readonly [string, readonly string[], number, string]>([
    ["--help", ["--help"], 0, "hallway policy show"],
    ["--version", ["--version"], 0, "Hallway "],
    ["help policy", ["help", "policy"], 0, "hallway policy check"],
    ["help policy check", ["help", "policy", "check"], 0, "hallway policy check"],
    ["help audit verify", ["help", "audit", "verify"], 0, "hallway audit verify"],
    ["help export verify", ["help", "export", "verify"], 0, "hallway export verify"],
    ["policy help check", ["policy", "help", "check"], 0, "hallway policy check"],
    ["policy --help", ["policy", "--help"], 0, "hallway policy check"],
    ["policy check --help", ["policy", "check", "--help"], 0, "hallway policy check"],
    ["policy show -h", ["policy", "show", "-h"], 0, "hallway policy check"],
    ["audit verify --help", ["audit", "verify", "--help"], 0, "hallway audit verify"],
    ["export verify --help", ["export", "verify", "--help"], 0, "hallway export verify"],
    ["export --format json --help", ["export", "--format", "json", "--help"], 0, "hallway export verify"],
    ["polcy", ["polcy"], 2, "did you mean policy?"],
    ["policy polcy", ["policy", "polcy"], 2, "hallway policy show"],
    ["help policy polcy", ["help", "policy", "polcy"], 2, "hallway policy show"],
    ["policy polcy --help", ["policy", "polcy", "--help"], 2, "hallway policy show"],
    ["help audit verfy", ["help", "audit", "verfy"], 2, "hallway audit verify"],
    ["help export frob", ["help", "export", "frob"], 2, "hallway export verify"],
    ["policy show --jsn", ["policy", "show", "--jsn"], 2, "hallway policy show"],
    ["audit verfy", ["audit", "verfy"], 2, "hallway audit verify"],
    ["audit verify --al", ["audit", "verify", "--al"], 2, "hallway audit verify"],
    ["export frob", ["export", "frob"], 2, "hallway export verify"],
    ["export verify --devic x", ["export", "verify", "--devic", "x"], 2, "hallway export verify"],
    ["--unheard", ["--unheard"], 2, "hallway policy show"],
  ])("answers %s on the terminal, opens no window and writes nothing", async (_, args, status, words) => {
    const result = await start(args);
    expect(result.status).toBe(status);
    expect(status === 0 ? result.out : result.err).toContain(words);
    expect(status === 0 ? result.err : result.out).toBe("");
    expect(await readdir(home)).toEqual([]);
  });
});
