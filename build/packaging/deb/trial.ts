import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../../root.ts";
import { buildDeb } from "./deb.ts";
import { DebianRoot } from "./debian-root.ts";

/**
 * `npm run package -- deb --try`: installs the Debian package into a clean Debian, runs it there as somebody without
 * rights under Xvfb, lets a policy file apply, upgrades and removes it. Each line that is printed has been shown; the
 * first that is not true ends it with status 1. Needs root and Debian's mmdebstrap; takes some minutes.
 */

const policyFile = "/etc/hallway/policies/managed/site.json";

async function tryPackage(debian: DebianRoot, work: string): Promise<void> {
  const make = { output: work, node: process.execPath, arch: "x64", compression: "gzip" } as const;
  const first = await buildDeb(make);
  const next = await buildDeb({ ...make, version: "99.0.0" });
  await debian.make(join(root, ".cache/debian-root.tar"));
  for (const path of [first, next]) await debian.put(path, `root/${basename(path)}`);
  await succeed(debian, "useradd --create-home --shell /bin/sh alice");

  await install(debian, first);
  await whatIsInstalled(debian);
  await policyApplies(debian);
  await windowOpens(debian);
  await install(debian, next);
  assert.equal((await debian.sh("hallway --version", "alice")).said.trim(), "Hallway 99.0.0");
  await succeed(debian, `grep -q HistoryMode ${policyFile}`);
  tell("is upgraded; the site's policy stays");
  await succeed(debian, "apt-get remove --yes hallway-thin-client");
  for (const path of ["/usr/bin/hallway", "/usr/lib/hallway", "/usr/share/applications/im.hallway.desktop.desktop"])
    await succeed(debian, `test ! -e ${path}`);
  await succeed(debian, "! grep -q im.hallway.desktop /usr/share/applications/mimeinfo.cache");
  await succeed(debian, `test -f ${policyFile}`);
  tell("is removed with its links; the site's policy and people's profiles stay");
}

async function install(debian: DebianRoot, path: string): Promise<void> {
  await succeed(debian, `apt-get install --yes --no-install-recommends /root/${basename(path)}`);
  tell(`${basename(path)} is installed, with what it depends on`);
}

async function whatIsInstalled(debian: DebianRoot): Promise<void> {
  const modes = await succeed(
    debian,
    "stat --format '%U:%G %a %n' /etc/hallway /etc/hallway/policies/* /usr/bin/hallway",
  );
  assert.deepEqual(modes.trim().split("\n"), [
    "root:root 755 /etc/hallway",
    "root:root 755 /etc/hallway/policies/managed",
    "root:root 755 /etc/hallway/policies/recommended",
    "root:root 755 /usr/bin/hallway",
  ]);
  for (const scheme of ["xmpp", "sip", "sips", "im", "pres"])
    await succeed(
      debian,
      `grep -q '^x-scheme-handler/${scheme}=im.hallway.desktop.desktop;' /usr/share/applications/mimeinfo.cache`,
    );
  await succeed(debian, "gzip --test /usr/share/man/man1/hallway.1.gz");
  tell("the policy folders belong to root, the desktop hands links over, the manual page is there");
}

async function policyApplies(debian: DebianRoot): Promise<void> {
  assert.match((await debian.sh("hallway policy show", "alice")).said, /No policy sets anything/);
  await debian.write(policyFile, '{ "HistoryMode": "off", "OrganizationName": "Example Bank" }');
  const setting = async (): Promise<{ value?: unknown; origin?: string; source?: string } | undefined> => {
    const { said } = await debian.sh("hallway policy show --json", "alice");
    return JSON.parse(said).settings.find(({ key }: { key: string }) => key === "HistoryMode");
  };
  const found = await setting();
  assert.deepEqual([found?.value, found?.origin, found?.source], ["off", "policy", policyFile]);
  tell("a policy file of root's applies");
  await succeed(debian, `chmod 666 ${policyFile}`);
  assert.equal((await debian.sh("hallway policy show", "alice")).status, 1);
  await succeed(debian, `chmod 644 ${policyFile}`);
  tell("a policy file that others can write to is not trusted");
}

/** Nothing is typed: what the page does with a person is shown end to end (e2e/), with the same bundles. */
async function windowOpens(debian: DebianRoot): Promise<void> {
  const refused = await debian.sh("hallway");
  assert.equal(refused.status, 1);
  assert.match(refused.said, /root/);
  tell("root gets no window");
  debian.start("Xvfb :7 -screen 0 1280x800x24", "alice");
  const hallway = debian.start("DISPLAY=:7 hallway", "alice");
  const ended = new Promise<number | null>((resolve) => hallway.once("exit", resolve));
  hallway.stderr?.on("data", (part) => process.stderr.write(part));
  const windows = () => debian.sh("DISPLAY=:7 xwininfo -root -tree", "alice");
  await until("the window is there", async () => /\("[^"]*" "Hallway"\)/.test((await windows()).said));
  const sandboxed = await succeed(debian, "ps -eo args 2>/dev/null || cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
  assert.doesNotMatch(sandboxed, /--no-sandbox/);
  tell("the window opens in the system's Chromium, in its sandbox, under the class of the desktop entry");
  const profile = "/home/alice/.local/share/hallway";
  assert.match(await succeed(debian, `stat --format '%U %a' ${profile}`), /^alice 700/);
  tell("the profile's folder is for the person alone");
  await succeed(debian, "pkill --full [/]usr/lib/hallway/dist/main.mjs");
  await Promise.race([ended, setTimeout(30_000).then(() => assert.fail("Hallway does not end"))]);
  tell("it ends when the session ends it");
}

async function succeed(debian: DebianRoot, command: string): Promise<string> {
  const { status, said } = await debian.sh(command);
  assert.equal(status, 0, `${command}\n${said}`);
  return said;
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const last = Date.now() + 120_000;
  while (!(await look())) {
    if (Date.now() > last) assert.fail(`never: ${what}`);
    await setTimeout(500);
  }
}

function tell(what: string): void {
  console.log(`ok  ${what}`);
}

/** In namespaces of its own, which end every process and mount of the trial with it. */
async function tryApart(): Promise<number> {
  const work = await mkdtemp(join(tmpdir(), "hallway-trial-"));
  const apart = ["--mount", "--propagation=private", "--pid", "--fork", "--kill-child"];
  const child = spawn("unshare", [...apart, process.execPath, import.meta.filename, work], { stdio: "inherit" });
  const status = await new Promise<number>((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.once("exit", (code) => resolve(code ?? 1));
  });
  await rm(work, { recursive: true, force: true });
  return status;
}

const [work] = process.argv.slice(2);
if (work === undefined) process.exitCode = await tryApart();
else await tryPackage(new DebianRoot(join(work, "debian")), work).then(() => process.exit());
