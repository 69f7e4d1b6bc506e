import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { linkSchemes } from "../main/addressing/link-schemes.ts";
import { root } from "./root.ts";

const run = promisify(execFile);
const about = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly homepage: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly license: string;
};
let folder: string;
let deb: string;
let rpm: string;

/**
 * Electron's runtime and fpm cannot be had here. A folder with a program of the same name stands for the first
 * (`--prepackaged`), and fpm.test-helper.ts for the second; everything else is electron-builder's own way to the
 * packages.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-packages-"));
  const app = join(folder, "app");
  await mkdir(join(app, "resources"), { recursive: true });
  await writeFile(join(app, "hallway"), "#!/bin/sh\necho 'stands for Electron'\n");
  await writeFile(join(app, "resources/app.asar"), "stands for the program");
  const fpm = join(folder, "fpm");
  await writeFile(fpm, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "build/fpm.test-helper.ts")}' "$@"\n`);
  for (const program of [fpm, join(app, "hallway")]) await chmod(program, 0o755);
  const builder = [
    join(root, "node_modules/electron-builder/cli.js"),
    "--config",
    "build/electron-builder.config.cjs",
    "--publish",
    "never",
  ];
  const what = [
    "--linux",
    "deb",
    "rpm",
    "--x64",
    "--prepackaged",
    app,
    `--config.directories.output=${join(folder, "out")}`,
  ];
  await run(process.execPath, [...builder, ...what], { cwd: root, env: { ...process.env, CUSTOM_FPM_PATH: fpm } });
  deb = join(folder, "out", `hallway_${about.version}_amd64.deb`);
  rpm = join(folder, "out", `hallway-${about.version}.x86_64.rpm`);
});
afterAll(() => rm(folder, { recursive: true }));

const maintainer = `${about.author.name} <${about.author.email}>`;
const files = [
  "/opt/Hallway/hallway",
  "/opt/Hallway/resources/app.asar",
  "/usr/share/applications/im.hallway.desktop.desktop",
  "/usr/share/icons/hicolor/512x512/apps/hallway.png",
];

describe("the packages", () => {
  it("are a deb with everything that dpkg wants to know", async () => {
    const fields = ["Package", "Version", "Maintainer", "Homepage", "Depends", "Description"];
    const { stdout } = await run("dpkg-deb", ["--field", deb, ...fields]);
    expect(stdout).toContain(`Package: hallway\nVersion: ${about.version}\n`);
    expect(stdout).toContain(`Maintainer: ${maintainer}\n`);
    expect(stdout).toContain(`Homepage: ${about.homepage}\n`);
    expect(stdout).toMatch(/^Depends: .*libsecret-1-0/m);
    expect(stdout).toMatch(/^Description: Instant messaging with one contact list/m);
    const { stdout: contents } = await run("dpkg-deb", ["--contents", deb]);
    for (const path of files) expect(contents).toContain(`.${path}\n`);
    // The command, as an administrator types it.
    const { stdout: script } = await run("dpkg-deb", ["--info", deb, "postinst"]);
    expect(script).toContain("/opt/Hallway/hallway");
    expect(script).toContain("/usr/bin/hallway");
  });

  it("are an rpm with everything that rpm wants to know", async () => {
    const { stdout } = await run("rpm", [
      "-qp",
      "--qf",
      "%{NAME}|%{VERSION}|%{LICENSE}|%{URL}|%{PACKAGER}|%{SUMMARY}\\n[%{REQUIRES}\\n]",
      rpm,
    ]);
    const [head, ...requires] = stdout.trim().split("\n");
    expect(head?.split("|")).toEqual([
      "hallway",
      about.version,
      about.license,
      about.homepage,
      maintainer,
      "Instant messaging with one contact list over XMPP and SIP/SIMPLE",
    ]);
    expect(requires).toContain("(libsecret or libsecret-1-0)");
    const { stdout: contents } = await run("rpm", ["-qpl", rpm]);
    for (const path of files) expect(contents.split("\n")).toContain(path);
  });

  it("have a desktop file under the name that Electron says for its windows", async () => {
    const out = join(folder, "unpacked");
    await run("dpkg-deb", ["--extract", deb, out]);
    const entry = await readFile(join(out, "usr/share/applications/im.hallway.desktop.desktop"), "utf8");
    expect(entry).toMatch(/^Exec=\/opt\/Hallway\/hallway\b/m);
    expect(entry).toMatch(/^Categories=Network;$/m);
    expect(entry).toMatch(/^StartupWMClass=im\.hallway\.desktop$/m);
    const opened = /^MimeType=(.*);$/m.exec(entry)?.[1]?.split(";");
    expect(opened).toEqual(linkSchemes.map((scheme) => `x-scheme-handler/${scheme}`));
    expect(entry).toMatch(/^Exec=.* %[uU]$/m);
    await run("desktop-file-validate", [join(out, "usr/share/applications/im.hallway.desktop.desktop")]);
  });
});
