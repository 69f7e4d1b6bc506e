// Puts in place what a purpose needs of the machine itself (build/system-packages.mjs). On Debian and Ubuntu, as root
// or with a sudo that asks nothing, it installs what is missing; anywhere else it names exactly what is missing and how
// to get it. Plain JavaScript for Node 20: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { purposes } from "./system-packages.mjs";

const logFile = fileURLToPath(new URL("../.cache/setup.log", import.meta.url));

/** @typedef {import("./system-packages.mjs").SystemPackage} SystemPackage */

/** True: Debian's tools are here. */
function hasApt() {
  return process.platform === "linux" && existsSync("/usr/bin/dpkg-query") && existsSync("/usr/bin/apt-get");
}

/** @param {string} name a name looked for in PATH, or a whole path */
function isProgram(name, path = process.env.PATH ?? "") {
  const places = isAbsolute(name) ? [name] : path.split(delimiter).map((folder) => join(folder, name));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * The names in dpkg-query's answer (`package status` a line) that are really installed.
 * @param {string} answer
 */
export function installedPackages(answer) {
  const names = answer
    .split("\n")
    .filter((line) => line.endsWith(" install ok installed"))
    .map((line) => line.slice(0, line.indexOf(" ")));
  return new Set(names);
}

/**
 * Which of the packages are missing. With apt, Debian's list decides, but a program that came another way is as good;
 * without it only programs can be looked for.
 * @param {readonly SystemPackage[]} packages
 * @param {{ apt: boolean, installed: ReadonlySet<string>, hasProgram: (name: string) => boolean }} machine
 */
export function missingPackages(packages, { apt, installed, hasProgram }) {
  return packages.filter((p) => {
    if (p.programs.some(hasProgram)) return false;
    return apt ? !installed.has(p.debian) : p.programs.length > 0;
  });
}

/** @param {readonly SystemPackage[]} packages */
function lookForMissing(packages) {
  const apt = hasApt();
  /** @type {ReadonlySet<string>} */
  let installed = new Set();
  if (apt) {
    const { stdout } = spawnSync(
      "/usr/bin/dpkg-query",
      ["-W", "-f", "${Package} ${Status}\\n", ...packages.map((p) => p.debian)],
      { encoding: "utf8" },
    );
    installed = installedPackages(stdout ?? "");
  }
  return missingPackages(packages, { apt, installed, hasProgram: (name) => isProgram(name) });
}

/**
 * Runs as root. Installs the packages named as arguments; waits for whoever else is installing; keeps Debian from
 * starting the servers that it installs (a policy-rc.d that is taken away afterwards; one that is already there is left
 * alone).
 */
const installScript = `
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if (set -C; printf '#!/bin/sh\\nexit 101\\n' > "$policy") 2>/dev/null; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  chmod 755 "$policy"
fi
tries=0
until apt-get -qq -o DPkg::Lock::Timeout=600 update; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ] || break
  sleep 3
done
apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"
`;

/** How root is had without asking anybody: as it is, through sudo, or not at all. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (isProgram("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0) return ["sudo", "-n"];
  return undefined;
}

/**
 * @param {readonly SystemPackage[]} packages
 * @param {readonly string[]} prefix what gives root's rights
 */
function install(packages, prefix) {
  const names = packages.map((p) => p.debian);
  console.log(`Installing system packages: ${names.join(" ")}`);
  mkdirSync(dirname(logFile), { recursive: true });
  console.log(`This takes a minute or two; what apt says goes to ${logFile}.`);
  const log = openSync(logFile, "w");
  const [sudo, ...options] = prefix;
  const shell = ["-c", installScript, "setup", ...names];
  const { status } = spawnSync(sudo ?? "/bin/sh", sudo === undefined ? shell : [...options, "/bin/sh", ...shell], {
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  if (status !== 0) console.error(readFileSync(logFile, "utf8").split("\n").slice(-30).join("\n"));
  return status === 0;
}

/**
 * Instructions for a person where nothing can be installed for them.
 * @param {readonly SystemPackage[]} missing
 * @param {{ platform: NodeJS.Platform, apt: boolean }} machine
 */
export function instructions(missing, { platform, apt }) {
  const lines = ["These are missing on this machine:"];
  for (const p of missing) lines.push(`  ${(p.elsewhere ?? p.programs[0] ?? p.debian).padEnd(28)} ${p.what}`);
  if (apt) {
    lines.push(
      "Install them, then run the same command again:",
      `  sudo apt-get install --no-install-recommends ${missing.map((p) => p.debian).join(" ")}`,
    );
  } else if (platform === "darwin") {
    lines.push(
      "With Homebrew: brew install prosody kamailio openssl sqlite tmux profanity finch; the window: brew install --cask chromium.",
    );
    lines.push(
      "What Homebrew does not have must come from its makers, or run this in a Debian virtual machine or container.",
    );
  } else if (platform === "win32") {
    lines.push(
      "The servers do not run on Windows: run this in WSL with Debian or Ubuntu. `npm start` itself works on Windows.",
    );
  } else {
    lines.push(
      "Install the packages of these names with your system's package manager (dnf, pacman, zypper, apk...), then run the same command again.",
    );
  }
  return lines.join("\n");
}

/**
 * Makes sure that everything for a purpose is there. False: it is not, and the person has been told what to do.
 * @param {"demo" | "test"} purpose
 */
export async function ensureSystem(purpose) {
  const packages = purposes[purpose];
  let missing = lookForMissing(packages);
  if (missing.length === 0) return true;
  const apt = hasApt();
  const prefix = apt ? rootPrefix() : undefined;
  if (prefix !== undefined) {
    const installed = install(missing, prefix);
    missing = lookForMissing(packages);
    if (missing.length === 0) return true;
    console.error(
      installed ? "Installed, but not all of it can be found." : "The installation failed; what it said is above.",
    );
  }
  console.error(instructions(missing, { platform: process.platform, apt }));
  return false;
}
