import { describe, expect, it, vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { Vault } from "../secrets/vault.ts";
import { asksForHelp, terminalJson, terminalText } from "./command.ts";
import { parseExport } from "./export-arguments.ts";
import { type MachineReport, withStatus } from "./machine-report.ts";
import { openVault } from "./open-vault.ts";

describe("help", () => {
  it.each<[readonly string[], readonly string[], boolean]>([
    [[], [], false],
    [["help"], [], true],
    [["--help"], [], true],
    [["-h"], [], true],
    [["show"], ["show"], false],
    [["show", "--help"], ["show"], true],
    [["help", "show"], ["show"], true],
    [["--json", "-h"], [], true],
    [["shwo", "--help"], ["show"], false],
    [["show", "help"], ["show"], false],
  ])("is asked for by %j among %j: %s", (args, subcommands, isAsked) => {
    expect(asksForHelp(args, subcommands)).toBe(isAsked);
  });
});

describe("what a terminal is given", () => {
  it("moves no cursor and changes no colours", () => {
    expect(terminalText(["a\u001b[31mb\r\n\t\u007f\u009bc é"])).toBe("a\ufffd[31mb\ufffd\ufffd\ufffd\ufffd\ufffdc é\n");
    expect(terminalText(["one", "two"])).toBe("one\ntwo\n");
    expect(terminalText([])).toBe("");
    expect(terminalJson({ text: "\u001b\u007f\u009b" })).toBe('{\n  "text": "\\u001b\\u007f\\u009b"\n}\n');
  });
});

describe("the arguments of an export", () => {
  const now = Date.UTC(2026, 5, 15, 12);
  const make = (...args: readonly string[]) => {
    const asked = parseExport(["--format", "html", "--out", "o", ...args], now);
    return asked.command === "make" ? asked.query : asked;
  };

  it.each<[readonly string[], object]>([
    [[], {}],
    [["--with", "Bob@X.example"], { peers: ["Bob@x.example", "bob@x.example"] }],
    [["--with", "bob@x.example", "--room", "bob@x.example"], { peers: ["bob@x.example"] }],
    [["--direction", "in"], { direction: "in" }],
    [["--direction", "out"], { direction: "out" }],
    [["--text", "lunch"], { text: "lunch" }],
    [["--has-file"], { hasFile: true }],
    [["--from", "2026-01-02T03:04:05Z"], { from: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    [["--to", "2026-01-02T03:04:05Z"], { to: Date.UTC(2026, 0, 2, 3, 4, 5) }],
    [["--from", "2025"], { from: new Date(2025, 0, 1).getTime() }],
    [["--to", "2025"], { to: new Date(2026, 0, 1).getTime() }],
  ])("%j narrow it to that and nothing else, what the person deleted included", (args, query) => {
    expect(make(...args)).toEqual({ deleted: true, ...query });
  });

  it.each([
    ["--direction", "both"],
    ["--with", ""],
    ["--from", "yesterweek"],
    ["--from", "2026-01-02Tnoon"],
  ])("that make no sense are named: %s %s", (option, value) => {
    expect(make(option, value)).toEqual({ command: "wrong", what: value });
  });

  it("name an end after its beginning", () => {
    const at = (second: number) => `2026-01-02T03:04:0${second}Z`;
    expect(make("--from", at(1), "--to", at(2))).toMatchObject({ deleted: true });
    for (const to of [0, 1])
      expect(make("--from", at(1), "--to", at(to))).toEqual({ command: "wrong", what: `${at(1)} ${at(to)}` });
  });

  it("say where to, in which form, and by whose leave", () => {
    expect(parseExport(["--format", "html"], now)).toEqual({ command: "wrong", what: "--out" });
    expect(parseExport(["--format", "html", "--out", ""], now)).toEqual({ command: "wrong", what: "--out" });
    expect(parseExport(["--out", "o"], now)).toEqual({ command: "wrong", what: "--format" });
    expect(parseExport(["--format", "pdf", "--out", "o"], now)).toEqual({ command: "wrong", what: "pdf" });
    expect(parseExport(["--format", "html", "--out", "o", "--authorization", "f"], now)).toMatchObject({
      command: "make",
      format: "html",
      out: "o",
      authorization: "f",
    });
    expect([parseExport([], now), parseExport(["verify", "--help"], now)]).toEqual([
      { command: "help" },
      { command: "help" },
    ]);
  });

  it("name one folder to verify, and perhaps its key", () => {
    expect(parseExport(["verify", "f"], now)).toEqual({ command: "verify", folder: "f", json: false });
    expect(parseExport(["verify", "f", "--device", "k", "--json"], now)).toEqual({
      command: "verify",
      folder: "f",
      device: "k",
      json: true,
    });
    expect(parseExport(["verify", "f", "g"], now)).toEqual({ command: "wrong", what: "g" });
    expect(parseExport(["verify"], now)).toEqual({ command: "wrong" });
    expect(parseExport(["verify", "f", "--from", "2025"], now)).toEqual({ command: "wrong" });
  });
});

describe("the policy of a machine", () => {
  const well = {
    complete: true,
    problems: [],
    incomplete: [],
    settings: [{ key: "a" }],
    consequences: [{ severity: "warning" }],
  } as unknown as MachineReport;

  it.each<[string, object, 0 | 1]>([
    ["nothing", {}, 0],
    ["a part that cannot be read", { complete: false }, 1],
    ["a problem", { problems: ["p"] }, 1],
    ["an account that cannot be made", { incomplete: [{ code: "invalid-address" }] }, 1],
    ["a value that cannot be used, beside one that can", { settings: [{ key: "a" }, { key: "b", error: {} }] }, 1],
    ["a consequence that is an error", { consequences: [{ severity: "warning" }, { severity: "error" }] }, 1],
  ])("with %s wrong has this status", (_, over, status) => {
    expect(withStatus({ ...well, ...over }).status).toBe(status);
  });
});

describe("a vault on the command line", () => {
  const key = new Uint8Array(1);
  const vault = (states: readonly object[], withKey = true) => {
    let at = 0;
    const next = async (): Promise<void> => {
      await Promise.resolve();
      at += 1;
    };
    return {
      open: vi.fn(next),
      unlock: vi.fn(next),
      get state() {
        return states[at - 1] ?? { state: "none" };
      },
      get key() {
        return withKey && at === states.length ? key : undefined;
      },
    };
  };
  const open = (made: ReturnType<typeof vault>, passphrase: string | undefined = "p") => {
    const ask = vi.fn(async () => passphrase);
    return { asked: ask.mock, opened: openVault(made as unknown as Vault, ask) };
  };

  it("asks for the passphrase where it is locked, and only there", async () => {
    const ready = open(vault([{ state: "ready" }]));
    expect([await ready.opened, ready.asked.calls.length]).toEqual([key, 0]);
    const locked = vault([{ state: "locked" }, { state: "ready" }]);
    expect(await open(locked).opened).toBe(key);
    expect(locked.unlock.mock.calls).toEqual([["p"]]);
  });

  it("stays closed where none is given, where it cannot be opened, and where there is no key", async () => {
    const locked = vault([{ state: "locked" }, { state: "ready" }]);
    const none = openVault(locked as unknown as Vault, async () => undefined);
    await expect(none).rejects.toMatchObject({ code: "cancelled" });
    expect(locked.unlock).not.toHaveBeenCalled();
    const failed = vault([{ state: "failed", error: new HallwayError("vault-unavailable").info }]);
    await expect(open(failed).opened).rejects.toMatchObject({ code: "vault-unavailable" });
    await expect(open(vault([{ state: "none" }], false)).opened).rejects.toMatchObject({ code: "vault-locked" });
  });
});
