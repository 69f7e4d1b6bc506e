import { expect, it } from "vitest";
import { isForWindow } from "./arguments.ts";
import { type CommandLine, refusedSwitches, refusedVariable, refuseSwitches } from "./switches.ts";

function commandLine(...given: readonly string[]): CommandLine & { readonly left: ReadonlySet<string> } {
  const left = new Set(given);
  return { left, hasSwitch: (name) => left.has(name), removeSwitch: (name) => void left.delete(name) };
}

it("names what opens a door, and takes all of it away from Chromium", () => {
  const line = commandLine("ozone-platform", "js-flags", "remote-debugging-port", "load-extension");
  expect(refuseSwitches(line)).toBe("remote-debugging-port");
  expect([...line.left]).toEqual(["ozone-platform"]);
  for (const name of [
    "remote-debugging-port",
    "remote-debugging-pipe",
    "inspect",
    "inspect-brk",
    "js-flags",
    "load-extension",
    "gpu-launcher",
    "no-sandbox",
    "disable-seccomp-filter-sandbox",
  ])
    expect(refuseSwitches(commandLine(name)), name).toBe(name);
});

it("leaves a start as the desktop makes it alone, and never lets through what the window refuses", () => {
  expect(
    refuseSwitches(commandLine("ozone-platform-hint", "force-device-scale-factor", "disable-gpu")),
  ).toBeUndefined();
  for (const name of refusedSwitches) expect(isForWindow(`--${name}`), name).toBe(false);
});

it("names the variable that opens a door", () => {
  expect(refusedVariable({ PATH: "/usr/bin", ELECTRON_DISABLE_SANDBOX: "" })).toBeUndefined();
  for (const name of ["ELECTRON_DISABLE_SANDBOX", "SSLKEYLOGFILE"])
    expect(refusedVariable({ PATH: "/usr/bin", [name]: "1" }), name).toBe(name);
});
